package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/files/bucket"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), files.Open(), town.Clock}.handle)
}

func queue(h town.Home, agent account.Account, query string) httpapi.Request {
	event := town.As(h.Event("list-pending-changes", nil), agent)
	event.RawQueryString = query
	return event
}

func TestTheQueueSaysWhoAsksForWhatOldestFirst(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	second := h.NewHome("Zoé")
	elsewhere.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	late := h.ProposeAt(town.Now.Add(time.Hour), 1, "address", map[string]any{"city": "Dinan"})
	early := second.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	half := h.ProposeAt(town.Now.Add(time.Minute), 0, "phones", map[string]any{"mobile": "0612345678", "work": "0299000000"})
	h.Decide(half.ID, family.Verdict{Accept: true, Fields: []string{"work"}})
	h.Edit(0, "identity", map[string]any{"birthName": "Durand"}) // decided

	list := town.Read[api.List[api.PendingChange]](t, newHandler(), queue(h, h.Agent(collectivity.Reader), ""), 200)
	var got []string
	for _, c := range list.Items {
		line := fmt.Sprint(c.ID, " ", c.Family, " ", c.Label, ", ", c.Member, ":")
		if c.Names[c.By] != "Anne Martin" || len(c.About.Fields) != len(c.Fields) || c.About.Fields[0].Kind == "" || c.About.Label == "" {
			t.Errorf("by %q of %+v", c.Names[c.By], c.About)
		}
		for _, f := range c.Fields {
			line += fmt.Sprintf(" %s %v→%v %s", f.Label, f.Old, f.New, f.State)
		}
		got = append(got, line)
	}
	want := []string{
		early.ID + " " + second.ID + " Famille Martin, Anne Martin: Téléphone mobile <nil>→+33612345678 pending",
		half.ID + " " + h.ID + " Famille Martin, Anne Martin: Téléphone mobile <nil>→+33612345678 pending Téléphone professionnel <nil>→+33299000000 accepted",
		late.ID + " " + h.ID + " Famille Martin, Paul Martin: Commune <nil>→Dinan pending",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// agent makes an agent with a role and perhaps the right to health data.
func agent(h town.Home, role collectivity.Role, health bool) account.Account {
	h.T.Helper()
	a := h.Agent(role)
	if err := h.Town.Store.AppointAgent(h.T.Context(), collectivity.Agent{Account: a.ID, Name: "Odile Test", Role: role, Health: health}); err != nil {
		h.T.Fatal(err)
	}
	return a
}

// consultations are those that the family sees.
func consultations(h town.Home) (all []string) {
	h.T.Helper()
	list, _, err := h.MadeFamily.Store.Consultations(h.T.Context(), nil, "", 50)
	if err != nil {
		h.T.Fatal(err)
	}
	for _, c := range list {
		all = append(all, fmt.Sprint(c.Name, " ", c.Action, " ", c.Read))
	}
	return all
}

// since are those that were not there before; of one instant they stand in any order.
func since(before, all []string) []string {
	return slices.DeleteFunc(all, func(c string) bool { return slices.Contains(before, c) })
}

func TestAnAgentSeesWhatTheirRightsLetThem(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	second := h.NewHome("Zoé")
	lea := h.Children[0]
	h.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	h.ProposeOf(h.Env.Now.Add(time.Minute), h.Guardians[0], "bank", map[string]any{"holder": "Anne Martin", "iban": "FR1420041010050500013M02606"})
	h.ProposeOf(h.Env.Now.Add(2*time.Minute), lea, "health", map[string]any{"allergies": []any{map[string]any{"allergen": "arachide"}}, "pai": true})
	second.ProposeOf(h.Env.Now.Add(3*time.Minute), second.Children[0], "health", map[string]any{"medication": "Ventoline"})
	const (
		phones = "mobile <nil>→+33612345678"
		bank   = "holder <nil>→Anne Martin iban <nil>→FR•• •••• 2606"
		health = "allergies <nil>→[map[allergen:arachide]] pai <nil>→true"
		zoe    = "medication <nil>→Ventoline"
	)
	read := func(sections, member string) string {
		return fmt.Sprint("Odile Test list-pending-changes map[", sections, ":[", member, "]]")
	}
	cases := []struct {
		says          string
		role          collectivity.Role
		health        bool
		want          []string
		first, second []string // what the families see that was read of them
	}{
		{"a reader: no office, no health, nothing to decide", collectivity.Reader, false, []string{phones, "", "", ""}, nil, nil},
		{"a reader with the right to health", collectivity.Reader, true, []string{phones, "", health, zoe}, []string{read("child.health", lea)}, []string{read("child.health", second.Children[0])}},
		{"a manager without the right to health", collectivity.Manager, false, []string{phones + " decides", bank + " decides", "", ""}, []string{read("guardian.bank", h.Guardians[0])}, nil},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			first, other := consultations(h), consultations(second)
			list := town.Read[api.List[api.PendingChange]](t, newHandler(), queue(h, agent(h, c.role, c.health), ""), 200)
			var got []string
			for _, p := range list.Items {
				var fields []string
				for _, f := range p.Fields {
					fields = append(fields, fmt.Sprintf("%s %v→%v", f.Field, f.Old, f.New))
				}
				if p.Decides {
					fields = append(fields, "decides")
				}
				got = append(got, strings.Join(fields, " "))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			if d := cmp.Diff(c.first, since(first, consultations(h)), cmpopts.EquateEmpty()); d != "" {
				t.Errorf("read of the first family (-want +got)\n%s", d)
			}
			if d := cmp.Diff(c.second, since(other, consultations(second)), cmpopts.EquateEmpty()); d != "" {
				t.Errorf("read of the second family (-want +got)\n%s", d)
			}
		})
	}
}

func TestAPaperIsShownByWhatItIs(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	at := func(minutes int) time.Time { return h.Env.Now.Add(time.Duration(minutes) * time.Minute) }
	for n, kind := range []string{"insurance", "pai", "tax_notice"} {
		h.AdditionAt(at(n), family.Document, map[string]any{"type": kind, "about": h.Children[0]})
	}
	kept := h.Join(family.Document, map[string]any{"type": "vaccination", "about": h.Children[0]})
	h.ProposeOf(at(3), kept, "document", map[string]any{"validUntil": "2027-08-31"})
	cases := []struct {
		says   string
		role   collectivity.Role
		health bool
		want   string
	}{
		{"a reader", collectivity.Reader, false, "insurance - - -"},
		{"a reader with the right to health", collectivity.Reader, true, "insurance pai - 2027-08-31"},
		{"a reviewer", collectivity.Reviewer, false, "insurance! - tax_notice! -"},
		{"a reviewer with the right to health", collectivity.Reviewer, true, "insurance! pai! tax_notice! 2027-08-31!"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range town.Read[api.List[api.PendingChange]](t, newHandler(), queue(h, agent(h, c.role, c.health), ""), 200).Items {
				is := "-"
				for _, f := range p.Fields {
					if f.Field == "type" || f.Field == "validUntil" {
						is = fmt.Sprint(f.New)
					}
				}
				if p.Decides {
					is += "!"
				}
				got = append(got, is)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func TestWhatCanNotBeRecordedIsNotShown(t *testing.T) {
	h := town.NewHome(t, "Léa")
	h.ProposeOf(h.Env.Now, h.Children[0], "health", map[string]any{"medication": "Ventoline"})
	r := testkit.Stack(t)
	front := testkit.Front(t, r.DynamoDB, func(operation string, _ []byte) string {
		if operation == "TransactWriteItems" {
			return "AccessDeniedException"
		}
		return ""
	})
	who := agent(h, collectivity.Reviewer, true)
	var handler httpapi.Handler
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { handler = newHandler() })
	reply := town.Send(t, handler, queue(h, who, ""))
	if reply.StatusCode != 500 || strings.Contains(reply.Response.Body, "Ventoline") {
		t.Errorf("got %d %s", reply.StatusCode, reply.Response.Body)
	}
}

func TestWhatWaitsOfFamiliesThatAnAgentMayNotOpenIsLeftOut(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	second, elsewhere := h.Share(h.NewHome("Zoé")), h.NewHome("Tom")
	for n, home := range []town.Home{h, second, elsewhere} {
		home.ProposeAt(town.Now.Add(time.Duration(n)*time.Minute), 0, "address", map[string]any{"city": "Dinan"})
	}
	nowhere := h.NewHome() // without an enrolment
	nowhere.ProposeAt(town.Now.Add(time.Hour), 0, "address", map[string]any{"city": "Dinan"})
	cases := []struct {
		says string
		who  account.Account
		want []string
	}{
		{"a manager sees all", h.Agent(collectivity.Manager), []string{h.ID, second.ID, elsewhere.ID, nowhere.ID}},
		{"a manager of an activity, the families that are enrolled there", h.Scoped(collectivity.Manager, "cantine"), []string{h.ID, second.ID, elsewhere.ID}},
		{"a manager of another activity, none", h.Scoped(collectivity.Manager, "vacances"), nil},
		{"a parent, neither their own family nor their child's other household", second.ParentAgent(collectivity.Manager), []string{elsewhere.ID, nowhere.ID}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			var got []string
			for _, p := range town.Read[api.List[api.PendingChange]](t, newHandler(), queue(h, c.who, ""), 200).Items {
				got = append(got, p.Family)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestTheQueueIsEmptyBeforeAnybodyAsks(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	list := town.Read[api.List[api.PendingChange]](t, newHandler(), queue(h, h.Agent(collectivity.Reader), ""), 200)
	if len(list.Items) != 0 || list.Items == nil || list.Cursor != "" {
		t.Errorf("got %+v", list)
	}
}

func TestALongQueueComesInPagesEachOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	homes := []town.Home{h, h.NewHome("Zoé"), h.NewHome("Tom"), h.NewHome("Noé"), h.NewHome("Inès")}
	fields := []struct {
		section string
		value   map[string]any
	}{
		{"phones", map[string]any{"mobile": "0612345678"}},
		{"phones", map[string]any{"home": "0612345678"}},
		{"phones", map[string]any{"work": "0612345678"}},
		{"address", map[string]any{"city": "Dinan"}},
		{"address", map[string]any{"street": "1 rue du Bac"}},
		{"identity", map[string]any{"birthName": "Durand"}},
	}
	for i, f := range fields {
		for n, home := range homes {
			home.ProposeAt(town.Now.Add(time.Duration(i*len(homes)+n)*time.Minute), 0, f.section, f.value)
		}
	}
	agent := h.Agent(collectivity.Reader)
	var pages []int
	seen := map[string]bool{}
	last := ""
	for query := "start"; query != ""; {
		list := town.Read[api.List[api.PendingChange]](t, newHandler(), queue(h, agent, strings.TrimPrefix(query, "start")), 200)
		pages = append(pages, len(list.Items))
		for _, c := range list.Items {
			if seen[c.ID] || c.CreatedAt < last {
				t.Errorf("%s came twice or late", c.ID)
			}
			seen[c.ID], last = true, c.CreatedAt
		}
		if query = ""; list.Cursor != "" {
			query = "cursor=" + list.Cursor
		}
	}
	if fmt.Sprint(pages) != "[25 5]" || len(seen) != 30 {
		t.Errorf("pages of %v, %d changes", pages, len(seen))
	}
}

func TestWhoMayNotSeeTheQueue(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.New(t)
	withoutTOTP := h.Agent(collectivity.Manager)
	withoutTOTP.Agent = false
	h.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	cases := []struct {
		says  string
		who   account.Account
		query string
		want  string
	}{
		{"a reader", h.Agent(collectivity.Reader), "", "200"},
		{"a parent", h.Account, "", "404 collectivity_not_found"},
		{"an agent of another collectivity", other.Agent(collectivity.Manager), "", "404 collectivity_not_found"},
		{"an agent who signed in without TOTP", withoutTOTP, "", "401 totp_required"},
		{"a cursor that is none", h.Agent(collectivity.Reader), "cursor=abc", "400 invalid_input"},
		{"a cursor of another list", h.Agent(collectivity.Reader), "cursor=" + "eyJQSyI6IkMjeCNGI3kiLCJTSyI6IkNIQU5HRSN6Iiwid29yayI6IkMjeCNDSEFOR0VTIiwid29ya0F0IjoiMjAyNiJ9", "400 invalid_input"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(), queue(h, c.who, c.query))
			if got := strings.TrimSpace(fmt.Sprint(reply.StatusCode, " ", reply.Code())); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWhoDecidesOnAPhotoOrAPaperSeesIt(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	u := h.Announce(family.Upload{Purpose: family.DocumentUpload, About: h.Children[0], Type: "application/pdf", Document: "insurance"})
	f := h.MadeFamily.Store
	name := f.FileName(u.ID, ".pdf")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(bucket.Open().Put(t.Context(), f.KeptFile(name), u.Type, strings.NewReader("une attestation")))
	opened, err := f.OpenUpload(t.Context(), u.ID)
	must(err)
	household := h.Household()
	c, err := opened.Made(household.File, f.ChangeID(u.ID), name, town.Now)
	must(err)
	must(f.AddChange(t.Context(), household, c, h.Account.ID))

	handler := httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), files.Open(), time.Now}.handle) // the bucket holds links to its clock
	list := town.Read[api.List[api.PendingChange]](t, handler, town.As(h.Event("list-pending-changes", nil), agent), 200)
	if len(list.Items) != 1 || list.Items[0].Member != "Léa Martin" {
		t.Fatalf("the queue is %+v", list.Items)
	}
	for _, field := range list.Items[0].Fields {
		if field.Field != "file" {
			continue
		}
		if status, content := town.Follow(t, field.File); status != 200 || content != "une attestation" || field.New != nil {
			t.Errorf("it leads to %d %s, beside %v", status, content, field.New)
		}
	}
}
