package lambda

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"preau/infra/local/emulators"
)

// maxAnswer is Lambda's limit for an answer, in bytes.
const maxAnswer = 6<<20 + 100

// runtimeAPI serves the Lambda Runtime API to all processes: aws-lambda-go puts what AWS_LAMBDA_RUNTIME_API says in
// front of the path, so the first path element tells the processes apart.
func (h *Host) runtimeAPI() http.Handler {
	const at = "/{instance}/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+at+"invocation/next", h.of((*instance).serveNext))
	mux.HandleFunc("POST "+at+"invocation/{id}/response", h.of((*instance).serveResponse))
	mux.HandleFunc("POST "+at+"invocation/{id}/error", h.of((*instance).serveError))
	mux.HandleFunc("POST "+at+"init/error", h.of((*instance).serveInitError))
	return mux
}

// of finds the process that calls.
func (h *Host) of(serve func(*instance, http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		i := h.instances[r.PathValue("instance")]
		h.mu.Unlock()
		if i == nil {
			http.Error(w, "no such instance", http.StatusForbidden)
			return
		}
		serve(i, w, r)
	}
}

func (h *Host) register(i *instance) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.instances[i.id] = i
}

func (h *Host) forget(i *instance) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.instances, i.id)
}

func (i *instance) serveNext(w http.ResponseWriter, r *http.Request) {
	i.asks()
	select {
	case <-r.Context().Done(): // the process is gone
	case call := <-i.work:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", call.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(call.deadline.UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn",
			"arn:aws:lambda:"+emulators.Region+":"+emulators.Account+":function:"+i.pool.function.Name)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(call.payload)
	}
}

func (i *instance) serveResponse(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer+1))
	if err != nil {
		return // the process is gone
	}
	if len(body) > maxAnswer {
		message := fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxAnswer)
		i.settle(w, r, http.StatusRequestEntityTooLarge, *failed("Function.ResponseSizeTooLarge", message))
		return
	}
	i.settle(w, r, http.StatusAccepted, outcome{body: body})
}

func (i *instance) serveError(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the process is gone
	}
	i.settle(w, r, http.StatusAccepted, outcome{kind: unhandled, body: body})
}

// settle ends the current call. A second answer to it is refused.
func (i *instance) settle(w http.ResponseWriter, r *http.Request, status int, out outcome) {
	call := i.takes(r.PathValue("id"))
	if call == nil {
		http.Error(w, `{"errorType":"InvalidRequestID"}`, http.StatusBadRequest)
		return
	}
	w.WriteHeader(status)
	call.result <- out
}

func (i *instance) serveInitError(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the process is gone
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.initFailed = &outcome{kind: unhandled, body: body}
	w.WriteHeader(http.StatusAccepted)
}
