package emulators

import (
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"preau/infra/local/awsjson"
)

// startSES starts the mailbox. It keeps mails in the file, or in memory alone when that is empty.
func startSES(modules, mails, logs string, port int) (*program, error) {
	command, env := []string{"node"}, []string(nil)
	if mails != "" {
		command, env = append(command, "--require", filepath.Join(modules, "mailbox.cjs")), []string{"PREAU_MAILS=" + mails}
	}
	cli := filepath.Join(modules, "node_modules", "aws-ses-v2-local", "dist", "cli.js")
	return startProgram("ses", logs, logs, env, append(command, cli, "--host", "127.0.0.1", "--port", strconv.Itoa(port))...)
}

// mailbox stands in front of aws-ses-v2-local: its page is for everybody, SES's API for those who may send.
type mailbox struct {
	callers callers
	next    http.Handler
}

func (m mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refused := m.check(r); refused != nil {
		refused.Status = http.StatusForbidden
		w.Header().Set("X-Amzn-Errortype", refused.Type) // SES v2 is REST: its clients read the type here
		awsjson.Refuse(w, r, refused)
		return
	}
	m.next.ServeHTTP(w, r)
}

func (m mailbox) check(r *http.Request) *awsjson.Error {
	if !strings.HasPrefix(r.URL.Path, "/v2/") {
		return nil
	}
	who, refused := m.callers.of(r)
	if refused != nil || who.platform {
		return refused
	}
	if !who.function.Mail || r.URL.Path != "/v2/email/outbound-emails" {
		return who.denied("ses:SendEmail", "arn:aws:ses:"+Region+":"+Account+":identity/*")
	}
	return nil
}
