package platform

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"

	"preau/infra/local/lambda"
)

// endpoints serves what a developer or a test asks of the platform itself, on the portal's local port alone.
//
//	POST /_local/run/{function}   fires the function's schedule and gives its answer
//	POST /_local/mail-event       {"kind": "bounce"|"complaint", "address": …} as SES tells it
//	POST /_local/upload/{key}     tells once more of a file that arrived, and waits until it is handled
func (p *Platform) endpoints() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_local/run/{function}", p.serveRun)
	mux.HandleFunc("POST /_local/mail-event", p.serveMailEvent)
	mux.HandleFunc("POST /_local/upload/{key...}", p.serveUpload)
	return mux
}

func (p *Platform) serveUpload(w http.ResponseWriter, r *http.Request) {
	if err := p.SendUpload(r.Context(), r.PathValue("key")); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (p *Platform) serveRun(w http.ResponseWriter, r *http.Request) {
	answer, err := p.Run(r.Context(), r.PathValue("function"))
	switch {
	case errors.Is(err, lambda.ErrUnknown):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadGateway)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}
}

func (p *Platform) serveMailEvent(w http.ResponseWriter, r *http.Request) {
	var e MailEvent
	if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := p.SendMailEvent(r.Context(), e); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func unique() string { return rand.Text() }
