package faults

import (
	"encoding/json"
	"net/http"
	"strings"
)

// A problem is a refused call's answer in DynamoDB's form. Texts are for people: clients look at types and codes.
type problem struct {
	Type    string   `json:"__type"`
	Message string   `json:"message"`
	Reasons []reason `json:"CancellationReasons,omitempty"` // one for each item of the transaction
}

type reason struct{ Code, Message string }

// What a throttled call may be told, and why a transaction may be cancelled.
const (
	provisioned = "ProvisionedThroughputExceededException"
	throttled   = "ThrottlingException"
	conflicting = "TransactionConflictException"
	cancelled   = "TransactionCanceledException"

	conflictCode = "TransactionConflict"
	throttleCode = "ThrottlingError"
)

var texts = map[string]string{
	provisioned:  "The table's throughput is exceeded.",
	throttled:    "The rate of requests exceeds what the table allows.",
	conflicting:  "Transaction is ongoing for the item",
	conflictCode: "Transaction is ongoing for the item",
	throttleCode: "The throughput of the item's partition is exceeded.",
}

// refusal is the answer to a call that meets a conflict or a throttle; ok is false where the operation knows no such fault.
func refusal(operation string, body []byte, f fate) (refused answer, ok bool) {
	transaction := strings.HasPrefix(operation, "Transact")
	switch {
	case f.fault == Conflict && transaction:
		return refuse(f.fault, cancellation(body, conflictCode, f.detail)), true
	case f.fault == Conflict && single(operation):
		return refuse(f.fault, problem{Type: conflicting, Message: texts[conflicting]}), true
	case f.fault == Throttle && transaction && f.detail%3 == 2:
		return refuse(f.fault, cancellation(body, throttleCode, f.detail/3)), true
	case f.fault == Throttle:
		kind := []string{provisioned, throttled}[f.detail%3%2]
		return refuse(f.fault, problem{Type: kind, Message: texts[kind]}), true
	}
	return answer{}, false
}

// cancellation of a transaction for one of its items.
func cancellation(body []byte, code string, detail uint64) problem {
	var in struct{ TransactItems []json.RawMessage }
	_ = json.Unmarshal(body, &in) // what can not be read has no items
	p := problem{Type: cancelled}
	codes := make([]string, len(in.TransactItems))
	for i := range codes {
		codes[i] = "None"
		if i == int(detail%uint64(len(codes))) {
			codes[i] = code
		}
		p.Reasons = append(p.Reasons, reason{Code: codes[i], Message: texts[codes[i]]})
	}
	p.Message = "Transaction cancelled for specific reasons [" + strings.Join(codes, ", ") + "]"
	return p
}

func refuse(f Fault, p problem) answer {
	p.Type = "com.amazonaws.dynamodb.v20120810#" + p.Type
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts always marshal
	}
	return answer{fault: f, status: http.StatusBadRequest, header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, body: body}
}

// single says whether an operation writes one item outside a transaction.
func single(operation string) bool {
	return operation == "PutItem" || operation == "UpdateItem" || operation == "DeleteItem"
}

// writing says whether an operation changes the table.
func writing(operation string) bool {
	return single(operation) || operation == "TransactWriteItems" || operation == "BatchWriteItem"
}
