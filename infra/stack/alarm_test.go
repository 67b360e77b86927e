package main

import (
	"fmt"
	"strings"
	"testing"

	"preau/infra/catalog"
)

// alarms finds a stage's alarms by their name behind the stage.
func alarms(a assembly, stage string) map[string]resource {
	found := map[string]resource{}
	for _, r := range a.of("", "AWS::CloudWatch::Alarm") {
		found[strings.TrimPrefix(fmt.Sprint(r.Properties["AlarmName"]), "preau-"+stage+"-")] = r
	}
	return found
}

// watched lists what an alarm looks at: "AWS/Lambda Errors preau-prod-sign-up".
func watched(r resource) []string {
	var all []string
	for _, query := range list(r.Properties["Metrics"]) {
		metric := at(query, "MetricStat", "Metric")
		if metric == nil {
			continue
		}
		text := fmt.Sprint(at(metric, "Namespace"), " ", at(metric, "MetricName"))
		for _, dimension := range list(at(metric, "Dimensions")) {
			if value, ok := at(dimension, "Value").(string); ok {
				text += " " + value
			}
		}
		all = append(all, text)
	}
	return all
}

func TestEveryFunctionHasItsAlarms(t *testing.T) {
	t.Parallel()
	all := alarms(prod(), "prod")
	for _, f := range catalog.Functions {
		name := "preau-prod-" + f.Name
		wantAlarm(t, all, f.Name+"-fails", "AWS/Lambda Errors "+name)
		if f.HTTP() {
			wantAlarm(t, all, f.Name+"-fails", "Preau Faults "+name)
		}
		if f.Mail {
			wantAlarm(t, all, f.Name+"-parked", "Preau MailParked "+name)
			wantAlarm(t, all, f.Name+"-retries", "Preau MailFailed "+name)
		}
		if f.Name == exporter {
			wantAlarm(t, all, f.Name+"-parked", "Preau ExportParked "+name)
		}
		if f.Trigger.Streams() {
			wantAlarm(t, all, f.Name+"-lags", "AWS/Lambda IteratorAge "+name)
		}
		if f.Trigger != (catalog.Trigger{}) {
			wantAlarm(t, all, f.Name+"-gave-up", "AWS/SQS ApproximateNumberOfMessagesVisible "+name+"-failed")
		}
	}
}

func TestWhatIsSharedHasItsAlarms(t *testing.T) {
	t.Parallel()
	all := alarms(prod(), "prod")
	for name, metrics := range map[string][]string{
		"functions-throttled": {"AWS/Lambda Throttles"},
		"table-throttled":     {"AWS/DynamoDB ReadThrottleEvents", "AWS/DynamoDB WriteThrottleEvents"},
		"index-throttled":     {"AWS/DynamoDB ReadThrottleEvents work", "AWS/DynamoDB WriteThrottleEvents work"},
		"table-fails":         {"AWS/DynamoDB SystemErrors GetItem", "AWS/DynamoDB SystemErrors TransactWriteItems"},
		"api-5xx":             {"AWS/ApiGateway 5xx", "AWS/ApiGateway Count"},
		"mail-bounces":        {"AWS/SES Reputation.BounceRate"},
		"mail-complaints":     {"AWS/SES Reputation.ComplaintRate"},
	} {
		for _, metric := range metrics {
			wantAlarm(t, all, name, metric)
		}
	}
	for _, name := range codeReaders {
		wantAlarm(t, all, "codes-refused", "Preau CodeRefused preau-prod-"+name)
	}
}

// An index without the alarm would throttle unseen: its metrics carry its name beside the table's, and a write that it
// refuses is refused by the table.
func TestEveryGlobalIndexIsWatchedAndNoLocalOne(t *testing.T) {
	t.Parallel()
	got := watched(alarms(prod(), "prod")["index-throttled"])
	if len(got) != 2*len(catalog.Table.Global) {
		t.Errorf("%d metrics for %d indexes: %v", len(got), len(catalog.Table.Global), got)
	}
	for _, i := range catalog.Table.Global {
		wantAlarm(t, alarms(prod(), "prod"), "index-throttled", "AWS/DynamoDB WriteThrottleEvents "+i.Name)
	}
}

func wantAlarm(t *testing.T, all map[string]resource, name, metric string) {
	t.Helper()
	for _, w := range watched(all[name]) {
		if w == metric {
			return
		}
	}
	t.Errorf("alarm %s does not watch %s but %v", name, metric, watched(all[name]))
}

func TestEveryAlarmTellsTheOperatorWhatToDo(t *testing.T) {
	t.Parallel()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		for id, r := range a.of("", "AWS::CloudWatch::Alarm") {
			part, _, _ := strings.Cut(id, "/")
			if topic := a.text(part, r.at("AlarmActions", 0)); topic != "AWS::SNS::Topic" {
				t.Errorf("%s %s tells %s", stage, id, topic)
			}
			if len(fmt.Sprint(r.Properties["AlarmDescription"])) < 30 || r.Properties["TreatMissingData"] != "notBreaching" {
				t.Errorf("%s %s: %v, missing data: %v", stage, id, r.Properties["AlarmDescription"], r.Properties["TreatMissingData"])
			}
			if n := len(list(r.Properties["Metrics"])); n > 10 {
				t.Errorf("%s %s has %d metrics, CloudWatch takes 10", stage, id, n)
			}
		}
	}
}

func TestAlarmsReachTheConfiguredAddress(t *testing.T) {
	t.Parallel()
	prod().the(t, "data", "AWS::SNS::Subscription").wants(t, map[string]any{"Protocol": "email", "Endpoint": "exploitation@preau.example"})
}

func TestTheFunctionsThatReadCodesAreInTheCatalog(t *testing.T) {
	t.Parallel()
	for _, name := range codeReaders {
		if _, found := lambdas(prod(), "prod")[name]; !found {
			t.Errorf("codes-refused watches %s, which is no function", name)
		}
	}
}
