// Package awsjson speaks the JSON protocol of DynamoDB, Cognito and KMS, from both sides: the platform calls the
// emulators with it and answers as AWS does where it stands in front of one.
package awsjson

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// An Error is a refusal in AWS's form. Type is the bare name, as in ResourceInUseException.
type Error struct {
	Status  int
	Type    string
	Message string
}

func (e *Error) Error() string { return e.Type + ": " + e.Message }

// Client calls one service. Key is the access key that the call is made with.
type Client struct {
	URL    string
	Prefix string // of X-Amz-Target, as DynamoDB_20120810
	Key    string
	HTTP   *http.Client
}

// Call sends in to the operation and reads the answer into out, which may be nil. A refusal is an *Error.
func (c Client) Call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode %s: %w", operation, err)
	}
	answer, err := c.Send(ctx, operation, body)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("decode %s: %w", operation, err)
	}
	return nil
}

// Send is Call with the bodies as they travel.
func (c Client) Send(ctx context.Context, operation string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	if strings.HasPrefix(c.Prefix, "DynamoDB") {
		req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	}
	req.Header.Set("X-Amz-Target", c.Prefix+"."+operation)
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+c.Key+"/20260101/eu-west-3/local/aws4_request, SignedHeaders=host, Signature=0")
	res, err := c.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", operation, err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", operation, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, readError(res.StatusCode, answer)
	}
	return answer, nil
}

// readError understands both spellings of "message" and types with a namespace.
func readError(status int, body []byte) error {
	var e struct {
		Type    string `json:"__type"`
		Message string `json:"message"` // encoding/json matches Message too
	}
	if json.Unmarshal(body, &e) != nil {
		e.Message = string(body)
	}
	return &Error{Status: status, Type: e.Type[strings.LastIndex(e.Type, "#")+1:], Message: e.Message}
}

// Operation is the operation that a request asks for.
func Operation(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	return target[strings.LastIndex(target, ".")+1:]
}

// AccessKey is the access key that a request is signed with, empty if it is not signed.
func AccessKey(r *http.Request) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(rest, "/")
	return key
}

// Write answers with v.
func Write(w http.ResponseWriter, r *http.Request, v any) {
	write(w, r, http.StatusOK, v)
}

// Refuse answers with e.
func Refuse(w http.ResponseWriter, r *http.Request, e *Error) {
	status := e.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	// DynamoDB writes "Message" with some errors and "message" with others; its clients read both.
	write(w, r, status, map[string]string{"__type": e.Type, "message": e.Message})
}

func write(w http.ResponseWriter, r *http.Request, status int, v any) {
	kind := r.Header.Get("Content-Type")
	if kind == "" {
		kind = "application/x-amz-json-1.1"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
