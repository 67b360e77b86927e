package main

import (
	"context"
	"slices"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/store"
	"preau/shared/views"
)

// page is how much of a long list is read at once.
const page = 100

// history writes what became of the file: changes, who of the town read it, what the person did, and what the town noted.
func (f familyExport) history(ctx context.Context) error {
	for _, part := range []struct {
		name string
		each func(context.Context, func(any) error) error
	}{
		{"modifications.json", f.changes}, {"consultations.json", f.consultations}, {"mes-actions.json", f.acts},
	} {
		if err := f.list(f.folder+part.name, func(add func(any) error) error { return part.each(ctx, add) }); err != nil {
			return err
		}
	}
	return f.notes(ctx)
}

// through reads a long list to its end.
func through[T any](read func(cursor string) (all []T, next string, err error), each func(T) error) error {
	for cursor := ""; ; {
		all, next, err := read(cursor)
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := each(one); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

// changePart is an entry of modifications.json.
type changePart struct {
	ID        string        `json:"identifiant"`
	Kind      string        `json:"nature"`
	Member    string        `json:"concerne"`
	Section   string        `json:"rubrique"`
	ByYou     bool          `json:"parVous"`
	CreatedAt string        `json:"demandeeLe"`
	DecidedAt string        `json:"traiteeLe,omitempty"`
	State     string        `json:"etat"`
	Fields    []changedPart `json:"champs"`
}

type changedPart struct {
	Name   string `json:"champ"`
	Label  string `json:"libelle"`
	Old    any    `json:"avant"`
	New    any    `json:"apres"`
	State  string `json:"etat"`
	Reason string `json:"motif,omitempty"`
}

var (
	changeKinds  = map[family.ChangeKind]string{family.Touches: "modification", family.Adds: "ajout", family.Removes: "retrait"}
	changeStates = map[string]string{
		string(family.Pending): "en attente", string(family.Accepted): "acceptée", string(family.Refused): "refusée",
		string(family.Partly): "acceptée en partie", string(family.Withdrawn): "retirée",
	}
)

// changes are those that the guardian may see, newest first.
func (f familyExport) changes(ctx context.Context, add func(any) error) error {
	viewer := views.Viewer{Guardian: f.viewer}
	for _, of := range f.everywhere() {
		err := through(func(cursor string) ([]api.Change, string, error) {
			some, next, err := of.Changes(ctx, cursor, page)
			if err == nil {
				err = f.of.OpenChanges(ctx, some)
			}
			for i := range some {
				some[i].Target = store.Now(f.pasts, some[i].Target)
			}
			return views.Changes(f.household.File, viewer, api.ChangesQuery{}, some), next, err
		}, func(c api.Change) error { return add(f.change(c)) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (f familyExport) change(c api.Change) changePart {
	s, _ := family.SectionOf(family.Target(c.Of), c.Section)
	out := changePart{
		ID: c.ID, Kind: changeKinds[family.ChangeKind(c.Kind)], Member: f.called(c.Target), Section: s.Label, ByYou: c.By == f.viewer.ID,
		CreatedAt: c.CreatedAt, DecidedAt: c.DecidedAt, State: changeStates[c.State], Fields: []changedPart{},
	}
	for _, d := range c.Fields {
		out.Fields = append(out.Fields, changedPart{d.Field, d.Label, d.Old, d.New, changeStates[d.State], d.Reason})
	}
	return out
}

// consultationPart is an entry of consultations.json.
type consultationPart struct {
	At    string   `json:"le"`
	Agent string   `json:"agent"`
	Label string   `json:"action"`
	What  []string `json:"rubriques"`
	Of    []string `json:"personnes"`
}

// consultations are which agents read what the family is told of.
func (f familyExport) consultations(ctx context.Context, add func(any) error) error {
	others := slices.Clone(f.household.Merged)
	for _, o := range f.household.Others {
		others = append(others, o.ID)
	}
	return through(func(cursor string) ([]api.Consultation, string, error) {
		some, next, err := f.of.Consultations(ctx, others, cursor, page)
		return views.Consultations(f.household, f.viewer, some), next, err
	}, func(c api.Consultation) error { return add(consultationPart(c)) })
}

// actPart is an entry of mes-actions.json.
type actPart struct {
	At      string   `json:"le"`
	Action  string   `json:"action"`
	About   string   `json:"objet"`
	Section string   `json:"rubrique,omitempty"`
	Fields  []string `json:"champs,omitempty"`
}

// acts are what the town's audit has of the person at this family: 12 months.
func (f familyExport) acts(ctx context.Context, add func(any) error) error {
	all, err := f.of.Acts(ctx, f.household.Merged, f.me.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		shown := views.AuditRecord(a, nil, nil)
		part := actPart{At: shown.At, Action: shown.Label, About: a.About, Section: a.Section}
		for _, field := range a.Fields {
			part.Fields = append(part.Fields, field.Field)
		}
		if err := add(part); err != nil {
			return err
		}
	}
	return nil
}

// notePart is an entry of notes-de-la-collectivite.json.
type notePart struct {
	At     string `json:"le"`
	Author string `json:"agent"`
	Text   string `json:"texte"`
}

// notes are what agents noted of the family. Where it has several households, a note may tell one of the other: the town gives it,
// after it has looked.
func (f familyExport) notes(ctx context.Context) error {
	_, all, err := f.of.Office(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	if !f.one() {
		f.guide.withheld = append(f.guide.withheld, withheld{f.folder, f.settings.Name, f.settings.DPO})
		return nil
	}
	parts := []notePart{}
	for _, n := range all {
		parts = append(parts, notePart{instant(n.At), n.Author, n.Text})
	}
	return f.json(f.folder+"notes-de-la-collectivite.json", parts)
}
