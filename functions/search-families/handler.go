package main

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"preau/shared/api"
	"preau/shared/code"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store  *store.Store
	secret keys.Secret
	now    func() time.Time
}

// page is how many families one call answers at most. It may answer fewer and a cursor.
const page = 25

// handle finds families: GET /v1/collectivities/{slug}/families. Each word of q begins a name of the family; a code finds the family
// that it was issued for, even if it opens nothing any more. With both, both are so. Agents of some activities find the families
// that are enrolled there.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilySearch) (api.List[api.FoundFamily], error) {
	list := api.List[api.FoundFamily]{Items: []api.FoundFamily{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return list, err
	}
	words := store.Words(in.Query)
	if err := check(in, words); err != nil {
		return list, err
	}
	found, next, err := a.find(ctx, right, in, words)
	for _, f := range found {
		list.Items = append(list.Items, views.FoundFamily(f))
	}
	list.Cursor = next
	return list, err
}

// check refuses a search that would list the town.
func check(in api.FamilySearch, words []string) error {
	switch {
	case in.Query == "" && in.Code == "":
		return refusal.OfField("q", "required", "Indiquez un nom ou un code abonné.")
	case in.Query != "" && !slices.ContainsFunc(words, func(w string) bool { return utf8.RuneCountInString(w) > 1 }):
		return refusal.OfField("q", "too_short", "Indiquez au moins deux lettres d’un nom.")
	}
	return nil
}

func (a app) find(ctx context.Context, right store.AgentRight, in api.FamilySearch, words []string) ([]store.Listed, string, error) {
	if in.Code == "" {
		return right.FamiliesNamed(ctx, words, in.Cursor, page, a.now())
	}
	read, err := code.Read(in.Code)
	if err != nil {
		return nil, "", store.ErrCodeMalformed
	}
	f, ok, err := right.FamilyOfCode(ctx, a.secret.Code(read), a.now())
	if err != nil || !ok || !f.Has(words) {
		return nil, "", err
	}
	return []store.Listed{f}, "", nil
}
