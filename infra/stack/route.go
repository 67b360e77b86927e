package main

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// addRoutes leads the function's routes to it: one integration, and per route a permission for just this route.
func (a *audience) addRoutes(f catalog.Function, fn awslambda.Function) {
	if !f.HTTP() {
		return
	}
	integration := awsapigatewayv2.NewCfnIntegration(a.stack, jsii.String("Integration-"+f.Name), &awsapigatewayv2.CfnIntegrationProps{
		ApiId:                a.edge.apiID(),
		IntegrationType:      jsii.String("AWS_PROXY"),
		IntegrationUri:       fn.FunctionArn(),
		PayloadFormatVersion: jsii.String("2.0"),
		TimeoutInMillis:      jsii.Number(catalog.GatewayWait.Milliseconds()),
	})
	for _, r := range catalog.Routes {
		if r.Function == f.Name {
			a.addRoute(fn, integration, r.Method+" "+r.Path, r.Method+parameter.ReplaceAllString(r.Path, "*"), r.Caller)
		}
	}
	if f.Name == catalog.NotFound {
		a.addRoute(fn, integration, "$default", "$default", catalog.Anyone)
	}
}

// addRoute adds one route by its key; permitted is how Lambda's permission writes it, behind API and stage.
func (a *audience) addRoute(fn awslambda.Function, integration awsapigatewayv2.CfnIntegration, key, permitted string, who catalog.Caller) {
	props := &awsapigatewayv2.CfnRouteProps{
		ApiId:             a.edge.apiID(),
		RouteKey:          &key,
		Target:            jsii.String("integrations/" + *integration.Ref()),
		AuthorizationType: jsii.String("NONE"),
	}
	if who != catalog.Anyone {
		props.AuthorizationType = jsii.String("JWT")
		props.AuthorizerId = a.edge.authorizer.AttrAuthorizerId()
	}
	route := awsapigatewayv2.NewCfnRoute(a.stack, jsii.String("Route-"+key), props)
	if who == catalog.Anyone {
		accept(route, accepted{"AwsSolutions-APIG4", "The catalog opens this route to anyone; the function protects itself."})
	}
	a.routes = append(a.routes, route)
	a.permit(fn, "Permission-"+key, "apigateway.amazonaws.com", a.arn("execute-api", *a.edge.apiID()+"/*/"+permitted))
}

// permit lets one source of an AWS service start the function.
func (a *audience) permit(fn awslambda.Function, id, service string, source *string) {
	awslambda.NewCfnPermission(a.stack, &id, &awslambda.CfnPermissionProps{
		Action: jsii.String("lambda:InvokeFunction"), FunctionName: fn.FunctionArn(), Principal: &service, SourceArn: source,
	})
}

func (a *audience) arn(service, resource string) *string {
	return a.stack.FormatArn(&awscdk.ArnComponents{Service: &service, Resource: &resource, ArnFormat: awscdk.ArnFormat_NO_RESOURCE_NAME})
}
