// Package rollover is the move of a town to its next school year: which level and class each child goes to, who leaves, and which
// enrolments go on. Pure rules: what becomes of a child is the same in the dry run and when it is made so.
package rollover

import (
	"fmt"
	"strconv"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/schooldays"
)

// Year is a school year by the calendar year of its September: 2027 is 2027-2028.
type Year int

func (y Year) String() string { return fmt.Sprintf("%d-%d", int(y), int(y)+1) }

// First and Last are the days of the year, Eve the last one before it.
func (y Year) First() calendar.Date { return calendar.Date(fmt.Sprintf("%04d-09-01", int(y))) }

// Last day of the year, 31 August.
func (y Year) Last() calendar.Date { return (y + 1).Eve() }

// Eve is the last day of the year before.
func (y Year) Eve() calendar.Date { return y.First().AddDays(-1) }

// Around is the school year that a town moves to on a day: that of the September which comes, from March on, or came, until February.
func Around(d calendar.Date) Year {
	year, err := strconv.Atoi(string(d[:4]))
	if err != nil {
		panic(fmt.Sprintf("rollover: %q was never parsed", string(d)))
	}
	if d[5:7] < "03" {
		year--
	}
	return Year(year)
}

// Opens is the day from which on a town may move to the year: the first one of the summer holidays before it, or 1 July where nobody
// knows them. Until then children are in their classes.
func (y Year) Opens(c collectivity.Configuration) calendar.Date {
	july := y.Eve()[:5] + "07-01"
	days, _ := c.Days("")
	if p := days.Period(july.AddDays(30)); p.Kind == schooldays.Summer {
		return p.From
	}
	return july
}

// CheckYear refuses any year but the one that the town moves to on a day.
func (y Year) CheckYear(today calendar.Date) error {
	if next := Around(today); y != next {
		return refusal.OfField("year", "year_wrong", fmt.Sprintf("Le passage qui se prépare est celui à l’année scolaire %s (year : %d).", next, int(next)))
	}
	return nil
}

// CheckOpen refuses to move before the year before is over.
func (y Year) CheckOpen(c collectivity.Configuration, today calendar.Date) error {
	if opens := y.Opens(c); today < opens {
		return refusal.New(refusal.Conflict, "year_not_over", fmt.Sprintf("L’année scolaire %s n’est pas finie : le passage se fait à partir du %s.", y-1, opens.French())).At("year")
	}
	return nil
}
