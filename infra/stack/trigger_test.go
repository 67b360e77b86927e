package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/infra/catalog"
)

// started finds, by the function that they start, all resources of a type whose property leads to a function.
func started(a assembly, kind string, path ...any) map[string]resource {
	found := map[string]resource{}
	for id, r := range a.of("", kind) {
		part, _, _ := strings.Cut(id, "/")
		name := strings.TrimSuffix(strings.TrimPrefix(a.text(part, r.at(path...)), "AWS::Lambda::Function(preau-prod-"), ").Arn")
		found[name] = r
	}
	return found
}

func TestStreamMappingsAreThoseOfTheCatalogAndLoseNothing(t *testing.T) {
	t.Parallel()
	mappings := started(prod(), "AWS::Lambda::EventSourceMapping", "FunctionName")
	for _, f := range catalog.Functions {
		r, found := mappings[f.Name]
		if found != f.Trigger.Streams() {
			t.Errorf("%s reads the stream: %v, in the catalog: %v", f.Name, found, !found)
		}
		if !found {
			continue
		}
		r.wants(t, map[string]any{
			"StartingPosition": "TRIM_HORIZON", "BisectBatchOnFunctionError": true, "FunctionResponseTypes": "[ReportBatchItemFailures]",
		})
		if source := prod().text("background", r.Properties["EventSourceArn"]); source != "AWS::DynamoDB::GlobalTable.StreamArn" {
			t.Errorf("%s reads %s", f.Name, source)
		}
		within(t, r, "MaximumRetryAttempts", 1, 5)
		within(t, r, "BatchSize", 10, 25)
		within(t, r, "MaximumRecordAgeInSeconds", 60, 24*60*60)
		if queue := prod().text("background", r.at("DestinationConfig", "OnFailure", "Destination")); queue != "AWS::SQS::Queue(preau-prod-"+f.Name+"-failed).Arn" {
			t.Errorf("%s sends what fails to %s", f.Name, queue)
		}
		checkFilter(t, f, fmt.Sprint(r.at("FilterCriteria", "Filters", 0, "Pattern")))
	}
	if len(mappings) > 2 {
		t.Errorf("%d mappings read one stream", len(mappings))
	}
}

func within(t *testing.T, r resource, property string, least, most float64) {
	t.Helper()
	if v, _ := r.Properties[property].(float64); v < least || v > most {
		t.Errorf("%s is %v, want %v to %v", property, r.Properties[property], least, most)
	}
}

func checkFilter(t *testing.T, f catalog.Function, pattern string) {
	t.Helper()
	want := `{"dynamodb":{"Keys":{"SK":{"S":[{"prefix":"` + f.Trigger.Stream + `"}]}}},"eventName":["INSERT"]}`
	if f.Trigger.Marked != "" {
		want = `{"dynamodb":{"NewImage":{"` + f.Trigger.Marked + `":{"S":[{"exists":true}]}}},"eventName":["INSERT","MODIFY"]}`
	}
	if pattern != want {
		t.Errorf("%s is started by %s, want %s", f.Name, pattern, want)
	}
}

func TestSchedulesAreThoseOfTheCatalog(t *testing.T) {
	t.Parallel()
	rules := started(prod(), "AWS::Events::Rule", "Targets", 0, "Arn")
	for _, f := range catalog.Functions {
		r, found := rules[f.Name]
		found = found && r.Properties["ScheduleExpression"] != nil
		if found != (f.Trigger.Every > 0) {
			t.Errorf("%s has a schedule: %v, in the catalog: %v", f.Name, found, !found)
		}
		if found {
			rate := fmt.Sprintf("rate(%d minutes)", f.Trigger.Every/time.Minute)
			if f.Trigger.Every == time.Minute {
				rate = "rate(1 minute)"
			}
			r.wants(t, map[string]any{"ScheduleExpression": rate, "State": "ENABLED", "Targets.0.RetryPolicy.MaximumRetryAttempts": 2})
			if queue := prod().text("background", r.at("Targets", 0, "DeadLetterConfig", "Arn")); !strings.Contains(queue, f.Name+"-failed") {
				t.Errorf("%s: undelivered ticks go to %s", f.Name, queue)
			}
		}
	}
}

func TestFilesThatArriveStartTheFunctionsOfTheCatalogAndNoOther(t *testing.T) {
	t.Parallel()
	rules := started(prod(), "AWS::Events::Rule", "Targets", 0, "Arn")
	for _, f := range catalog.Functions {
		r, found := rules[f.Name]
		found = found && r.Properties["EventPattern"] != nil
		if found != f.Trigger.Uploads {
			t.Errorf("%s gets files: %v, in the catalog: %v", f.Name, found, !found)
		}
		if !found {
			continue
		}
		r.wants(t, map[string]any{
			"EventPattern.source": "[aws.s3]", "EventPattern.detail-type": "[Object Created]", "State": "ENABLED",
			"EventPattern.detail.object.key.0.prefix": catalog.Incoming,
		})
		if of := prod().text("background", r.at("EventPattern", "detail", "bucket", "name", 0)); of != "AWS::S3::Bucket(Files)" {
			t.Errorf("%s gets files of %s", f.Name, of)
		}
		if queue := prod().text("background", r.at("Targets", 0, "DeadLetterConfig", "Arn")); !strings.Contains(queue, f.Name+"-failed") {
			t.Errorf("%s: undelivered events go to %s", f.Name, queue)
		}
	}
	for id, bucket := range prod().of("data", "AWS::S3::Bucket") {
		tells := bucket.at("NotificationConfiguration", "EventBridgeConfiguration", "EventBridgeEnabled")
		if of := strings.HasPrefix(id, "data/Files"); (tells == true) != of {
			t.Errorf("%s tells of its objects: %v", id, tells)
		}
	}
}

func TestOneMinuteIsWrittenAsEventBridgeWantsIt(t *testing.T) {
	t.Parallel()
	for period, want := range map[time.Duration]string{time.Minute: "rate(1 minute)", 5 * time.Minute: "rate(5 minutes)", time.Hour: "rate(60 minutes)"} {
		if got := every(period); got != want {
			t.Errorf("%s is %s, want %s", period, got, want)
		}
	}
}

func TestBouncesAndComplaintsReachTheirFunctionEncrypted(t *testing.T) {
	t.Parallel()
	subscriptions := started(prod(), "AWS::SNS::Subscription", "Endpoint")
	for _, f := range catalog.Functions {
		r, found := subscriptions[f.Name]
		if found != f.Trigger.MailEvents {
			t.Errorf("%s gets mail events: %v, in the catalog: %v", f.Name, found, !found)
		}
		if found {
			r.wants(t, map[string]any{"Protocol": "lambda"})
			if queue := prod().text("background", r.at("RedrivePolicy", "deadLetterTargetArn")); !strings.Contains(queue, f.Name+"-failed") {
				t.Errorf("%s: undelivered events go to %s", f.Name, queue)
			}
		}
	}
	destination := prod().the(t, "background", "AWS::SES::ConfigurationSetEventDestination")
	destination.wants(t, map[string]any{"EventDestination.MatchingEventTypes": "[bounce complaint]", "EventDestination.Enabled": true})
	for id, topic := range prod().of("", "AWS::SNS::Topic") {
		part, _, _ := strings.Cut(id, "/")
		if key := prod().text(part, topic.Properties["KmsMasterKeyId"]); key != "AWS::KMS::Key.Arn" {
			t.Errorf("topic %s is encrypted with %s", id, key)
		}
	}
}

func TestWhatABackgroundFunctionFailsAtIsKept(t *testing.T) {
	t.Parallel()
	kept := map[string]resource{}
	for _, r := range prod().of("", "AWS::Lambda::EventInvokeConfig") {
		name := prod().text("background", r.Properties["FunctionName"])
		kept[strings.TrimSuffix(strings.TrimPrefix(name, "AWS::Lambda::Function(preau-prod-"), ")")] = r
	}
	for _, f := range catalog.Functions {
		asynchronous := f.Trigger.Every > 0 || f.Trigger.MailEvents || f.Trigger.Uploads
		if r, found := kept[f.Name]; found != asynchronous {
			t.Errorf("%s keeps failures: %v, started asynchronously: %v", f.Name, found, asynchronous)
		} else if found && !strings.Contains(prod().text("background", r.at("DestinationConfig", "OnFailure", "Destination")), f.Name+"-failed") {
			t.Errorf("%s: failures go to %v", f.Name, r.Properties["DestinationConfig"])
		}
	}
	for id, queue := range prod().of("", "AWS::SQS::Queue") {
		queue.wants(t, map[string]any{"SqsManagedSseEnabled": true, "MessageRetentionPeriod": 14 * 24 * 60 * 60})
		if !strings.HasSuffix(fmt.Sprint(queue.Properties["QueueName"]), "-failed") {
			t.Errorf("queue %s has no function", id)
		}
	}
}
