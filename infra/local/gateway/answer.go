package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// An answer is what a function returned, ready to be written.
type answer struct {
	status  int
	headers map[string]string
	cookies []string
	body    []byte
}

// readAnswer reads a function's return value. Without a statusCode the whole value is the body of a 200.
func readAnswer(response []byte) (answer, error) {
	var r struct {
		StatusCode      *int
		Headers         map[string]string
		Cookies         []string
		Body            string
		IsBase64Encoded bool
	}
	if !json.Valid(response) {
		return answer{}, errors.New("not JSON")
	}
	err := json.Unmarshal(response, &r)
	switch isObject := bytes.HasPrefix(bytes.TrimSpace(response), []byte("{")); {
	case isObject && err != nil:
		return answer{}, err
	case r.StatusCode == nil:
		return answer{status: http.StatusOK, headers: map[string]string{"content-type": "application/json"}, body: response}, nil
	}
	if *r.StatusCode < 200 || *r.StatusCode > 599 {
		return answer{}, fmt.Errorf("status %d", *r.StatusCode)
	}
	a := answer{status: *r.StatusCode, headers: r.Headers, cookies: r.Cookies, body: []byte(r.Body)}
	if !r.IsBase64Encoded {
		return a, nil
	}
	a.body, err = base64.StdEncoding.DecodeString(r.Body)
	return a, err
}

// write gives the answer to the viewer. The edge's word, secure, is the last.
func (a answer) write(w http.ResponseWriter, secure func(http.Header)) {
	h := w.Header()
	for name, value := range a.headers {
		h.Set(name, value)
	}
	secure(h)
	for _, name := range []string{"Connection", "Content-Length", "Transfer-Encoding"} {
		h.Del(name) // the server's own business
	}
	for _, cookie := range a.cookies {
		h.Add("Set-Cookie", cookie)
	}
	if len(a.body) > 0 && h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}
