package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

func (f FamilyStore) dayKey(p booking.Place) key {
	return key{f.pk(), fmt.Sprintf("DAY#%s#%s#%s", p.Date, p.Child, p.Activity)}
}

// dayItem keeps a day's place as its own attributes, beside its key, and no attribute that says nothing: what a booking
// costs to write grows with its size.
type dayItem struct {
	Date                       calendar.Date
	Child, Activity            string
	Option                     string        `dynamodbav:",omitempty"`
	Group                      string        `dynamodbav:",omitempty"` // all ages unless said
	Needs                      []booking.Use `dynamodbav:",omitempty"`
	State                      booking.State
	Request, Absence, Reason   string           `dynamodbav:",omitempty"`
	Late, Due, Justified, Held bool             `dynamodbav:",omitempty"`
	Ranks                      []int            `dynamodbav:",omitempty"`
	Event                      string           `dynamodbav:",omitempty"`
	Presence                   booking.Presence `dynamodbav:",omitempty"`
	Former                     *booking.Former  `dynamodbav:",omitempty"`
	Rev                        int
}

func dayToItem(d booking.Day) dayItem {
	if d.Group == collectivity.AllAges {
		d.Group = ""
	}
	return dayItem{d.Date, d.Child, d.Activity, d.Option, d.Group, d.Needs, d.State, d.Request, d.Absence, d.Reason, d.Late, d.Due, d.Justified, d.Held, d.Ranks, d.Event, d.Presence, d.Former, d.Rev}
}

func (i dayItem) day() booking.Day {
	if i.Group == "" {
		i.Group = collectivity.AllAges
	}
	place := booking.Place{Date: i.Date, Child: i.Child, Activity: i.Activity}
	return booking.Day{
		Place: place, Option: i.Option, Group: i.Group, Needs: i.Needs, State: i.State, Request: i.Request, Absence: i.Absence, Reason: i.Reason,
		Late: i.Late, Due: i.Due, Justified: i.Justified, Held: i.Held, Ranks: i.Ranks, Event: i.Event, Presence: i.Presence, Former: i.Former, Rev: i.Rev,
	}
}

// Days reads what is written between two dates.
func (f FamilyStore) Days(ctx context.Context, p calendar.Period) (map[booking.Place]booking.Day, error) {
	items, err := f.query(ctx, f.pk(), "DAY#"+string(p.From), "DAY#"+string(p.To)+"#"+end)
	if err != nil {
		return nil, err
	}
	return daysOf(items)
}

func daysOf(items []attributes) (map[booking.Place]booking.Day, error) {
	days := make(map[booking.Place]booking.Day, len(items))
	for _, a := range items {
		i, err := decode[dayItem](a)
		if err != nil {
			return nil, err
		}
		days[i.day().Place] = i.day()
	}
	return days, nil
}

// DaysAt reads single days.
func (f FamilyStore) DaysAt(ctx context.Context, places []booking.Place) (map[booking.Place]booking.Day, error) {
	days := map[booking.Place]booking.Day{}
	for len(places) > 0 {
		n := min(len(places), 100)
		var keys []key
		for _, p := range places[:n] {
			keys = append(keys, f.dayKey(p))
		}
		places = places[n:]
		found, err := f.batch(ctx, keys...)
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			i, err := decode[dayItem](a)
			if err != nil {
				return nil, err
			}
			days[i.day().Place] = i.day()
		}
	}
	return days, nil
}

// Planning reads all that decisions on a family's days need, in one round of parallel reads; for a child of two files in a second
// one what the other household has.
func (f FamilyStore) Planning(ctx context.Context, p calendar.Period) (Household, booking.Planning, error) {
	return f.planning(ctx, p, func(Household, *booking.Town, map[booking.Place]booking.Day) error { return nil })
}

// RankedPlanning is Planning with the ranks of waiting days, which it counts in the second round.
func (f FamilyStore) RankedPlanning(ctx context.Context, p calendar.Period) (h Household, planning booking.Planning, ranks map[booking.Place]int, err error) {
	h, planning, err = f.planning(ctx, p, func(_ Household, _ *booking.Town, days map[booking.Place]booking.Day) (err error) {
		ranks, err = f.Ranks(ctx, days)
		return err
	})
	return h, planning, ranks, err
}

// planning reads a planning. then reads, in the second round, what the first one leads to.
func (f FamilyStore) planning(ctx context.Context, p calendar.Period, then func(Household, *booking.Town, map[booking.Place]booking.Day) error) (Household, booking.Planning, error) {
	var (
		household Household
		town      *booking.Town
		days      map[booking.Place]booking.Day
		theirs    map[booking.Place]booking.Day
	)
	err := together(
		func() (err error) { household, err = f.own(ctx); return err },
		func() (err error) { town, err = f.Town(ctx); return err },
		func() (err error) { days, err = f.Days(ctx, p); return err },
	)
	if own := household; err == nil {
		err = f.meet(
			ctx, &household,
			func() (err error) { theirs, err = f.daysElsewhere(ctx, own, p); return err },
			func() error { return then(own, town, days) },
		)
	}
	if err != nil {
		return household, booking.Planning{}, err
	}
	household.elsewhere.Days = theirs
	return household, household.Planning(town, days), nil
}

// Planning is what the household brings to decisions on its days.
func (h Household) Planning(town *booking.Town, days map[booking.Place]booking.Day) booking.Planning {
	p := booking.Planning{Town: town, Resident: h.resident(town.Postcodes), Enrolments: h.Enrolments, Days: days, Elsewhere: h.elsewhere}
	for _, m := range h.Children {
		p.Children = append(p.Children, ChildOf(m, town.Configuration))
	}
	return p
}

// ChildOf is what the rules need to know of a child of a file.
func ChildOf(m family.Member, c Configuration) booking.Child {
	child := booking.Child{ID: m.ID, FirstName: m.Text("identity", "firstName"), Other: m.Other, NotBefore: bookedFrom(m)}
	if born, err := calendar.ParseDate(m.Text("identity", "birthDate")); err == nil {
		child.Born = born
	}
	school, ok := c.SchoolOf(m.Text("school", "school"))
	if ok {
		class, _ := school.ClassOf(m.Text("school", "class"))
		child.School, child.Class = school.ID, class.ID
	}
	return child
}

// resident says whether one of the guardians lives in the town, by the postcode of the address. A town that names none has
// residents only.
func (h Household) resident(postcodes []string) bool {
	return len(postcodes) == 0 || slices.ContainsFunc(h.Guardians, func(g family.Member) bool {
		return slices.Contains(postcodes, g.Text("address", "postcode"))
	})
}

// together runs reads at the same time and answers the first error.
func together(reads ...func() error) error {
	errs := make([]error, len(reads))
	var wait sync.WaitGroup
	for i, read := range reads {
		if i == len(reads)-1 {
			errs[i] = read() // here: this goroutine has a stack of the size that the SDK needs
			break
		}
		wait.Go(func() { errs[i] = read() })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// newest lists items by the local index, latest first, consistently: what was just written is there.
func (f FamilyStore) newest(ctx context.Context, prefix, cursor string, limit int32) ([]attributes, string, error) {
	index, condition, forward, consistent := "byTime", "PK = :pk AND begins_with(#at, :prefix)", false, true
	return f.onePage(ctx, &dynamodb.QueryInput{
		TableName: &f.table, IndexName: &index, KeyConditionExpression: &condition, ScanIndexForward: &forward, ConsistentRead: &consistent,
		Limit: &limit, ExpressionAttributeNames: map[string]string{"#at": "at"},
		ExpressionAttributeValues: values(":pk", f.pk(), ":prefix", prefix),
	}, cursor)
}
