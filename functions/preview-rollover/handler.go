package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/rollover"
	"preau/shared/sheet"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// most is how many children are listed: 5,000 are 3 MB, half of what a function may answer.
const most = 5000

// handle says what the move to a school year would bring: POST /v1/collectivities/{slug}/schools/rollover/preview. It decides as the job does that
// makes it so, and writes nothing.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RolloverPreview) (api.Rollover, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Rollover{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return api.Rollover{}, err
	}
	choices := views.RolloverChoicesOf(in.RolloverChoices)
	if err := choices.Year.CheckYear(calendar.DateOf(a.now(), configuration.Zone())); err != nil {
		return api.Rollover{}, err
	}
	if err := choices.Check(configuration); err != nil {
		return api.Rollover{}, err
	}
	return preview(ctx, right, configuration, choices)
}

// preview goes through all children of the town.
func preview(ctx context.Context, right store.AgentRight, c store.Configuration, ch rollover.Choices) (api.Rollover, error) {
	children, enrolments, err := read(ctx, right.Store, c)
	if err != nil {
		return api.Rollover{}, err
	}
	if err := ch.CheckChildren(func(family, child string) bool {
		return slices.ContainsFunc(children, func(t store.TownChild) bool { return t.Family == family && t.ID == child })
	}); err != nil {
		return api.Rollover{}, err
	}
	earlier, _, err := right.Store.Rollover(ctx, int(ch.Year))
	if err != nil {
		return api.Rollover{}, err
	}
	own, err := right.Own(ctx)
	if err != nil {
		return api.Rollover{}, err
	}
	r := report{planning: rollover.New(c, ch, own), enrolments: enrolments}
	r.out = api.Rollover{
		Year: int(ch.Year), Opens: string(ch.Year.Opens(c)), Job: earlier.Job,
		Classes: []api.RolloverClassCount{}, Activities: r.chosen(c), Children: []api.RolloverMove{},
	}
	for _, child := range children {
		r.add(child)
	}
	return r.sorted(), nil
}

// read are all children of the town, and their enrolments by family.
func read(ctx context.Context, town store.Collectivity, c store.Configuration) (children []store.TownChild, enrolments map[string][]booking.Enrolment, err error) {
	enrolments = map[string][]booking.Enrolment{}
	found := make([][]store.Enrolled, len(c.Activities))
	err = store.Each(len(c.Activities)+1, func(i int) (err error) {
		if i == len(c.Activities) {
			children, err = town.Everybody(ctx)
			return err
		}
		found[i], err = town.Enrolled(ctx, c.Activities[i].ID, calendar.Period{From: "2000-01-01", To: "2199-12-31"})
		return err
	})
	for _, e := range slices.Concat(found...) {
		enrolments[e.Family] = append(enrolments[e.Family], e.Enrolment)
	}
	return children, enrolments, err
}

// report gathers what becomes of children.
type report struct {
	planning   rollover.Planning
	enrolments map[string][]booking.Enrolment // by family
	out        api.Rollover
}

// chosen are the activities whose enrolments go on.
func (r *report) chosen(c store.Configuration) []api.RolloverActivityCount {
	all := []api.RolloverActivityCount{}
	for _, choice := range r.planning.Activities {
		a, _ := c.Activity(choice.Activity)
		p := r.planning.Year.Of(a, choice.Period)
		all = append(all, api.RolloverActivityCount{Activity: a.ID, Name: a.Name, From: string(p.From), To: string(p.To)})
	}
	return all
}

// add counts and lists a child. One of two files is listed in the one that it lies in, and its enrolments count in both.
func (r *report) add(c store.TownChild) {
	mine := r.enrolments[c.Family]
	move := r.planning.Child(c.Family, c.Member, mine)
	if move.Becomes == rollover.Apart {
		return
	}
	renewed := r.planning.Renewed(move, c.Member, mine)
	r.count(renewed)
	if c.Elsewhere {
		return
	}
	*r.counter(move.Becomes)++
	r.class(move)
	r.out.Children = append(r.out.Children, views.RolloverMove(c, move, renewed))
}

func (r *report) count(renewed []rollover.Renewed) {
	for _, one := range renewed {
		i := slices.IndexFunc(r.out.Activities, func(a api.RolloverActivityCount) bool { return a.Activity == one.New.Activity })
		if one.Code == "" {
			r.out.Activities[i].Renewed++
		} else {
			r.out.Activities[i].Refused++
		}
	}
}

func (r *report) counter(b rollover.Becomes) *int {
	n := &r.out.Counts
	return map[rollover.Becomes]*int{rollover.Up: &n.Up, rollover.Stays: &n.Stays, rollover.Leaves: &n.Leaves, rollover.Left: &n.Left, rollover.Moved: &n.Moved}[b]
}

// class counts a child of its class, by where it goes.
func (r *report) class(m rollover.Move) {
	from, to := views.SchoolPlace(m.From), views.SchoolPlace(m.To)
	i := slices.IndexFunc(r.out.Classes, func(c api.RolloverClassCount) bool { return c.From == from })
	if i < 0 {
		i = len(r.out.Classes)
		r.out.Classes = append(r.out.Classes, api.RolloverClassCount{From: from})
	}
	k := &r.out.Classes[i]
	k.Children++
	g := slices.IndexFunc(k.Goals, func(g api.RolloverGoal) bool { return g.Becomes == string(m.Becomes) && g.To == to })
	if g < 0 {
		g = len(k.Goals)
		k.Goals = append(k.Goals, api.RolloverGoal{Becomes: string(m.Becomes), To: to})
	}
	k.Goals[g].Children++
}

// sorted is the report with who is left to an agent first, then class by class.
func (r *report) sorted() api.Rollover {
	place := func(a, b api.SchoolPlace) int {
		return cmp.Or(sheet.Compare(a.SchoolName, b.SchoolName), sheet.Compare(a.ClassName, b.ClassName), strings.Compare(a.Level, b.Level))
	}
	slices.SortFunc(r.out.Classes, func(a, b api.RolloverClassCount) int { return place(a.From, b.From) })
	slices.SortFunc(r.out.Children, func(a, b api.RolloverMove) int {
		return cmp.Or(
			urgency(a)-urgency(b), place(a.From, b.From),
			sheet.Compare(a.LastName, b.LastName), sheet.Compare(a.FirstName, b.FirstName), strings.Compare(a.Child, b.Child),
		)
	})
	if n := len(r.out.Children); n > most {
		r.out.Children, r.out.More = r.out.Children[:most], n-most
	}
	return r.out
}

// urgency says who is listed first: who needs an agent.
func urgency(m api.RolloverMove) int {
	switch {
	case m.Becomes == string(rollover.Left):
		return 0
	case len(m.Refused) > 0:
		return 1
	}
	return 2
}
