package store

import (
	"context"
	"errors"
	"slices"

	"preau/shared/collectivity"
)

// SetSchoolImported writes a school as an import has it. ErrMoved: the configuration is another by now.
func (c Collectivity) SetSchoolImported(ctx context.Context, act Acted, seen Configuration, s collectivity.School, m Imported) error {
	action, condition := written("school", s.Version)
	if before, known := seen.School(s.ID); known {
		m.Before = &before
	} else {
		m.Created = true
	}
	s.Version++
	m.Thing, m.Version = "S#"+s.ID, s.Version
	err := c.transact(
		ctx,
		c.imported(act.Import, m),
		write{put: item(c.schoolKey(s.ID), s), condition: condition, or: ErrMoved},
		c.moveVersionFrom(seen),
		c.audit(act.By, action, "school "+s.ID, act.Now, "import "+act.ID),
	)
	if errors.Is(err, errMade) {
		return nil
	}
	return err
}

func (c Collectivity) touchedSchool(ctx context.Context, m Imported, id string) (string, error) {
	set, err := c.Configuration(ctx)
	if err != nil {
		return "", err
	}
	s, known := set.School(id)
	if !known || s.Version != m.Version {
		return "L’école a été modifiée depuis.", nil
	}
	if m.Created && slices.ContainsFunc(set.Activities, func(a collectivity.Activity) bool { return slices.Contains(a.Schools, id) }) {
		return "Une activité est réservée à cette école.", nil
	}
	for _, class := range s.Classes {
		if m.Before != nil && slices.ContainsFunc(m.Before.Classes, func(b collectivity.Class) bool { return b.ID == class.ID }) {
			continue
		}
		pupils, err := c.Pupils(ctx, s, class)
		if err != nil || len(pupils) > 0 {
			return "La classe « " + class.Name + " » a des enfants.", err
		}
	}
	if !m.Created {
		return "", nil
	}
	pupils, err := c.pupilsOf(ctx, s, nil)
	if len(pupils) > 0 {
		return "L’école a des enfants.", err
	}
	return "", err
}

func (c Collectivity) undoSchool(ctx context.Context, act Acted, m Imported, id string) error {
	if why, err := c.touchedSchool(ctx, m, id); err != nil || why != "" {
		return errors.Join(err, ErrMoved)
	}
	seen, err := c.Configuration(ctx)
	if err != nil {
		return err
	}
	school := write{key: c.schoolKey(id), delete: true, condition: "Version = :seen", values: values(":seen", m.Version), or: ErrMoved}
	if m.Before != nil {
		before := *m.Before
		before.Version = m.Version + 1
		school.put, school.delete = item(c.schoolKey(id), before), false
	}
	return c.transact(ctx, school, c.unmade(act.Import, m), c.moveVersionFrom(seen), c.audit(act.By, "undo-import", "school "+id, act.Now, "import "+act.ID))
}
