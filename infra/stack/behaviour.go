package main

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// fallback answers every path that names no file with the single page, which routes it itself.
const fallback = `function handler(event) {
  var request = event.request;
  var last = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  if (last.indexOf('.') < 0) request.uri = '/index.html';
  return request;
}
`

// viewer tells the functions who calls. What the caller wrote there itself is overwritten.
const viewer = `function handler(event) {
  var request = event.request;
  request.headers['` + catalog.HeaderViewer + `'] = { value: event.viewer.ip };
  return request;
}
`

func siteBehaviour(stack awscdk.Stack, site awss3.Bucket, files string) *awscloudfront.BehaviorOptions {
	return &awscloudfront.BehaviorOptions{
		Origin: awscloudfrontorigins.S3BucketOrigin_WithOriginAccessControl(site, &awscloudfrontorigins.S3BucketOriginWithOACProps{
			// With LIST a missing file is 404, without it 403. No path reaches the bucket's own listing.
			OriginAccessLevels: &[]awscloudfront.AccessLevel{awscloudfront.AccessLevel_READ, awscloudfront.AccessLevel_LIST},
		}),
		ViewerProtocolPolicy:  awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
		CachePolicy:           awscloudfront.CachePolicy_CACHING_OPTIMIZED(),
		Compress:              jsii.Bool(true),
		ResponseHeadersPolicy: securityHeaders(stack, "SiteHeaders", files),
		FunctionAssociations:  onRequest(stack, "Fallback", fallback),
	}
}

func apiBehaviour(stack awscdk.Stack, e edge, files string) *awscloudfront.BehaviorOptions {
	noStore := &awscloudfront.ResponseCustomHeader{Header: jsii.String("cache-control"), Value: jsii.String("no-store"), Override: jsii.Bool(false)}
	return &awscloudfront.BehaviorOptions{
		Origin: awscloudfrontorigins.NewHttpOrigin(e.host(stack), &awscloudfrontorigins.HttpOriginProps{
			CustomHeaders:      &map[string]*string{catalog.HeaderOrigin: e.shown}, // overwrites the caller's
			ProtocolPolicy:     awscloudfront.OriginProtocolPolicy_HTTPS_ONLY,
			OriginSslProtocols: &[]awscloudfront.OriginSslPolicy{awscloudfront.OriginSslPolicy_TLS_V1_2},
			ReadTimeout:        awscdk.Duration_Seconds(jsii.Number(catalog.GatewayWait.Seconds() + 1)),
		}),
		ViewerProtocolPolicy:  awscloudfront.ViewerProtocolPolicy_HTTPS_ONLY,
		AllowedMethods:        awscloudfront.AllowedMethods_ALLOW_ALL(),
		CachePolicy:           awscloudfront.CachePolicy_CACHING_DISABLED(),
		OriginRequestPolicy:   awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
		ResponseHeadersPolicy: securityHeaders(stack, "ApiHeaders", files, noStore),
		FunctionAssociations:  onRequest(stack, "Viewer", viewer),
	}
}

func onRequest(stack awscdk.Stack, name, code string) *[]*awscloudfront.FunctionAssociation {
	return &[]*awscloudfront.FunctionAssociation{{
		EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
		Function: awscloudfront.NewFunction(stack, &name, &awscloudfront.FunctionProps{
			Code: awscloudfront.FunctionCode_FromInline(&code), Runtime: awscloudfront.FunctionRuntime_JS_2_0(),
		}),
	}}
}

func securityHeaders(stack awscdk.Stack, name, files string, custom ...*awscloudfront.ResponseCustomHeader) awscloudfront.ResponseHeadersPolicy {
	for _, header := range slices.Sorted(maps.Keys(catalog.SiteHeaders)) {
		value := catalog.SiteHeaders[header]
		custom = append(custom, &awscloudfront.ResponseCustomHeader{Header: &header, Value: &value, Override: jsii.Bool(true)})
	}
	return awscloudfront.NewResponseHeadersPolicy(stack, &name, &awscloudfront.ResponseHeadersPolicyProps{
		CustomHeadersBehavior: &awscloudfront.ResponseCustomHeadersBehavior{CustomHeaders: &custom},
		SecurityHeadersBehavior: &awscloudfront.ResponseSecurityHeadersBehavior{
			ContentSecurityPolicy: &awscloudfront.ResponseHeadersContentSecurityPolicy{ContentSecurityPolicy: jsii.String(catalog.ContentPolicy(files)), Override: jsii.Bool(true)},
			ContentTypeOptions:    &awscloudfront.ResponseHeadersContentTypeOptions{Override: jsii.Bool(true)},
			FrameOptions:          &awscloudfront.ResponseHeadersFrameOptions{FrameOption: awscloudfront.HeadersFrameOption_DENY, Override: jsii.Bool(true)},
			ReferrerPolicy:        &awscloudfront.ResponseHeadersReferrerPolicy{ReferrerPolicy: awscloudfront.HeadersReferrerPolicy_NO_REFERRER, Override: jsii.Bool(true)},
			StrictTransportSecurity: &awscloudfront.ResponseHeadersStrictTransportSecurity{
				AccessControlMaxAge: awscdk.Duration_Days(jsii.Number(365)), IncludeSubdomains: jsii.Bool(true), Override: jsii.Bool(true),
			},
		},
	})
}
