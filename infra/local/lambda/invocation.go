package lambda

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"time"
)

// An invocation is one call on its way through a process.
type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
	result   chan outcome // what the process said, if it did
	answered chan outcome // what the caller gets
}

func newInvocation(payload []byte) *invocation {
	return &invocation{id: requestID(), payload: payload, result: make(chan outcome, 1), answered: make(chan outcome, 1)}
}

// requestID has the form of AWS's: functions show it to people as a correlation id.
func requestID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// An outcome is how a call ended. kind is empty for a success.
type outcome struct {
	kind string // as Lambda's X-Amz-Function-Error
	body []byte
}

// failed is the outcome of a call that the function did not answer itself.
func failed(errorType, message string) *outcome {
	body, err := json.Marshal(map[string]string{"errorType": errorType, "errorMessage": message})
	if err != nil {
		panic(err) // a map of strings
	}
	return &outcome{kind: unhandled, body: body}
}

const unhandled = "Unhandled"

// message is the outcome's error in one line.
func (o outcome) message() string {
	var e struct{ ErrorType, ErrorMessage string }
	if json.Unmarshal(o.body, &e) != nil || e.ErrorMessage == "" {
		return o.kind
	}
	return e.ErrorType + ": " + e.ErrorMessage
}
