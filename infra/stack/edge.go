package main

import (
	"strconv"

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
	origin     *string // the origin secret, resolved by CloudFormation
	portal     *string // origin of site and API
}

func newEdge(stack awscdk.Stack, c Config, d data, g *global) edge {
	e := edge{origin: newOriginSecret(stack, c)}
	e.api = newAPI(stack, c)
	e.authorizer = newAuthorizer(stack, e, d)
	site := newSite(stack)
	distribution := newDistribution(stack, c, e, site, g)
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

// newOriginSecret makes what CloudFront shows to prove that a request came through it. A new generation is a new secret.
func newOriginSecret(stack awscdk.Stack, c Config) *string {
	secret := awssecretsmanager.NewSecret(stack, jsii.String("OriginSecret"+strconv.Itoa(c.OriginSecret)), &awssecretsmanager.SecretProps{
		Description: jsii.String("Préau " + c.Stage + ": the header by which functions know CloudFront"),
		GenerateSecretString: &awssecretsmanager.SecretStringGenerator{
			PasswordLength: jsii.Number(48), ExcludePunctuation: jsii.Bool(true),
		},
	})
	accept(secret, accepted{"AwsSolutions-SMG4", "Both sides read it when they are deployed; it is rotated by raising Config.OriginSecret."})
	return secret.SecretValue().UnsafeUnwrap() // a reference that CloudFormation resolves; the value is in no template
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

func newDistribution(stack awscdk.Stack, c Config, e edge, site awss3.Bucket, g *global) awscloudfront.Distribution {
	props := &awscloudfront.DistributionProps{
		Comment:             jsii.String(c.name("portal")),
		DefaultBehavior:     siteBehaviour(stack, site),
		AdditionalBehaviors: &map[string]*awscloudfront.BehaviorOptions{"/v1/*": apiBehaviour(stack, e)},
		DefaultRootObject:   jsii.String("index.html"),
		HttpVersion:         awscloudfront.HttpVersion_HTTP2_AND_3,
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
