package invariants

import (
	"fmt"
	"slices"
)

// An Event is what the town declared of some days, and how far it is carried out.
type Event struct {
	Key
	ID, Effect, Phase            string
	Period                       struct{ From, To string }
	Activities, Schools, Classes []string
	CreatedAt, RevokedAt         string
}

// carriedOut is the phase of an event of which nothing is left to be done until it is long over.
const carriedOut = "rest"

func (e Event) revoked() bool { return e.RevokedAt > e.CreatedAt }

// takes says whether an event that was carried out takes the day of any child. Of those at some schools only, the days do not
// say whose they are; what had begun on the day of its declaration stays as it was.
func (e Event) takes(d Day) bool {
	return e.Effect == "cancel" && e.Phase == carriedOut && !e.revoked() && len(e.Schools)+len(e.Classes) == 0 &&
		e.Period.From <= d.Date && d.Date <= e.Period.To && d.Date > e.CreatedAt[:len(d.Date)] &&
		(len(e.Activities) == 0 || slices.Contains(e.Activities, d.Activity))
}

// events: nothing is booked or waits where the town cancelled, and what is cancelled says by which event and keeps its places.
func (t Tenant) events() (broken []string) {
	for _, d := range t.Days {
		if d.State == "cancelled" && (d.Event == "" || !d.Held) {
			broken = append(broken, fmt.Sprintf("%s is cancelled by the event %q and holds its places: %v", d, d.Event, d.Held))
		}
		if !slices.Contains([]string{"booked", "absence_requested", "requested", "waitlisted"}, d.State) {
			continue
		}
		for _, e := range t.Events {
			if e.takes(d) {
				broken = append(broken, fmt.Sprintf("%s is %s, and the event %s cancelled it", d, d.State, e.ID))
			}
		}
	}
	return broken
}
