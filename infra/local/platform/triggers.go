package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/local/stream"
)

// startTriggers starts what calls functions besides the gateway.
func (p *Platform) startTriggers() {
	for _, f := range p.options.Functions {
		if !p.Functions.Has(f.Name) {
			continue
		}
		if f.Trigger.Streams() {
			m := p.mapping(f)
			p.background.Go(func() { m.Run(p.life) })
		}
		if f.Trigger.Every > 0 {
			p.background.Go(func() { p.tick(f) })
		}
	}
	p.watchUploads()
	if p.options.Dir != "" { // tests run by clocks of their own
		p.background.Go(p.expire)
	}
}

func (p *Platform) mapping(f catalog.Function) stream.Mapping {
	m := stream.Mapping{
		DynamoDB: p.Resources.Streams, Table: p.Resources.Table, Key: emulators.PlatformKey,
		Function: f.Name, Prefix: f.Trigger.Stream, Marked: f.Trigger.Marked, SortKey: catalog.Table.SortKey,
		Invoke: p.Functions.Invoke, Report: p.options.Report,
		Failures: filepath.Join(p.Logs, f.Name+".failed.jsonl"),
	}
	if p.options.Dir != "" {
		m.State = filepath.Join(p.options.Dir, "stream-"+f.Name+".json")
	}
	return m
}

// tick runs a function by its schedule. A run that fails is not tried again: the next one comes.
func (p *Platform) tick(f catalog.Function) {
	ticker := time.NewTicker(f.Trigger.Every)
	defer ticker.Stop()
	for {
		select {
		case <-p.life.Done():
			return
		case <-ticker.C:
			p.runScheduled(f.Name)
		}
	}
}

// RunSchedules fires every schedule once, in the background: what waited while the platform was down, a mail that had
// failed, goes now and not minutes later.
func (p *Platform) RunSchedules() {
	for _, f := range p.options.Functions {
		if f.Trigger.Every > 0 && p.Functions.Has(f.Name) {
			p.background.Go(func() { p.runScheduled(f.Name) })
		}
	}
}

func (p *Platform) runScheduled(function string) {
	if _, err := p.Run(p.life, function); err != nil && p.life.Err() == nil {
		p.options.Report(err.Error())
	}
}

// Run fires the schedule of a function now and gives its answer.
func (p *Platform) Run(ctx context.Context, function string) ([]byte, error) {
	payload, err := json.Marshal(events.EventBridgeEvent{
		Version: "0", ID: unique(), DetailType: "Scheduled Event", Source: "aws.events", AccountID: emulators.Account,
		Time: time.Now().UTC().Truncate(time.Second), Region: emulators.Region, Detail: json.RawMessage("{}"),
		Resources: []string{"arn:aws:events:" + emulators.Region + ":" + emulators.Account + ":rule/" + function},
	})
	if err != nil {
		return nil, err
	}
	return p.invoke(ctx, function, payload)
}

// invoke calls a function and makes its failure an error.
func (p *Platform) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	response, functionError, err := p.Functions.Invoke(ctx, function, payload)
	if err == nil && functionError != "" {
		err = fmt.Errorf("%s failed: %s %s", function, functionError, response)
	}
	return response, err
}

// A MailEvent is what SES tells about a mail after it was sent.
type MailEvent struct {
	Kind      string `json:"kind"` // bounce or complaint
	Address   string `json:"address"`
	Transient bool   `json:"transient,omitempty"` // of a bounce: the address may work again
	MessageID string `json:"messageId,omitempty"`
}

// SendMailEvent tells the functions that wait for mail events, as SES does through SNS.
func (p *Platform) SendMailEvent(ctx context.Context, e MailEvent) error {
	if (e.Kind != "bounce" && e.Kind != "complaint") || e.Address == "" {
		return errors.New(`a mail event has a kind, "bounce" or "complaint", and an address`)
	}
	payload, err := json.Marshal(p.sns(e))
	if err != nil {
		return err
	}
	for _, f := range p.options.Functions {
		if f.Trigger.MailEvents {
			err = errors.Join(err, p.deliver(ctx, f.Name, payload))
		}
	}
	return err
}

// deliver calls a function as SNS and EventBridge do: a failure is tried again twice.
func (p *Platform) deliver(ctx context.Context, function string, payload []byte) (err error) {
	for try := range 3 {
		if _, err = p.invoke(ctx, function, payload); err == nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond << try):
		}
	}
	return err
}

func (p *Platform) sns(e MailEvent) events.SNSEvent {
	now := time.Now().UTC()
	topic := "arn:aws:sns:" + emulators.Region + ":" + emulators.Account + ":mail-events"
	message, err := json.Marshal(p.sesEvent(e, now))
	if err != nil {
		panic(err) // texts and lists always marshal
	}
	return events.SNSEvent{Records: []events.SNSEventRecord{{
		EventVersion: "1.0", EventSource: "aws:sns", EventSubscriptionArn: topic + ":" + unique(),
		SNS: events.SNSEntity{Type: "Notification", MessageID: unique(), TopicArn: topic, Timestamp: now, Message: string(message)},
	}}}
}

type object = map[string]any

// sesEvent is SES's own form of an event, as its configuration sets publish it.
func (p *Platform) sesEvent(e MailEvent, now time.Time) object {
	at := now.Format("2006-01-02T15:04:05.000Z")
	id := e.MessageID
	if id == "" {
		id = unique()
	}
	event := object{"mail": object{
		"timestamp": at, "messageId": id, "source": p.Resources.MailFrom, "sendingAccountId": emulators.Account,
		"destination": []string{e.Address}, "headersTruncated": false, "headers": []object{},
		"commonHeaders": object{"from": []string{p.Resources.MailFrom}, "to": []string{e.Address}, "messageId": id},
		"tags":          object{"ses:configuration-set": []string{p.Resources.MailConfig}},
	}}
	if e.Kind == "complaint" {
		event["eventType"] = "Complaint"
		event["complaint"] = object{
			"timestamp": at, "feedbackId": unique(), "complaintFeedbackType": "abuse",
			"complainedRecipients": []object{{"emailAddress": e.Address}},
		}
		return event
	}
	kind, subtype, status := "Permanent", "General", "5.1.1"
	if e.Transient {
		kind, subtype, status = "Transient", "MailboxFull", "4.2.2"
	}
	event["eventType"] = "Bounce"
	event["bounce"] = object{
		"timestamp": at, "feedbackId": unique(), "bounceType": kind, "bounceSubType": subtype,
		"bouncedRecipients": []object{{"emailAddress": e.Address, "action": "failed", "status": status}},
	}
	return event
}
