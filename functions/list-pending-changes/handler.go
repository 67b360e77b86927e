package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	files *files.Files
	now   func() time.Time
}

const page = 25

// handle lists what waits for agents: GET /v1/collectivities/{slug}/changes. Of sections that the agent has no right to, they see
// that something waits, not what. That they read what is sealed is recorded before they do, for the family to see. What waits of
// families that they may not open is left out.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.PendingQuery) (api.List[api.PendingChange], error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.List[api.PendingChange]{}, err
	}
	queue, next, err := right.Store.QueuedChanges(ctx, in.Cursor, page)
	if err != nil {
		return api.List[api.PendingChange]{}, err
	}
	opens, err := right.Opens(ctx, families(queue), a.now())
	if err != nil {
		return api.List[api.PendingChange]{}, err
	}
	queue = slices.DeleteFunc(queue, func(q store.QueuedChange) bool { return !opens[q.Family] })
	list, read := api.List[api.PendingChange]{Items: []api.PendingChange{}, Cursor: next}, map[string]*views.Reading{}
	for _, q := range queue {
		shown := api.PendingChange{Change: views.Change(q.Change), Family: q.Family, Label: q.Label, Member: cmp.Or(q.Member.Name(), q.Whose)}
		if section, _ := q.About(); family.AgentSees(right.Agent, q.Member, section) {
			shown.Decides = family.AgentDecides(right.Agent, q.Member, section)
			shown.About, shown.Names = views.SectionOf(q.Change), q.Names
			if err := views.WithFiles(ctx, a.files, right.Store, a.now(), &shown.Change, q.Change); err != nil {
				return list, err
			}
		} else {
			shown.Change, shown.About = views.Hidden(shown.Change), api.Section{Target: string(section.Target), Name: section.Name, Label: section.Label, Fields: []api.Field{}}
		}
		list.Items = append(list.Items, shown)
		if read[q.Family] == nil {
			read[q.Family] = &views.Reading{}
		}
		read[q.Family].Changes(of(q.Member), right.Agent, []family.Change{q.Change})
	}
	return list, a.consulted(ctx, right, read)
}

func families(queue []store.QueuedChange) (ids []string) {
	for _, q := range queue {
		ids = append(ids, q.Family)
	}
	return ids
}

// of is a file of one member.
func of(m family.Member) (file family.File) {
	file.Add(m)
	return file
}

// consulted records what was read of each family.
func (a app) consulted(ctx context.Context, right store.AgentRight, read map[string]*views.Reading) error {
	all := map[string]store.Read{}
	for id, r := range read {
		maps.Copy(all, r.Families(id))
	}
	return right.Consulted(ctx, "list-pending-changes", all, a.now())
}
