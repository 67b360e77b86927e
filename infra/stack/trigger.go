package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// failed is the queue of what a background function could not handle, whichever trigger it came from. Nothing reads it
// by itself: its alarm calls somebody. Stream records lie there as positions only, without any content.
type failed struct{ awssqs.Queue }

func (a *audience) newFailed(f catalog.Function) failed {
	name := a.config.name(f.Name, "failed")
	queue := awssqs.NewQueue(a.stack, jsii.String("Failed-"+f.Name), &awssqs.QueueProps{
		QueueName:       &name,
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:      jsii.Bool(true),
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
		RemovalPolicy:   awscdk.RemovalPolicy_DESTROY,
	})
	accept(queue, accepted{"AwsSolutions-SQS3", "It is itself where failures end."})
	a.watchQueue(f, name)
	return failed{queue}
}

func (a *audience) addTriggers(f catalog.Function, fn awslambda.Function, queue failed) {
	if f.Trigger.Streams() {
		a.addStream(f, fn, queue)
	}
	if f.Trigger.Every > 0 {
		a.addSchedule(f, fn, queue)
	}
	if f.Trigger.MailEvents {
		a.addMailEvents(f, fn, queue)
	}
	if f.Trigger.Uploads {
		a.addUploads(f, fn, queue)
	}
	if f.Trigger.Every > 0 || f.Trigger.MailEvents || f.Trigger.Uploads {
		a.keepFailures(f, fn, queue)
	}
}

// addStream reads new items of one kind from the table's stream. A batch that fails is halved until the bad record stands
// alone; after five tries its position goes to the queue, and the sweep finds its item by the index.
func (a *audience) addStream(f catalog.Function, fn awslambda.Function, queue failed) {
	awslambda.NewCfnEventSourceMapping(a.stack, jsii.String("Stream-"+f.Name), &awslambda.CfnEventSourceMappingProps{
		FunctionName:                   fn.FunctionArn(),
		EventSourceArn:                 a.data.table.TableStreamArn(),
		StartingPosition:               jsii.String("TRIM_HORIZON"),
		BatchSize:                      jsii.Number(catalog.StreamBatch),
		MaximumBatchingWindowInSeconds: jsii.Number(1),
		ParallelizationFactor:          jsii.Number(2),
		BisectBatchOnFunctionError:     true,
		MaximumRetryAttempts:           jsii.Number(catalog.StreamRetries),
		MaximumRecordAgeInSeconds:      jsii.Number(3600),
		FunctionResponseTypes:          texts("ReportBatchItemFailures"),
		FilterCriteria: &awslambda.CfnEventSourceMapping_FilterCriteriaProperty{Filters: []any{
			&awslambda.CfnEventSourceMapping_FilterProperty{Pattern: jsii.String(filter(f.Trigger))},
		}},
		DestinationConfig: &awslambda.CfnEventSourceMapping_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventSourceMapping_OnFailureProperty{Destination: queue.QueueArn()},
		},
	})
}

// filter is the stream filter: new items whose sort key begins with a prefix, or new and changed ones that bear a mark.
func filter(t catalog.Trigger) string {
	type m map[string]any
	pattern := m{"eventName": []string{"INSERT"}, "dynamodb": m{"Keys": m{catalog.Table.SortKey: m{"S": []m{{"prefix": t.Stream}}}}}}
	if t.Marked != "" {
		pattern = m{"eventName": []string{"INSERT", "MODIFY"}, "dynamodb": m{"NewImage": m{t.Marked: m{"S": []m{{"exists": true}}}}}}
	}
	out, err := json.Marshal(pattern)
	if err != nil {
		panic(err) // texts and maps always marshal
	}
	return string(out)
}

// addSchedule starts the function at a fixed period. The queue takes what EventBridge could not deliver.
func (a *audience) addSchedule(f catalog.Function, fn awslambda.Function, queue failed) {
	rule := awsevents.NewCfnRule(a.stack, jsii.String("Schedule-"+f.Name), &awsevents.CfnRuleProps{
		Name:               jsii.String(a.config.name(f.Name)),
		Description:        &f.Does,
		ScheduleExpression: jsii.String(every(f.Trigger.Every)),
		State:              jsii.String("ENABLED"),
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("function"), Arn: fn.FunctionArn(),
			RetryPolicy:      &awsevents.CfnRule_RetryPolicyProperty{MaximumRetryAttempts: jsii.Number(2), MaximumEventAgeInSeconds: jsii.Number(seconds(f))},
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: queue.QueueArn()},
		}},
	})
	a.permit(fn, "Permission-schedule-"+f.Name, "events.amazonaws.com", rule.AttrArn())
	queue.accept("Schedule", "events.amazonaws.com", rule.AttrArn())
}

func every(period time.Duration) string {
	if period == time.Minute {
		return "rate(1 minute)"
	}
	return fmt.Sprintf("rate(%d minutes)", int(period.Minutes()))
}

// addMailEvents starts the function for each bounce and complaint, by an encrypted topic.
func (a *audience) addMailEvents(f catalog.Function, fn awslambda.Function, queue failed) {
	topic := awssns.NewTopic(a.stack, jsii.String("MailEvents-"+f.Name), &awssns.TopicProps{
		MasterKey: a.data.key, EnforceSSL: jsii.Bool(true),
	})
	topic.AddToResourcePolicy(publishFrom(a.stack, topic, "ses.amazonaws.com"))
	awsses.NewCfnConfigurationSetEventDestination(a.stack, jsii.String("MailDestination-"+f.Name), &awsses.CfnConfigurationSetEventDestinationProps{
		ConfigurationSetName: a.data.sender.set.ConfigurationSetName(),
		EventDestination: &awsses.CfnConfigurationSetEventDestination_EventDestinationProperty{
			Name: jsii.String(f.Name), Enabled: true, MatchingEventTypes: texts("bounce", "complaint"),
			SnsDestination: &awsses.CfnConfigurationSetEventDestination_SnsDestinationProperty{TopicArn: topic.TopicArn()},
		},
	}).Node().AddDependency(topic)
	awssns.NewCfnSubscription(a.stack, jsii.String("Subscription-"+f.Name), &awssns.CfnSubscriptionProps{
		TopicArn: topic.TopicArn(), Protocol: jsii.String("lambda"), Endpoint: fn.FunctionArn(),
		RedrivePolicy: map[string]any{"deadLetterTargetArn": queue.QueueArn()},
	})
	a.permit(fn, "Permission-mail-"+f.Name, "sns.amazonaws.com", topic.TopicArn())
	queue.accept("MailEvents", "sns.amazonaws.com", topic.TopicArn())
}

// addUploads starts the function for each file that arrives under catalog.Incoming, with EventBridge's event. At least once:
// S3 may tell of a file twice. The queue takes what EventBridge could not deliver.
func (a *audience) addUploads(f catalog.Function, fn awslambda.Function, queue failed) {
	rule := awsevents.NewCfnRule(a.stack, jsii.String("Uploads-"+f.Name), &awsevents.CfnRuleProps{
		Name:        jsii.String(a.config.name(f.Name, "uploads")),
		Description: &f.Does,
		EventPattern: map[string]any{
			"source": []string{"aws.s3"}, "detail-type": []string{"Object Created"},
			"detail": map[string]any{
				"bucket": map[string]any{"name": []any{a.data.files.BucketName()}},
				"object": map[string]any{"key": []any{map[string]string{"prefix": catalog.Incoming}}},
			},
		},
		State: jsii.String("ENABLED"),
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("function"), Arn: fn.FunctionArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: queue.QueueArn()},
		}},
	})
	a.permit(fn, "Permission-uploads-"+f.Name, "events.amazonaws.com", rule.AttrArn())
	queue.accept("Uploads", "events.amazonaws.com", rule.AttrArn())
}

// keepFailures sends to the queue what the function itself failed at. A tick is not tried again: the next one comes.
func (a *audience) keepFailures(f catalog.Function, fn awslambda.Function, queue failed) {
	attempts := 2
	if ticks(f) {
		attempts = 0
	}
	awslambda.NewCfnEventInvokeConfig(a.stack, jsii.String("Failures-"+f.Name), &awslambda.CfnEventInvokeConfigProps{
		FunctionName: fn.FunctionName(), Qualifier: jsii.String("$LATEST"),
		MaximumRetryAttempts: jsii.Number(attempts), MaximumEventAgeInSeconds: jsii.Number(seconds(f)),
		DestinationConfig: &awslambda.CfnEventInvokeConfig_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventInvokeConfig_OnFailureProperty{Destination: queue.QueueArn()},
		},
	})
}

// seconds is how long an event of the function stays worth handling: until the next tick, or the longest that AWS keeps one.
func seconds(f catalog.Function) float64 {
	if ticks(f) {
		return min(max(f.Trigger.Every.Seconds(), 60), longest)
	}
	return longest
}

// ticks says whether only a schedule starts the function: what it misses, the next tick makes up for.
func ticks(f catalog.Function) bool {
	return f.Trigger.Every > 0 && !f.Trigger.MailEvents && !f.Trigger.Uploads
}

// longest is how long EventBridge and Lambda keep an event at most.
const longest = 6 * 60 * 60

// accept lets a service put what it could not deliver for one source into the queue.
func (q failed) accept(id, service string, source *string) {
	statement := allow(id, texts("sqs:SendMessage"), q.QueueArn())
	statement.AddServicePrincipal(&service, nil)
	statement.AddCondition(jsii.String("ArnEquals"), map[string]any{"aws:SourceArn": source})
	q.AddToResourcePolicy(statement)
}
