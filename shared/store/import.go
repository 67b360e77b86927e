package store

import (
	"context"
	"errors"
	"time"

	"preau/shared/collectivity"
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
	Stays      []importing.Line `dynamodbav:"-"` // the first of what the last undoing left, and why; kept apart
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
func (c Collectivity) importStaysKey(id string) key     { return key{c.importPK(id), "STAYS"} }
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

// WholeImport reads an import with what agents see at once of its report, and of what its undoing left.
func (c Collectivity) WholeImport(ctx context.Context, id string) (Import, error) {
	i, err := c.Import(ctx, id)
	if err != nil {
		return i, err
	}
	report, _, err := get[importReport](ctx, c.Store, c.importReportKey(id))
	if err != nil {
		return i, err
	}
	stays, _, err := get[importReport](ctx, c.Store, c.importStaysKey(id))
	i.Rows, i.Stays = report.Rows, stays.Rows
	return i, err
}

// Imports lists the tenant's imports, newest first.
func (c Collectivity) Imports(ctx context.Context, cursor string, limit int32) (all []Import, next string, err error) {
	in := c.between(c.importKey("").PK, "0", end)
	in.ScanIndexForward, in.Limit = new(false), &limit
	if in.ExclusiveStartKey, err = readCursor(cursor); err != nil {
		return nil, "", err
	}
	out, err := c.db.Query(ctx, in)
	if err != nil {
		return nil, "", unusable(cursor, err)
	}
	all, err = decodeAll[Import](out.Items)
	return all, writeCursor(out.LastEvaluatedKey), err
}

// ImportWork is what an agent asks to be done with an import.
type ImportWork struct {
	Kind, Title string                       // of the job that does; the title is French
	Key         string                       // the Idempotency-Key, if there is one
	Next        func(Import) (Import, error) // the import as it is while it is worked on, or why it can not be
}

// WorkOnImport takes on the job that an agent asks for. The same key answers the job that it made, as far as it is by now.
func (r AgentRight) WorkOnImport(ctx context.Context, importID string, w ImportWork, now time.Time) (Job, error) {
	i, err := r.Store.Import(ctx, importID)
	if err != nil {
		return Job{}, err
	}
	j := i.Task(r.AskedID(w.Key, now), w.Kind, w.Title, now)
	if i.Job != j.ID {
		if i, err = w.Next(i); err != nil {
			return Job{}, err
		}
	}
	return r.StartImport(ctx, i, j)
}

// StartImport has a job work on an import that was read, which becomes what is given. The same job again is as far as it is by now.
// ErrImportMoved: another agent was first.
func (r AgentRight) StartImport(ctx context.Context, i Import, j Job) (Job, error) {
	again := i.Job == j.ID
	i.Job = j.ID
	if again || j.Kind == JobCheckImport {
		return r.AddJob(ctx, j, r.Store.importWrite(i))
	}
	turn, err := r.Store.importTurn(ctx, i.ID)
	if err != nil {
		return j, err
	}
	if j.Kind == JobApplyImport && turn.Turns != i.Turn {
		return j, errReportOld
	}
	i.Turn++
	if j.Kind == JobUndoImport {
		i.Turn = turn.Turns + 1
	}
	return r.AddJob(ctx, j, r.Store.importWrite(i), r.Store.turnWrite(turn.Turns, importTurn{i.Turn, i.ID, j.ID}))
}

// importWrite writes an import that nobody else has written since it was read.
func (c Collectivity) importWrite(i Import) write {
	seen := i.Rev
	i.Rev++
	return write{put: item(c.importKey(i.ID), importItem{i, i.expires()}), condition: "Rev = :seen", values: values(":seen", seen), or: ErrImportMoved}
}

// SettleImport records what a job came to: the import, and the rows of its report or of what stays, if it made one. An import that another job has by
// now stays as it is: ErrImportMoved.
func (c Collectivity) SettleImport(ctx context.Context, i Import) error {
	writes := []write{c.importWrite(i)}
	if i.Rows != nil {
		writes = append(writes, write{put: item(c.importReportKey(i.ID), importReport{i.Rows, i.expires()})})
	}
	if i.Stays != nil {
		writes = append(writes, write{put: item(c.importStaysKey(i.ID), importReport{i.Stays, i.expires()})})
	}
	if i.State == ImportApplied || i.State == ImportUndone { // what was checked meanwhile saw half of it
		writes = append(writes, write{key: c.turnKey(), update: "ADD Turns :one", values: values(":one", 1)})
	}
	return c.transact(ctx, writes...)
}

// importTurn is which import is, or was last, applied or undone. Its number grows as one begins and as it ends: what was held against the
// town before is out of date, and would make families again that another import has made since.
type importTurn struct {
	Turns       int
	Import, Job string
}

func (c Collectivity) turnKey() key { return key{c.importKey("").PK, "#TURN"} }

// ImportTurn is the number of turns that imports had so far. It is refused while another import has its turn: who looks at the town then
// sees half of what that one makes, and would not be told if it got stuck.
func (c Collectivity) ImportTurn(ctx context.Context, i Import) (int, error) {
	turn, err := c.importTurn(ctx, i.ID)
	return turn.Turns, err
}

// importTurn reads whose turn it is. While it is another's, an import has to wait.
func (c Collectivity) importTurn(ctx context.Context, i string) (importTurn, error) {
	turn, _, err := get[importTurn](ctx, c.Store, c.turnKey())
	if err != nil || turn.Job == "" || turn.Import == i {
		return turn, err
	}
	j, err := c.Job(ctx, turn.Job)
	switch {
	case errors.Is(err, ErrJobUnknown):
		return turn, nil
	case err == nil && !j.Over():
		err = errImportOther
	}
	return turn, err
}

// turnWrite gives the turn to an import, unless another got it meanwhile.
func (c Collectivity) turnWrite(seen int, next importTurn) write {
	w := write{put: item(c.turnKey(), next), condition: isNew, or: errImportOther}
	if seen > 0 {
		w.condition, w.values = "Turns = :seen", values(":seen", seen)
	}
	return w
}

// Over says whether nothing of a job is left to be done.
func (j Job) Over() bool { return j.State == JobDone || j.State == JobFailed }

// UsualMapping is the mapping that the town used last for a sort of import.
func (c Collectivity) UsualMapping(ctx context.Context, of importing.Sort) (importing.Mapping, error) {
	kept, _, err := get[struct{ Mapping importing.Mapping }](ctx, c.Store, c.mappingKey(of))
	return kept.Mapping, err
}

// KeepMapping remembers a mapping for the town's next import of a sort.
func (c Collectivity) KeepMapping(ctx context.Context, of importing.Sort, m importing.Mapping) error {
	return c.apply(ctx, write{put: item(c.mappingKey(of), struct{ Mapping importing.Mapping }{m})})
}

// Directory reads the tenant's families as its directory has them, a page at a time.
func (c Collectivity) Directory(ctx context.Context, take func(Listed) error) error {
	in := c.between(c.familiesPK(), " ", end)
	for {
		out, err := c.db.Query(ctx, in)
		if err != nil {
			return err
		}
		all, err := decodeAll[Listed](out.Items)
		if err != nil {
			return err
		}
		for _, l := range all {
			if err := take(l); err != nil {
				return err
			}
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return nil
		}
	}
}

// What is refused of an import.
var (
	ErrImportUnknown = refusal.New(refusal.NotFound, "import_not_found", "Cet import n’existe pas, ou date de plus de trente jours.")
	ErrImportMoved   = refusal.New(refusal.Conflict, "import_moved", "Cet import vient d’être repris par un autre agent. Voyez où il en est.")
)

// Task is a job that works on the import. Its title is French.
func (i Import) Task(id, kind, title string, now time.Time) Job {
	return Job{ID: id, Kind: kind, Role: collectivity.Manager, Title: title + " : " + i.Name, About: map[string]string{"import": i.ID}, CreatedAt: now}
}

// MayCheck refuses to check an import that something was made of, or that is being worked on; and any while another is applied or undone.
func (c Collectivity) MayCheck(ctx context.Context, i Import, now time.Time) error {
	switch i.State {
	case ImportApplying, ImportApplied, ImportUndoing, ImportUndone:
		return errImportApplied
	case ImportChecking:
		if err := c.idle(ctx, i); err != nil {
			return err
		}
	}
	if !now.Before(i.FileUntil()) {
		return errImportExpired
	}
	_, err := c.importTurn(ctx, i.ID)
	return err
}

// MayApply refuses to apply an import that is not checked, or whose report is not the one that was seen, or was made by other settings;
// and a second one while another is applied or undone. One that was cut short is gone on with.
func (c Collectivity) MayApply(ctx context.Context, i Import, report string, now time.Time) error {
	switch i.State {
	case ImportChecked, ImportApplying:
	case ImportApplied, ImportUndoing, ImportUndone:
		return errImportApplied
	default:
		return errImportUnchecked
	}
	configuration, err := c.Configuration(ctx)
	if err != nil {
		return err
	}
	turn, err := c.importTurn(ctx, i.ID)
	switch {
	case err != nil:
		return err
	case i.State == ImportApplying && i.Turn != turn.Turns:
		return errImportOvertaken
	case i.Report != report || i.State == ImportChecked && (configuration.Version != i.Version || i.Turn != turn.Turns):
		return errReportOld
	case !now.Before(i.FileUntil()):
		return errImportExpired
	}
	return c.alone(ctx, i)
}

// MayUndo refuses to undo an import that was not applied, or was undone.
func (c Collectivity) MayUndo(ctx context.Context, i Import) error {
	switch i.State {
	case ImportApplied, ImportApplying, ImportUndoing:
		return c.alone(ctx, i)
	case ImportUndone:
		return errImportUndone
	}
	return errImportUnapplied
}

// idle refuses an import that a job works on.
func (c Collectivity) idle(ctx context.Context, i Import) error {
	j, err := c.Job(ctx, i.Job)
	if errors.Is(err, ErrJobUnknown) || err == nil && j.Over() {
		return nil
	}
	if err == nil {
		err = errImportBusy
	}
	return err
}

// alone refuses to work on an import while a job works on this one, or changes families by another.
func (c Collectivity) alone(ctx context.Context, i Import) error {
	if i.State != ImportChecked && i.State != ImportApplied {
		if err := c.idle(ctx, i); err != nil {
			return err
		}
	}
	_, err := c.importTurn(ctx, i.ID)
	return err
}

var (
	errImportApplied   = refusal.New(refusal.Conflict, "import_applied", "Cet import est déjà appliqué, ou en cours. Pour importer à nouveau, envoyez le fichier une nouvelle fois.")
	errImportUnchecked = refusal.New(refusal.Conflict, "import_unchecked", "Faites d’abord vérifier le fichier, et corrigez ce qui l’empêche d’être lu.")
	errImportUnapplied = refusal.New(refusal.Conflict, "import_not_applied", "Cet import n’a pas été appliqué : il n’y a rien à annuler.")
	errImportUndone    = refusal.New(refusal.Conflict, "import_undone", "Cet import est déjà annulé.")
	errImportBusy      = refusal.New(refusal.Conflict, "import_busy", "Un traitement de cet import est en cours. Attendez sa fin.")
	errImportOther     = refusal.New(refusal.Conflict, "import_other", "Un autre import est en cours d’application ou d’annulation. Attendez sa fin.")
	errReportOld       = refusal.New(refusal.Conflict, "report_out_of_date", "Ce rapport n’est plus à jour : le fichier a été vérifié à nouveau, un autre import a été appliqué ou annulé, ou les paramètres de la collectivité ont changé. Faites vérifier le fichier à nouveau.")
	errImportOvertaken = refusal.New(refusal.Conflict, "import_overtaken", "Cet import s’était interrompu, et un autre a été appliqué ou annulé depuis. Annulez celui-ci, puis envoyez le fichier à nouveau.")
	errImportExpired   = refusal.New(refusal.Gone, "import_expired", "Le fichier de cet import n’est plus conservé. Envoyez-le à nouveau.")
)
