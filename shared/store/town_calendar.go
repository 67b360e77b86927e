package store

import (
	"context"
	"time"

	"preau/shared/schooldays"
)

// SetCalendar writes an agent's calendar of the town's days. ErrMoved: the configuration is no longer the one that the
// agent saw.
func (c Collectivity) SetCalendar(ctx context.Context, seen Configuration, days schooldays.Settings, by string, now time.Time) error {
	return c.transact(
		ctx,
		write{key: c.settingsKey(), update: "SET #calendar = :days", condition: exists, names: map[string]string{"#calendar": "Calendar"}, values: values(":days", days), or: ErrMoved},
		c.moveVersionFrom(seen),
		c.audit(by, "update-calendar", "calendar", now),
	)
}
