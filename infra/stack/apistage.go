package main

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// rate is a token bucket: calls per second, and how many may come at once.
type rate struct{ perSecond, burst float64 }

// Rates for all callers together; who floods alone is stopped by the firewall and by the functions. The first lets a
// thousand parents book in the same second. The others keep each route below what Cognito takes in one region by default:
// 120 sign-ins and refreshes a second, 30 passwords set.
var (
	usualRate    = rate{1000, 2000}
	sessionRate  = rate{100, 200}
	passwordRate = rate{25, 50}
)

// accessLog has no address, no account, no path with its ids and no query.
const accessLog = `{"requestId":"$context.requestId","time":"$context.requestTimeEpoch","route":"$context.routeKey",` +
	`"status":"$context.status","latency":"$context.responseLatency","integrationLatency":"$context.integrationLatency",` +
	`"integrationStatus":"$context.integrationStatus","integrationError":"$context.integrationErrorMessage",` +
	`"gatewayError":"$context.error.responseType","authorizerError":"$context.authorizer.error"}`

// addStage opens the API. It waits for the routes, because a throttle of a route that does not exist yet is refused.
func (a *audience) addStage() {
	logs := awslogs.NewLogGroup(a.stack, jsii.String("Logs-api"), &awslogs.LogGroupProps{
		// API Gateway keeps the right to write below /aws/vendedlogs in one policy, whose size would otherwise run out.
		LogGroupName: jsii.String("/aws/vendedlogs/preau/" + a.config.Stage + "/api"), Retention: a.config.LogDays, RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	stage := awsapigatewayv2.NewCfnStage(a.stack, jsii.String("Stage"), &awsapigatewayv2.CfnStageProps{
		ApiId:             a.edge.apiID(),
		StageName:         jsii.String("$default"),
		AutoDeploy:        true,
		AccessLogSettings: &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{DestinationArn: logs.LogGroupArn(), Format: jsii.String(accessLog)},
		DefaultRouteSettings: &awsapigatewayv2.CfnStage_RouteSettingsProperty{
			ThrottlingRateLimit: &usualRate.perSecond, ThrottlingBurstLimit: &usualRate.burst,
		},
		RouteSettings: tighterRoutes(),
	})
	for _, r := range a.routes {
		stage.AddResourceDependency(r, nil)
	}
}

// tighterRoutes gives anonymous routes that change something their own rates, in CloudFormation's own names: CDK hands
// this map through as it is.
func tighterRoutes() map[string]any {
	settings := map[string]any{}
	for _, r := range catalog.Routes {
		if r.Caller == catalog.Anyone && r.Method != "GET" {
			limit := rateOf(r)
			settings[r.Method+" "+r.Path] = map[string]any{"ThrottlingRateLimit": limit.perSecond, "ThrottlingBurstLimit": limit.burst}
		}
	}
	return settings
}

// rateOf tells what an anonymous route may do to the user pool.
func rateOf(r catalog.Route) rate {
	i := slices.IndexFunc(catalog.Functions, func(f catalog.Function) bool { return f.Name == r.Function })
	if slices.Contains(catalog.Functions[i].Pool, "AdminSetUserPassword") {
		return passwordRate
	}
	return sessionRate
}
