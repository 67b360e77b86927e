package main

import (
	"context"
	"slices"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/store"
)

// sitting is all that a call decides of one request.
type sitting struct {
	request   string
	decisions []*decision
	held      string                          // the mail that tells of what is written, if nothing more is
	sees      func(family, child string) bool // the agent
}

// decision is one of a call, and what became of it.
type decision struct {
	api.RequestDecision
	tried    map[int]bool // lines
	open     bool         // lines are left to it
	foreign  string       // why it is not about lines that it names, if they are not the agent's
	outcomes *[]api.Outcome
}

// decide takes the decisions on a request, write by write, and answers the outcome of each day that they are about.
func (a app) decide(ctx context.Context, right store.AgentRight, town *booking.Town, s *sitting) error {
	for {
		done, err := a.decideSome(ctx, right, town, s)
		switch code := refusal.Code(err); {
		case code != "" && code != store.ErrMoved.Code:
			s.end(code) // what is decided stays told
			return nil
		case err != nil:
			return err
		case done:
			s.end("")
			return nil
		}
	}
}

// decideSome decides as many days as one write holds, anew when the parent or another agent writes at the same time. It is
// done when there are none left.
func (a app) decideSome(ctx context.Context, right store.AgentRight, town *booking.Town, s *sitting) (done bool, err error) {
	f := right.Family(store.FamilyIn(s.request))
	err = store.Again(ctx, func() error {
		stored, err := f.Request(ctx, s.request)
		if err != nil {
			return err
		}
		if err := s.look(ctx, right, stored.Request); err != nil {
			return err
		}
		lines, by, more := s.next(stored.Request, right.Agent)
		if done = len(lines) == 0; done {
			return nil
		}
		d := store.Decisions{Lines: map[int]store.Verdict{}, Overbook: by[lines[0]].Overbook, Agent: right.Account.ID, More: more, Held: s.held}
		for _, i := range lines {
			d.Lines[i] = store.Verdict{Accept: by[i].Decision == "accept", Reason: by[i].Reason}
		}
		decided, err := f.DecideRequest(ctx, stored, d, town, a.now())
		if err != nil {
			return err
		}
		s.held = decided.Held
		for _, i := range lines {
			by[i].note(decided, i)
		}
		return nil
	})
	return done, err
}

// look learns which of the request's children the agent sees.
func (s *sitting) look(ctx context.Context, right store.AgentRight, r booking.Request) (err error) {
	if s.sees != nil {
		return nil
	}
	var children []store.FamilyPlace
	for _, i := range r.Items {
		children = append(children, store.FamilyPlace{Family: store.FamilyIn(s.request), Place: booking.Place{Child: i.Child}})
	}
	s.sees, err = right.ChildScope(ctx, children)
	return err
}

// next are the lines that one write decides, by which decisions, and whether more are left: of each line that waits, the
// first decision that is about it and was not tried on it yet. What counts the places of a slot in its own way is a write of
// its own: taking those that are not there, and moving children who wait for one.
func (s *sitting) next(r booking.Request, agent collectivity.Agent) (lines []int, by map[int]*decision, more bool) {
	by = map[int]*decision{}
	for _, d := range s.decisions {
		d.open = false
	}
	var all []int
	for _, i := range r.PendingLines("", "", "") {
		if d := s.on(r.Lines[i], i, agent); d != nil {
			by[i], d.open = d, true
			all = append(all, i)
		}
	}
	for _, i := range all {
		first := all[0]
		if by[i].Overbook == by[first].Overbook && waits(r.Lines[i]) == waits(r.Lines[first]) {
			lines = append(lines, i)
		}
	}
	lines = store.Fitting(r, lines)
	return lines, by, len(lines) < len(all)
}

func waits(l booking.Line) bool { return l.State == booking.Waitlisted }

// on is the decision to be tried on a line, or nil.
func (s *sitting) on(l booking.Line, i int, agent collectivity.Agent) *decision {
	for _, d := range s.decisions {
		switch {
		case d.tried[i] || !d.about(l):
		case !agent.Sees(l.Activity) || d.Overbook && !seesNeeds(agent, l):
			d.foreign = "activity_not_yours"
		case !s.sees(store.FamilyIn(s.request), l.Child):
			d.foreign = "child_not_yours"
		default:
			return d
		}
	}
	return nil
}

// seesNeeds says whether the places that a day takes elsewhere, as a meal's, are of the agent's scope too: overbooking would
// take them even where there are none.
func seesNeeds(agent collectivity.Agent, l booking.Line) bool {
	return !slices.ContainsFunc(l.Needs, func(u booking.Use) bool { return !agent.Sees(u.Activity) })
}

func (d *decision) about(l booking.Line) bool {
	return (d.Date == "" || l.Date == calendar.Date(d.Date)) && (d.Child == "" || l.Child == d.Child) && (d.Activity == "" || l.Activity == d.Activity)
}

// note keeps what became of a line.
func (d *decision) note(r store.Decided, i int) {
	d.tried[i] = true
	l, code := r.Lines[i], r.Codes[i]
	*d.outcomes = append(*d.outcomes, api.Outcome{
		ID: r.ID, Date: string(l.Date), Child: l.Child, Activity: l.Activity, State: string(l.State), Code: code, Detail: booking.Detail(code),
	})
}

// end gives decisions their last outcome: those that were cut off by a refusal, and those that found nothing to decide.
func (s *sitting) end(code string) {
	for _, d := range s.decisions {
		switch {
		case code != "" && (d.open || len(*d.outcomes) == 0):
			*d.outcomes = append(*d.outcomes, refused(d.RequestDecision, code))
		case len(*d.outcomes) > 0:
		case d.foreign != "":
			*d.outcomes = append(*d.outcomes, refused(d.RequestDecision, d.foreign))
		default:
			*d.outcomes = append(*d.outcomes, refused(d.RequestDecision, "nothing_pending"))
		}
	}
}
