package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"preau/infra/catalog"
)

// routes finds a stage's routes by their key, with the part that holds them.
func routes(a assembly) map[string]struct {
	part  string
	route resource
} {
	found := map[string]struct {
		part  string
		route resource
	}{}
	for id, r := range a.of("", "AWS::ApiGatewayV2::Route") {
		part, _, _ := strings.Cut(id, "/")
		found[fmt.Sprint(r.Properties["RouteKey"])] = struct {
			part  string
			route resource
		}{part, r}
	}
	return found
}

// everyRoute is the catalog's routes and $default.
func everyRoute() map[string]catalog.Route {
	all := map[string]catalog.Route{"$default": {Function: catalog.NotFound, Caller: catalog.Anyone}}
	for _, r := range catalog.Routes {
		all[r.Method+" "+r.Path] = r
	}
	return all
}

func TestTheAPIHasExactlyTheCatalogsRoutes(t *testing.T) {
	t.Parallel()
	got, want := routes(prod()), everyRoute()
	for key := range want {
		if _, found := got[key]; !found {
			t.Errorf("no route %s", key)
		}
	}
	for key := range got {
		if _, known := want[key]; !known {
			t.Errorf("route %s is not in the catalog", key)
		}
	}
}

func TestEveryRouteLeadsToItsFunctionAndAsksWhoCalls(t *testing.T) {
	t.Parallel()
	got := routes(dev())
	for key, want := range everyRoute() {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			is := got[key]
			if f := integrated(dev(), is.part, is.route); f != "AWS::Lambda::Function(preau-dev-"+want.Function+").Arn" {
				t.Errorf("leads to %s, want %s", f, want.Function)
			}
			if want.Caller == catalog.Anyone {
				is.route.wants(t, map[string]any{"AuthorizationType": "NONE", "AuthorizerId": nil})
				return
			}
			is.route.wants(t, map[string]any{"AuthorizationType": "JWT"})
			if who := dev().text(is.part, is.route.Properties["AuthorizerId"]); who != "AWS::ApiGatewayV2::Authorizer.AuthorizerId" {
				t.Errorf("authorizer is %s", who)
			}
		})
	}
}

// integrated follows a route to what it calls.
func integrated(a assembly, part string, route resource) string {
	id, _ := route.at("Target", "Fn::Join", 1, 1, "Ref").(string)
	return a.text(part, a[part].Resources[id].Properties["IntegrationUri"])
}

func TestOnlyItsOwnRouteMayStartAFunction(t *testing.T) {
	t.Parallel()
	const api = "arn:aws:execute-api:eu-west-3:AWS::AccountId:AWS::ApiGatewayV2::Api.ApiId/*/"
	allowed := map[string]bool{}
	for id, r := range dev().of("", "AWS::Lambda::Permission") {
		part, _, _ := strings.Cut(id, "/")
		r.wants(t, map[string]any{"Action": "lambda:InvokeFunction"})
		if r.Properties["Principal"] == "apigateway.amazonaws.com" {
			allowed[dev().text(part, r.Properties["FunctionName"])+" "+dev().text(part, r.Properties["SourceArn"])] = true
		} else if r.Properties["SourceArn"] == nil {
			t.Errorf("%s lets any source of %v in", id, r.Properties["Principal"])
		}
	}
	for key, r := range everyRoute() {
		source := api + strings.Replace(parameter.ReplaceAllString(key, "*"), " ", "", 1)
		if want := "AWS::Lambda::Function(preau-dev-" + r.Function + ").Arn " + source; !allowed[want] {
			t.Errorf("route %s may not start %s", key, r.Function)
		}
	}
	if len(allowed) != len(everyRoute()) {
		t.Errorf("%d permissions for %d routes", len(allowed), len(everyRoute()))
	}
}

func TestTheAuthorizerTakesAccessTokensOfBothClients(t *testing.T) {
	t.Parallel()
	authorizer := dev().the(t, "edge", "AWS::ApiGatewayV2::Authorizer")
	authorizer.wants(t, map[string]any{"AuthorizerType": "JWT", "IdentitySource.0": "$request.header.Authorization"})
	if issuer := dev().text("edge", authorizer.at("JwtConfiguration", "Issuer")); issuer != "AWS::Cognito::UserPool.ProviderURL" {
		t.Errorf("issuer is %s", issuer)
	}
	audience := list(authorizer.at("JwtConfiguration", "Audience"))
	if len(audience) != 2 || !strings.Contains(fmt.Sprint(audience[0]), "PoolCitizen") || !strings.Contains(fmt.Sprint(audience[1]), "PoolAgent") {
		t.Errorf("audience is %v", audience)
	}
}

func TestAnonymousRoutesThatChangeSomethingAreThrottledTighter(t *testing.T) {
	t.Parallel()
	stage := prod().the(t, "citizen", "AWS::ApiGatewayV2::Stage")
	stage.wants(t, map[string]any{
		"StageName": "$default", "AutoDeploy": true,
		"DefaultRouteSettings.ThrottlingRateLimit": 1000, "DefaultRouteSettings.ThrottlingBurstLimit": 2000,
	})
	for key, r := range everyRoute() {
		limit := stage.at("RouteSettings", key, "ThrottlingRateLimit")
		changes := r.Caller == catalog.Anyone && r.Method != "GET" && r.Method != ""
		if changes && (limit == nil || limit.(float64) > 100) {
			t.Errorf("%s may be called %v times a second", key, limit)
		}
		if !changes && limit != nil {
			t.Errorf("%s has a throttle of its own", key)
		}
	}
}

func TestTheStageWaitsForItsRoutes(t *testing.T) {
	t.Parallel()
	stage := prod().the(t, "citizen", "AWS::ApiGatewayV2::Stage")
	if got, want := len(list(stage.DependsOn)), len(prod().of("citizen", "AWS::ApiGatewayV2::Route")); got != want {
		t.Errorf("waits for %d of %d routes", got, want)
	}
}

func TestTheAccessLogHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	format := fmt.Sprint(prod().the(t, "citizen", "AWS::ApiGatewayV2::Stage").at("AccessLogSettings", "Format"))
	var fields map[string]string
	if err := json.Unmarshal([]byte(format), &fields); err != nil {
		t.Fatalf("each line is not JSON: %v", err)
	}
	for field, value := range fields {
		for _, personal := range []string{"identity", "sourceIp", "userAgent", "claims", "$context.path", "$context.authorizer.principal", "domainName", "caller"} {
			if strings.Contains(value, personal) {
				t.Errorf("%s is %s", field, value)
			}
		}
	}
	for _, needed := range []string{"$context.routeKey", "$context.status", "$context.responseLatency", "$context.requestId", "$context.integrationErrorMessage"} {
		if !strings.Contains(format, needed) {
			t.Errorf("%s is missing", needed)
		}
	}
}
