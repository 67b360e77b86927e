package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/refusal"
	"preau/shared/store"
)

// exporter writes one person's export.
type exporter struct {
	app
	*archive
	me      account.Account
	guide   guide // what LISEZMOI.txt says
	folders map[string]bool
}

// all writes everything: the account, then family after family, at last what explains it.
func (x *exporter) all(ctx context.Context, subs []store.Subscription) error {
	if err := x.account(ctx, subs); err != nil {
		return err
	}
	for _, sub := range subs {
		if err := x.family(ctx, sub); err != nil {
			return err
		}
	}
	w, _, err := x.file("LISEZMOI.txt")
	if err == nil {
		err = x.guide.write(w)
	}
	if err != nil {
		return err
	}
	return x.zip.Close()
}

// family writes what the person may see of a family, by the very right that the portal asks for.
func (x *exporter) family(ctx context.Context, sub store.Subscription) error {
	right, err := x.store.LeaveOf(ctx, account.CallerOf(x.me.User, false), sub.Family)
	if suspended(err) {
		x.guide.suspended = append(x.guide.suspended, sub.Slug)
		return nil
	}
	if err != nil {
		return void(err)
	}
	household, err := right.Store.SealedHousehold(ctx)
	if err != nil {
		return void(err)
	}
	viewer, ok := household.Member(right.Guardian)
	if !ok || viewer.Barred {
		return store.ErrExportVoid
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return err
	}
	pasts, err := right.Store.Pasts(ctx, household)
	if err != nil {
		return err
	}
	folder := x.folder(sub.Slug, household.Label)
	x.guide.families = append(x.guide.families, folder+" : "+household.Label+", "+configuration.Name)
	f := familyExport{x, right.Store, pasts, household, configuration.Settings, configuration.Activities, viewer, folder}
	return f.all(ctx)
}

// suspended says whether a town's portal is closed to everybody.
func suspended(err error) bool { return refusal.Code(err) == collectivity.ErrSuspended.Code }

// void tells a right that ended meanwhile from a fault.
func void(err error) error {
	if errors.Is(err, family.ErrUnknown) || errors.Is(err, account.ErrSessionEnded) {
		return store.ErrExportVoid
	}
	return err
}

// folder names the folder of a family: saint-aubin-martin.
func (x *exporter) folder(slug, label string) string {
	name := strings.Join(append([]string{slug}, store.Words(label)...), "-")
	for x.folders[name] {
		name += "-bis"
	}
	x.folders[name] = true
	return name + "/"
}

// instant is how the export writes times; none is empty.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
