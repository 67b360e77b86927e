package main

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"
)

// edge is what the app stacks need of the edge.
type edge struct {
	api        awsapigatewayv2.CfnApi
	authorizer awsapigatewayv2.CfnAuthorizer
	shown      *string // the origin secret that CloudFront shows, resolved by CloudFormation
	taken      *string // those that functions take, with a comma between them
	portal     *string // origin of site and API
}

func newEdge(stack awscdk.Stack, c Config, d data, g *global) edge {
	e := edge{shown: newOriginSecrets(stack, c), taken: takenSecrets(c)}
	e.api = newAPI(stack, c)
	e.authorizer = newAuthorizer(stack, e, d)
	site := newSite(stack)
	distribution := newDistribution(stack, c, e, site, originOf(d.files), g)
	e.portal = jsii.String("https://" + *distribution.DistributionDomainName())
	if g != nil {
		e.portal = jsii.String("https://" + c.Domain.Portal)
		addPortalRecords(stack, c, distribution)
	}
	output(stack, "PortalAddress", e.portal)
	output(stack, "SiteBucketName", site.BucketName())
	output(stack, "DistributionId", distribution.DistributionId())
	return e
}

// newOriginSecrets makes what CloudFront shows to prove that a request came through it: the secret of this generation. The
// one after it is there so that functions know it before CloudFront shows it, and the one before it so that a failed
// deployment can go back.
func newOriginSecrets(stack awscdk.Stack, c Config) (shown *string) {
	for generation := max(c.OriginSecret-1, 1); generation <= c.OriginSecret+1; generation++ {
		secret := newOriginSecret(stack, c, generation)
		output(stack, originSecret(generation), secret.SecretArn())
		if generation == c.OriginSecret {
			shown = deployedSecret(secret.SecretArn(), "")
		}
	}
	return shown
}

func newOriginSecret(stack awscdk.Stack, c Config, generation int) awssecretsmanager.Secret {
	// An output has the plain name, so the resource has another.
	secret := awssecretsmanager.NewSecret(stack, jsii.String(originSecret(generation)+"Value"), &awssecretsmanager.SecretProps{
		Description: jsii.String("Préau " + c.Stage + ": the header by which functions know CloudFront"),
		GenerateSecretString: &awssecretsmanager.SecretStringGenerator{
			PasswordLength: jsii.Number(48), ExcludePunctuation: jsii.Bool(true),
		},
	})
	accept(secret, accepted{"AwsSolutions-SMG4", "Both sides read it when they are deployed; it is rotated by raising Config.OriginSecret."})
	return secret
}

func originSecret(generation int) string { return "OriginSecret" + strconv.Itoa(generation) }

// takenSecrets refers to this generation's secret and the next one's from another stack: by outputs, since an export could
// not be removed while it is in use.
func takenSecrets(c Config) *string {
	var taken []string
	for _, generation := range []int{c.OriginSecret, c.OriginSecret + 1} {
		arn := awscdk.Fn_GetStackOutput(jsii.String(c.name("edge")), jsii.String(originSecret(generation)), nil, nil)
		taken = append(taken, *deployedSecret(arn, ""))
	}
	return jsii.String(strings.Join(taken, ","))
}

// deployedSecret is a secret, or one key of it, as CloudFormation reads it when it deploys. The value is in no template.
func deployedSecret(arn *string, key string) *string {
	return jsii.String("{{resolve:secretsmanager:" + *arn + ":SecretString:" + key + "::}}")
}

// newSite makes the private bucket of the static site. Its content can be copied there again, so it goes with the stack.
func newSite(stack awscdk.Stack) awss3.Bucket {
	bucket := awss3.NewBucket(stack, jsii.String("Site"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		MinimumTLSVersion: jsii.Number(1.2),
		RemovalPolicy:     awscdk.RemovalPolicy_DESTROY,
	})
	accept(bucket, accepted{"AwsSolutions-S1", "Only CloudFront reads it, and access logs would hold visitors' addresses."})
	return bucket
}

func newDistribution(stack awscdk.Stack, c Config, e edge, site awss3.Bucket, files string, g *global) awscloudfront.Distribution {
	api := apiBehaviour(stack, e, files)
	props := &awscloudfront.DistributionProps{
		Comment:             jsii.String(c.name("portal")),
		DefaultBehavior:     siteBehaviour(stack, site, files),
		AdditionalBehaviors: &map[string]*awscloudfront.BehaviorOptions{"/v1/*": api, "/v1": api}, // without the slash too: the API says that there is no such route
		DefaultRootObject:   jsii.String("index.html"),
		HttpVersion:         awscloudfront.HttpVersion_HTTP2_AND_3,
		ErrorResponses:      keepNoError(),
		PriceClass:          awscloudfront.PriceClass_PRICE_CLASS_100,
	}
	findings := []accepted{
		{"AwsSolutions-CFR1", "Parents travel; a right does not depend on the country that one calls from."},
		{"AwsSolutions-CFR3", "Access logs would hold visitors' addresses; the API's own log says what failed."},
	}
	if g != nil {
		props.DomainNames = texts(c.Domain.Portal)
		props.Certificate = g.certificate(stack)
		props.MinimumProtocolVersion = awscloudfront.SecurityPolicyProtocol_TLS_V1_2_2021
		props.WebAclId = g.firewall()
	} else {
		findings = append(findings,
			accepted{"AwsSolutions-CFR2", "The firewall comes with a domain; a stage without one serves no public."},
			accepted{"AwsSolutions-CFR4", "CloudFront's own certificate fixes its TLS policy; a stage with a domain sets TLS 1.2."})
	}
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Portal"), props)
	accept(distribution, findings...)
	awscdk.Annotations_Of(distribution).AcknowledgeWarning(jsii.String("@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk"),
		jsii.String("The fallback turns / and every path without a file name into /index.html."))
	return distribution
}

// keepNoError stops CloudFront from keeping an error for 10 s, its default. Its cache tells callers and queries of the API
// apart no more than it heeds no-store here, so one person's 503 would be everybody's. These are all statuses that it keeps.
func keepNoError() *[]*awscloudfront.ErrorResponse {
	var responses []*awscloudfront.ErrorResponse
	for _, status := range []float64{400, 403, 404, 405, 414, 500, 501, 502, 503, 504} {
		responses = append(responses, &awscloudfront.ErrorResponse{HttpStatus: &status, Ttl: awscdk.Duration_Seconds(jsii.Number(0))})
	}
	return &responses
}
