package main

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/code"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler(w *town.Town) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), w.Secret, town.Clock}.handle)
}

// query asks as an agent does: "q=martin".
func query(w *town.Town, agent account.Account, q string) httpapi.Request {
	event := town.As(town.Event(w.T, "search-families", map[string]string{"slug": w.Slug}), agent)
	return town.Query(event, strings.ReplaceAll(q, " ", "+"))
}

func search(w *town.Town, agent account.Account, q string) api.List[api.FoundFamily] {
	w.T.Helper()
	return town.Read[api.List[api.FoundFamily]](w.T, newHandler(w), query(w, agent, q), 200)
}

// labels of what was found, in alphabetical order.
func labels(l api.List[api.FoundFamily]) string {
	var all []string
	for _, f := range l.Items {
		all = append(all, f.Label)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// add makes a family of a guardian and children by their names: "Anne Le Goff".
func add(w *town.Town, label, guardian string, children ...string) store.FamilyStore {
	w.T.Helper()
	named := func(id, name string, target family.Target) family.Member {
		first, last, _ := strings.Cut(name, " ")
		return family.Member{ID: id, Target: target, Values: map[string]map[string]any{"identity": {"firstName": first, "lastName": last}}}
	}
	id := strings.ToLower(strings.ReplaceAll(label, " ", ""))
	file := family.File{ID: id, Label: label, Guardians: []family.Member{named("g", guardian, family.Guardian)}}
	for i, c := range children {
		child := named(fmt.Sprint("c", i), c, family.Child)
		child.Values["identity"]["birthDate"] = "2018-05-04"
		file.Children = append(file.Children, child)
	}
	f, err := w.Store.CreateFamily(w.T.Context(), file)
	if err != nil {
		w.T.Fatal(err)
	}
	return f
}

// several makes a town with families whose names are alike.
func several(t *testing.T) *town.Town {
	t.Helper()
	w := town.New(t)
	add(w, "Famille Le Goff", "Anne Le Goff", "Éléonore Le Goff", "Noé Petit")
	add(w, "Famille Lefèvre", "Julien Lefèvre", "Tom Lefèvre")
	add(w, "Famille D’Arc", "Œdipe D’Arc", "Zoé Martin-Petit")
	add(w, "Famille Nguyễn", "Linh Nguyễn", "Ștefan Nguyễn")
	add(w, "Famille Öztürk", "Ayşe Öztürk", "Łukasz Öztürk")
	return w
}

func TestEveryWordBeginsAName(t *testing.T) {
	t.Parallel()
	w := several(t)
	agent := w.Agent(collectivity.Reader)
	cases := []struct{ says, query, want string }{
		{"a label", "q=goff", "Famille Le Goff"},
		{"the beginning of a name", "q=lef", "Famille Lefèvre"},
		{"two letters of several", "q=le", "Famille Le Goff, Famille Lefèvre"},
		{"a child's first name", "q=tom", "Famille Lefèvre"},
		{"a child's last name", "q=petit", "Famille D’Arc, Famille Le Goff"},
		{"a guardian's first name", "q=anne", "Famille Le Goff"},
		{"words of different persons", "q=anne noé", "Famille Le Goff"},
		{"words in any order, some of one letter", "q=goff e l", "Famille Le Goff"},
		{"words of which one is nobody's", "q=goff tom", ""},
		{"capitals and no accents", "q=ELEONORE", "Famille Le Goff"},
		{"accents where there are none", "q=tôm", "Famille Lefèvre"},
		{"accents typed as two characters", "q=e\u0301le\u0301onore", "Famille Le Goff"},
		{"ligatures in two letters", "q=oedipe", "Famille D’Arc"},
		{"any apostrophe", "q=d'arc", "Famille D’Arc"},
		{"a double name by its second", "q=zoé petit", "Famille D’Arc"},
		{"Vietnamese accents", "q=nguyen", "Famille Nguyễn"},
		{"Romanian accents", "q=stefan", "Famille Nguyễn"},
		{"Turkish accents", "q=ozturk ayse", "Famille Öztürk"},
		{"a Polish letter", "q=lukasz", "Famille Öztürk"},
		{"the word famille, which says nothing", "q=famille goff", "Famille Le Goff"},
		{"a name that nobody has", "q=durand", ""},
		{"what comes after a name", "q=goffe", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := search(w, agent, c.query); labels(got) != c.want || got.Cursor != "" {
				t.Errorf("got %q, cursor %q; want %q", labels(got), got.Cursor, c.want)
			}
		})
	}
}

func TestTheSampleEventFindsAFamilyWithItsMembers(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	got := town.Read[api.List[api.FoundFamily]](t, newHandler(h.Town), town.As(h.Event("search-families", nil), h.Agent(collectivity.Reader)), 200)
	if len(got.Items) != 1 {
		t.Fatalf("found %+v", got)
	}
	f := got.Items[0]
	slices.Sort(f.Guardians)
	want := api.FoundChild{ID: h.Children[0], Name: "Léa Martin", BirthDate: "2018-05-04"}
	if f.Family != h.ID || f.Label != "Famille Martin" || !slices.Equal(f.Guardians, []string{"Anne Martin", "Paul Martin"}) || !slices.Equal(f.Children, []api.FoundChild{want}) {
		t.Errorf("found %+v", f)
	}
}

func TestASearchFollowsNamesAsTheyChange(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reader)
	h.Give(h.Children[0], "identity", map[string]any{"firstName": "Jade"})
	h.Edit(0, "identity", map[string]any{"birthName": "Kerouanton"})
	for query, want := range map[string]string{"q=léa": "", "q=jade": "Famille Martin", "q=kerou": "Famille Martin"} {
		if got := labels(search(h.Town, agent, query)); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestLongListsComeByPagesEachFamilyOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	want := map[string]bool{}
	for n := range 130 { // three names that begin alike, of each; every other one has a Noé
		label := fmt.Sprintf("Famille Martin%03d", n)
		child := "Noé Marais"
		if n%2 == 1 {
			child = "Léa Marais"
		}
		add(w, label, "Marie Martin", child)
		want[label] = true
	}
	agent := w.Agent(collectivity.Reader)
	for _, c := range []struct {
		says, query string
		want        int
	}{{"a beginning", "q=mar", 130}, {"several words", "q=noé martin", 65}, {"a short word that all have and a long one that few do", "q=martin12 no", 5}} {
		t.Run(c.says, func(t *testing.T) {
			seen := map[string]bool{}
			for cursor, calls := "", 0; calls == 0 || cursor != ""; calls++ {
				q := c.query
				if cursor != "" {
					q += "&cursor=" + cursor
				}
				l := search(w, agent, q)
				if len(l.Items) > page || calls > 50 {
					t.Fatalf("%d families in call %d", len(l.Items), calls)
				}
				for _, f := range l.Items {
					if seen[f.Label] || !want[f.Label] {
						t.Errorf("%s again, or never asked for", f.Label)
					}
					seen[f.Label] = true
				}
				cursor = l.Cursor
			}
			if len(seen) != c.want {
				t.Errorf("%d families, want %d", len(seen), c.want)
			}
		})
	}
}

// codes issues a code of each fate for the family's second guardian.
func codes(h town.Home) map[string]string {
	issue := func(until time.Time) string {
		h.T.Helper()
		typed, err := code.New(rand.Reader)
		if err == nil {
			err = h.MadeFamily.Store.IssueCode(h.T.Context(), h.Secret.Code(typed), h.Guardians[1], town.Now.AddDate(-1, 0, 0), until)
		}
		if err != nil {
			h.T.Fatal(err)
		}
		return typed
	}
	next := town.Now.AddDate(1, 0, 0)
	all := map[string]string{"new": issue(next), "expired": issue(town.Now.AddDate(0, 0, -1)), "revoked": issue(next), "used": h.Codes[0]}
	h.Revoke(h.MadeFamily, all["revoked"])
	return all
}

func TestACodeFindsTheFamilyItWasIssuedFor(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	agent := h.Agent(collectivity.Reader)
	ours, theirs := codes(h), codes(elsewhere)
	foreign := search(h.Town, agent, "code="+theirs["new"])
	unknown := search(h.Town, agent, "code="+must(code.New(rand.Reader)))
	if fmt.Sprint(foreign) != fmt.Sprint(unknown) || len(foreign.Items) != 0 {
		t.Errorf("a code of another collectivity finds %+v, one that nobody has %+v", foreign, unknown)
	}
	for fate, typed := range ours {
		for _, as := range []string{typed, strings.ToLower(code.Format(typed)), strings.ReplaceAll(typed, "0", "o")} {
			if got := search(h.Town, agent, "code="+as); len(got.Items) != 1 || got.Items[0].Family != h.ID {
				t.Errorf("%s, typed %s: found %+v", fate, as, got)
			}
		}
	}
	for q, want := range map[string]int{"q=léa": 1, "q=tom": 0, "q=martin paul": 1} {
		if got := search(h.Town, agent, q+"&code="+ours["new"]); len(got.Items) != want {
			t.Errorf("%s and the code find %d, want %d", q, len(got.Items), want)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestAnAgentOfSomeActivitiesFindsTheFamiliesEnrolledThere: also when they are pages apart.
func TestAnAgentOfSomeActivitiesFindsTheFamiliesEnrolledThere(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	season := w.Activities[0].Season
	enrolled := func(label, activity string, p calendar.Period) {
		f := add(w, label, "Anne Martin", "Léa Martin")
		if activity == "" {
			return
		}
		if err := f.Enrol(t.Context(), booking.Enrolment{ID: f.EnrolmentID("1"), Child: "c0", Activity: activity, Period: p}); err != nil {
			t.Fatal(err)
		}
	}
	today := calendar.DateOf(town.Now, time.UTC)
	enrolled("Famille Martin A", "cantine", season)
	enrolled("Famille Martin B", "mercredi", season)
	enrolled("Famille Martin C", "", season)
	enrolled("Famille Martin D", "cantine", calendar.Period{From: today.AddYears(-2), To: today.AddDays(-300)})
	enrolled("Famille Martin E", "cantine", calendar.Period{From: today.AddYears(-3), To: today.AddYears(-2)})
	for n := range 60 {
		enrolled(fmt.Sprintf("Famille Martin F%02d", n), "periscolaire", season)
	}
	enrolled("Famille Martin Z", "cantine", season)
	cases := []struct {
		says       string
		activities []string
		want       string
	}{
		{"of the canteen: those who are enrolled, or were in the last year", []string{"cantine"}, "Famille Martin A, Famille Martin D, Famille Martin Z"},
		{"of Wednesdays", []string{"mercredi"}, "Famille Martin B"},
		{"of both", []string{"cantine", "mercredi"}, "Famille Martin A, Famille Martin B, Famille Martin D, Famille Martin Z"},
		{"of an activity where nobody is", []string{"vacances"}, ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			agent := w.Scoped(collectivity.Manager, c.activities...)
			all := search(w, agent, "q=martin")
			for l := all; l.Cursor != ""; {
				l = search(w, agent, "q=martin&cursor="+l.Cursor)
				all.Items = append(all.Items, l.Items...)
			}
			if got := labels(all); got != c.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestACodeFindsNoFamilyBeyondTheScope(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Tom")
	for activity, want := range map[string]int{"cantine": 1, "vacances": 0} {
		if got := search(h.Town, h.Scoped(collectivity.Reader, activity), "code="+h.Codes[0]); len(got.Items) != want {
			t.Errorf("of %s: %+v", activity, got)
		}
	}
}

func TestWhatIsNotSearched(t *testing.T) {
	t.Parallel()
	w, elsewhere := several(t), town.New(t)
	agent := w.Agent(collectivity.Reader)
	stranger := elsewhere.Agent(collectivity.Manager)
	cases := []struct {
		says  string
		who   account.Account
		query string
		want  string
	}{
		{"nothing", agent, "", "400 invalid_input q required"},
		{"a single letter", agent, "q=e", "400 invalid_input q too_short"},
		{"single letters", agent, "q=e l", "400 invalid_input q too_short"},
		{"the word famille alone", agent, "q=famille", "400 invalid_input q too_short"},
		{"signs", agent, "q=%25%25%25", "400 invalid_input q too_short"},
		{"a letter beside a code", agent, "q=e&code=7K3MQ2XA9TRC", "400 invalid_input q too_short"},
		{"a mistyped code", agent, "code=7K3M-Q2XA-9TRD", "400 invalid_input code code_malformed"},
		{"a cursor that is none", agent, "q=goff&cursor=abc", "400 invalid_input cursor cursor_invalid"},
		{"a parameter that does not exist", agent, "q=goff&page=2", "400 invalid_input page unknown_parameter"},
		{"by an agent of another collectivity", stranger, "q=goff", "404 collectivity_not_found"},
		{"by a citizen", w.Citizen(), "q=goff", "404 collectivity_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(w), query(w, c.who, c.query))
			got := fmt.Sprint(reply.StatusCode, " ", reply.Code())
			if list, _ := reply.Body["errors"].([]any); len(list) > 0 {
				field := list[0].(map[string]any)
				got += fmt.Sprint(" ", field["field"], " ", field["code"])
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestACursorIsOfItsSearch: that of another collectivity, or of other words, leads nowhere.
func TestACursorIsOfItsSearch(t *testing.T) {
	t.Parallel()
	w, elsewhere := town.New(t), town.New(t)
	for n := range 30 {
		add(w, fmt.Sprintf("Famille Martin%02d", n), "Anne Petit")
		add(elsewhere, fmt.Sprintf("Famille Martin%02d", n), "Anne Petit")
	}
	foreign := search(elsewhere, elsewhere.Agent(collectivity.Reader), "q=martin").Cursor
	agent := w.Agent(collectivity.Reader)
	if foreign == "" {
		t.Fatal("there are not enough families for a second page")
	}
	for _, q := range []string{"q=martin&cursor=" + foreign, "q=petit&cursor=" + search(w, agent, "q=martin").Cursor} {
		if reply := town.Send(t, newHandler(w), query(w, agent, q)); reply.StatusCode != 400 {
			t.Errorf("%s: %d", q, reply.StatusCode)
		}
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) {
	h := town.NewHome(t, "Léa")
	agent, scoped := h.Agent(collectivity.Reader), h.Scoped(collectivity.Reader, "cantine")
	town.Rights(t, "search-families")
	handle := httpapi.SignedIn(app{store.Open(), keys.Must(t.Context()), town.Clock}.handle)
	for _, who := range []account.Account{agent, scoped} {
		for _, q := range []string{"q=martin", "code=" + h.Codes[1]} {
			if l := town.Read[api.List[api.FoundFamily]](t, handle, query(h.Town, who, q), 200); len(l.Items) != 1 {
				t.Errorf("%s: %+v", q, l)
			}
		}
	}
}
