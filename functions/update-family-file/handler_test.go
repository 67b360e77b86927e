package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), town.Clock}.handle, httpapi.Accepted)
}

type object = map[string]any

// change is the sample event with another body: the first guardian's phones, unless said.
func change(h town.Home, with object) httpapi.Request {
	h.T.Helper()
	body := object{"target": h.Guardians[0], "section": "phones", "version": 1, "values": object{"mobile": "0612345678"}}
	for name, v := range with {
		body[name] = v
	}
	return town.With(h.T, h.Event("update-family-file", nil), body)
}

func keyed(r httpapi.Request, key string) httpapi.Request {
	return town.Header(r, "idempotency-key", key)
}

// refused writes a problem: status, code and each field with its code.
func refused(r town.Reply) string {
	all := []string{fmt.Sprint(r.StatusCode)}
	if code := r.Code(); code != "invalid_input" && code != "" {
		all = append(all, code)
	}
	fields, _ := r.Body["errors"].([]any)
	for _, f := range fields {
		all = append(all, fmt.Sprint(f.(object)["field"], ": ", f.(object)["code"]))
	}
	return strings.Join(all, " ")
}

func told(c api.Change) string {
	all := []string{c.Section + " " + c.State + ":"}
	for _, f := range c.Fields {
		all = append(all, fmt.Sprintf("%s %v→%v %s", f.Field, f.Old, f.New, f.State))
	}
	return strings.Join(all, " ")
}

func TestTheSampleEventIsAProposalThatWaits(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	c := town.Read[api.Change](t, newHandler(), h.Event("update-family-file", nil), 202)
	want := api.Change{
		ID: c.ID, Target: h.Guardians[0], Of: "guardian", Section: "phones", State: "pending", By: h.Guardians[0], CreatedAt: "2026-11-23T08:30:00Z",
		Fields: []api.FieldChange{{Field: "mobile", Label: "Téléphone mobile", New: "+33612345678", State: "pending"}},
	}
	if d := cmp.Diff(want, c); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if file := h.File(); file.Version != 1 || h.Guardian(0).Value("phones", "mobile") != nil {
		t.Errorf("the file moved to version %d, %v", file.Version, h.Guardian(0).Values["phones"])
	}
	about, ok := town.Outbox(t, store.MailChangeReceived, c.ID)
	if want := fmt.Sprint(map[string]string{"account": h.Account.ID, "slug": h.Slug, "family": h.ID, "change": c.ID}); !ok || fmt.Sprint(about) != want {
		t.Errorf("the mail is about %v, want %s", about, want)
	}
	queue, _, err := h.Town.Store.QueuedChanges(t.Context(), "", 25)
	if err != nil || len(queue) != 1 || queue[0].ID != c.ID {
		t.Errorf("agents see %+v, %v", queue, err)
	}
}

// TestEveryRuleOfAFieldIsTold goes through the whole use case; every kind of value is tested with its rule (family).
func TestEveryRuleOfAFieldIsTold(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	separated := town.Home{Town: h.Town, MadeFamily: h.Separated("Tom")}
	separated.Account = h.Subscriber(separated.MadeFamily, 0)
	h.Edit(0, "identity", object{"birthName": "Durand"})
	h.Settings(func(s *collectivity.Settings) {
		s.Fields = map[string]collectivity.Mode{
			"guardian.phones.home": "hidden", "guardian.identity.birthDate": "shown", "guardian.identity.birthName": "required",
		}
	})
	cases := []struct {
		says string
		home town.Home
		with object
		want string
	}{
		{"an unknown field", h, object{"values": object{"fax": "0299000000"}}, "400 values.fax: unknown_field"},
		{"a hidden field", h, object{"values": object{"home": "0299000000"}}, "400 values.home: field_hidden"},
		{"a field that the collectivity locked", h, object{"section": "identity", "values": object{"birthDate": "1985-03-21"}}, "400 values.birthDate: field_locked"},
		{"a required field, cleared", h, object{"section": "identity", "version": 2, "values": object{"birthName": ""}}, "400 values.birthName: required"},
		{"a name, cleared", h, object{"section": "identity", "version": 2, "values": object{"lastName": nil}}, "400 values.lastName: required"},
		{"a postcode of four figures", h, object{"section": "address", "values": object{"postcode": "3500"}}, "400 values.postcode: postcode_invalid"},
		{"a phone number that can not be one", h, object{"values": object{"mobile": "06 12 34"}}, "400 values.mobile: phone_invalid"},
		{"a text that is too long", h, object{"section": "address", "values": object{"street": strings.Repeat("a", 101)}}, "400 values.street: too_long"},
		{"a value of the wrong type", h, object{"values": object{"mobile": 612345678}}, "400 values.mobile: wrong_type"},
		{"two wrong values at once", h, object{"values": object{"mobile": "12", "work": "13"}}, "400 values.mobile: phone_invalid values.work: phone_invalid"},
		{"nothing that differs", h, object{"values": object{"mobile": ""}}, "400 values: nothing_changes"},
		{"no value at all", h, object{"values": object{}}, "400 values: required"},
		{"no values", h, object{"values": nil}, "400 values: required"},
		{"values that are no object", h, object{"values": "mobile"}, "400 values: wrong_type"},
		{"no version", h, object{"version": nil}, "400 version: required"},
		{"a version that is no number", h, object{"version": "1"}, "400 version: wrong_type"},
		{"a version that does not exist yet", h, object{"version": 99}, "400 version: version_unknown"},
		{"a section that does not exist", h, object{"section": "hobbies"}, "400 section: section_unknown"},
		{"a section that this member does not have", h, object{"target": h.Children[0]}, "400 section: section_unknown"},
		{"a member who is not in the file", h, object{"target": separated.Guardians[0]}, "400 target: member_unknown"},
		{"no member", h, object{"target": ""}, "400 target: required"},
		{"a field of the body that does not exist", h, object{"by": "me"}, "400 by: unknown_field"},
		{"the phones of an adult of the household", h, object{"target": h.Guardians[1]}, "202"},
		{"the phones of an adult of another household", separated, object{"target": separated.Guardians[1]}, "403 section_not_yours target: section_not_yours"},
		{"the address of an adult of another household", separated, object{"target": separated.Guardians[1], "section": "address", "values": object{"city": "Dinan"}}, "403 section_not_yours target: section_not_yours"},
		{"the identity of an adult of another household", separated, object{"target": separated.Guardians[1], "section": "identity", "values": object{"birthName": "Petit"}}, "403 section_not_yours target: section_not_yours"},
		{"one's own, though separated", separated, nil, "202"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := refused(town.Send(t, newHandler(), change(c.home, c.with))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestABirthDateLiesInThePast(t *testing.T) {
	t.Parallel()
	cases := []struct{ date, want string }{
		{"2026-11-23", "202"},
		{"2026-11-24", "400 values.birthDate: date_implausible"},
		{"1985-02-30", "400 values.birthDate: date_invalid"},
		{"1985-2-3", "400 values.birthDate: date_invalid"},
		{"1850-01-01", "400 values.birthDate: date_implausible"},
	}
	w := town.New(t)
	for _, c := range cases {
		t.Run(c.date, func(t *testing.T) {
			t.Parallel()
			h := w.NewHome("Léa")
			event := change(h, object{"section": "identity", "values": object{"birthDate": c.date}})
			if got := refused(town.Send(t, newHandler(), event)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWithoutASubscriptionNothingIsChanged(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	for says, who := range map[string]account.Account{
		"a stranger": h.Citizen(), "a parent of another family": h.NewHome("Zoé").Account,
		"a parent of another collectivity": elsewhere.Account, "an agent of the collectivity": h.Agent(collectivity.Manager),
	} {
		if reply := town.Send(t, newHandler(), town.As(change(h, nil), who)); refused(reply) != "404 family_not_found" {
			t.Errorf("%s: %s", says, refused(reply))
		}
	}
}

func TestAFieldThatWaitsIsNotChangedTwice(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	first := town.Read[api.Change](t, newHandler(), change(h, nil), 202)
	reply := town.Send(t, newHandler(), change(h, object{"values": object{"mobile": "0698765432"}}))
	if got := refused(reply); got != "409 field_pending values.mobile: field_pending" || reply.Body["change"] != first.ID {
		t.Errorf("got %s of change %v, want that of %s", got, reply.Body["change"], first.ID)
	}
	town.Read[api.Change](t, newHandler(), change(h, object{"values": object{"work": "0299000000"}}), 202)
}

func TestAFieldForWhichTheOtherHomeWaitsIsNotTheirsToTakeBack(t *testing.T) {
	t.Parallel()
	first, second := town.New(t).TwoHomes("Léa")
	proposed := first.ProposeOf(town.Now, first.Children[0], "identity", object{"birthPlace": "Rennes"})
	for _, c := range []struct {
		home  town.Home
		named any
		says  string
	}{
		{first, proposed.ID, "Une modification de ce champ attend déjà une décision. Retirez-la d’abord."},
		{second, nil, "L’autre foyer de l’enfant a proposé une modification de ce champ : elle attend la décision de la collectivité."},
	} {
		edit := object{"target": first.Children[0], "section": "identity", "values": object{"birthPlace": "Brest"}}
		reply := town.Send(t, newHandler(), body(c.home, edit))
		if got := refused(reply); got != "409 field_pending values.birthPlace: field_pending" || reply.Body["change"] != c.named || reply.Body["detail"] != c.says {
			t.Errorf("got %s: %v", got, reply.Body)
		}
	}
}

func TestAVersionThatMovedIsToldWithBothValues(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Edit(0, "phones", object{"mobile": "0698765432", "home": "0299000000"})
	reply := town.Send(t, newHandler(), change(h, object{"values": object{"mobile": "0612345678", "home": "0299000000"}}))
	want := []any{object{"field": "mobile", "current": "+33698765432", "yours": "+33612345678"}}
	if d := cmp.Diff(want, reply.Body["conflicts"]); reply.StatusCode != 409 || reply.Code() != "version_moved" || d != "" {
		t.Errorf("got %d %s, conflicts (-want +got)\n%s", reply.StatusCode, reply.Code(), d)
	}
	cases := []struct {
		says string
		with object
	}{
		{"another section of the same member is not stale", object{"section": "address", "values": object{"city": "Dinan"}}},
		{"the same section of another member is not stale", object{"target": h.Guardians[1]}},
		{"with the version of now it goes through", object{"version": 2}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			town.Read[api.Change](t, newHandler(), change(h, c.with), 202)
		})
	}
}

func TestASectionThatNobodyDecidesIsChangedAtOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Settings(func(s *collectivity.Settings) {
		s.Sections = map[string]collectivity.Decision{"guardian.phones": collectivity.AtOnce}
	})
	c := town.Read[api.Change](t, newHandler(), change(h, nil), 202)
	if got := told(c); got != "phones accepted: mobile <nil>→+33612345678 accepted" || c.DecidedAt != c.CreatedAt {
		t.Errorf("got %s, decided at %q", got, c.DecidedAt)
	}
	if h.File().Version != 2 || h.Guardian(0).Value("phones", "mobile") != "+33612345678" || len(h.Guardian(0).Pending["phones"]) != 0 {
		t.Errorf("the file: version %d, %+v", h.File().Version, h.Guardian(0))
	}
	if about, ok := town.Outbox(t, store.MailChangeDecided, c.ID+"-0"); !ok || about["change"] != c.ID {
		t.Errorf("the mail is about %v", about)
	}
	if queue, _, err := h.Town.Store.QueuedChanges(t.Context(), "", 25); err != nil || len(queue) != 0 {
		t.Errorf("agents see %+v, %v", queue, err)
	}
	cleared := town.Read[api.Change](t, newHandler(), change(h, object{"version": 2, "values": object{"mobile": nil}}), 202)
	if got := told(cleared); got != "phones accepted: mobile +33612345678→<nil> accepted" || h.Guardian(0).Value("phones", "mobile") != nil {
		t.Errorf("cleared: %s, the file has %v", got, h.Guardian(0).Values["phones"])
	}
	waits := town.Read[api.Change](t, newHandler(), change(h, object{"section": "address", "values": object{"city": "Dinan"}}), 202)
	if waits.State != "pending" {
		t.Errorf("another section is %s", waits.State)
	}
}

func TestTheSameKeyIsTheSameChange(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	const key = "6f1b0c1e-8a44-4d5e-9a01-000000000001"
	first := town.Read[api.Change](t, newHandler(), keyed(change(h, nil), key), 202)
	cases := []struct {
		says string
		r    httpapi.Request
		want string
	}{
		{"the same body", keyed(change(h, nil), key), "202"},
		{"another value", keyed(change(h, object{"values": object{"mobile": "0698765432"}}), key), "409 key_reused Idempotency-Key: key_reused"},
		{"another member", keyed(change(h, object{"target": h.Guardians[1]}), key), "409 key_reused Idempotency-Key: key_reused"},
		{"a body that is wrong besides", keyed(change(h, object{"section": "hobbies"}), key), "409 key_reused Idempotency-Key: key_reused"},
		{"a key that can not be one", keyed(change(h, nil), "short"), "400 Idempotency-Key: key_invalid"},
		{"another key is another change, which waits for the first", keyed(change(h, nil), key+"2"), "409 field_pending values.mobile: field_pending"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			reply := town.Send(t, newHandler(), c.r)
			if got := refused(reply); got != c.want || reply.StatusCode == 202 && reply.Body["id"] != first.ID {
				t.Errorf("got %s of %v, want %s", got, reply.Body["id"], c.want)
			}
		})
	}
	t.Run("after the decision, it is told with it", func(t *testing.T) {
		h.Decide(first.ID, family.Verdict{Reason: "Numéro inconnu."})
		again := town.Read[api.Change](t, newHandler(), keyed(change(h, nil), key), 202)
		if again.ID != first.ID || again.State != "refused" || again.Reason != "Numéro inconnu." {
			t.Errorf("got %+v", again)
		}
	})
	t.Run("another account's key is another", func(t *testing.T) {
		other := h
		other.Account = h.Subscriber(h.MadeFamily, 1)
		if got := town.Read[api.Change](t, newHandler(), keyed(change(other, nil), key), 202); got.ID == first.ID {
			t.Error("two accounts share a change")
		}
	})
}

func TestTenAtOnceWithOneKeyAreOneChange(t *testing.T) {
	t.Parallel()
	for _, decision := range []collectivity.Decision{collectivity.ByAgent, collectivity.AtOnce} {
		t.Run(string(decision), func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			h.Settings(func(s *collectivity.Settings) {
				s.Sections = map[string]collectivity.Decision{"guardian.phones": decision}
			})
			event := keyed(change(h, nil), "6f1b0c1e-8a44-4d5e-9a01-000000000002")
			answers := town.InParallel(10, func(int) town.Reply { return town.Send(t, newHandler(), event) })
			for _, r := range answers {
				if r.StatusCode != 202 || r.Response.Body != answers[0].Response.Body {
					t.Errorf("one was answered %d %s", r.StatusCode, r.Response.Body)
				}
			}
			changes, _, err := h.MadeFamily.Store.Changes(t.Context(), "", 50)
			if err != nil || len(changes) != 1 {
				t.Errorf("%d changes, %v", len(changes), err)
			}
		})
	}
}

func TestOfTenProposalsOfOneFieldAtOnceOneWaits(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	answers := town.InParallel(10, func(n int) string {
		return refused(town.Send(t, newHandler(), change(h, object{"values": object{"mobile": fmt.Sprintf("06123456%02d", n)}})))
	})
	slices.Sort(answers)
	want := append([]string{"202"}, slices.Repeat([]string{"409 field_pending values.mobile: field_pending"}, 9)...)
	if d := cmp.Diff(want, answers); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// TestChangesOfManyFieldsAtOnceAreAllKept: each of six posts touches its own field, of three sections of two members.
func TestChangesOfManyFieldsAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	for _, decision := range []collectivity.Decision{collectivity.ByAgent, collectivity.AtOnce} {
		t.Run(string(decision), func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			h.Settings(func(s *collectivity.Settings) {
				s.Sections = map[string]collectivity.Decision{"guardian.phones": decision, "guardian.address": decision, "guardian.identity": decision}
			})
			posts := []object{
				{"values": object{"mobile": "0612345678"}},
				{"target": h.Guardians[1], "values": object{"mobile": "0698765432"}},
				{"section": "address", "values": object{"city": "Dinan"}},
				{"target": h.Guardians[1], "section": "address", "values": object{"city": "Rennes"}},
				{"section": "identity", "values": object{"birthName": "Durand"}},
				{"target": h.Guardians[1], "section": "identity", "values": object{"birthName": "Petit"}},
			}
			for n, r := range town.InParallel(len(posts), func(n int) town.Reply { return town.Send(t, newHandler(), change(h, posts[n])) }) {
				if r.StatusCode != http.StatusAccepted {
					t.Errorf("post %d: %s", n, refused(r))
				}
			}
			changes, _, err := h.MadeFamily.Store.Changes(t.Context(), "", 50)
			if err != nil || len(changes) != len(posts) {
				t.Fatalf("%d changes, %v", len(changes), err)
			}
			for _, c := range changes {
				if decision == collectivity.ByAgent {
					h.Decide(c.ID, family.Verdict{Accept: true})
				}
			}
			var got []any
			for n := range 2 {
				g := h.Guardian(n)
				got = append(got, g.Value("phones", "mobile"), g.Value("address", "city"), g.Value("identity", "birthName"))
			}
			if d := cmp.Diff([]any{"+33612345678", "Dinan", "Durand", "+33698765432", "Rennes", "Petit"}, got); d != "" || h.File().Version != 7 {
				t.Errorf("version %d (-want +got)\n%s", h.File().Version, d)
			}
		})
	}
}
