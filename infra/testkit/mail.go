package testkit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A Mail is one sent mail as its reader sees it.
type Mail struct {
	ID      string
	From    string
	ReplyTo []string
	To      []string
	Subject string
	HTML    string
	Text    string
	Headers map[string]string // those that the sender added
}

// Mails gives the mails sent to an address so far, oldest first.
func Mails(t testing.TB, address string) []Mail {
	t.Helper()
	inbox.mu.Lock()
	defer inbox.mu.Unlock()
	if err := inbox.fetch(Stack(t).Mailbox); err != nil {
		t.Fatalf("read the mailbox: %v", err)
	}
	var mails []Mail
	for _, m := range inbox.mails {
		if m.isTo(address) {
			mails = append(mails, m.mail())
		}
	}
	return mails
}

// A box holds the mails that this process has seen: thousands are sent in a run, and each test asks many times.
type box struct {
	mu    sync.Mutex
	mails []storedMail
	known map[string]bool // by id
	last  int64           // second of the newest one
}

var inbox = box{known: map[string]bool{}}

// fetch reads the mails since the newest one; those of its second come again.
func (b *box) fetch(mailbox string) error {
	res, err := http.Get(mailbox + "/store?since=" + strconv.FormatInt(b.last, 10))
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	var store struct{ Emails []storedMail }
	if err := json.NewDecoder(res.Body).Decode(&store); err != nil {
		return err
	}
	for _, m := range store.Emails {
		if !b.known[m.MessageID] {
			b.known[m.MessageID], b.last = true, max(b.last, m.At)
			b.mails = append(b.mails, m)
		}
	}
	return nil
}

// AwaitMails waits until n mails or more were sent to the address and gives all of them, oldest first.
func AwaitMails(t testing.TB, address string, n int) (mails []Mail) {
	t.Helper()
	Await(t, fmt.Sprintf("%d mails to %s", n, address), func() bool {
		mails = Mails(t, address)
		return len(mails) >= n
	})
	return mails
}

// storedMail is a mail as the mailbox keeps it.
type storedMail struct {
	MessageID   string
	At          int64 // seconds
	From        string
	ReplyTo     []string
	Destination struct{ To []string }
	Subject     string
	Body        struct{ HTML, Text string }
	Headers     []struct{ Name, Value string }
}

// isTo compares with and without a display name, as in "Ana <ana@example.org>".
func (m storedMail) isTo(address string) bool {
	return slices.ContainsFunc(m.Destination.To, func(to string) bool {
		return strings.EqualFold(to, address) || strings.HasSuffix(strings.ToLower(to), "<"+strings.ToLower(address)+">")
	})
}

func (m storedMail) mail() Mail {
	headers := map[string]string{}
	for _, h := range m.Headers {
		headers[h.Name] = h.Value
	}
	return Mail{m.MessageID, m.From, m.ReplyTo, m.Destination.To, m.Subject, m.Body.HTML, m.Body.Text, headers}
}
