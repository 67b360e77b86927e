package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/refusal"
)

// reminded is the part of a subscription's item that says how many days ahead its subscriber wants to be reminded of limits;
// 0: not at all. While they do, the subscription is in the queue REMIND#<shard>, due each evening. Whatever ends the
// subscription ends that too.
type reminded struct {
	Subscription
	Remind int
	work
}

func remindQueue(shard int) string { return "REMIND#" + strconv.Itoa(shard) }

// SetReminders has the subscriber reminded some days ahead, the first time at an instant unless they are already, or no more.
func (r FamilyRight) SetReminders(ctx context.Context, days int, first time.Time) error {
	k := subscriptionKey(r.Account.ID, r.Store.id)
	w := write{key: k, update: "REMOVE Remind, #w, workAt", condition: exists, names: map[string]string{"#w": "work"}, or: family.ErrUnknown}
	if days > 0 {
		w.update = "SET Remind = :days, #w = if_not_exists(#w, :queue), workAt = if_not_exists(workAt, :first)"
		w.values = values(":days", days, ":queue", remindQueue(shardOf(k.PK+k.SK)), ":first", stamp(first))
	}
	return r.Store.apply(ctx, w)
}

// Reminders says how many days ahead the subscriber is reminded; 0: not at all.
func (r FamilyRight) Reminders(ctx context.Context) (days int, err error) {
	item, _, err := get[reminded](ctx, r.Store.Store, subscriptionKey(r.Account.ID, r.Store.id))
	return item.Remind, err
}

// A DueReminder names a subscription whose evening has come.
type DueReminder struct {
	s   *Store
	key key
}

// DueReminders lists them, of all tenants, a page at a time. next is "" after the last page.
func (s *Store) DueReminders(ctx context.Context, now time.Time, cursor string) (all []DueReminder, next string, err error) {
	keys, next, err := s.shardPage(ctx, remindQueue, now, cursor)
	for _, k := range keys {
		all = append(all, DueReminder{s, k})
	}
	return all, next, err
}

// Remind has a subscriber told of limits that close soon, if there are any, and is due again the next evening. Both are one
// write: each evening is told once. It says whether there was anything to tell.
func (d DueReminder) Remind(ctx context.Context, now time.Time) (told bool, err error) {
	item, ok, err := get[reminded](ctx, d.s, d.key)
	if err != nil || !ok || item.Work == "" || item.WorkAt > stamp(now) {
		return false, err // the index lags
	}
	f := d.s.collectivity(item.Slug).family(item.Family)
	if asleep, err := f.Asleep(ctx); err != nil || asleep {
		return false, err
	}
	town, err := f.Town(ctx)
	if err != nil {
		return false, err
	}
	until := booking.RemindUntil(now, item.Remind, town.Clock())
	_, closing, err := f.Closing(ctx, now, until)
	if err != nil && refusal.Code(err) != family.ErrUnknown.Code {
		return false, err
	}
	move := d.moveOn(item, booking.NextReminder(now, town.Clock()))
	if len(closing) == 0 {
		err = d.s.apply(ctx, move.once())
	} else {
		account := strings.TrimPrefix(d.key.PK, "ACCOUNT#")
		fact := account + "-" + item.Family + "-" + item.WorkAt // of the evening that it was due on
		err = d.s.transact(ctx, move, newMail(MailLimitsClosing, fact, now, "account", account, "slug", item.Slug, "family", item.Family, "until", stamp(until)))
	}
	if errors.Is(err, errCondition) {
		return false, nil // another process told, or the subscriber has turned it off
	}
	return err == nil && len(closing) > 0, err
}

// moveOn makes the subscription due the next evening, for the process that comes first.
func (d DueReminder) moveOn(seen reminded, next time.Time) write {
	return write{
		key: d.key, update: "SET workAt = :next", condition: "workAt = :due AND #w = :queue", names: map[string]string{"#w": "work"},
		values: values(":next", stamp(next), ":due", seen.WorkAt, ":queue", seen.Work), or: errCondition,
	}
}

// closingAhead is how far ahead the days lie whose limits are looked at: some towns close a school year at its beginning.
const closingAhead = 366

// Closing lists the family's days for which nothing is booked or asked and whose booking limit comes before an instant. Days
// are read only where there are such limits.
func (f FamilyStore) Closing(ctx context.Context, now, until time.Time) (household Household, all []booking.Closing, err error) {
	var town *booking.Town
	err = together(
		func() (err error) { household, err = f.Household(ctx); return err },
		func() (err error) { town, err = f.Town(ctx); return err },
	)
	if err != nil {
		return household, nil, err
	}
	today := calendar.DateOf(now, town.Clock())
	period := calendar.Period{From: today, To: today.AddDays(closingAhead)}
	all = household.Planning(town, nil).Closing(period, now, until)
	if len(all) == 0 {
		return household, nil, nil
	}
	byDate := func(a, b booking.Closing) int { return strings.Compare(string(a.Date), string(b.Date)) }
	period = calendar.Period{From: slices.MinFunc(all, byDate).Date, To: slices.MaxFunc(all, byDate).Date}
	var days, theirs map[booking.Place]booking.Day
	err = together(
		func() (err error) { theirs, err = f.daysElsewhere(ctx, household, period); return err },
		func() (err error) { days, err = f.Days(ctx, period); return err },
	)
	household.elsewhere.Days = theirs
	return household, household.Planning(town, days).Closing(period, now, until), err
}
