package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/refusal"
)

// A subscriber code lies under its keyed hash, which says what it opens and what became of it (Code). Beside it, with its tenant,
// lies that it was issued: to whom, when, by which job, and whether its letter was made. Neither tells the code.

// IssuedCode is a subscriber code as agents know it.
type IssuedCode struct {
	Issue            string // the job that issued it, or a name of its own
	Family, Guardian string // as they were called when it was issued
	Hash             string
	Draw             byte      // see keys.Secret.IssuedCode
	At               time.Time // it was issued
	Until            time.Time // it opens nothing from then on, unless it was used
	Name             string    // of the guardian, as the directory spells it: the order of letters
	Printed          time.Time // its letter was made; zero: it was not
	ByHand           bool      // that letter bears no address
	Code             Code      `dynamodbav:"-"` // what became of it; no hash: it was forgotten since
}

// CodeState says what an issued code is good for.
type CodeState string

// The states of a code.
const (
	CodeOpen     CodeState = "open"
	CodeUsed     CodeState = "used"
	CodeExpired  CodeState = "expired"
	CodeRevoked  CodeState = "revoked"
	CodeReplaced CodeState = "replaced" // by the guardian's next one
)

// CodeStates are all of them.
var CodeStates = []CodeState{CodeOpen, CodeUsed, CodeExpired, CodeRevoked, CodeReplaced}

// State of the code at an instant.
func (c IssuedCode) State(now time.Time) CodeState {
	switch {
	case c.Code.UsedBy != "":
		return CodeUsed
	case c.Code.Replaced:
		return CodeReplaced
	case c.Code.Revoked:
		return CodeRevoked
	case !now.Before(c.Until) || c.Code.Hash == "":
		return CodeExpired
	}
	return CodeOpen
}

// ID names the code to agents.
func (c IssuedCode) ID() string { return c.Family + "-" + c.Guardian + "-" + c.Issue }

type issuedItem struct {
	IssuedCode
	Expires int64 `dynamodbav:"expires"`
}

// codeKeeping is how long a code is remembered after its time.
const codeKeeping = 366 * 24 * time.Hour

func (c Collectivity) codesPK() string { return c.pk() + "#CODES" }

func (c Collectivity) issuedKey(familyID, guardian, issue string) key {
	return key{c.codesPK(), familyID + "#" + guardian + "#" + issue}
}

// latestKey is where the latest issue to a guardian is named, as Latest: of two issues at once, one is the first and is closed by
// the other.
func (c Collectivity) latestKey(familyID, guardian string) key {
	return key{c.codesPK(), familyID + "#" + guardian}
}

// Codes reads the codes that were issued to the household's guardians, each guardian's oldest first, those too of families that
// were merged into it.
func (f FamilyStore) Codes(ctx context.Context, h Household) ([]IssuedCode, error) {
	seen, err := f.issued(ctx, h)
	return seen.codes, err
}

// issuedTo is what was issued to a household.
type issuedTo struct {
	codes  []IssuedCode
	latest map[string]string // issue, by guardian
}

func (f FamilyStore) issued(ctx context.Context, h Household) (out issuedTo, err error) {
	out.latest = map[string]string{}
	for _, from := range append([]string{f.id}, h.Merged...) {
		items, err := f.query(ctx, f.codesPK(), from+"#", from+"#"+end)
		if err != nil {
			return out, err
		}
		for _, a := range items {
			if a["Latest"] != nil {
				_, guardian, _ := strings.Cut(keyOf(a).SK, "#")
				out.latest[guardian] = textOf(a["Latest"])
				continue
			}
			c, err := decode[IssuedCode](a)
			if err != nil {
				return out, err
			}
			out.codes = append(out.codes, c)
		}
	}
	if err := f.fillCodes(ctx, out.codes); err != nil {
		return out, err
	}
	slices.SortStableFunc(out.codes, func(a, b IssuedCode) int {
		return cmp.Or(strings.Compare(a.Guardian, b.Guardian), a.At.Compare(b.At))
	})
	pasts, err := f.Pasts(ctx, h)
	for i, c := range out.codes {
		out.codes[i].Code.Guardian = Now(pasts, c.Guardian)
	}
	return out, err
}

// fillCodes reads what became of codes.
func (c Collectivity) fillCodes(ctx context.Context, codes []IssuedCode) error {
	keys := make([]key, len(codes))
	for i, issued := range codes {
		keys[i] = codeKey(issued.Hash)
	}
	found, err := c.gather(ctx, keys)
	for i := range codes {
		if item, ok := found[keys[i]]; ok && err == nil {
			codes[i].Code, err = decode[Code](item)
		}
	}
	return err
}

// NewCode is a code to be issued.
type NewCode struct {
	Issue    string // that it is of: the same issue gives a guardian one code, however often it is written
	Guardian family.Member
	Until    time.Time
	By       string // the agent's account
	Hash     func(draw byte) string
}

// Give issues a code to a guardian of the household, and closes the one before it that nobody has used. given is false for a
// guardian who needs none any more: they are subscribed, have left, are barred, or have one of this issue. ErrMoved: somebody
// wrote meanwhile, read again.
func (f FamilyStore) Give(ctx context.Context, h Household, n NewCode, now time.Time) (given bool, err error) {
	seen, err := f.issued(ctx, h)
	if err != nil || !n.Guardian.MayHaveCode() || seen.has(n) {
		return false, err
	}
	for draw := byte(0); ; draw++ {
		err := f.transact(ctx, f.gives(seen, n, draw, now)...)
		if !errors.Is(err, errIssued) {
			return err == nil, err
		}
		if seen, err = f.issued(ctx, h); err != nil || seen.has(n) {
			return false, err // this very issue, by another process
		}
	}
}

// errIssued means that a code is issued already.
var errIssued = errors.New("the code is issued already")

func (s issuedTo) has(n NewCode) bool {
	return slices.ContainsFunc(s.codes, func(c IssuedCode) bool { return c.Guardian == n.Guardian.ID && c.Issue == n.Issue })
}

// gives are the writes of an issue.
func (f FamilyStore) gives(seen issuedTo, n NewCode, draw byte, now time.Time) []write {
	g := n.Guardian
	c := IssuedCode{
		Issue: n.Issue, Family: f.id, Guardian: g.ID, Hash: n.Hash(draw), Draw: draw, At: now, Until: n.Until,
		Name: strings.Join(Words(g.Text("identity", "lastName")+" "+g.Text("identity", "firstName")), " "),
	}
	latest := newExpression()
	latest.conditions = nil
	latest.set(latest.path("Latest"), n.Issue)
	latest.set(latest.path("expires"), epoch(n.Until.Add(codeKeeping)))
	if was, ok := seen.latest[g.ID]; ok {
		latest.was(latest.path("Latest"), was)
	} else {
		latest.was(latest.path("Latest"), nil)
	}
	guardian := newExpression()
	guardian.was(guardian.path("Account"), "")
	guardian.was(guardian.path("Left"), nil)
	stays := guardian.write(f.guardianKey(g.ID), ErrMoved)
	stays.check = true
	writes := append(f.newCode(c), latest.write(f.latestKey(f.id, g.ID), ErrMoved), stays, f.audit(n.By, "issue-codes", "guardian "+g.ID, now, "issue "+n.Issue))
	for _, old := range seen.codes {
		if old.Code.Guardian == g.ID && old.State(now) == CodeOpen {
			writes = append(writes, write{
				key: codeKey(old.Hash), update: "SET Revoked = :yes, Replaced = :yes", condition: "UsedBy = :nobody",
				values: values(":yes", true, ":nobody", ""), or: ErrMoved,
			})
		}
	}
	return writes
}

// newCode are the writes of a code itself.
func (f FamilyStore) newCode(c IssuedCode) []write {
	expires := epoch(c.Until.Add(codeKeeping))
	code := Code{Hash: c.Hash, Slug: f.slug, Family: c.Family, Guardian: c.Guardian, Issued: c.At, Until: c.Until}
	return []write{
		{put: item(codeKey(c.Hash), codeItem{code, expires}), condition: isNew, or: errIssued},
		{put: item(f.issuedKey(c.Family, c.Guardian, c.Issue), issuedItem{c, expires}), condition: isNew, or: errIssued},
	}
}

// IssueCode keeps a new code for a guardian whatever is there, as onboarding does.
func (f FamilyStore) IssueCode(ctx context.Context, hash, guardian string, now, until time.Time) error {
	return f.transact(ctx, f.newCode(IssuedCode{Issue: id.New(now), Family: f.id, Guardian: guardian, Hash: hash, At: now, Until: until})...)
}

// IssuedCode reads a code by its id.
func (c Collectivity) IssuedCode(ctx context.Context, codeID string) (IssuedCode, error) {
	parts := strings.Split(codeID, "-")
	if len(parts) != 3 {
		return IssuedCode{}, ErrCodeGone
	}
	issued, ok, err := get[IssuedCode](ctx, c.Store, c.issuedKey(parts[0], parts[1], parts[2]))
	if err != nil {
		return issued, err
	}
	if !ok || issued.Hash == "" {
		return issued, ErrCodeGone
	}
	one := []IssuedCode{issued}
	err = c.fillCodes(ctx, one)
	return one[0], err
}

// RevokeCode closes a code that was not used: it opens nothing any more. Once it is closed, closing it again changes nothing.
func (r AgentRight) RevokeCode(ctx context.Context, c IssuedCode, now time.Time) error {
	switch c.State(now) {
	case CodeUsed:
		return ErrCodeSpent
	case CodeRevoked, CodeReplaced:
		return nil
	}
	if c.Code.Hash == "" {
		return nil
	}
	return r.Store.transact(
		ctx,
		write{
			key: codeKey(c.Hash), update: "SET Revoked = :yes", condition: "#slug = :slug AND UsedBy = :nobody", names: map[string]string{"#slug": "Slug"},
			values: values(":yes", true, ":slug", r.Store.slug, ":nobody", ""), or: ErrCodeSpent,
		},
		r.Family(c.Family).audit(r.Account.ID, "revoke-code", "guardian "+c.Guardian, now, "issue "+c.Issue),
	)
}

// What is refused of an issued code.
var (
	ErrCodeGone  = refusal.New(refusal.NotFound, "code_not_found", "Ce code n’a pas été émis par votre collectivité, ou date de plus d’un an.")
	ErrCodeSpent = refusal.New(refusal.Conflict, "code_used", "Ce code a déjà été utilisé : l’abonnement qu’il a ouvert reste en place.")
)

// unissued are the writes that forget the codes of the family: those of a guardian that forgets lets, by the id that they had here.
func (f FamilyStore) unissued(ctx context.Context, forgets func(guardian string) bool) (writes []write, err error) {
	items, err := f.query(ctx, f.codesPK(), f.id+"#", f.id+"#"+end)
	for _, a := range items {
		if k := keyOf(a); forgets(strings.Split(k.SK, "#")[1]) {
			if hash := textOf(a["Hash"]); hash != "" {
				writes = append(writes, write{key: codeKey(hash), delete: true})
			}
			writes = append(writes, write{key: k, delete: true})
		}
	}
	return writes, err
}

// eraseCodes forgets what was issued to a guardian of whom nothing is kept.
func (f FamilyStore) eraseCodes(ctx context.Context, pasts []Past, member string) error {
	families := []FamilyStore{f}
	for _, p := range pasts {
		families = append(families, p.FamilyStore)
	}
	for _, from := range families {
		writes, err := from.unissued(ctx, func(guardian string) bool { return Now(pasts, guardian) == member })
		if err != nil {
			return err
		}
		for _, w := range writes {
			if err := f.apply(ctx, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// CodesOf reads the codes of an issue in the order of their letters, which never changes, each as it is now.
func (c Collectivity) CodesOf(ctx context.Context, issue string) (codes []IssuedCode, err error) {
	in := c.between(c.codesPK(), " ", end)
	in.FilterExpression, in.ExpressionAttributeValues[":issue"] = new("Issue = :issue"), text(issue)
	items, err := c.pages(ctx, in)
	if err == nil {
		codes, err = decodeAll[IssuedCode](items)
	}
	if err == nil {
		err = c.fillCodes(ctx, codes)
	}
	slices.SortFunc(codes, func(a, b IssuedCode) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID(), b.ID()))
	})
	return codes, err
}

// Printed records that a code's letter was made, with an address or to be handed over.
func (c Collectivity) Printed(ctx context.Context, code IssuedCode, byHand bool, now time.Time) error {
	return unlessMoved(c.apply(ctx, write{
		key: c.issuedKey(code.Family, code.Guardian, code.Issue), update: "SET Printed = :now, ByHand = :by", condition: exists,
		values: values(":now", now, ":by", byHand),
	}))
}
