package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// newAlarmTopic makes the topic of every alarm. Its address confirms the subscription by a link that AWS mails once.
func newAlarmTopic(stack awscdk.Stack, c Config, key awskms.Key) awssns.Topic {
	topic := awssns.NewTopic(stack, jsii.String("Alarms"), &awssns.TopicProps{
		DisplayName: jsii.String("Préau " + c.Stage),
		MasterKey:   key,
		EnforceSSL:  jsii.Bool(true),
	})
	topic.AddToResourcePolicy(publishFrom(stack, topic, "cloudwatch.amazonaws.com"))
	awssns.NewCfnSubscription(stack, jsii.String("AlarmMail"), &awssns.CfnSubscriptionProps{
		TopicArn: topic.TopicArn(), Protocol: jsii.String("email"), Endpoint: c.Alarms,
	})
	return topic
}

// publishFrom lets a service write to a topic on behalf of this account only.
func publishFrom(stack awscdk.Stack, topic awssns.Topic, service string) awsiam.PolicyStatement {
	statement := awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(&service, nil)},
		Actions:    texts("sns:Publish"),
		Resources:  &[]*string{topic.TopicArn()},
	})
	statement.AddCondition(jsii.String("StringEquals"), map[string]any{"aws:SourceAccount": stack.Account()})
	return statement
}

// alarm tells the operator when a value stays above a limit. No data is no reason for alarm.
type alarm struct {
	name    string // physical name after the stage: "send-mail-parked"
	says    string // what is wrong and where to look, for whoever reads the mail
	series  []series
	formula string  // of the series' ids; empty for a single series
	above   float64 // alarms from the first value greater than this
	minutes float64 // period
	times   float64 // periods in a row; 0 means 1
}

// series is one CloudWatch metric.
type series struct {
	id, namespace, metric, stat string
	of                          []dimension
}

type dimension struct{ name, value string }

// watch makes an alarm in a stack.
func watch(stack awscdk.Stack, c Config, topic awssns.Topic, a alarm) {
	awscloudwatch.NewCfnAlarm(stack, jsii.String("Alarm-"+a.name), &awscloudwatch.CfnAlarmProps{
		AlarmName:          jsii.String(c.name(a.name)),
		AlarmDescription:   &a.says,
		Metrics:            a.queries(),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		Threshold:          &a.above,
		EvaluationPeriods:  jsii.Number(max(a.times, 1)),
		TreatMissingData:   jsii.String("notBreaching"),
		AlarmActions:       &[]any{topic.TopicArn()},
		OkActions:          &[]any{topic.TopicArn()},
	})
}

func (a alarm) queries() []any {
	var queries []any
	for _, s := range a.series {
		queries = append(queries, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: jsii.String(s.id), ReturnData: a.formula == "", MetricStat: &awscloudwatch.CfnAlarm_MetricStatProperty{
				Metric: s.properties(), Period: jsii.Number(a.minutes * 60), Stat: jsii.String(s.stat),
			},
		})
	}
	if a.formula != "" {
		queries = append(queries, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: jsii.String("value"), Expression: &a.formula, ReturnData: true,
		})
	}
	return queries
}

func (s series) properties() *awscloudwatch.CfnAlarm_MetricProperty {
	dimensions := []any{}
	for _, d := range s.of {
		dimensions = append(dimensions, &awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(d.name), Value: jsii.String(d.value)})
	}
	return &awscloudwatch.CfnAlarm_MetricProperty{
		Namespace: jsii.String(s.namespace), MetricName: jsii.String(s.metric), Dimensions: dimensions,
	}
}
