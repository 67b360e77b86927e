package views

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/refusal"
)

// Logo is where a town's logo is to be had, on the portal's origin; "": it has none.
func Logo(s collectivity.Settings) string {
	if s.Logo == "" {
		return ""
	}
	return "/v1/collectivities/" + s.Slug + "/logo?logo=" + s.Logo
}

// Settings shows a town's settings to its managers.
func Settings(c collectivity.Configuration) api.Settings {
	s := c.Settings
	out := api.Settings{Version: c.Version, SettingsDocument: settingsDocument(s), Choices: api.SettingsChoices{
		Modules: texts(collectivity.Modules), DocumentTypes: family.DocumentTypes, SenderName: s.Name, ReplyTo: s.Contact.Email,
		TermsSince: Instant(s.TermsSince), Timezone: s.Timezone, MailAddress: s.Mail.Address,
	}}
	for _, section := range family.Sections {
		shown := api.SettingsSection{Name: section.Key(), Label: section.Label}
		for _, f := range section.Fields {
			shown.Fields = append(shown.Fields, api.SettingsField{Name: section.Key() + "." + f.Name, Label: f.Label, Usual: string(f.Usual()), Needed: f.Needed})
		}
		out.Choices.Sections = append(out.Choices.Sections, shown)
	}
	return out
}

// SettingsMoved refuses to write on settings that are no longer those that the agent saw, and shows them.
func SettingsMoved(c collectivity.Configuration) error {
	return refusal.New(refusal.Conflict, "settings_moved", "Les réglages viennent d’être modifiés. Vérifiez-les avant d’enregistrer.").
		With("current", Settings(c))
}

// settingsDocument is what managers set of the settings, each with what is in force.
func settingsDocument(s collectivity.Settings) api.SettingsDocument {
	out := api.SettingsDocument{
		Name: s.Name, FullName: s.FullName, Logo: Logo(s), Colours: api.Colours{Primary: s.Primary, Accent: s.Accent},
		Contact: api.Contact(s.Contact), Mail: api.MailSettings{SenderName: s.Mail.Sender, ReplyTo: s.Mail.ReplyTo, Signature: s.Mail.Signature},
		Terms: api.Text(s.Terms), Privacy: api.Text(s.Privacy), DPO: s.DPO, Legal: api.Text(s.Legal), Accessibility: api.Text(s.Accessibility),
		Modules: append([]string{}, texts(s.Modules)...), Fields: map[string]string{}, Sections: map[string]string{}, Postcodes: s.Postcodes,
		Implied:  api.ImpliedDecision{Decision: impliedDecision(s.Implied), Months: s.Implied.After()},
		CodeDays: int(s.CodeLife().Hours() / 24),
	}
	for _, section := range family.Sections {
		out.Sections[section.Key()] = string(s.Decision(section.Key()))
		for _, f := range section.Fields {
			out.Fields[section.Key()+"."+f.Name] = string(section.Mode(s, f))
		}
	}
	for _, d := range s.Documents {
		out.Documents = append(out.Documents, api.NeededDocument{Type: d.Type, When: string(d.When)})
	}
	if a := s.Archive; a != (collectivity.Archive{}) {
		out.Archive = &api.ArchiveAgreement{Reference: a.Reference, SignedOn: string(a.SignedOn), Years: a.Years}
	}
	return out
}

func impliedDecision(i collectivity.Implied) string {
	if i.Refusal {
		return "refuse"
	}
	return "accept"
}

// SettingsOf reads what a manager has set, but for the logo. Of fields and sections it keeps what is not as usual.
func SettingsOf(in api.SettingsDocument) collectivity.Settings {
	s := collectivity.Settings{
		Name: oneSpace(in.Name), FullName: oneSpace(in.FullName), Primary: in.Colours.Primary, Accent: in.Colours.Accent,
		Contact: collectivity.Contact(in.Contact), Mail: collectivity.Mail{Sender: oneSpace(in.Mail.SenderName), ReplyTo: in.Mail.ReplyTo, Signature: strings.TrimSpace(in.Mail.Signature)},
		Terms: collectivity.Text(in.Terms), Privacy: collectivity.Text(in.Privacy), DPO: in.DPO, Legal: collectivity.Text(in.Legal), Accessibility: collectivity.Text(in.Accessibility),
		Modules: ofTexts[collectivity.Module](in.Modules), Fields: map[string]collectivity.Mode{}, Sections: map[string]collectivity.Decision{}, Postcodes: in.Postcodes,
		Implied: collectivity.Implied{Refusal: in.Implied.Decision == "refuse", Months: in.Implied.Months}, CodeDays: in.CodeDays,
	}
	usual := settingsDocument(collectivity.Settings{})
	for name, mode := range in.Fields {
		if usual.Fields[name] != mode {
			s.Fields[name] = collectivity.Mode(mode)
		}
	}
	for name, d := range in.Sections {
		if usual.Sections[name] != d {
			s.Sections[name] = collectivity.Decision(d)
		}
	}
	for _, d := range in.Documents {
		s.Documents = append(s.Documents, collectivity.DocumentRule{Type: d.Type, When: collectivity.When(d.When)})
	}
	if a := in.Archive; a != nil {
		s.Archive = collectivity.Archive{Reference: a.Reference, SignedOn: calendar.Date(a.SignedOn), Years: a.Years}
	}
	return s
}

// oneSpace is a line with its spaces folded; line breaks stay, to be refused.
func oneSpace(line string) string {
	return strings.Join(strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\u00a0' }), " ")
}

// SettingsChanges are the paths that differ between two settings, as the API has them.
func SettingsChanges(before, after collectivity.Settings) []string {
	return differing("", reflect.ValueOf(settingsDocument(before)), reflect.ValueOf(settingsDocument(after)))
}

func differing(path string, a, b reflect.Value) (paths []string) {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			paths = append(paths, differing(strings.TrimPrefix(path+"."+name, "."), a.Field(i), b.Field(i))...)
		}
		return paths
	case reflect.Map:
		keys := map[string]bool{}
		for _, m := range []reflect.Value{a, b} {
			for _, k := range m.MapKeys() {
				keys[k.String()] = !equal(a.MapIndex(k), b.MapIndex(k))
			}
		}
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			if keys[k] {
				paths = append(paths, path+"."+k)
			}
		}
		return paths
	case reflect.Slice:
		if a.Len() == 0 && b.Len() == 0 {
			return nil
		}
	}
	if !equal(a, b) {
		return []string{path}
	}
	return nil
}

func equal(a, b reflect.Value) bool {
	return a.IsValid() == b.IsValid() && (!a.IsValid() || reflect.DeepEqual(a.Interface(), b.Interface()))
}
