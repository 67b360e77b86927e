package rollover

import (
	"cmp"
	"slices"
	"strconv"

	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/enrolment"
	"preau/shared/family"
	"preau/shared/id"
)

// Renewed is an enrolment that goes on in the new year, or that can not.
type Renewed struct {
	Old, New booking.Enrolment // the new one's id is local: its family is yet to be named
	Code     string            // why it does not; enrolment.Detail says it in French
}

// Renewed are the enrolments that go on, or can not, of a child of whom a move is decided. Of a child of two files whose data lies with the
// other family, that may have been moved already.
func (p Planning) Renewed(m Move, child family.Member, enrolments []booking.Enrolment) []Renewed {
	_, named := p.exceptions[child.ID]
	switch {
	case m.Becomes == Up || m.Becomes == Stays:
		return p.renewals(m.placed(child), enrolments)
	case m.Becomes == Moved && child.Elsewhere && child.Leaving == "" && (named || !p.Only):
		return p.renewals(child, enrolments)
	}
	return nil
}

// placed is a child as it is once it has moved: what an activity asks of its school is asked of the new one.
func (m Move) placed(child family.Member) family.Member {
	values := map[string]map[string]any{}
	for section, fields := range child.Values {
		values[section] = fields
	}
	values["school"] = map[string]any{"school": m.To.School.Name, "class": m.To.Class.Name, "level": string(m.To.Level)}
	child.Values = values
	return child
}

// renewals are the enrolments of a child, as it is placed in the new year, that go on: those that lasted until the end of the old
// one, at the activities that were chosen. What the family has there already stays as it is.
func (p Planning) renewals(placed family.Member, enrolments []booking.Enrolment) (all []Renewed) {
	others := slices.Clone(enrolments)
	enrolments = slices.Clone(enrolments)
	slices.SortStableFunc(enrolments, func(a, b booking.Enrolment) int { return cmp.Compare(b.Period.To, a.Period.To) })
	for _, r := range p.Activities {
		a, _ := p.town.Activity(r.Activity)
		for _, old := range enrolments {
			if old.Child != placed.ID || old.Activity != r.Activity || !p.lasted(old) {
				continue
			}
			one := p.renew(a, r, old)
			one.Code = enrolment.Refuses(p.town, placed, others, one.New)
			if one.Code == "already_enrolled" {
				continue
			}
			if one.Code == "" {
				others = append(others, one.New)
			}
			all = append(all, one)
		}
	}
	return all
}

// lasted says whether an enrolment was there in the last three months of the old year: one that ended before was given up.
func (p Planning) lasted(e booking.Enrolment) bool {
	return e.Period.From <= p.Year.Eve() && e.Period.To >= p.Year.Eve().AddDays(1).AddMonths(-3)
}

func (p Planning) renew(a collectivity.Activity, r Renewal, old booking.Enrolment) Renewed {
	next := old
	next.ID = id.Derived("rollover", strconv.Itoa(int(p.Year)), old.ID)
	next.Period = p.Year.Of(a, r.Period)
	return Renewed{Old: old, New: next}
}

// Ends are the enrolments of who leaves that reach into the new year, as they end with the old one.
func (p Planning) Ends(child string, enrolments []booking.Enrolment) (all []booking.Enrolment) {
	for _, e := range enrolments {
		if e.Child == child && e.Period.From <= p.Year.Eve() && e.Period.To > p.Year.Eve() {
			e.Period.To = p.Year.Eve()
			all = append(all, e)
		}
	}
	return all
}
