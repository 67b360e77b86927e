package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()).ByClock(town.Clock), town.Clock}.handle)
}

// list asks for one page with a query.
func list(h town.Home, agent account.Account, query string) api.List[api.FamilyChange] {
	h.T.Helper()
	event := town.Query(town.As(h.Event("list-family-changes", nil), agent), query)
	return town.Read[api.List[api.FamilyChange]](h.T, newHandler(), event, 200)
}

// told writes each change: section field old→new state reason; one that is hidden by its section alone.
func told(l api.List[api.FamilyChange]) string {
	var all []string
	for _, c := range l.Items {
		one := c.Section + " " + c.State
		if c.Hidden {
			one += " hidden"
		}
		for _, f := range c.Fields {
			one += fmt.Sprintf(" %s:%v→%v", f.Field, f.Old, f.New)
		}
		all = append(all, strings.TrimSpace(one+" "+c.Reason))
	}
	return strings.Join(all, ", ")
}

// later makes the nth change a minute after the one before, so that their order is known.
func later(n int) time.Time { return town.Now.Add(time.Duration(n) * time.Minute) }

// history has changes of telephones, health and bank details, each decided or waiting.
func history(h town.Home) {
	phones := func(n int, mobile string) family.Change {
		return h.ProposeOf(later(n), h.Guardians[0], "phones", map[string]any{"mobile": mobile})
	}
	h.Decide(phones(1, "0612345601").ID, family.Verdict{Accept: true})
	h.Decide(phones(2, "0612345602").ID, family.Verdict{Reason: "Illisible."})
	h.Decide(h.ProposeOf(later(3), h.Children[0], "health", map[string]any{"medication": "Ventoline"}).ID, family.Verdict{Reason: "L’ordonnance de Ventoline manque."})
	h.ProposeOf(later(4), h.Guardians[0], "bank", map[string]any{"holder": "Anne Martin", "iban": "FR1420041010050500013M02606"})
}

const (
	bankShown   = "bank pending holder:<nil>→Anne Martin iban:<nil>→FR•• •••• 2606"
	bankHidden  = "bank pending hidden"
	healthShown = "health refused medication:<nil>→Ventoline L’ordonnance de Ventoline manque."
	phones      = "phones refused mobile:+33612345601→+33612345602 Illisible., phones accepted mobile:<nil>→+33612345601"
)

func TestValuesAreHiddenFromWhoHasNoRight(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says   string
		role   collectivity.Role
		health bool
		want   string
		read   string
	}{
		{"a reader", collectivity.Reader, false, bankHidden + ", health refused hidden, " + phones, ""},
		{"a manager", collectivity.Manager, false, bankShown + ", health refused hidden, " + phones, "guardian.bank"},
		{"a reader with the right to health", collectivity.Reader, true, bankHidden + ", " + healthShown + ", " + phones, "child.health"},
		{"a reviewer with it", collectivity.Reviewer, true, bankShown + ", " + healthShown + ", " + phones, "child.health guardian.bank"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			history(h)
			agent := h.Agent(c.role)
			if c.health {
				agent = h.Carer(c.role)
			}
			if got := told(list(h, agent, "")); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if got := strings.Join(read(h), ", "); got != c.read {
				t.Errorf("recorded %q, want %q", got, c.read)
			}
		})
	}
}

// read lists the sections that were recorded as read of a family, newest first.
func read(h town.Home) (all []string) {
	h.T.Helper()
	items, _, err := h.MadeFamily.Store.Consultations(h.T.Context(), nil, "", 100)
	if err != nil {
		h.T.Fatal(err)
	}
	for _, c := range items {
		all = append(all, strings.Join(c.Read.Sections(), " "))
	}
	return all
}

func TestFiltersMakeTheHistoryOfAField(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	history(h)
	carer := h.Carer(collectivity.Manager)
	cases := []struct{ says, query, want string }{
		{"what waits, as the sample event", "state=pending", bankShown},
		{"what was refused", "state=refused", healthShown + ", phones refused mobile:+33612345601→+33612345602 Illisible."},
		{"of a member", "target=" + h.Children[0], healthShown},
		{"of a section", "section=phones", phones},
		{"of a field", "target=" + h.Guardians[0] + "&section=phones&field=mobile", phones},
		{"of a field that nobody changed", "section=phones&field=home", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := told(list(h, carer, c.query)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestWhatAFilterLeavesOutIsNotRecorded: it was not shown.
func TestWhatAFilterLeavesOutIsNotRecorded(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	history(h)
	list(h, h.Carer(collectivity.Manager), "section=phones")
	if got := read(h); len(got) > 0 {
		t.Errorf("recorded %q", got)
	}
}

func TestAChangeNamesItsMemberAndSaysWhoDecides(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	history(h)
	for role, want := range map[collectivity.Role]string{collectivity.Reader: "", collectivity.Reviewer: "bank"} {
		var decides []string
		for _, c := range list(h, h.Agent(role), "").Items {
			if name := map[string]string{"health": "Léa Martin"}[c.Section]; name != "" && c.Member != name || name == "" && c.Member != "Anne Martin" {
				t.Errorf("%s is about %q", c.Section, c.Member)
			}
			if c.Decides {
				decides = append(decides, c.Section)
			}
		}
		if strings.Join(decides, " ") != want {
			t.Errorf("a %s decides %v, want %q", role, decides, want)
		}
	}
}

// TestTheHistoryOfWhoHasLeftStays: their coming and their going.
func TestTheHistoryOfWhoHasLeftStays(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	lea := h.Children[0]
	mamie := h.Join(family.Contact, map[string]any{"firstName": "Jeanne", "lastName": "Martin", "phone": "0612345678", "collect": true, "children": []any{lea}})
	household := h.Household()
	removal := family.Change{
		ID: h.MadeFamily.Store.ChangeID("removal"), Kind: family.Removes, Target: mamie, Of: family.Contact, Section: family.Membership, By: h.Guardians[0], CreatedAt: later(1),
		Fields: []family.FieldChange{{Field: family.Removed, New: true, State: family.Pending}},
	}
	if err := h.MadeFamily.Store.AddChange(t.Context(), household, removal, h.Account.ID); err != nil {
		t.Fatal(err)
	}
	h.Decide(removal.ID, family.Verdict{Accept: true})
	l := list(h, h.Agent(collectivity.Reader), "target="+mamie)
	if len(l.Items) != 2 || l.Items[0].Kind != "remove" || l.Items[0].Hidden || l.Items[1].Kind != "add" || l.Items[1].Member != "Jeanne Martin" {
		t.Errorf("of a contact who left: %+v", l.Items)
	}
}

func TestLongListsComeInFullPages(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for n := range 110 {
		c := h.ProposeOf(later(n), h.Guardians[0], "phones", map[string]any{"mobile": fmt.Sprintf("06123456%02d", n%100)})
		h.Decide(c.ID, family.Verdict{Reason: "Non."})
	}
	agent := h.Agent(collectivity.Reader)
	var pages []int
	seen := map[string]bool{}
	for cursor := "-"; cursor != ""; {
		l := list(h, agent, "state=refused&cursor="+strings.TrimPrefix(cursor, "-"))
		pages = append(pages, len(l.Items))
		for _, c := range l.Items {
			seen[c.ID] = true
		}
		cursor = l.Cursor
	}
	if !slices.Equal(pages, []int{50, 50, 10}) || len(seen) != 110 {
		t.Errorf("pages of %v, %d changes", pages, len(seen))
	}
}

func TestWhatCanNotBeListed(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	agent := h.Agent(collectivity.Manager)
	cases := []struct {
		says, query string
		who         account.Account
		family      string
		want        string
	}{
		{"a state that does not exist", "state=lost", agent, h.ID, "400 invalid_input"},
		{"a cursor that is none", "cursor=abc", agent, h.ID, "400 invalid_input"},
		{"a family of another collectivity", "", agent, elsewhere.ID, "404 family_not_found"},
		{"by an agent of another collectivity", "", elsewhere.Agent(collectivity.Manager), h.ID, "404 collectivity_not_found"},
		{"by an agent of another activity", "", h.Scoped(collectivity.Manager, "vacances"), h.ID, "404 family_not_found"},
		{"by its parent", "", h.Account, h.ID, "404 collectivity_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			event := town.As(town.Event(t, "list-family-changes", map[string]string{"slug": h.Slug, "family": c.family}), c.who)
			reply := town.Send(t, newHandler(), town.Query(event, c.query))
			if got := fmt.Sprint(reply.StatusCode, " ", reply.Code()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) {
	h := town.NewHome(t, "Léa")
	history(h)
	carer := h.Carer(collectivity.Manager)
	town.Rights(t, "list-family-changes")
	if got := told(list(h, carer, "")); got != bankShown+", "+healthShown+", "+phones {
		t.Errorf("got %s", got)
	}
}
