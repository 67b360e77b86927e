package store

import (
	"context"
	"errors"
	"time"

	"preau/shared/collectivity"
	"preau/shared/refusal"
)

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

// Task is a job that works on the import. Its title is French.
func (i Import) Task(id, kind, title string, now time.Time) Job {
	return Job{ID: id, Kind: kind, Role: collectivity.Manager, Title: title + " : " + i.Name, About: map[string]string{"import": i.ID}, CreatedAt: now}
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
