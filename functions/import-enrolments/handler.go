package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/enrolment"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle enrols the children of a CSV file, each line for itself, or tells what would become of each: POST
// /v1/collectivities/{slug}/enrolments/import. Sending a file again enrols nobody twice.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.EnrolmentImport) (api.EnrolmentReport, error) {
	report := api.EnrolmentReport{DryRun: in.DryRun, Rows: []api.EnrolmentReportLine{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err != nil {
		return report, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return report, err
	}
	rows, err := enrolment.ReadCSV(in.CSV, configuration)
	if err != nil {
		return report, err
	}
	outcomes, err := enrolment.Enrolling{Right: right, Configuration: configuration, Now: a.now(), Dry: in.DryRun}.Each(ctx, readable(rows))
	if err != nil {
		return report, err
	}
	for _, r := range rows {
		o := enrolment.Outcome{Code: r.Code}
		if r.Code == "" {
			o, outcomes = outcomes[0], outcomes[1:]
		}
		report.Rows = append(report.Rows, line(r, o, in.DryRun))
		if o.Code == "" {
			report.Enrolled++
		} else {
			report.Refused++
		}
	}
	return report, nil
}

// readable are the lines that make sense, in their order.
func readable(rows []enrolment.Row) (asked []enrolment.Asked) {
	for _, r := range rows {
		if r.Code == "" {
			asked = append(asked, r.Asked)
		}
	}
	return asked
}

func line(r enrolment.Row, o enrolment.Outcome, dry bool) api.EnrolmentReportLine {
	out := api.EnrolmentReportLine{Line: r.Line, EnrolmentOutcome: views.EnrolmentOutcome(r.Asked, o)}
	switch {
	case o.Code != "":
	case dry:
		out.Detail = "Peut être inscrit."
	default:
		out.Detail = "Inscrit."
	}
	return out
}
