package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/jsii-runtime-go"
)

// newAPI makes the HTTP API. Its own address stays open, since CloudFront calls it there, but opens nothing: functions
// answer only to the origin secret.
func newAPI(stack awscdk.Stack, c Config) awsapigatewayv2.CfnApi {
	return awsapigatewayv2.NewCfnApi(stack, jsii.String("Api"), &awsapigatewayv2.CfnApiProps{
		Name: jsii.String(c.name("api")), ProtocolType: jsii.String("HTTP"),
	})
}

// newAuthorizer takes the access tokens of both clients. Whether the account still stands, functions read at each call.
func newAuthorizer(stack awscdk.Stack, e edge, d data) awsapigatewayv2.CfnAuthorizer {
	return awsapigatewayv2.NewCfnAuthorizer(stack, jsii.String("Authorizer"), &awsapigatewayv2.CfnAuthorizerProps{
		ApiId:          e.apiID(),
		AuthorizerType: jsii.String("JWT"),
		Name:           jsii.String("access-token"),
		IdentitySource: texts("$request.header.Authorization"),
		JwtConfiguration: &awsapigatewayv2.CfnAuthorizer_JWTConfigurationProperty{
			Issuer:   d.pool.UserPoolProviderUrl(),
			Audience: &[]*string{d.clients.citizen.UserPoolClientId(), d.clients.agent.UserPoolClientId()},
		},
	})
}

func (e edge) apiID() *string { return e.api.AttrApiId() }

// host is the API's own address, as CloudFront calls it.
func (e edge) host(stack awscdk.Stack) *string {
	return jsii.String(fmt.Sprintf("%s.execute-api.%s.%s", *e.apiID(), *stack.Region(), *stack.UrlSuffix()))
}
