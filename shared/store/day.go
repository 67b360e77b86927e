package store

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
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
	Rev                        int
}

func dayToItem(d booking.Day) dayItem {
	if d.Group == collectivity.AllAges {
		d.Group = ""
	}
	return dayItem{d.Date, d.Child, d.Activity, d.Option, d.Group, d.Needs, d.State, d.Request, d.Absence, d.Reason, d.Late, d.Due, d.Justified, d.Held, d.Ranks, d.Event, d.Presence, d.Rev}
}

func (i dayItem) day() booking.Day {
	if i.Group == "" {
		i.Group = collectivity.AllAges
	}
	place := booking.Place{Date: i.Date, Child: i.Child, Activity: i.Activity}
	return booking.Day{
		Place: place, Option: i.Option, Group: i.Group, Needs: i.Needs, State: i.State, Request: i.Request, Absence: i.Absence, Reason: i.Reason,
		Late: i.Late, Due: i.Due, Justified: i.Justified, Held: i.Held, Ranks: i.Ranks, Event: i.Event, Presence: i.Presence, Rev: i.Rev,
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

// Planning reads all that decisions on a family's days need, in one round of parallel reads.
func (f FamilyStore) Planning(ctx context.Context, p calendar.Period) (Household, Configuration, booking.Planning, error) {
	var (
		household     Household
		configuration Configuration
		days          map[booking.Place]booking.Day
	)
	err := together(
		func() (err error) { household, err = f.Household(ctx); return err },
		func() (err error) { configuration, err = f.Configuration(ctx); return err },
		func() (err error) { days, err = f.Days(ctx, p); return err },
	)
	planning := booking.Planning{Enrolments: household.Enrolments, Activities: configuration.Activities, Days: days, Zone: configuration.Zone()}
	for _, child := range household.Children {
		planning.Children = append(planning.Children, child.ID)
	}
	return household, configuration, planning, err
}

// together runs reads at the same time and answers the first error.
func together(reads ...func() error) error {
	errs := make([]error, len(reads))
	var wait sync.WaitGroup
	for i, read := range reads {
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
	after, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	index, condition, forward, consistent := "byTime", "PK = :pk AND begins_with(#at, :prefix)", false, true
	out, err := f.db.Query(ctx, &dynamodb.QueryInput{
		TableName: &f.table, IndexName: &index, KeyConditionExpression: &condition, ScanIndexForward: &forward, ConsistentRead: &consistent,
		Limit: &limit, ExclusiveStartKey: after, ExpressionAttributeNames: map[string]string{"#at": "at"},
		ExpressionAttributeValues: values(":pk", f.pk(), ":prefix", prefix),
	})
	if err != nil {
		if cursor != "" && refusedKey(err) {
			return nil, "", ErrCursor
		}
		return nil, "", fmt.Errorf("list newest: %w", err)
	}
	return out.Items, writeCursor(out.LastEvaluatedKey), nil
}
