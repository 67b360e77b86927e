package main

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

type object = map[string]any

// settings are the town's as its managers see them.
func settings(w *town.Town) api.Settings {
	w.T.Helper()
	c, err := w.Store.Configuration(w.T.Context())
	if err != nil {
		w.T.Fatal(err)
	}
	return views.Settings(c)
}

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "update-settings", map[string]string{"slug": w.Slug}), agent)
}

// sent are the town's settings, changed.
func sent(w *town.Town, agent account.Account, change func(*api.SettingsUpdate)) httpapi.Request {
	w.T.Helper()
	s := settings(w)
	in := api.SettingsUpdate{Version: s.Version, SettingsDocument: s.SettingsDocument}
	in.Fields, in.Sections = maps.Clone(in.Fields), maps.Clone(in.Sections)
	change(&in)
	return town.With(w.T, event(w, agent), in)
}

func history(w *town.Town) []store.EarlierSettings {
	w.T.Helper()
	all, _, err := w.Store.SettingsHistory(w.T.Context(), "", 50)
	if err != nil {
		w.T.Fatal(err)
	}
	return all
}

func TestTheSampleSetsEverythingAManagerSets(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.KeepCalendar()
	manager, seen := w.Agent(collectivity.Manager), settings(w).Version
	r := event(w, manager)
	r.Body = strings.Replace(r.Body, `"version": 1`, `"version": `+strconv.Itoa(seen), 1)
	got := town.Read[api.Settings](t, newHandler(), r, 200)
	c, err := w.Store.Configuration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := collectivity.Settings{
		Slug: w.Slug, Name: "Saint-Aubin", FullName: "Commune de Saint-Aubin", Primary: "#1F5C99", Accent: "#B4431E",
		Contact:    collectivity.Contact{Service: "Service enfance", Email: "enfance@saint-aubin.example", Phone: "02 99 00 00 00", Address: "Place de la Mairie", Hours: "Du lundi au vendredi, de 9 h à 12 h"},
		Mail:       collectivity.Mail{Sender: "Mairie de Saint-Aubin", ReplyTo: "enfance@saint-aubin.example", Signature: "Le service enfance"},
		TermsSince: town.Now, DPO: "dpo@saint-aubin.example", Timezone: "Europe/Paris", Calendar: c.Calendar,
		Terms: c.Terms, Privacy: c.Privacy, Legal: c.Legal, Accessibility: c.Accessibility,
		Modules: collectivity.Modules, Postcodes: []string{"35140", "35420"}, Implied: collectivity.Implied{Months: 2}, CodeDays: 180,
		Sections:  map[string]collectivity.Decision{"guardian.phones": collectivity.AtOnce},
		Fields:    map[string]collectivity.Mode{"guardian.work.employer": collectivity.Editable},
		Documents: []collectivity.DocumentRule{{Type: "insurance"}, {Type: "pai", When: collectivity.ForPAI}},
		Archive:   collectivity.Archive{Reference: "Visa AD35 2026-118", SignedOn: "2026-06-30", Years: 5},
	}
	if d := cmp.Diff(want, c.Settings); d != "" {
		t.Errorf("kept (-want +got)\n%s", d)
	}
	if got.Version != seen+1 || c.Calendar.Zone != "B" || c.Terms.Version != "2027-01" || got.Choices.TermsSince != "2026-11-23T08:30:00Z" {
		t.Errorf("shown %+v", got)
	}
	kept := history(w)
	if len(kept) != 1 || kept[0].Version != seen || kept[0].By != manager.ID || kept[0].Name != "Odile Test" || !kept[0].At.Equal(town.Now) || !slices.Contains(kept[0].Changed, "fields.guardian.work.employer") || slices.Contains(kept[0].Changed, "modules") {
		t.Errorf("history %+v", kept)
	}
	before, err := w.Store.EarlierSettings(t.Context(), seen)
	if err != nil || before.Settings.Name != "Ville de test" || before.Settings.Terms.Version != "2026-09" {
		t.Errorf("before: %+v, %v", before, err)
	}
	if audited := w.Audited(); len(audited) != 1 || !strings.HasPrefix(audited[0], "update-settings settings name, fullName, ") {
		t.Errorf("audited %q", audited)
	}
}

func TestWhatDiffersInNothingIsNotWritten(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	seen := settings(w)
	r := sent(w, w.Agent(collectivity.Manager), func(*api.SettingsUpdate) {})
	if got := town.Read[api.Settings](t, newHandler(), r, 200); got.Version != seen.Version || len(history(w)) != 0 {
		t.Errorf("got version %d after %d, history %v", got.Version, seen.Version, history(w))
	}
}

func TestWhatTheHostOfThePortalSetsStays(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.Settings(func(s *collectivity.Settings) {
		s.Mail.Address, s.Leaves = "saint-aubin@portail.example", town.Now.AddDate(0, 1, 0)
	})
	town.Read[api.Settings](t, newHandler(), sent(w, w.Agent(collectivity.Manager), func(in *api.SettingsUpdate) { in.Name = "Saint-Aubin-sur-Mer" }), 200)
	c, err := w.Store.Configuration(t.Context())
	if err != nil || c.Mail.Address != "saint-aubin@portail.example" || c.Leaves.IsZero() || c.Slug != w.Slug || c.Timezone != "Europe/Paris" || c.Name != "Saint-Aubin-sur-Mer" {
		t.Errorf("kept %+v, %v", c.Settings, err)
	}
	if !c.TermsSince.IsZero() {
		t.Errorf("the same terms are in force since %v", c.TermsSince)
	}
}

func TestOfTwoManagersWhoSawTheSameSettingsOneIsToldOfTheOther(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, seen := w.Agent(collectivity.Manager), settings(w)
	names := []string{"A", "B", "C", "D", "E", "F"}
	requests := make([]httpapi.Request, len(names))
	for i, name := range names {
		requests[i] = sent(w, manager, func(in *api.SettingsUpdate) { in.Name = name })
	}
	told := map[int]int{}
	for _, reply := range town.InParallel(len(names), func(n int) town.Reply { return town.Send(t, newHandler(), requests[n]) }) {
		if told[reply.StatusCode]++; reply.StatusCode != 200 {
			town.Refused(t, reply, 409, "settings_moved")
			if current, _ := reply.Body["current"].(object); current["version"] != float64(seen.Version+1) || current["name"] == "Ville de test" {
				t.Errorf("told %v", reply.Body)
			}
		}
	}
	if told[200] != 1 || len(history(w)) != 1 {
		t.Errorf("answers %v, history %v", told, history(w))
	}
}

func TestEachBadValueIsRefusedWithItsPath(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	for says, c := range map[string]struct {
		change func(*api.SettingsUpdate)
		want   []string
	}{
		"no name":                          {func(in *api.SettingsUpdate) { in.Name = " " }, []string{"name required"}},
		"a name of two lines":              {func(in *api.SettingsUpdate) { in.Name = "Saint\nAubin" }, []string{"name one_line"}},
		"a colour that is none":            {func(in *api.SettingsUpdate) { in.Colours.Accent = "red" }, []string{"colours.accent colour_invalid"}},
		"no colour":                        {func(in *api.SettingsUpdate) { in.Colours.Primary = "" }, []string{"colours.primary colour_invalid"}},
		"a service without a name":         {func(in *api.SettingsUpdate) { in.Contact.Service = "" }, []string{"contact.service required"}},
		"an address that is none":          {func(in *api.SettingsUpdate) { in.Contact.Email = "mairie" }, []string{"contact.email email_invalid"}},
		"a header in an address":           {func(in *api.SettingsUpdate) { in.Mail.ReplyTo = "a@b.fr\r\nBcc: c@d.fr" }, []string{"mail.replyTo email_invalid"}},
		"a sender of two lines":            {func(in *api.SettingsUpdate) { in.Mail.SenderName = "Mairie\r\nBcc: a@b.fr" }, []string{"mail.senderName one_line"}},
		"a site without its protocol":      {func(in *api.SettingsUpdate) { in.Contact.Website = "www.saint-aubin.fr" }, []string{"contact.website url_invalid"}},
		"a site that runs a script":        {func(in *api.SettingsUpdate) { in.Contact.Website = "javascript:alert(1)" }, []string{"contact.website url_invalid"}},
		"no terms":                         {func(in *api.SettingsUpdate) { in.Terms.Text = "" }, []string{"terms.text required"}},
		"a text without a version":         {func(in *api.SettingsUpdate) { in.Legal.Version = "" }, []string{"legal.version required"}},
		"another text of the same version": {func(in *api.SettingsUpdate) { in.Privacy.Text += " Et plus." }, []string{"privacy.version version_unchanged"}},
		"a text too long":                  {func(in *api.SettingsUpdate) { in.Terms.Text = strings.Repeat("a", 20_001) }, []string{"terms.text too_long"}},
		"a module that does not exist":     {func(in *api.SettingsUpdate) { in.Modules[5] = "billing" }, []string{"modules[5] module_unknown"}},
		"a module twice":                   {func(in *api.SettingsUpdate) { in.Modules = []string{"family", "family"} }, []string{"modules[1] duplicate"}},
		"a module without what it needs":   {func(in *api.SettingsUpdate) { in.Modules = []string{"family", "requests"} }, []string{"modules[1] module_needs"}},
		"a field that does not exist":      {func(in *api.SettingsUpdate) { in.Fields["guardian.religion"] = "shown" }, []string{"fields.guardian.religion field_unknown"}},
		"a mode that does not exist":       {func(in *api.SettingsUpdate) { in.Fields["guardian.phones.home"] = "secret" }, []string{"fields.guardian.phones.home mode_unknown"}},
		"a needed field hidden":            {func(in *api.SettingsUpdate) { in.Fields["child.identity.lastName"] = "hidden" }, []string{"fields.child.identity.lastName field_needed"}},
		"a section that does not exist":    {func(in *api.SettingsUpdate) { in.Sections["guardian.car"] = "auto" }, []string{"sections.guardian.car section_unknown"}},
		"relations that nobody checks":     {func(in *api.SettingsUpdate) { in.Sections["guardian.relations"] = "auto" }, []string{"sections.guardian.relations decision_needed"}},
		"a decision that does not exist":   {func(in *api.SettingsUpdate) { in.Sections["guardian.phones"] = "nobody" }, []string{"sections.guardian.phones decision_unknown"}},
		"a document that does not exist":   {func(in *api.SettingsUpdate) { in.Documents = []api.NeededDocument{{Type: "baptism"}} }, []string{"documents[0].type type_unknown"}},
		"a document twice":                 {func(in *api.SettingsUpdate) { in.Documents = []api.NeededDocument{{Type: "pai"}, {Type: "pai"}} }, []string{"documents[1] duplicate"}},
		"half an archive agreement": {func(in *api.SettingsUpdate) {
			in.Archive = &api.ArchiveAgreement{Reference: "AD35", SignedOn: "2026-06-30"}
		}, []string{"archive.years required"}},
		"an agreement that is to come": {func(in *api.SettingsUpdate) {
			in.Archive = &api.ArchiveAgreement{Reference: "AD35", SignedOn: "2026-11-24", Years: 5}
		}, []string{"archive.signedOn out_of_range"}},
		"an agreement for ages": {func(in *api.SettingsUpdate) {
			in.Archive = &api.ArchiveAgreement{Reference: "AD35", SignedOn: "2026-11-23", Years: 31}
		}, []string{"archive.years out_of_range"}},
		"a postcode of four figures":       {func(in *api.SettingsUpdate) { in.Postcodes = []string{"35140", "3514"} }, []string{"postcodes[1] postcode_invalid"}},
		"silence for two years":            {func(in *api.SettingsUpdate) { in.Implied.Months = 24 }, []string{"implied.months out_of_range"}},
		"silence that does something else": {func(in *api.SettingsUpdate) { in.Implied.Decision = "maybe" }, []string{"implied.decision unknown_value"}},
		"codes for a day":                  {func(in *api.SettingsUpdate) { in.CodeDays = 1 }, []string{"codeDays out_of_range"}},
		"a logo that is no picture":        {func(in *api.SettingsUpdate) { in.Logo = "data:image/png;base64,UE5H" }, []string{"logo file_type_unknown"}},
		"a logo that is a drawing":         {func(in *api.SettingsUpdate) { in.Logo = "data:image/svg+xml;base64,PHN2Zy8+" }, []string{"logo file_type_unknown"}},
		"a logo that is not encoded":       {func(in *api.SettingsUpdate) { in.Logo = "data:image/png,PNG" }, []string{"logo file_type_unknown"}},
		"another's logo":                   {func(in *api.SettingsUpdate) { in.Logo = "https://example.org/logo.png" }, []string{"logo logo_invalid"}},
		"several, all told at once":        {func(in *api.SettingsUpdate) { in.Contact.Email, in.CodeDays, in.Sections["x"] = "x", 3, "auto" }, []string{"contact.email email_invalid", "codeDays out_of_range", "sections.x section_unknown"}},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), sent(w, manager, c.change)), 400, "invalid_input", c.want...)
		})
	}
}

func TestAColourWithoutContrastIsRefusedWithItsRatioAndAShadeThatDoes(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	reply := town.Send(t, newHandler(), sent(w, manager, func(in *api.SettingsUpdate) { in.Colours = api.Colours{Primary: "#ffd400", Accent: "#1f5c99"} }))
	town.Refused(t, reply, 400, "invalid_input", "colours.primary colour_contrast")
	if !strings.Contains(reply.Response.Body, "contraste de 1,4 pour 1") {
		t.Errorf("told %s", reply.Response.Body)
	}
	shades, _ := reply.Body["suggestions"].(object)
	shade, _ := shades["colours.primary"].(string)
	town.Read[api.Settings](t, newHandler(), sent(w, manager, func(in *api.SettingsUpdate) { in.Colours.Primary = shade }), 200)
}

func emblem(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 60, 20))); err != nil {
		t.Fatal(err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())
}

func TestALogoIsSentOnceAndKeptUntilItIsTakenAway(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	first := town.Read[api.Settings](t, newHandler(), sent(w, manager, func(in *api.SettingsUpdate) { in.Logo = emblem(t) }), 200)
	if !strings.HasPrefix(first.Logo, "/v1/collectivities/"+w.Slug+"/logo?logo=") {
		t.Fatalf("got %q", first.Logo)
	}
	if logo, err := w.Env.Store.PublicLogo(t.Context(), w.Slug); err != nil || logo.Type != "image/png" || !bytes.HasPrefix(logo.Picture, []byte("\x89PNG")) {
		t.Errorf("kept %s, %v", logo.Type, err)
	}
	again := town.Read[api.Settings](t, newHandler(), sent(w, manager, func(in *api.SettingsUpdate) { in.Name = "Saint-Aubin" }), 200)
	if again.Logo != first.Logo {
		t.Errorf("after another change it is %q", again.Logo)
	}
	none := town.Read[api.Settings](t, newHandler(), sent(w, manager, func(in *api.SettingsUpdate) { in.Logo = "" }), 200)
	if none.Logo != "" || history(w)[0].Changed[0] != "logo" {
		t.Errorf("after it was taken away: %q, %+v", none.Logo, history(w)[0])
	}
}

func TestOnlyManagersOfTheWholeTownSetTheSettings(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Manager))), 409, "settings_moved") // the sample saw the first version
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := sent(w, w.Agent(collectivity.Manager), func(in *api.SettingsUpdate) { in.Logo = emblem(t) })
	town.Rights(t, "update-settings")
	town.Read[api.Settings](t, handler(t.Context()), r, 200)
}
