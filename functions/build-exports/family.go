package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/store"
	"preau/shared/views"
)

// familyExport writes one family's folder, as one of its guardians may see it.
type familyExport struct {
	*exporter
	of         store.FamilyStore
	pasts      []store.Past // families that were merged into it
	household  store.Household
	settings   collectivity.Settings
	activities []collectivity.Activity
	viewer     family.Member
	folder     string
}

func (f familyExport) all(ctx context.Context) error {
	kept, err := f.copies(ctx)
	if err != nil {
		return err
	}
	if err := f.json(f.folder+"dossier.json", f.contents(kept)); err != nil {
		return err
	}
	if err := f.history(ctx); err != nil {
		return err
	}
	return f.bookings(ctx)
}

// mostFile is the largest file that is copied; a document has 10 MB at most.
const mostFile = 32 << 20

// copies copies the photos of the children and the documents that the guardian sees. It answers, by member, under which name each
// lies.
func (f familyExport) copies(ctx context.Context) (kept map[string]string, err error) {
	kept = map[string]string{}
	for _, m := range f.household.Children {
		if name := m.Text("photo", "photo"); name != "" {
			if kept[m.ID], err = f.copy(ctx, f.of.KeptFile(name+views.PhotoLarge), "photos/"+plain(m.Text("identity", "firstName"))+".jpg"); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range f.household.Documents {
		name := m.Text("document", "file")
		if name == "" || !f.seesPaper(m) {
			continue
		}
		label := plain(views.DocumentLabel(m.Text("document", "type")) + " " + f.called(m.Text("document", "about")))
		if kept[m.ID], err = f.copy(ctx, f.of.KeptFile(name), "documents/"+label+path.Ext(name)); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// seesPaper says whether the guardian may open a document.
func (f familyExport) seesPaper(document family.Member) bool {
	return views.SeesDocument(f.household, views.Viewer{Guardian: f.viewer}, document)
}

// copy copies a file of the bucket into the folder, and answers its name there; "": it is lost, and the guide says so.
func (f familyExport) copy(ctx context.Context, key, name string) (as string, err error) {
	e := &entry{archive: f.archive, name: f.folder + name}
	_, err = f.files.Copy(ctx, e, key, mostFile)
	if errors.Is(err, bucket.ErrNotFound) {
		f.guide.missing = append(f.guide.missing, f.folder+name)
		return "", nil
	}
	return strings.TrimPrefix(e.as, f.folder), err
}

// entry is a file that begins with its first byte: one that can not be had leaves no trace.
type entry struct {
	*archive
	name, as string
	w        io.Writer
}

func (e *entry) Write(p []byte) (n int, err error) {
	if e.w == nil {
		if e.w, e.as, err = e.file(e.name); err != nil {
			return 0, err
		}
	}
	return e.w.Write(p)
}

// plain is a text as file names have it.
func plain(text string) string {
	if words := store.Words(text); len(words) > 0 {
		return strings.Join(words, "-")
	}
	return "sans-nom"
}

// called is how a member of the file, or of a child's other household, is called; of a family that was merged, as whom they are
// by now.
func (f familyExport) called(id string) string { return f.household.NameOf(store.Now(f.pasts, id)) }

// everywhere is the family, and those that were merged into it, where their history lies.
func (f familyExport) everywhere() []store.FamilyStore {
	all := []store.FamilyStore{f.of}
	for _, p := range f.pasts {
		all = append(all, p.FamilyStore)
	}
	return all
}

// familyFile is dossier.json.
type familyFile struct {
	ID        string       `json:"dossier"`
	Label     string       `json:"nom"`
	Town      string       `json:"collectivite"`
	Version   int          `json:"version"`
	Confirmed string       `json:"confirmeLe,omitempty"`
	Members   []memberPart `json:"personnesEtDocuments"`
}

type memberPart struct {
	ID       string        `json:"identifiant"`
	Kind     string        `json:"type"`
	Name     string        `json:"nom,omitempty"`
	You      bool          `json:"vous,omitempty"`
	TwoFiles bool          `json:"deuxFoyers,omitempty"`
	File     string        `json:"fichier,omitempty"`
	Sections []sectionPart `json:"rubriques"`
}

type sectionPart struct {
	Name   string      `json:"rubrique"`
	Label  string      `json:"titre"`
	Fields []fieldPart `json:"champs"`
}

type fieldPart struct {
	Name  string `json:"champ"`
	Label string `json:"libelle"`
	Of    string `json:"pour,omitempty"` // the child of a relation
	By    string `json:"par,omitempty"`  // the guardian of a consent
	Value any    `json:"valeur"`
	Text  string `json:"texte,omitempty"` // of what is a code
}

// kinds are the members in French.
var kinds = map[family.Target]string{family.Guardian: "responsable", family.Child: "enfant", family.Contact: "contact", family.Document: "document"}

// contents is the file as the guardian sees it.
func (f familyExport) contents(kept map[string]string) familyFile {
	out := familyFile{
		ID: f.household.ID, Label: f.household.Label, Town: f.settings.Name, Version: f.household.Version, Confirmed: string(f.household.Confirmed), Members: []memberPart{},
	}
	for _, m := range f.household.Members() {
		if m.Target == family.Document && !f.seesPaper(m) {
			continue
		}
		part := memberPart{ID: m.ID, Kind: kinds[m.Target], Name: m.Name(), You: m.ID == f.viewer.ID, TwoFiles: m.Other != "", File: kept[m.ID], Sections: []sectionPart{}}
		for _, s := range family.SectionsOf(m.Target) {
			if fields := f.fields(m, s); len(fields) > 0 {
				part.Sections = append(part.Sections, sectionPart{s.Name, s.Label, fields})
			}
		}
		out.Members = append(out.Members, part)
	}
	return out
}

// fields are what the guardian may see of a member's section: of adults of another household, how they are called.
func (f familyExport) fields(m family.Member, s family.Section) (all []fieldPart) {
	if !family.Sees(f.viewer, m, s) {
		return nil
	}
	near := family.Edits(f.viewer, m, s)
	for _, name := range slices.Sorted(maps.Keys(m.Values[s.Name])) {
		field, known := s.Field(name)
		if known && field.Kind != family.Attached && (near || family.Public(field.Name)) {
			all = append(all, f.field(m, s, field, name))
		}
	}
	return all
}

// field is one field. What is the guardian's own is in full; bank details of another are masked, as on the portal.
func (f familyExport) field(m family.Member, s family.Section, field family.Field, name string) fieldPart {
	value := m.Value(s.Name, name)
	if m.Target == family.Guardian && m.ID != f.viewer.ID {
		value = field.Masked(value)
	}
	part := fieldPart{Name: field.Name, Label: field.Label, Value: value, Text: f.words(field, value)}
	if s.PerID {
		part.Name, part.Of = s.Fields[0].Name, f.called(name)
	}
	if _, guardian, consent := strings.Cut(name, "@"); consent {
		part.By = f.called(guardian)
	}
	return part
}

// words says a value that is a code, or somebody's id.
func (f familyExport) words(field family.Field, value any) string {
	switch field.Kind {
	case family.YesNo, family.Consent:
		return yesNo[field.Masked(value) == true]
	case family.Housemate, family.OfFile:
		id, _ := value.(string)
		return f.called(id)
	case family.Choice:
		code, _ := value.(string)
		return choice(field, code)
	case family.Choices, family.OfChildren:
		var all []string
		list, _ := value.([]any)
		for _, v := range list {
			code, _ := v.(string)
			if field.Kind == family.OfChildren {
				all = append(all, f.called(code))
			} else {
				all = append(all, choice(field, code))
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

var yesNo = map[bool]string{true: "oui", false: "non"}

// one says whether all adults whom the file knows are of the guardian's household, and no court hides one of them from it.
func (f familyExport) one() bool {
	return len(f.household.Others) == 0 && !slices.ContainsFunc(f.household.Guardians, func(g family.Member) bool {
		return g.ID != f.viewer.ID && (g.Sheltered || !family.Near(f.viewer, g))
	})
}

// activity is the name of an activity, and of one of its options.
func (f familyExport) activity(id, option string) (name, optionName string) {
	i := slices.IndexFunc(f.activities, func(a collectivity.Activity) bool { return a.ID == id })
	if i < 0 {
		return id, option
	}
	a := f.activities[i]
	if n := slices.IndexFunc(a.Options, func(o collectivity.Option) bool { return o.ID == option }); n >= 0 {
		option = a.Options[n].Name
	}
	return a.Name, option
}

// enrolmentPart is an entry of inscriptions.json.
type enrolmentPart struct {
	ID       string   `json:"identifiant"`
	Child    string   `json:"enfant"`
	Activity string   `json:"activite"`
	Option   string   `json:"formule,omitempty"`
	From     string   `json:"du"`
	To       string   `json:"au"`
	Weekdays []string `json:"jours,omitempty"`
	Standing bool     `json:"reservationReguliere"`
}

func (f familyExport) enrolment(e booking.Enrolment) enrolmentPart {
	activity, option := f.activity(e.Activity, e.Option)
	out := enrolmentPart{ID: e.ID, Child: f.called(e.Child), Activity: activity, Option: option, From: string(e.Period.From), To: string(e.Period.To), Standing: e.Standing}
	for _, d := range e.Weekdays {
		out.Weekdays = append(out.Weekdays, weekdays[d])
	}
	return out
}
