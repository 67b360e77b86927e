package views

import (
	"maps"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/importing"
	"preau/shared/store"
)

// Import shows an import as lists do: without the file's columns and the rows of its report.
func Import(i store.Import) api.Import {
	out := api.Import{
		ID: i.ID, Of: string(i.Of), Name: i.Name, Author: i.Author, CreatedAt: Instant(i.CreatedAt), State: string(i.State),
		Code: i.Code, Detail: i.Detail, Ignored: i.Ignored, Overwrite: i.Overwrite, Report: i.Report, Until: Instant(i.Until()),
	}
	for _, f := range i.Fields {
		out.Errors = append(out.Errors, api.ProblemField{Field: f.Field, Code: f.Code, Detail: f.Detail})
	}
	for _, name := range slices.Sorted(maps.Keys(i.Mapping)) {
		out.Mapping = append(out.Mapping, api.ImportSource{Field: name, Column: i.Mapping[name].Column, Value: i.Mapping[name].Value})
	}
	if i.Report != "" {
		out.Counts = new(importCounts(i.Counts))
	}
	if !i.AppliedAt.IsZero() {
		out.AppliedAt = Instant(i.AppliedAt)
	}
	return out
}

// WholeImport shows an import with its file's columns, the first rows of its report and the job that works on it.
func WholeImport(i store.Import, j *store.Job, now time.Time) api.Import {
	out := Import(i)
	for _, c := range i.Columns {
		out.Columns = append(out.Columns, api.ImportColumn{Name: c.Name, Sample: c.Sample})
	}
	for _, f := range importing.FieldsOf(i.Of) {
		out.Fields = append(out.Fields, api.ImportField{Name: f.Name, Label: f.Label})
	}
	for _, r := range i.Repeats {
		out.Repeats = append(out.Repeats, api.ImportRepeat{ImportNote: importNote(r.Note), Rows: r.Rows})
	}
	for _, l := range i.Rows {
		out.Rows = append(out.Rows, importRow(l))
	}
	for _, l := range i.Stays {
		out.Stays = append(out.Stays, importRow(l))
	}
	if j != nil {
		out.Job = new(Job(*j, now))
	}
	return out
}

// MappingOf is a mapping as agents give it; the last word on a field counts.
func MappingOf(all []api.ImportSource) importing.Mapping {
	m := importing.Mapping{}
	for _, s := range all {
		m[s.Field] = importing.Source{Column: s.Column, Value: s.Value}
	}
	return m
}

func importRow(l importing.Line) api.ImportRow {
	row := api.ImportRow{Line: l.Line, Who: l.Who, Outcome: string(l.Outcome), Notes: []api.ImportNote{}}
	for _, n := range l.Notes {
		row.Notes = append(row.Notes, importNote(n))
	}
	return row
}

func importNote(n importing.Note) api.ImportNote {
	return api.ImportNote{Level: string(n.Level), Code: n.Code, Column: n.Column, Detail: n.Detail}
}

func importCounts(c importing.Counts) api.ImportCounts {
	return api.ImportCounts{
		Rows: c.Rows, Created: c.Created, Updated: c.Updated, Unchanged: c.Unchanged, Left: c.Left, Errors: c.Errors, Warnings: c.Warnings,
		Families: c.NewFamilies, Guardians: c.NewGuardians, Children: c.NewChildren, Enrolments: c.NewEnrolments, Schools: c.NewSchools, Classes: c.NewClasses,
	}
}
