package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/collectivity"
	"preau/shared/family"
)

// Family reaches a family of the job's town.
func (d DueJob) Family(id string) FamilyStore { return d.Town.family(id) }

// FamiliesAfter lists the tenant's families in the order of their ids, behind one of them, at most so many. Those that were merged
// into another are not among them.
func (c Collectivity) FamiliesAfter(ctx context.Context, id string, most int32) (ids []string, err error) {
	in := c.between(c.familiesPK(), id+" ", end)
	in.Limit, in.ProjectionExpression = &most, new("PK, SK")
	out, err := c.db.Query(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("list families: %w", err)
	}
	for _, a := range out.Items {
		ids = append(ids, keyOf(a).SK)
	}
	return ids, nil
}

// CountFamilies counts the tenant's families.
func (c Collectivity) CountFamilies(ctx context.Context) (n int, err error) {
	in := c.between(c.familiesPK(), " ", end)
	in.Select = types.SelectCount
	for {
		out, err := c.db.Query(ctx, in)
		if err != nil {
			return 0, fmt.Errorf("count families: %w", err)
		}
		n += int(out.Count)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return n, nil
		}
	}
}

// FamiliesOf lists the families with a child in a class of a school, or in the school: class nil. Of a child of two files both.
func (c Collectivity) FamiliesOf(ctx context.Context, school collectivity.School, class *collectivity.Class) ([]string, error) {
	pupils, err := c.pupilsOf(ctx, school, class)
	if err != nil {
		return nil, err
	}
	keys := make([]key, len(pupils))
	for i, p := range pupils {
		keys[i] = c.family(p.Family).childKey(p.Child)
	}
	found, err := c.gather(ctx, keys)
	var ids []string
	for i, p := range pupils {
		ids = append(ids, p.Family)
		if item, ok := found[keys[i]]; ok {
			ids = append(ids, textOf(item["Other"]))
		}
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" }), err
}

func (c Collectivity) pupilsOf(ctx context.Context, school collectivity.School, class *collectivity.Class) (all []Pupil, err error) {
	if class != nil {
		return c.Pupils(ctx, school, *class)
	}
	for _, name := range school.Names() {
		some, err := c.pupilsUnder(ctx, folded(name)+"#")
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// HouseholdOf reads the household of a guardian, and how they are called in it: a family that was merged into another is followed
// there. ErrUnknown: there is none any more.
func (c Collectivity) HouseholdOf(ctx context.Context, familyID, guardian string) (h Household, as string, err error) {
	f := c.family(familyID)
	for range mostMerges {
		if h, err = f.Household(ctx); !errors.Is(err, family.ErrUnknown) {
			return h, guardian, err
		}
		into, as, moved, failed := f.merged(ctx, guardian)
		if failed != nil || !moved {
			return h, guardian, errors.Join(failed, err)
		}
		f, guardian = into, as
	}
	return h, guardian, err
}
