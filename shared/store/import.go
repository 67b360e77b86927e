package store

import (
	"context"
	"time"

	"preau/shared/importing"
	"preau/shared/refusal"
)

// Import is a file of families, schools or enrolments that an agent brings: sent, checked, applied and perhaps undone. What is long of
// that is jobs; the item says how far it is.
type Import struct {
	ID         string
	Of         importing.Sort
	Name       string // of the file
	By, Author string // the agent's account and name
	CreatedAt  time.Time
	State      ImportState
	Rev        int                // grows with each write
	Job        string             `dynamodbav:",omitempty"` // that works on it, or did last
	Report     string             `dynamodbav:",omitempty"` // the job that made the report in force, and the plan
	Version    int                `dynamodbav:",omitempty"` // of the settings by which it was checked
	Turn       int                `dynamodbav:",omitempty"` // of the town's imports when it was checked, or begun to be made so
	Columns    []ImportColumn     `dynamodbav:",omitempty"`
	Mapping    importing.Mapping  `dynamodbav:",omitempty"`
	Ignored    []string           `dynamodbav:",omitempty"` // fields of the mapping that the town does not ask for
	Overwrite  bool               `dynamodbav:",omitempty"`
	Counts     importing.Counts   // of the report in force
	Repeats    []importing.Repeat `dynamodbav:",omitempty"` // of its notes, what many rows have alike
	Code       string             `dynamodbav:",omitempty"` // why the file was refused
	Detail     string             `dynamodbav:",omitempty"`
	Fields     []refusal.Field    `dynamodbav:",omitempty"`
	AppliedAt  time.Time
	Rows       []importing.Line `dynamodbav:"-"` // the first of the report, worst first; kept apart
}

// ImportColumn is a column of the file, with what stands first in it.
type ImportColumn struct{ Name, Sample string }

// ImportState says how far an import is.
type ImportState string

// The states of an import.
const (
	ImportAwaited  ImportState = "awaited" // the file has not been looked at yet
	ImportChecking ImportState = "checking"
	ImportRefused  ImportState = "refused" // the file, or its mapping, can not be read; it may be checked again
	ImportChecked  ImportState = "checked" // there is a report, and a plan
	ImportApplying ImportState = "applying"
	ImportApplied  ImportState = "applied"
	ImportUndoing  ImportState = "undoing"
	ImportUndone   ImportState = "undone"
)

// The kinds of job that work on imports.
const (
	JobCheckImport = "check-import"
	JobApplyImport = "apply-import"
	JobUndoImport  = "undo-import"
)

// importKeeping is how long an import is kept, and may be undone.
const importKeeping = 30 * 24 * time.Hour

type importItem struct {
	Import
	Expires int64 `dynamodbav:"expires"`
}

// importReport are the rows of a report that agents see at once.
type importReport struct {
	Rows    []importing.Line
	Expires int64 `dynamodbav:"expires"`
}

func (c Collectivity) importKey(id string) key          { return key{c.pk() + "#IMPORTS", id} }
func (c Collectivity) importPK(id string) string        { return c.pk() + "#IMPORT#" + id }
func (c Collectivity) importReportKey(id string) key    { return key{c.importPK(id), "REPORT"} }
func (c Collectivity) mappingKey(of importing.Sort) key { return key{c.pk() + "#MAPPINGS", string(of)} }

// ImportFile is where an agent sends the file to.
func (c Collectivity) ImportFile(id string) string { return c.JobFolder("imports/"+id) + "file" }

// ImportPlan is where a check writes what is to be done.
func (c Collectivity) ImportPlan(job string) string { return c.JobFolder(job) + "plan.jsonl" }

// FileUntil is how long the file and its plan are there, at least.
func (i Import) FileUntil() time.Time { return i.CreatedAt.Add(jobFilesLife) }

// Until is how long the import is kept, and may be undone.
func (i Import) Until() time.Time { return i.CreatedAt.Add(importKeeping) }

func (i Import) expires() int64 { return epoch(i.Until()) }

// AddImport announces a file.
func (r AgentRight) AddImport(ctx context.Context, i Import) (Import, error) {
	i.By, i.Author, i.State = r.Account.ID, r.Agent.Name, ImportAwaited
	return i, r.Store.transact(
		ctx,
		write{put: item(r.Store.importKey(i.ID), importItem{i, i.expires()}), condition: isNew},
		r.Store.audit(i.By, "create-import", "import "+i.ID, i.CreatedAt, string(i.Of)),
	)
}

// Import reads an import, without the rows of its report.
func (c Collectivity) Import(ctx context.Context, id string) (Import, error) {
	i, ok, err := get[Import](ctx, c.Store, c.importKey(id))
	if err == nil && (!ok || !c.clock().Before(i.Until())) {
		err = ErrImportUnknown
	}
	return i, err
}

// ImportRows are the rows of its report that agents see at once.
func (c Collectivity) ImportRows(ctx context.Context, id string) ([]importing.Line, error) {
	report, _, err := get[importReport](ctx, c.Store, c.importReportKey(id))
	return report.Rows, err
}

// Imports lists the tenant's imports, newest first.
func (c Collectivity) Imports(ctx context.Context, cursor string, limit int32) (all []Import, next string, err error) {
	in := c.between(c.importKey("").PK, "0", end)
	in.ScanIndexForward, in.Limit = new(false), &limit
	return pageOf[Import](ctx, c.Store, in, cursor)
}

// importWrite writes an import that nobody else has written since it was read.
func (c Collectivity) importWrite(i Import) write {
	seen := i.Rev
	i.Rev++
	return write{put: item(c.importKey(i.ID), importItem{i, i.expires()}), condition: "Rev = :seen", values: values(":seen", seen), or: ErrImportMoved}
}

// SettleImport records what a job came to: the import, and the rows of its report, if it made one. An import that another job has by
// now stays as it is: ErrImportMoved.
func (c Collectivity) SettleImport(ctx context.Context, i Import) error {
	writes := []write{c.importWrite(i)}
	if i.Rows != nil {
		writes = append(writes, write{put: item(c.importReportKey(i.ID), importReport{i.Rows, i.expires()})})
	}
	if i.State == ImportApplied || i.State == ImportUndone { // what was checked meanwhile saw half of it
		writes = append(writes, write{key: c.turnKey(), update: "ADD Turns :one", values: values(":one", 1)})
	}
	return c.transact(ctx, writes...)
}

// UsualMapping is the mapping that the town used last for a sort of import.
func (c Collectivity) UsualMapping(ctx context.Context, of importing.Sort) (importing.Mapping, error) {
	kept, _, err := get[struct{ Mapping importing.Mapping }](ctx, c.Store, c.mappingKey(of))
	return kept.Mapping, err
}

// KeepMapping remembers a mapping for the town's next import of a sort.
func (c Collectivity) KeepMapping(ctx context.Context, of importing.Sort, m importing.Mapping) error {
	return c.apply(ctx, write{put: item(c.mappingKey(of), struct{ Mapping importing.Mapping }{m})})
}

// What is refused of an import.
var (
	ErrImportUnknown = refusal.New(refusal.NotFound, "import_not_found", "Cet import n’existe pas, ou date de plus de trente jours.")
	ErrImportMoved   = refusal.New(refusal.Conflict, "import_moved", "Cet import vient d’être repris par un autre agent. Voyez où il en est.")
)
