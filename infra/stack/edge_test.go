package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"preau/infra/catalog"
)

// behaviours gives the distribution's configuration, its default behaviour and the one of the API.
func behaviours(t *testing.T, a assembly) (distribution resource, site, api any) {
	t.Helper()
	d := a.the(t, "edge", "AWS::CloudFront::Distribution")
	extra := list(d.at("DistributionConfig", "CacheBehaviors"))
	if len(extra) != 2 {
		t.Fatalf("%d behaviours beside the site's", len(extra))
	}
	slices.SortFunc(extra, func(a, b any) int { return -strings.Compare(plain(at(a, "PathPattern")), plain(at(b, "PathPattern"))) })
	if bare := extra[1]; at(bare, "PathPattern") != "/v1" || plain(at(bare, "TargetOriginId")) != plain(at(extra[0], "TargetOriginId")) {
		t.Fatalf("a path of just /v1 does not reach the API: %v", bare)
	}
	return d, d.at("DistributionConfig", "DefaultCacheBehavior"), extra[0]
}

func origin(t *testing.T, d resource, behaviour any) any {
	t.Helper()
	for _, o := range list(d.at("DistributionConfig", "Origins")) {
		if at(o, "Id") == at(behaviour, "TargetOriginId") {
			return o
		}
	}
	t.Fatalf("no origin %v", at(behaviour, "TargetOriginId"))
	return nil
}

func TestTheAPIBehaviourCachesNothingAndPassesEverything(t *testing.T) {
	t.Parallel()
	_, _, api := behaviours(t, prod())
	resource{Type: "behaviour", Properties: api.(map[string]any)}.wants(t, map[string]any{
		"PathPattern":           "/v1/*",
		"AllowedMethods":        "[GET HEAD OPTIONS PUT PATCH POST DELETE]",
		"CachePolicyId":         "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", // Managed-CachingDisabled
		"OriginRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac", // Managed-AllViewerExceptHostHeader
		"ViewerProtocolPolicy":  "https-only",
	})
}

// CloudFront keeps an error for 10 s and gives it to everybody, whatever its cache-control and its caller, unless told not
// to for that very status. These are all that it keeps by itself.
func TestOnePersonsErrorIsNeverAnothers(t *testing.T) {
	t.Parallel()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		kept := map[string]any{}
		d := a.the(t, "edge", "AWS::CloudFront::Distribution")
		for _, response := range list(d.at("DistributionConfig", "CustomErrorResponses")) {
			kept[plain(at(response, "ErrorCode"))] = at(response, "ErrorCachingMinTTL")
		}
		for _, status := range []string{"400", "403", "404", "405", "414", "500", "501", "502", "503", "504"} {
			if kept[status] != 0.0 {
				t.Errorf("%s: CloudFront keeps a %s for %v s", stage, status, kept[status])
			}
		}
	}
}

func TestTheAPIOriginGetsTheSecretHeaderOverTLS(t *testing.T) {
	t.Parallel()
	d, _, api := behaviours(t, prod())
	o := origin(t, d, api)
	headers := list(at(o, "OriginCustomHeaders"))
	if len(headers) != 1 || at(headers[0], "HeaderName") != catalog.HeaderOrigin {
		t.Fatalf("custom headers: %v", headers)
	}
	if value := prod().text("edge", at(headers[0], "HeaderValue")); value != "{{resolve:secretsmanager:OriginSecret1:SecretString:::}}" {
		t.Errorf("CloudFront shows %s", value)
	}
	if host := prod().text("edge", at(o, "DomainName")); host != "AWS::ApiGatewayV2::Api.ApiId.execute-api.eu-west-3.AWS::URLSuffix" {
		t.Errorf("origin is %s", host)
	}
	if at(o, "CustomOriginConfig", "OriginProtocolPolicy") != "https-only" || fmt.Sprint(at(o, "CustomOriginConfig", "OriginSSLProtocols")) != "[TLSv1.2]" {
		t.Errorf("origin is called by %v", at(o, "CustomOriginConfig"))
	}
	if wait := at(o, "CustomOriginConfig", "OriginReadTimeout").(float64); wait <= catalog.GatewayWait.Seconds() {
		t.Errorf("CloudFront gives up after %v s, before the API does", wait)
	}
}

func TestTheOriginSecretIsWrittenInNoTemplate(t *testing.T) {
	t.Parallel()
	secrets := prod().of("edge", "AWS::SecretsManager::Secret")
	if len(secrets) != 2 {
		t.Errorf("%d secrets", len(secrets))
	}
	for _, secret := range secrets {
		secret.wants(t, map[string]any{"SecretString": nil, "GenerateSecretString.PasswordLength": 48})
	}
}

// While a rotation is deployed, CloudFront is of the new generation and functions are still of the old one.
func TestTheOriginSecretIsRotatedWithoutARefusedCall(t *testing.T) {
	t.Parallel()
	var shown, taken [4]string
	for n := 1; n <= 3; n++ {
		a := rotated(t, n)
		_, _, api := behaviours(t, a)
		shown[n] = a.text("edge", at(origin(t, a.the(t, "edge", "AWS::CloudFront::Distribution"), api), "OriginCustomHeaders", 0, "HeaderValue"))
		taken[n] = a.text("citizen", lambdas(a, "dev")["show-me"].at("Environment", "Variables", catalog.EnvOriginSecret))
		for _, old := range []int{n - 1, n} {
			if old > 0 && !slices.Contains(strings.Split(taken[old], ","), shown[n]) {
				t.Errorf("CloudFront at generation %d shows %s, functions at %d take %s", n, shown[n], old, taken[old])
			}
		}
		for _, output := range a["edge"].Outputs {
			if output.Export.Name != nil && strings.Contains(a.text("edge", output.Value), "OriginSecret") {
				t.Errorf("export %v is in use and could not be removed", output.Export.Name)
			}
		}
	}
	if shown[1] == shown[2] {
		t.Error("raising the generation changes nothing")
	}
}

// A failed deployment goes back to templates that still ask for the secrets of the generation before.
func TestTheEdgeKeepsWhatFunctionsOfTheGenerationBeforeAskFor(t *testing.T) {
	t.Parallel()
	edge := rotated(t, 3)["edge"]
	for _, name := range []string{"OriginSecret2", "OriginSecret3", "OriginSecret4"} {
		if _, found := edge.Outputs[name]; !found {
			t.Errorf("no %s", name)
		}
	}
}

// rotated is the templates of dev at a generation of its origin secret.
func rotated(t *testing.T, generation int) assembly {
	t.Helper()
	c, err := Load("dev", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	c.OriginSecret = generation
	folder := t.TempDir()
	if err := synthesiseFrom(c, folder, fakeAssets()); err != nil {
		t.Fatal(err)
	}
	return read("dev", folder)
}

func TestTheSiteComesFromAPrivateBucketThatOnlyCloudFrontReads(t *testing.T) {
	t.Parallel()
	d, site, _ := behaviours(t, prod())
	if bucket := prod().text("edge", at(origin(t, d, site), "DomainName")); bucket != "AWS::S3::Bucket(Site).RegionalDomainName" {
		t.Errorf("the site comes from %s", bucket)
	}
	if at(origin(t, d, site), "OriginAccessControlId") == nil {
		t.Error("CloudFront does not sign its reads")
	}
	for _, statement := range list(prod().the(t, "edge", "AWS::S3::BucketPolicy").at("PolicyDocument", "Statement")) {
		if at(statement, "Effect") == "Allow" && (at(statement, "Principal", "Service") != "cloudfront.amazonaws.com" || at(statement, "Condition") == nil) {
			t.Errorf("the bucket lets in %v", at(statement, "Principal"))
		}
	}
}

func TestOnlyTheSiteFallsBackToItsPage(t *testing.T) {
	t.Parallel()
	d, site, api := behaviours(t, prod())
	for _, response := range list(d.at("DistributionConfig", "CustomErrorResponses")) {
		if at(response, "ResponsePagePath") != nil || at(response, "ResponseCode") != nil {
			t.Errorf("a page of the distribution would replace the API's problems too: %v", response)
		}
	}
	if code := attached(t, site); !strings.Contains(code, "/index.html") {
		t.Errorf("the site's function is %s", code)
	}
	if code := attached(t, api); strings.Contains(code, "/index.html") || !strings.Contains(code, catalog.HeaderViewer) {
		t.Errorf("the API's function is %s", code)
	}
}

// attached gives the code of a behaviour's only function, which must run on the viewer's request.
func attached(t *testing.T, behaviour any) string {
	t.Helper()
	functions := list(at(behaviour, "FunctionAssociations"))
	if len(functions) != 1 || at(functions[0], "EventType") != "viewer-request" {
		t.Fatalf("functions: %v", functions)
	}
	id := at(functions[0], "FunctionARN", "Fn::GetAtt", 0).(string)
	return prod()["edge"].Resources[id].Properties["FunctionCode"].(string)
}

func TestEveryPathWithoutAFileNameIsThePage(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/": "/index.html", "/planning": "/index.html", "/mes-abonnements/": "/index.html", "/familles/01J.X/fichier": "/index.html",
		"/app.js": "/app.js", "/img/logo.svg": "/img/logo.svg", "/index.html": "/index.html", "/robots.txt": "/robots.txt",
	} {
		if got := run(t, fallback, map[string]any{"request": map[string]any{"uri": path}})["uri"]; got != want {
			t.Errorf("%s becomes %v, want %s", path, got, want)
		}
	}
}

func TestTheViewersAddressReplacesWhatTheViewerWrote(t *testing.T) {
	t.Parallel()
	request := run(t, viewer, map[string]any{
		"viewer":  map[string]any{"ip": "192.0.2.7"},
		"request": map[string]any{"uri": "/v1/me", "headers": map[string]any{catalog.HeaderViewer: map[string]any{"value": "203.0.113.9"}}},
	})
	if got := at(request, "headers", catalog.HeaderViewer, "value"); got != "192.0.2.7" {
		t.Errorf("the functions see %v", got)
	}
}

// run executes a CloudFront function's code and gives the request that it returns.
func run(t *testing.T, code string, event map[string]any) map[string]any {
	t.Helper()
	input := must(json.Marshal(event))
	out, err := exec.Command("node", "-e", code+"console.log(JSON.stringify(handler(JSON.parse(process.argv[1]))))", string(input)).Output()
	if err != nil {
		t.Fatal(err)
	}
	var request map[string]any
	if err := json.Unmarshal(out, &request); err != nil {
		t.Fatal(err)
	}
	return request
}

func TestBothBehavioursSendSecurityHeaders(t *testing.T) {
	t.Parallel()
	_, site, api := behaviours(t, prod())
	for _, behaviour := range []any{site, api} {
		id, _ := at(behaviour, "ResponseHeadersPolicyId", "Ref").(string)
		headers := at(prod()["edge"].Resources[id].Properties, "ResponseHeadersPolicyConfig", "SecurityHeadersConfig")
		csp := prod().text("edge", at(headers, "ContentSecurityPolicy", "ContentSecurityPolicy"))
		const files = "https://AWS::S3::Bucket(Files).RegionalDomainName"
		for _, directive := range []string{"default-src 'self'", "script-src 'self'", "worker-src 'self';", "img-src 'self' data: " + files + ";", "connect-src 'self' " + files + ";", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, directive) {
				t.Errorf("%s: the policy lacks %s", id, directive)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: %s", id, csp)
		}
		said := map[any]any{}
		for _, header := range list(at(prod()["edge"].Resources[id].Properties, "ResponseHeadersPolicyConfig", "CustomHeadersConfig", "Items")) {
			said[at(header, "Header")] = at(header, "Value")
		}
		for name, value := range catalog.SiteHeaders {
			if said[name] != value {
				t.Errorf("%s: %s is %v", id, name, said[name])
			}
		}
		resource{Type: id, Properties: headers.(map[string]any)}.wants(t, map[string]any{
			"StrictTransportSecurity.AccessControlMaxAgeSec": 31536000, "ContentTypeOptions.Override": true,
			"ReferrerPolicy.ReferrerPolicy": "no-referrer", "FrameOptions.FrameOption": "DENY",
		})
	}
}

func TestProdServesItsOwnNameBehindTheFirewallWithTLS12(t *testing.T) {
	t.Parallel()
	d := prod().the(t, "edge", "AWS::CloudFront::Distribution")
	d.wants(t, map[string]any{
		"DistributionConfig.Aliases": "[portail.preau.example]", "DistributionConfig.HttpVersion": "http2and3", "DistributionConfig.Logging": nil,
		"DistributionConfig.ViewerCertificate.MinimumProtocolVersion": "TLSv1.2_2021",
	})
	for property, want := range map[string]string{"WebACLId": "AWS::WAFv2::WebACL.Arn", "ViewerCertificate": "AWS::CertificateManager::Certificate"} {
		value := d.at("DistributionConfig", property)
		if arn := at(value, "AcmCertificateArn"); arn != nil {
			value = arn
		}
		if got := prod().text("edge", value); got != want {
			t.Errorf("%s is %s", property, got)
		}
	}
}

func TestDevNeedsNeitherDomainNorOtherRegion(t *testing.T) {
	t.Parallel()
	if _, found := dev()["global"]; found {
		t.Error("dev has a stack in us-east-1")
	}
	dev().the(t, "edge", "AWS::CloudFront::Distribution").wants(t, map[string]any{"DistributionConfig.Aliases": nil, "DistributionConfig.WebACLId": nil})
}

func TestTheFirewallKeepsNoSampleAndReadsNoBody(t *testing.T) {
	t.Parallel()
	firewall := prod().the(t, "global", "AWS::WAFv2::WebACL")
	if raw := string(must(json.Marshal(firewall.Properties))); strings.Contains(raw, "Body") || strings.Contains(raw, `"SampledRequestsEnabled":true`) {
		t.Errorf("firewall: %s", raw)
	}
	firewall.wants(t, map[string]any{"Scope": "CLOUDFRONT", "Rules.0.Statement.RateBasedStatement.AggregateKeyType": "IP", "Rules.0.Statement.RateBasedStatement.Limit": callsPerAddress})
}
