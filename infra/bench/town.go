package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/seed"
	"preau/infra/testkit/invariants"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/schooldays"
	"preau/shared/store"
)

// A town is a collectivity that is measured in: the demonstration's three activities, open all year round.
type town struct {
	*lab
	seed.Env
	slug       string
	store      store.Collectivity
	activities []collectivity.Activity
	manager    account.Account
	cared      bool // the families of the care sheet are there
}

const password = "un mot de passe de banc d’essai"

func newTown(l *lab, env seed.Env, slug, name string) *town {
	t := &town{lab: l, Env: env, slug: slug}
	var err error
	t.store, t.activities, err = env.AddTown(l.ctx, slug, name)
	check(err)
	today := calendar.DateOf(env.Now, must(calendar.Zone("Europe/Paris")))
	for i := range t.activities {
		t.activities[i].Season = calendar.Period{From: today, To: today.AddDays(365)}
		check(t.store.SaveActivity(l.ctx, t.activities[i]))
	}
	t.manager, _, err = env.AddAgent(l.ctx, t.store, address(), password, account.Person{FirstName: "Odile", LastName: "Garnier"}, collectivity.Manager)
	check(err)
	return t
}

// found makes a town as real ones are: with a calendar, notice rules, and care before school too.
func (l *lab) found(slug, name string) *town {
	t := newTown(l, l.town.Env, slug, name)
	configuration := must(t.store.Configuration(l.ctx))
	configuration.Calendar = schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}
	check(t.store.SaveSettings(l.ctx, configuration.Settings))
	morning := t.activities[slices.IndexFunc(t.activities, func(a collectivity.Activity) bool { return a.ID == "periscolaire" })]
	morning.ID, morning.Name, morning.Starts = "matin", "Accueil du matin", "07:30"
	t.activities = append(t.activities, morning)
	for activity, rules := range regulation {
		t.change(activity, func(a *collectivity.Activity) { a.Rules = rules })
	}
	return t
}

// regulation is as the demonstration town's: the working day before at 10:00 and then with a surcharge, noon of the day itself or
// of the day before, Friday of the week before.
var regulation = map[string]string{
	"cantine":      `{"rules": [{"closes": {"at": "10:00", "steps": [{"days": -1, "of": ["working"]}]}, "late": {"surcharge": "1,50 €"}}]}`,
	"periscolaire": `{"rules": [{"closes": {"at": "12:00"}}]}`,
	"matin":        `{"rules": [{"closes": {"at": "12:00", "steps": [{"days": -1, "of": ["working"]}]}}]}`,
	"mercredi":     `{"rules": [{"closes": {"from": "week", "at": "12:00", "steps": [{"weeks": -1}, {"weekday": "fri"}]}}]}`,
}

// change sets something of an activity.
func (t *town) change(activity string, set func(*collectivity.Activity)) {
	for i := range t.activities {
		if t.activities[i].ID == activity {
			set(&t.activities[i])
			check(t.store.SaveActivity(t.ctx, t.activities[i]))
		}
	}
}

func address() string { return "parent-" + strings.ToLower(rand.Text()) + "@example.org" }

// A home is a family with the account that is subscribed to it.
type home struct {
	*town
	seed.MadeFamily
	parent account.Account
	email  string
}

var firstNames = []string{"Léa", "Noé", "Inès", "Tom"}

// home makes a family of up to four children, each enrolled at all activities.
func (t *town) home(children int) home {
	h := home{town: t, email: address()}
	f := seed.Family{Name: "Morel", Guardians: []seed.Guardian{
		{Civility: "mme", FirstName: "Claire", LastName: "Morel", Household: "morel"}, {Civility: "m", FirstName: "Karim", LastName: "Morel", Household: "morel"},
	}}
	for _, name := range firstNames[:children] {
		f.Children = append(f.Children, seed.Child{
			FirstName: name, LastName: "Morel", BirthDate: "2018-05-04", School: "École Jules-Verne", Level: "CE2", Class: "CE2 B",
			Activities: []string{"cantine", "periscolaire", "matin", "mercredi"},
		})
	}
	var err error
	h.MadeFamily, err = t.AddFamily(t.ctx, t.store, f, t.activities)
	check(err)
	h.parent, err = t.AddAccount(t.ctx, t.slug, h.email, password, account.Person{Civility: "mme", FirstName: "Claire", LastName: "Morel"})
	check(err)
	return h
}

// subscribed makes a home whose first guardian's code has been entered.
func (t *town) subscribed(children int) home {
	h := t.home(children)
	h.do(h.event("subscribe", "code", h.Codes[0]))
	return h
}

// An event is a request to a function.
type event struct {
	function string
	httpapi.Request
}

// event is the sample event of a use case as this family's parent sends it; more are pairs of a placeholder and its value.
func (h home) event(function string, more ...string) event {
	values := map[string]string{
		"family": h.ID, "child": h.Children[0], "guardian": h.Guardians[0], "slug": h.slug, "email": h.email, "password": password,
		"user": h.parent.User, "client": os.Getenv("PREAU_CLIENT_CITIZEN"),
	}
	return h.sample(function, values, more)
}

// agent is the sample event of a use case as the town's manager sends it.
func (t *town) agent(function string, more ...string) event {
	return t.sample(function, map[string]string{"slug": t.slug, "user": t.manager.User, "client": os.Getenv("PREAU_CLIENT_AGENT")}, more)
}

func (t *town) sample(function string, values map[string]string, more []string) event {
	for i := 0; i < len(more); i += 2 {
		values[more[i]] = more[i+1]
	}
	text := string(must(os.ReadFile(filepath.Join(t.root, "events", function+".json"))))
	for name, v := range values {
		text = strings.ReplaceAll(text, "${"+name+"}", v)
	}
	e := event{function: function}
	check(json.Unmarshal([]byte(text), &e.Request))
	return e
}

// with gives an event another body, and the key that the portal sends with every request that writes.
func (e event) with(body any) event {
	e.Body = string(must(json.Marshal(body)))
	e.Headers = maps.Clone(e.Headers)
	e.Headers["content-type"], e.Headers["idempotency-key"] = "application/json", rand.Text()
	return e
}

func (e event) raw() []byte { return must(json.Marshal(e.Request)) }

// A reply is a function's answer.
type reply struct {
	events.APIGatewayV2HTTPResponse
}

// do calls a function to prepare something; it must succeed.
func (t *town) do(e event) reply { return t.worker(e.function).ask(e) }

// ask calls the process and reads its answer.
func (w *worker) ask(e event) reply { return w.read(w.call(e.raw())) }

// read decodes an answer, which must be a success. The empty handler answers nothing, which is one.
func (w *worker) read(a answer) (r reply) {
	check(json.Unmarshal(a.body, &r))
	if r.StatusCode >= 300 {
		w.fail("answered %d: %s", r.StatusCode, r.Body)
	}
	return r
}

// read decodes a reply's body.
func read[T any](r reply) (v T) {
	check(json.Unmarshal([]byte(r.Body), &v))
	return v
}

// id of what a reply tells of.
func (r reply) id() string { return read[struct{ ID string }](r).ID }

// cookie is the value of the session that a reply opens.
func (r reply) cookie() string {
	value, _, _ := strings.Cut(r.Cookies[0], ";")
	_, value, _ = strings.Cut(value, "=")
	return value
}

// free lists days on which the first child may be booked at an activity, from tomorrow on.
func (h home) free(activity string) (dates []string) {
	tomorrow := h.activities[0].Season.From.AddDays(1)
	for _, d := range h.planning(tomorrow, 360).Days {
		if d.Activity == activity && d.Child == h.Children[0] && len(d.Actions) == 1 && d.Actions[0] == "book" {
			dates = append(dates, d.Date)
		}
	}
	return dates
}

func (h home) planning(from calendar.Date, days int) api.Planning {
	return read[api.Planning](h.do(h.month(from, days)))
}

// month asks for the planning of a number of days.
func (h home) month(from calendar.Date, days int) event {
	e := h.event("show-planning")
	e.RawQueryString = fmt.Sprintf("from=%s&to=%s", from, from.AddDays(days-1))
	return e
}

// book asks for the days of a period for the first child.
func (h home) book(activity, from, to string) event {
	return h.ask("request-booking", from, to, h.Children[:1], activity)
}

// ask is what a parent sends to ask for the days of a period, for some children at some activities, or to preview that.
func (h home) ask(function, from, to string, children []string, activities ...string) event {
	var items []map[string]string
	for _, child := range children {
		for _, a := range activities {
			items = append(items, map[string]string{"child": child, "activity": a, "option": map[string]string{"mercredi": "journee"}[a]})
		}
	}
	return h.event(function).with(map[string]any{"kind": "booking", "from": from, "to": to, "items": items})
}

// written is what the table holds of families' bookings when nobody writes any more.
func (t *town) written(homes []home) invariants.Tenant {
	var families []string
	for _, h := range homes {
		families = append(families, h.ID)
	}
	r := t.stack.Resources
	return must(invariants.Open(r.DynamoDB, r.Table).Read(t.ctx, t.slug, families))
}
