package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"preau/shared/family"
)

// What a page of codes reads at most before it answers what it has.
const (
	codesAtOnce = 100
	codesTrips  = 10
)

// CodesPage lists the tenant's codes that are let through, by family, at most so many. It may stop with fewer, or none, and next goes
// on; next is "" after the last.
func (c Collectivity) CodesPage(ctx context.Context, lets func(IssuedCode) bool, cursor string, limit int) (all []IssuedCode, next string, err error) {
	in := c.between(c.codesPK(), " ", end)
	in.Limit = new(int32(codesAtOnce))
	if in.ExclusiveStartKey, err = readCursor(cursor); err != nil {
		return nil, "", err
	}
	for range codesTrips {
		out, err := c.db.Query(ctx, in)
		if err != nil {
			return nil, "", unusable(cursor, err)
		}
		some, err := c.codesIn(ctx, out.Items)
		if err != nil {
			return nil, "", err
		}
		for _, issued := range some {
			if !lets(issued) {
				continue
			}
			if all = append(all, issued); len(all) == limit {
				return all, writeCursor(c.issuedKey(issued.Family, issued.Guardian, issued.Issue).attributes()), nil
			}
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return all, "", nil
		}
	}
	return all, writeCursor(in.ExclusiveStartKey), nil
}

// codesIn are the codes among some items, each as it is now.
func (c Collectivity) codesIn(ctx context.Context, items []attributes) ([]IssuedCode, error) {
	items = slices.DeleteFunc(items, func(a attributes) bool { return a["Latest"] != nil })
	codes, err := decodeAll[IssuedCode](items)
	if err == nil {
		err = c.fillCodes(ctx, codes)
	}
	return codes, err
}

// CodeName is who a code is for, as their file names them; of who is gone, nothing.
type CodeName struct{ Family, Label, Guardian, Name string }

// NamesOfCodes finds whom codes are for, where they are by now, in some trips.
func (c Collectivity) NamesOfCodes(ctx context.Context, codes []IssuedCode) ([]CodeName, error) {
	names := make([]CodeName, len(codes))
	err := Each(len(codes), func(i int) (err error) { names[i], err = c.nameOf(ctx, codes[i]); return err })
	return names, err
}

func (c Collectivity) nameOf(ctx context.Context, issued IssuedCode) (CodeName, error) {
	f, guardian := c.family(issued.Family), issued.Guardian
	for range mostMerges {
		found, err := c.batch(ctx, f.fileKey(), f.guardianKey(guardian))
		if err != nil {
			return CodeName{}, err
		}
		if raw := found[f.guardianKey(guardian)]; raw != nil {
			m, err := decode[family.Member](raw)
			return CodeName{f.id, textOf(found[f.fileKey()]["Label"]), guardian, m.Name()}, err
		}
		into, as, moved, err := f.merged(ctx, guardian)
		if err != nil || !moved {
			return CodeName{Family: issued.Family, Guardian: issued.Guardian}, err
		}
		f, guardian = into, as
	}
	return CodeName{Family: issued.Family, Guardian: issued.Guardian}, nil
}

// CodeCounts is how far the tenant's families are.
type CodeCounts struct {
	Issued, Letters   int
	States            map[CodeState]int
	Families, Without int // all, and those in which nobody is subscribed
}

// CountCodes counts the tenant's codes and the families that they are for.
func (c Collectivity) CountCodes(ctx context.Context, now time.Time) (n CodeCounts, err error) {
	n.States = map[CodeState]int{}
	err = together(
		func() error { return c.countCodes(ctx, &n, now) },
		func() error { return c.countSubscribed(ctx, &n) },
	)
	return n, err
}

func (c Collectivity) countCodes(ctx context.Context, n *CodeCounts, now time.Time) error {
	items, err := c.query(ctx, c.codesPK(), " ", end)
	if err != nil {
		return err
	}
	codes, err := c.codesIn(ctx, items)
	for _, issued := range codes {
		n.Issued++
		n.States[issued.State(now)]++
		if !issued.Printed.IsZero() {
			n.Letters++
		}
	}
	return err
}

// countSubscribed counts families by the accounts of their guardians, whom the directory names.
func (c Collectivity) countSubscribed(ctx context.Context, n *CodeCounts) error {
	in := c.between(c.familiesPK(), " ", end)
	in.ProjectionExpression, in.ExpressionAttributeNames = new("PK, SK, #adults"), map[string]string{"#adults": "Adults"}
	items, err := c.pages(ctx, in)
	if err != nil {
		return err
	}
	var guardians []key
	for _, a := range items {
		row, err := decode[Listed](a)
		if err != nil {
			return err
		}
		for _, g := range row.Adults {
			guardians = append(guardians, c.family(keyOf(a).SK).guardianKey(g))
		}
	}
	subscribed, err := c.subscribed(ctx, guardians)
	n.Families, n.Without = len(items), len(items)-len(subscribed)
	return err
}

// subscribed are the families of which one of some guardians has an account.
func (c Collectivity) subscribed(ctx context.Context, guardians []key) (map[string]bool, error) {
	trips := slices.Collect(slices.Chunk(guardians, 100))
	found := make([]map[key]attributes, len(trips))
	err := Each(len(trips), func(i int) (err error) { found[i], err = c.batchOf(ctx, "PK, SK, Account", trips[i]...); return err })
	families := map[string]bool{}
	for _, some := range found {
		for k, a := range some {
			if textOf(a["Account"]) != "" {
				families[k.PK[strings.LastIndex(k.PK, "#")+1:]] = true
			}
		}
	}
	return families, err
}
