package main

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
)

const attemptID = "01kaqx2v60zq6m1r8s3d4e5f7g" // the sample event's

func TestASignUpIsMailedTheLinkThatActivatesIt(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	a := o.signUp(t, attemptID, email)
	o.send(t, sample(t))
	got := testkit.Mails(t, email)
	if len(got) != 1 {
		t.Fatalf("got %d mails", len(got))
	}
	link := regexp.MustCompile(regexp.QuoteMeta(testkit.Stack(t).Portal+"/"+o.Slug) + `/activation#(\S+)`).FindStringSubmatch(got[0].Text)
	if link == nil || !strings.Contains(got[0].HTML, `href="`+link[0]+`"`) {
		t.Fatalf("no link in %s", got[0].Text)
	}
	subject, issue, ok := o.Secret.ReadToken("activation", link[1])
	if !ok || issue != 0 || subject != o.Secret.Address(email)+"-"+a.ID {
		t.Errorf("the token opens %q, %d, %v", subject, issue, ok)
	}
	if strings.Contains(got[0].Text, "Durand") {
		t.Error("the sign-up's name is anybody's writing until the address is proven, and must not be mailed there")
	}
	if i := o.outbox(t, "activation-"+a.ID+"-0"); i.text("outcome") != "sent" || i.text("work") != "" || i["expires"] == nil {
		t.Errorf("the mail is not done: %v", i)
	}
}

func TestAMailIsSentOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		run  func(t *testing.T, o office, event json.RawMessage)
	}{
		{"by two invocations at once, and a sweep between them", func(t *testing.T, o office, event json.RawMessage) {
			o.clock.set(town.Now.Add(time.Hour)) // due for the sweep too
			for _, err := range town.InParallel(9, func(n int) error {
				_, err := o.handle(t.Context(), []json.RawMessage{event, event, tick}[n%3])
				return err
			}) {
				must(t, err)
			}
		}},
		{"when the stream delivers its batch again", func(t *testing.T, o office, event json.RawMessage) {
			o.send(t, event)
			o.send(t, event)
			o.clock.set(town.Now.Add(48 * time.Hour))
			o.send(t, event)
			o.send(t, tick)
		}},
		{"when its record stands in a batch twice", func(t *testing.T, o office, _ json.RawMessage) {
			o.send(t, batch(t, "activation-"+attemptID+"-0", "activation-"+attemptID+"-0"))
		}},
		{"by the sweep, when the stream lost it", func(t *testing.T, o office, _ json.RawMessage) {
			o.send(t, tick)
			if testkit.Mails(t, o.Account.Email) != nil {
				t.Error("the stream has a head start of two minutes")
			}
			o.clock.set(town.Now.Add(2 * time.Minute))
			o.send(t, tick)
			o.send(t, tick)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o, email := opened(t), testkit.Address(t)
			o.signUp(t, attemptID, email)
			c.run(t, o, sample(t))
			if got := testkit.Mails(t, email); len(got) != 1 {
				t.Errorf("got %d mails", len(got))
			}
		})
	}
}

func TestAFailedMailIsDueLaterEachTimeAndParkedAfterADay(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	id := "activation-" + o.signUp(t, attemptID, email).ID + "-0"
	o.reject(email)
	o.send(t, sample(t))
	var waits []time.Duration
	for last := town.Now; ; {
		i := o.outbox(t, id)
		if i.text("work") == "" {
			break
		}
		due, err := time.Parse(time.RFC3339, i.text("workAt"))
		must(t, err)
		waits = append(waits, due.Sub(last))
		o.clock.set(due.Add(-time.Millisecond))
		o.send(t, tick)
		if again := o.outbox(t, id); again.text("workAt") != i.text("workAt") {
			t.Fatalf("tried before it was due: %v", again)
		}
		o.clock.set(due)
		o.send(t, tick)
		last = due
	}
	minutes := []int{2, 4, 8, 16, 32, 64, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120}
	for n, w := range waits {
		if n >= len(minutes) || w != time.Duration(minutes[n])*time.Minute {
			t.Errorf("wait %d is %v; all: %v", n+1, w, waits)
		}
	}
	if i := o.outbox(t, id); i.text("outcome") != "parked" || o.clock.now().Sub(town.Now) < 24*time.Hour {
		t.Errorf("given up after %v as %v", o.clock.now().Sub(town.Now), i)
	}
	if n := o.log.count(`"MailParked":1`); n != 1 {
		t.Errorf("MailParked was counted %d times", n)
	}
	if n := o.log.count(`"MailFailed":1`); n != len(waits) {
		t.Errorf("MailFailed was counted %d times, want %d", n, len(waits))
	}
	o.reject("")
	o.clock.set(o.clock.now().Add(24 * time.Hour))
	o.send(t, tick)
	if got := testkit.Mails(t, email); len(got) != 0 {
		t.Error("a parked mail stays parked")
	}
}

func TestAFailedMailLeavesWhenSESTakesItAgainAndKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	o, bad := opened(t), testkit.Address(t)
	ids, good := []string{"activation-" + o.signUp(t, "bad", bad).ID + "-0"}, []string{}
	for _, id := range []string{"a", "b", "c"} {
		email := testkit.Address(t)
		ids, good = append(ids, "activation-"+o.signUp(t, id, email).ID+"-0"), append(good, email)
	}
	o.reject(bad)
	o.send(t, batch(t, ids...))
	for _, email := range good {
		if got := testkit.Mails(t, email); len(got) != 1 {
			t.Errorf("a mail behind the failed one was sent %d times", len(got))
		}
	}
	o.reject("")
	o.clock.set(town.Now.Add(2 * time.Minute))
	o.send(t, tick)
	if got := testkit.Mails(t, bad); len(got) != 1 {
		t.Errorf("after the failure was mended %d mails came", len(got))
	}
}

func TestOnlyNewMailsOfABatchAreSent(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	o.signUp(t, attemptID, email)
	for _, change := range [][2]string{
		{`"INSERT"`, `"MODIFY"`},
		{`"INSERT"`, `"REMOVE"`},
		{`"SK": { "S": "MAIL" }`, `"SK": { "S": "CLAIM" }`},
		{`"PK": { "S": "MAIL#`, `"PK": { "S": "LIAM#`},
	} {
		o.send(t, json.RawMessage(strings.ReplaceAll(string(sample(t)), change[0], change[1])))
	}
	if got := testkit.Mails(t, email); len(got) != 0 {
		t.Errorf("got %d mails", len(got))
	}
}

func TestWhatCouldNotEvenBeMarkedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	id := "activation-" + o.signUp(t, attemptID, email).ID + "-0"
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	out, err := o.handle(gone, batch(t, id))
	if err != nil || len(out.BatchItemFailures) != 1 || out.BatchItemFailures[0].ItemIdentifier != "at-"+id {
		t.Errorf("answered %+v, %v", out, err)
	}
	if _, err := o.handle(gone, tick); err == nil {
		t.Error("a sweep that can not read its queue fails")
	}
	o.send(t, batch(t, id))
	if got := testkit.Mails(t, email); len(got) != 1 {
		t.Errorf("then %d mails were sent", len(got))
	}
}

func TestAnInvocationThatRunsOutOfTimeLeavesTheRestToTheSweep(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	id := "activation-" + o.signUp(t, attemptID, email).ID + "-0"
	short, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := o.handle(short, batch(t, id))
	if err != nil || len(out.BatchItemFailures) > 0 || o.outbox(t, id)["tries"]["N"] != "0" {
		t.Errorf("answered %+v, %v", out, err)
	}
	o.clock.set(town.Now.Add(2 * time.Minute))
	o.send(t, tick)
	if got := testkit.Mails(t, email); len(got) != 1 {
		t.Errorf("the sweep sent %d", len(got))
	}
}

func TestAMailOfAProcessThatDiedIsSentWhenItsLeaseEnds(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	id := "activation-" + o.signUp(t, attemptID, email).ID + "-0"
	if _, ok, err := o.app.store.ClaimMail(t.Context(), id, town.Now); err != nil || !ok {
		t.Fatal(ok, err)
	}
	o.clock.set(town.Now.Add(59 * time.Second))
	o.send(t, sample(t))
	if got := testkit.Mails(t, email); len(got) != 0 {
		t.Fatal("sent while another held it")
	}
	o.clock.set(town.Now.Add(time.Minute))
	o.send(t, tick)
	if got := testkit.Mails(t, email); len(got) != 1 {
		t.Errorf("sent %d times", len(got))
	}
}

func TestAProcessThatLostItsLeaseChangesNothing(t *testing.T) {
	t.Parallel()
	o := opened(t)
	id := "activation-" + o.signUp(t, attemptID, testkit.Address(t)).ID + "-0"
	slow, _, err := o.app.store.ClaimMail(t.Context(), id, town.Now)
	must(t, err)
	later := town.Now.Add(time.Minute)
	if _, ok, err := o.app.store.ClaimMail(t.Context(), id, later); err != nil || !ok {
		t.Fatal(ok, err)
	}
	for _, now := range []time.Time{later, town.Now.Add(48 * time.Hour)} { // it fails, and it gives up
		if parked, err := o.app.store.MailFailed(t.Context(), slow, now); parked || err != nil {
			t.Errorf("parked: %v, %v", parked, err)
		}
	}
	if i := o.outbox(t, id); i.text("lease") != "2026-11-23T08:32:00.000Z" || i.text("outcome") != "" {
		t.Errorf("the other's mail is now %v", i)
	}
}

func TestNoOutboxItemAndNoLogLineTellsAPersonOrAToken(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	o.signUp(t, attemptID, email)
	a := o.account(t)
	must(t, o.app.store.AskReset(t.Context(), a, town.Now))
	must(t, o.app.store.AskEmail(t.Context(), a, "nouvelle."+email, town.Now))
	o.reject(email)
	o.send(t, sample(t))
	o.clock.set(town.Now.Add(2 * time.Minute))
	o.reject(a.Email)
	o.send(t, tick)
	tokens := []string{
		o.Secret.Token("activation", o.Secret.Address(email)+"-"+attemptID, 0), o.Secret.Token("reset", a.ID, 1), o.Secret.Token("email", a.ID, 1),
	}
	all, mails := o.everything(t)
	if strings.Count(mails, "\n") < 4 || o.log.count("MessageRejected") < 2 {
		t.Fatalf("there is something to look at: %s%s", mails, o.log.String())
	}
	for _, token := range tokens {
		mac := token[strings.LastIndexByte(token, '.')+1:]
		if strings.Contains(all, mac) || o.log.count(mac) > 0 {
			t.Errorf("the token %s is written down", token)
		}
	}
	for _, s := range []string{"@", "Zéphyrine", "Durand", "Anne", "Martin", "Léa"} {
		if strings.Contains(mails, s) || o.log.count(s) > 0 {
			t.Errorf("%q is in the outbox or the log:\n%s%s", s, mails, o.log.String())
		}
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) { // not parallel: it changes whose key this process uses
	r := testkit.Stack(t)
	h, email := town.NewHome(t, "Léa"), testkit.Address(t)
	o := office{Home: h, log: &lines{}, clock: &clock{}}
	o.clock.set(town.Now)
	o.app = o.wire(r.Portal)
	id := "activation-" + o.signUp(t, testkit.Collectivity(t), email).ID + "-0"
	ending, _ := o.ending(t, "insurance")
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.AccessKey("send-mail"))
	o.app = o.wire(r.Portal) // which has opened nothing yet
	o.send(t, batch(t, id, ending))
	o.send(t, tick)
	testkit.AwaitMails(t, email, 1)
	testkit.AwaitMails(t, h.Account.Email, 1)
	must(t, os.Setenv("AWS_ACCESS_KEY_ID", emulators.PlatformKey))
	if n := o.log.count("AccessDenied"); n > 0 {
		t.Errorf("denied: %s", o.log.String())
	}
}
