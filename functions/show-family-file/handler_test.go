package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), files.Open(), town.Clock}.handle)
}

func show(h town.Home) api.FamilyFile {
	h.T.Helper()
	return town.Read[api.FamilyFile](h.T, newHandler(), h.Event("show-family-file", nil), 200)
}

// home is a subscribed family whose two parents have told everything, together or separated.
func home(t *testing.T, separated bool) town.Home {
	t.Helper()
	w := town.New(t)
	f := w.Family("Léa")
	if separated {
		f = w.Separated("Léa")
	}
	h := town.Home{Town: w, MadeFamily: f}
	h.Account = w.Subscriber(f, 0)
	for n := range 2 {
		h.Edit(n, "identity", map[string]any{"birthName": "Durand", "birthDate": "1985-03-21", "situation": "married"})
		h.Edit(n, "address", map[string]any{"street": "1 rue du Bac", "postcode": "35000", "city": "Rennes"})
		h.Edit(n, "phones", map[string]any{"mobile": "0612345678"})
	}
	return h
}

// as is the family seen by its other parent.
func as(h town.Home, n int) town.Home {
	h.Account = h.Subscriber(h.MadeFamily, n)
	return h
}

// seen writes the fields that are shown of a guardian: identity[…] address[…]; a section that is not shown is missing.
func seen(g api.Guardian) string {
	var all []string
	for _, s := range []struct {
		name   string
		values map[string]any
	}{{"identity", g.Identity}, {"address", g.Address}, {"phones", g.Phones}} {
		if s.values != nil {
			all = append(all, s.name+fmt.Sprint(slices.Sorted(maps.Keys(s.values))))
		}
	}
	return strings.Join(all, " ")
}

const (
	everything = "identity[birthDate birthName civility firstName lastName situation] address[city postcode street] phones[mobile]"
	nameOnly   = "identity[civility firstName lastName]"
)

func TestWhatAGuardianSeesOfTheAdults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says           string
		separated      bool
		viewer         int
		first, another string
	}{
		{"together, the first sees all of both", false, 0, everything, everything},
		{"together, the second sees all of both", false, 1, everything, everything},
		{"separated, the first sees the other's name only", true, 0, everything, nameOnly},
		{"separated, the second sees the other's name only", true, 1, nameOnly, everything},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := home(t, c.separated)
			if c.viewer == 1 {
				h = as(h, 1)
			}
			file := show(h)
			for n, want := range []string{c.first, c.another} {
				i := slices.IndexFunc(file.Guardians, func(g api.Guardian) bool { return g.ID == h.Guardians[n] })
				if got := seen(file.Guardians[i]); got != want {
					t.Errorf("guardian %d: %s\nwant %s", n, got, want)
				}
				if file.Guardians[i].You != (n == c.viewer) {
					t.Errorf("guardian %d: you %v", n, file.Guardians[i].You)
				}
			}
		})
	}
}

func TestTheFileOfAFamilyThatHasToldLittle(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	file := show(h)
	slices.SortFunc(file.Children, func(a, b api.Child) int { return strings.Compare(a.FirstName, b.FirstName) })
	child := func(n int, name string) api.Child {
		nobody := map[string]api.Authorisation{}
		for _, what := range []string{"image", "socialMedia", "leavesAlone", "outings", "transport", "hospitalisation"} {
			nobody[what] = api.Authorisation{Joint: what == "image" || what == "socialMedia", Said: []api.AuthorisedBy{}}
		}
		return api.Child{
			ID: h.Children[n], FirstName: name, LastName: "Martin", BirthDate: "2018-05-04", Contacts: []map[string]any{},
			Authorisations: nobody, Health: map[string]any{},
		}
	}
	if d := cmp.Diff([]api.Child{child(0, "Léa"), child(1, "Noé")}, file.Children); d != "" {
		t.Errorf("children (-want +got)\n%s", d)
	}
	if file.Family != h.ID || file.Label != "Famille Martin" || file.Version != 1 || file.Collectivity != (api.CollectivityName{Slug: h.Slug, Name: "Ville de test"}) {
		t.Errorf("got %s %q version %d of %v", file.Family, file.Label, file.Version, file.Collectivity)
	}
	for _, g := range file.Guardians {
		if got := seen(g); got != "identity[civility firstName lastName] address[] phones[]" {
			t.Errorf("a section that may be seen and holds nothing is there, empty: got %s", got)
		}
		if relation := map[any]string{"mme": "mother", "m": "father"}[g.Identity["civility"]]; len(g.Children) != 2 || g.Children[0].Relation != relation {
			t.Errorf("relations %+v", g.Children)
		}
	}
	if len(file.Pending) != 0 || file.Pending == nil {
		t.Errorf("pending %#v", file.Pending)
	}
}

// fieldsOf lists a section's fields with what may be done: name, name! required, (name) not editable.
func fieldsOf(file api.FamilyFile, section string) string {
	var all []string
	i := slices.IndexFunc(file.Sections, func(s api.Section) bool { return s.Target == "guardian" && s.Name == section })
	for _, f := range file.Sections[i].Fields {
		switch {
		case f.Required:
			all = append(all, f.Name+"!")
		case f.Editable:
			all = append(all, f.Name)
		default:
			all = append(all, "("+f.Name+")")
		}
	}
	return strings.Join(all, " ")
}

func TestTheCollectivitySetsWhatIsShownAndEdited(t *testing.T) {
	t.Parallel()
	const identity = "civility lastName! firstName! birthName birthDate situation"
	cases := []struct {
		says   string
		modes  map[string]collectivity.Mode
		fields string
		values string
	}{
		{"unless it says otherwise, everything is editable", nil, identity, "identity[birthDate birthName civility firstName lastName situation]"},
		{"a hidden field is neither asked for nor shown", map[string]collectivity.Mode{"guardian.identity.birthName": "hidden"}, "civility lastName! firstName! birthDate situation", "identity[birthDate civility firstName lastName situation]"},
		{"a field that is shown is not edited", map[string]collectivity.Mode{"guardian.identity.birthDate": "shown"}, "civility lastName! firstName! birthName (birthDate) situation", "identity[birthDate birthName civility firstName lastName situation]"},
		{"a field may be required", map[string]collectivity.Mode{"guardian.identity.situation": "required"}, "civility lastName! firstName! birthName birthDate situation!", "identity[birthDate birthName civility firstName lastName situation]"},
		{"a field that is always required may be locked", map[string]collectivity.Mode{"guardian.identity.lastName": "shown"}, "civility (lastName) firstName! birthName birthDate situation", "identity[birthDate birthName civility firstName lastName situation]"},
		{"a field of another section is another field", map[string]collectivity.Mode{"guardian.phones.birthDate": "hidden", "child.identity.birthDate": "hidden"}, identity, "identity[birthDate birthName civility firstName lastName situation]"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := home(t, false)
			show(h) // the settings of before are in memory
			h.Settings(func(s *collectivity.Settings) { s.Fields = c.modes })
			file := show(h)
			if got := fieldsOf(file, "identity"); got != c.fields {
				t.Errorf("fields %s\nwant   %s", got, c.fields)
			}
			for _, g := range file.Guardians {
				if got := strings.SplitAfter(seen(g), "]")[0]; got != c.values {
					t.Errorf("values %s\nwant   %s", got, c.values)
				}
			}
		})
	}
}

// waiting lists what is pending: section.field old→new.
func waiting(h town.Home) string {
	var all []string
	for _, c := range show(h).Pending {
		for _, f := range c.Fields {
			all = append(all, fmt.Sprintf("%s.%s %v→%v %s", c.Section, f.Field, f.Old, f.New, f.State))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestWhatWaitsIsShownAtItsField(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says          string
		separated     bool
		do            func(h town.Home)
		first, second string // what each parent sees waiting
	}{
		{"a proposal, to both who live together", false, func(h town.Home) {
			h.Propose(0, "phones", map[string]any{"mobile": "0698765432"})
		}, "phones.mobile +33612345678→+33698765432 pending", "phones.mobile +33612345678→+33698765432 pending"},
		{"a proposal, not to the separated parent", true, func(h town.Home) {
			h.Propose(0, "phones", map[string]any{"mobile": "0698765432"})
		}, "phones.mobile +33612345678→+33698765432 pending", ""},
		{"a new birth name, not to the separated parent", true, func(h town.Home) {
			h.Propose(1, "identity", map[string]any{"birthName": "Petit"})
		}, "", "identity.birthName Durand→Petit pending"},
		{"several changes of several sections", false, func(h town.Home) {
			h.Propose(0, "phones", map[string]any{"mobile": "0698765432"})
			h.Propose(1, "address", map[string]any{"street": "2 rue du Bac", "complement": "Bât. B"})
		}, "address.complement <nil>→Bât. B pending, address.street 1 rue du Bac→2 rue du Bac pending, phones.mobile +33612345678→+33698765432 pending", ""},
		{"half decided, with what was decided", false, func(h town.Home) {
			c := h.Propose(0, "phones", map[string]any{"mobile": "0698765432", "work": "0299000000"})
			h.Decide(c.ID, family.Verdict{Accept: true, Fields: []string{"mobile"}})
		}, "phones.mobile +33612345678→+33698765432 accepted, phones.work <nil>→+33299000000 pending", ""},
		{"decided, no longer", false, func(h town.Home) {
			h.Decide(h.Propose(0, "phones", map[string]any{"mobile": "0698765432"}).ID, family.Verdict{Reason: "Numéro inconnu."})
		}, "", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := home(t, c.separated)
			c.do(h)
			if got := waiting(h); got != c.first {
				t.Errorf("the first sees %s\nwant %s", got, c.first)
			}
			if want := c.second; c.separated || want != "" {
				if got := waiting(as(h, 1)); got != want {
					t.Errorf("the second sees %s\nwant %s", got, want)
				}
			}
		})
	}
}

func TestAnAcceptedChangeMovesTheVersionAndTheValue(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for version, number := range []string{"0612345678", "0698765432"} {
		h.Edit(0, "phones", map[string]any{"mobile": number})
		file := show(h)
		i := slices.IndexFunc(file.Guardians, func(g api.Guardian) bool { return g.You })
		if want := "+33" + number[1:]; file.Version != version+2 || file.Guardians[i].Phones["mobile"] != want {
			t.Errorf("version %d, %v; want %d, %s", file.Version, file.Guardians[i].Phones, version+2, want)
		}
	}
}

func TestWithoutASubscriptionAFamilyIsNotFound(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	neighbour := h.NewHome("Zoé")
	cases := []struct {
		says   string
		who    account.Account
		family string
		want   int
	}{
		{"its own subscriber", h.Account, h.ID, 200},
		{"a stranger", h.Citizen(), h.ID, 404},
		{"a parent of another family", neighbour.Account, h.ID, 404},
		{"a parent of another collectivity", elsewhere.Account, h.ID, 404},
		{"an agent of the collectivity", h.Agent(collectivity.Manager), h.ID, 404},
		{"a subscriber who asks for a family of another collectivity", h.Account, elsewhere.ID, 404},
		{"a family that nobody has", h.Account, "01jd00000000000000000000zz", 404},
		{"a prefix of the id", h.Account, h.ID[:20], 404},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(), town.As(town.Event(t, "show-family-file", map[string]string{"family": c.family}), c.who))
			if reply.StatusCode != c.want || c.want == 404 && reply.Code() != "family_not_found" {
				t.Errorf("got %d %s, want %d", reply.StatusCode, reply.Code(), c.want)
			}
		})
	}
}
