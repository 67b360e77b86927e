package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// searchTrips is how often a search reads on at most before it answers what it has.
const searchTrips = 5

// FamiliesNamed finds the families of the agent's scope that have, for each of some words, a name that begins so. The words are as
// Words spells them, one at least. At most limit families, and where to go on; there may be more although none came.
func (r AgentRight) FamiliesNamed(ctx context.Context, words []string, cursor string, limit int, now time.Time) (all []Listed, next string, err error) {
	prefix := slices.MaxFunc(words, func(a, b string) int { return utf8.RuneCountInString(a) - utf8.RuneCountInString(b) })
	read := int32(limit)
	if len(words) > 1 { // most names that begin so are of families without the other words
		read *= 3
	}
	for range searchTrips {
		names, last, err := r.Store.names(ctx, prefix, cursor, read)
		if err != nil {
			return nil, "", err
		}
		found, err := r.match(ctx, names, prefix, words, now)
		if err != nil {
			return nil, "", err
		}
		if room := limit - len(all); len(found) > room {
			found = found[:room]
			last = writeCursor(found[room-1].at.attributes())
		}
		for _, f := range found {
			all = append(all, f.Listed)
		}
		if cursor = last; cursor == "" || len(all) == limit {
			break
		}
	}
	return all, cursor, nil
}

// named is a family found under a name of the directory.
type named struct {
	Listed
	at key
}

// names reads some names of the directory that begin with a prefix, in their order.
func (c Collectivity) names(ctx context.Context, prefix, cursor string, limit int32) (keys []key, next string, err error) {
	in := &dynamodb.QueryInput{
		TableName: &c.table, KeyConditionExpression: new("PK = :pk AND begins_with(SK, :prefix)"), ConsistentRead: new(true), Limit: &limit,
		ExpressionAttributeValues: values(":pk", c.namesPK(), ":prefix", prefix),
	}
	items, next, err := c.onePage(ctx, in, cursor)
	for _, a := range items {
		keys = append(keys, keyOf(a))
	}
	return keys, next, err
}

// match are those families behind names that have all words and are of the agent's scope. A family with several names that begin
// with the prefix is found under the first of them only.
func (r AgentRight) match(ctx context.Context, names []key, prefix string, words []string, now time.Time) ([]named, error) {
	keys := make([]key, len(names))
	for i, n := range names {
		_, id, _ := strings.Cut(n.SK, "#")
		keys[i] = key{r.Store.familiesPK(), id}
	}
	rows, err := r.Store.gather(ctx, keys)
	if err != nil {
		return nil, err
	}
	var all []named
	for i, n := range names {
		l, err := decode[Listed](rows[keys[i]])
		if err != nil {
			return nil, err
		}
		word, _, _ := strings.Cut(n.SK, "#")
		if l.first(prefix) == word && l.Has(words) {
			all = append(all, named{l, n})
		}
	}
	return r.inScope(ctx, all, now)
}

// first is the first of a family's words that begins with a prefix.
func (l Listed) first(prefix string) string {
	i := slices.IndexFunc(l.Words, func(w string) bool { return strings.HasPrefix(w, prefix) })
	if i < 0 {
		return ""
	}
	return l.Words[i]
}

// Has says whether each of some words begins a name of the family.
func (l Listed) Has(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return l.first(w) == "" })
}

// inScope leaves those families that the agent's scope reaches.
func (r AgentRight) inScope(ctx context.Context, all []named, now time.Time) ([]named, error) {
	if !r.Agent.Scoped() {
		return all, nil
	}
	reached := make([]bool, len(all))
	err := Each(len(all), func(i int) error {
		h, c, err := r.Family(all[i].Family).File(ctx)
		reached[i] = err == nil && r.Reaches(h, c, now)
		return err
	})
	var in []named
	for i, n := range all {
		if reached[i] {
			in = append(in, n)
		}
	}
	return in, err
}

// FamilyOfCode finds the family of the agent's scope that a code was issued for, used, expired or revoked though it be. A code of
// another collectivity, like one that nobody has, finds nothing.
func (r AgentRight) FamilyOfCode(ctx context.Context, hash string, now time.Time) (l Listed, ok bool, err error) {
	c, ok, err := get[Code](ctx, r.Store.Store, codeKey(hash))
	if err != nil || !ok || c.Slug != r.Store.slug {
		return l, false, err
	}
	k := key{r.Store.familiesPK(), c.Family}
	if l, ok, err = get[Listed](ctx, r.Store.Store, k); err != nil || !ok {
		return l, false, err
	}
	in, err := r.inScope(ctx, []named{{l, k}}, now)
	if err != nil {
		return l, false, fmt.Errorf("scope of family %s: %w", l.Family, err)
	}
	return l, len(in) > 0, nil
}
