package main

import (
	"context"
	"slices"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

const page = 50

// handle lists what waits for agents, of the activities and schools in their scope, but of their own family:
// GET /v1/collectivities/{slug}/requests.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.PendingRequestsQuery) (api.List[api.PendingRequest], error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.List[api.PendingRequest]{}, err
	}
	queue, next, err := right.Store.QueuedRequests(ctx, in.Cursor, page)
	if err != nil {
		return api.List[api.PendingRequest]{}, err
	}
	sees, err := right.ChildScope(ctx, children(queue))
	if err != nil {
		return api.List[api.PendingRequest]{}, err
	}
	own, err := right.OwnFamilies(ctx, families(queue))
	if err != nil {
		return api.List[api.PendingRequest]{}, err
	}
	queue = slices.DeleteFunc(inScope(queue, right.Agent, sees), func(q store.QueuedRequest) bool { return own[q.Family] || !asked(q, in) })
	labels, err := right.Labels(ctx, queue)
	if err != nil {
		return api.List[api.PendingRequest]{}, err
	}
	named, err := right.ChildrenOf(ctx, children(queue))
	list := api.List[api.PendingRequest]{Items: []api.PendingRequest{}, Cursor: next}
	for _, q := range queue {
		list.Items = append(list.Items, api.PendingRequest{Request: views.Request(q.Request), Family: q.Family, Label: labels[q.Family], Children: childrenOf(q, named)})
	}
	return list, err
}

// childrenOf are the children of a request by name; one who left the file meanwhile has none.
func childrenOf(q store.QueuedRequest, named map[store.FamilyPlace]family.Member) []api.PendingChild {
	all := []api.PendingChild{}
	for _, i := range q.Items {
		if slices.ContainsFunc(all, func(c api.PendingChild) bool { return c.ID == i.Child }) {
			continue
		}
		m := named[store.FamilyPlace{Family: q.Family, Place: booking.Place{Child: i.Child}}]
		all = append(all, api.PendingChild{
			ID: i.Child, LastName: m.Text("identity", "lastName"), FirstName: m.Text("identity", "firstName"),
		})
	}
	return all
}

// asked says whether a request has a day that waits for a decision and that the agent looks for.
func asked(q store.QueuedRequest, in api.PendingRequestsQuery) bool {
	return (in.Kind == "" || string(q.Kind) == in.Kind) && slices.ContainsFunc(q.Lines, func(l booking.Line) bool {
		return l.Undecided() && (in.Activity == "" || l.Activity == in.Activity) &&
			(in.From == "" || string(l.Date) >= in.From) && (in.To == "" || string(l.Date) <= in.To)
	})
}

func families(queue []store.QueuedRequest) (ids []string) {
	for _, q := range queue {
		ids = append(ids, q.Family)
	}
	return ids
}

// children are those whom requests are for.
func children(queue []store.QueuedRequest) (all []store.FamilyPlace) {
	for _, q := range queue {
		for _, i := range q.Items {
			all = append(all, store.FamilyPlace{Family: q.Family, Place: booking.Place{Child: i.Child}})
		}
	}
	return all
}

// inScope leaves of each request what is of the agent's activities and schools, and the requests of which something is left.
func inScope(queue []store.QueuedRequest, agent collectivity.Agent, sees func(family, child string) bool) []store.QueuedRequest {
	var left []store.QueuedRequest
	for _, q := range queue {
		items := len(q.Items)
		q.Items = slices.DeleteFunc(slices.Clone(q.Items), func(i booking.Item) bool { return !agent.Sees(i.Activity) || !sees(q.Family, i.Child) })
		q.Lines = slices.DeleteFunc(slices.Clone(q.Lines), func(l booking.Line) bool { return !agent.Sees(l.Activity) || !sees(q.Family, l.Child) })
		if len(q.Items) < items {
			q.Comment = "" // it may be about the others
		}
		if slices.ContainsFunc(q.Lines, booking.Line.Undecided) {
			left = append(left, q)
		}
	}
	return left
}
