package store

import (
	"context"
	"fmt"
	"time"

	"preau/shared/collectivity"
)

// SaveSchool writes a school of the tenant whatever is there, as onboarding does.
func (c Collectivity) SaveSchool(ctx context.Context, s collectivity.School) error {
	s.Version++
	return c.transact(ctx, write{put: item(c.schoolKey(s.ID), s)}, c.moveVersion())
}

// SetSchool writes an agent's new or edited school, which was checked against a configuration, and answers it with its new
// version. ErrMoved: the configuration is another by now.
func (c Collectivity) SetSchool(ctx context.Context, seen Configuration, s collectivity.School, by string, now time.Time) (collectivity.School, error) {
	action, condition := written("school", s.Version)
	s.Version++
	err := c.transact(
		ctx,
		write{put: item(c.schoolKey(s.ID), s), condition: condition, or: ErrMoved},
		c.moveVersionFrom(seen),
		c.audit(by, action, "school "+s.ID, now, fmt.Sprint("version ", s.Version)),
	)
	return s, err
}
