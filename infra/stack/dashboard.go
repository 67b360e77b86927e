package main

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"
)

// addDashboard shows a stage on one page: calls, failures and durations by function, the API, the table, the mails.
func (a *audience) addDashboard() {
	search := func(metric, stat string) string {
		return fmt.Sprintf(`SEARCH('{AWS/Lambda,FunctionName} MetricName="%s" FunctionName="%s"', '%s', 300)`, metric, a.config.name(""), stat)
	}
	own := fmt.Sprintf(`SEARCH('{%s,%s} %s="%s"', 'Sum', 300)`, ownNamespace, ownDimension, ownDimension, a.config.name(""))
	table, api := *a.data.table.TableName(), *a.edge.apiID()
	widgets := []any{
		a.widget(0, "Calls", []any{expression(search("Invocations", "Sum"))}),
		a.widget(1, "Errors", []any{expression(search("Errors", "Sum"))}),
		a.widget(2, "Duration, 95 % (ms)", []any{expression(search("Duration", "p95"))}),
		a.widget(3, "Own metrics", []any{expression(own)}),
		a.widget(4, "API", []any{
			[]any{"AWS/ApiGateway", "Count", "ApiId", api}, []any{"AWS/ApiGateway", "4xx", "ApiId", api}, []any{"AWS/ApiGateway", "5xx", "ApiId", api},
		}),
		a.widget(5, "Table, units", []any{
			[]any{"AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", table}, []any{"AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", table},
		}),
	}
	body, err := json.Marshal(map[string]any{"widgets": widgets})
	if err != nil {
		panic(err) // texts, numbers and maps always marshal
	}
	awscloudwatch.NewCfnDashboard(a.stack, jsii.String("Dashboard"), &awscloudwatch.CfnDashboardProps{
		DashboardName: jsii.String("preau-" + a.config.Stage), DashboardBody: jsii.String(string(body)),
	})
}

func (a *audience) widget(i int, title string, metrics []any) map[string]any {
	return map[string]any{
		"type": "metric", "width": 12, "height": 6, "x": i % 2 * 12, "y": i / 2 * 6,
		"properties": map[string]any{"title": title, "region": a.config.Region, "metrics": metrics, "stat": "Sum", "period": 300},
	}
}

func expression(e string) []any { return []any{map[string]any{"expression": e}} }
