package main

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"preau/infra/catalog"
)

// What functions report themselves, as CloudWatch embedded metrics: one dimension, the Lambda's own name, which keeps
// stages in one account apart.
const (
	ownNamespace = "Preau"
	ownDimension = "function"
	faults       = "Faults"       // answers 500: something that no use case foresees
	mailParked   = "MailParked"   // mails given up after 24 h
	mailFailed   = "MailFailed"   // sends that will be tried again
	codeRefused  = "CodeRefused"  // wrong subscriber codes
	exportParked = "ExportParked" // exports given up after a day
)

// exporter is the function that puts exports together.
const exporter = "build-exports"

// codeReaders are the functions that take a subscriber code from somebody signed in and report refused ones.
var codeReaders = []string{"preview-subscription", "subscribe"}

// watchFunction alarms on what a function does wrong. Errors and faults share one alarm per function, so that its mail
// names the use case; throttles have one for the account (watchAccount).
func (a *audience) watchFunction(f catalog.Function) {
	wrong := []series{a.lambda(f, "Errors", "Sum")}
	if f.HTTP() {
		wrong = append(wrong, a.own(f, faults))
	}
	a.watch(alarm{
		name: f.Name + "-fails", series: wrong, formula: sum(wrong), minutes: 5,
		says: fmt.Sprintf("%s fails (%s) Look for errors in its log group %s.", f.Name, f.Does, a.logGroup(f)),
	})
	if f.Mail {
		a.watchMail(f)
	}
	if f.Name == exporter {
		a.watch(alarm{
			name: f.Name + "-parked", series: []series{a.own(f, exportParked)}, minutes: 5,
			says: "An export of somebody's data was given up after a day of tries: the law gives a month. See the log group " + a.logGroup(f) + ".",
		})
	}
	if f.Trigger.Streams() {
		a.watch(alarm{
			name: f.Name + "-lags", series: []series{a.lambda(f, "IteratorAge", "Maximum")}, above: 5 * 60 * 1000, minutes: 5,
			says: f.Name + " is more than five minutes behind the table's stream, which keeps 24 h.",
		})
	}
}

func (a *audience) watchMail(f catalog.Function) {
	a.watch(alarm{
		name: f.Name + "-parked", series: []series{a.own(f, mailParked)}, minutes: 5,
		says: "A mail was given up after 24 h of tries. Somebody waits for it: see the outbox items that are parked.",
	})
	a.watch(alarm{
		name: f.Name + "-retries", series: []series{a.own(f, mailFailed)}, above: 10, minutes: 15, times: 2,
		says: "Mails fail and are tried again. Check SES: sending paused, quota, sandbox, identity.",
	})
}

// watchCodes alarms on a burst of wrong subscriber codes: somebody may be guessing, or a mailing printed them wrong.
func (a *audience) watchCodes() {
	var refused []series
	for _, f := range catalog.Functions {
		for _, name := range codeReaders {
			if f.Name == name {
				refused = append(refused, a.own(f, codeRefused))
			}
		}
	}
	a.watch(alarm{
		name: "codes-refused", series: refused, formula: sum(refused), above: 50, minutes: 15,
		says: "More than 50 wrong subscriber codes in a quarter of an hour: a guesser, or letters with wrong codes.",
	})
}

func (a *audience) watchQueue(f catalog.Function, queue string) {
	depth := series{"depth", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", []dimension{{"QueueName", queue}}}
	a.watch(alarm{
		name: f.Name + "-gave-up", series: []series{depth}, minutes: 5,
		says: "What " + f.Name + " could not handle lies in the queue " + f.Name + "-failed. Read it, repair, then purge it.",
	})
}

// watchAPI alarms when more than 1 % of a busy five minutes' answers are 5xx.
func (a *audience) watchAPI() {
	of := []dimension{{"ApiId", *a.edge.apiID()}}
	a.watch(alarm{
		name: "api-5xx", series: []series{
			{"failed", "AWS/ApiGateway", "5xx", "Sum", of},
			{"all", "AWS/ApiGateway", "Count", "Sum", of},
		},
		formula: "IF(all > 50, 100 * failed / all, 0)", above: 1, minutes: 5, times: 2,
		says: "More than 1 % of the API's answers are 5xx.",
	})
}

func watchTable(stack awscdk.Stack, c Config, d data) {
	of := []dimension{{"TableName", *d.table.TableName()}}
	throttles := throttlesOf("", of)
	watch(stack, c, d.alarms, alarm{
		name: "table-throttled", series: throttles, formula: sum(throttles), above: 20, minutes: 5, times: 2,
		says: "The table throttles: one partition is hot, or traffic doubled within half an hour.",
	})
	// An index counts apart from its table, which refuses the writes that the index can not take.
	var behind []series
	for _, i := range catalog.Table.Global {
		behind = append(behind, throttlesOf(i.Name, append([]dimension{{"GlobalSecondaryIndexName", i.Name}}, of...))...)
	}
	watch(stack, c, d.alarms, alarm{
		name: "index-throttled", series: behind, formula: sum(behind), above: 20, minutes: 5, times: 2,
		says: "A global index throttles, and the table refuses writes with it: one of the index's partitions is hot.",
	})
	var failures []series
	for _, op := range []string{"GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "TransactGetItems"} {
		with := append([]dimension{{"Operation", op}}, of...)
		failures = append(failures, series{strings.ToLower(op), "AWS/DynamoDB", "SystemErrors", "Sum", with})
	}
	watch(stack, c, d.alarms, alarm{
		name: "table-fails", series: failures, formula: sum(failures), above: 5, minutes: 5, times: 2,
		says: "DynamoDB itself answers errors. See the AWS Health dashboard.",
	})
}

// throttlesOf is the refused reads and writes of a table or an index.
func throttlesOf(index string, of []dimension) []series {
	return []series{
		{"reads" + index, "AWS/DynamoDB", "ReadThrottleEvents", "Sum", of},
		{"writes" + index, "AWS/DynamoDB", "WriteThrottleEvents", "Sum", of},
	}
}

// watchAccount alarms on what the whole account shares. No function has concurrency of its own, so throttles are always
// the account's limit: one alarm says as much as one per function would.
func watchAccount(stack awscdk.Stack, c Config, d data) {
	watch(stack, c, d.alarms, alarm{
		name: "functions-throttled", series: []series{{"throttles", "AWS/Lambda", "Throttles", "Sum", nil}}, minutes: 5,
		says: "Lambda throttles: the account's concurrency is used up. Raise the quota.",
	})
	watch(stack, c, d.alarms, alarm{
		name: "mail-bounces", series: []series{{"rate", "AWS/SES", "Reputation.BounceRate", "Average", nil}}, above: 0.04, minutes: 60,
		says: "More than 4 % of mails bounce; from 5 % on AWS reviews the account and may stop its mail.",
	})
	watch(stack, c, d.alarms, alarm{
		name: "mail-complaints", series: []series{{"rate", "AWS/SES", "Reputation.ComplaintRate", "Average", nil}}, above: 0.0008, minutes: 60,
		says: "More than 0.08 % of mails are called spam; from 0.1 % on AWS reviews the account and may stop its mail.",
	})
}

func (a *audience) lambda(f catalog.Function, metric, stat string) series {
	return series{strings.ToLower(metric), "AWS/Lambda", metric, stat, []dimension{{"FunctionName", a.config.name(f.Name)}}}
}

func (a *audience) own(f catalog.Function, metric string) series {
	id := strings.ToLower(metric) + strings.ReplaceAll(f.Name, "-", "")
	return series{id, ownNamespace, metric, "Sum", []dimension{{ownDimension, a.config.name(f.Name)}}}
}

func (a *audience) watch(al alarm) { watch(a.stack, a.config, a.data.alarms, al) }

// sum adds series up, counting a missing one as zero.
func sum(all []series) string {
	terms := make([]string, len(all))
	for i, s := range all {
		terms[i] = "FILL(" + s.id + ", 0)"
	}
	return strings.Join(terms, " + ")
}
