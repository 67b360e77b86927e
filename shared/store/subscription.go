package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"preau/shared/account"
	"preau/shared/code"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/refusal"
)

// Subscription links an account to a guardian of a family file. It is the right itself: it takes effect, and ends, with
// its item.
type Subscription struct {
	Family, Guardian, Slug string
	Since                  time.Time
	Barred                 []family.Hold `dynamodbav:",omitempty"` // orders by which its guardian sees nothing; as with the guardian
}

func subscriptionKey(account, family string) key { return key{"ACCOUNT#" + account, "SUB#" + family} }

// Code is a subscriber code as it is kept: by its keyed hash, naming one guardian.
type Code struct {
	Hash                   string
	Slug, Family, Guardian string
	Issued                 time.Time
	Until                  time.Time // it opens nothing from then on, unless it was used
	Revoked                bool
	Replaced               bool          `dynamodbav:",omitempty"` // by another code, and so revoked
	UsedBy                 string        // account
	UsedAt                 time.Time     // zero: nobody has
	orders                 []family.Hold // of its guardian
}

type codeItem struct {
	Code
	Expires int64 `dynamodbav:"expires"`
}

func codeKey(hash string) key { return key{"CODE#" + hash, "CODE"} }

// codeRefused is the metric of wrong codes: a burst of them means that somebody guesses, and raises an alarm.
const codeRefused = "CodeRefused"

// What a code is refused for.
var (
	ErrCodeUnknown = refusal.New(refusal.NotFound, "code_unknown", "Ce code abonné n’est pas reconnu. Vérifiez-le sur votre courrier.").At("code").Counted(codeRefused)
	ErrCodeUsed    = refusal.New(refusal.Conflict, "code_used", "Ce code abonné a déjà été utilisé. Demandez-en un autre à votre collectivité.").At("code")
	ErrCodeExpired = refusal.New(refusal.Gone, "code_expired", "Ce code abonné n’est plus valable. Demandez-en un autre à votre collectivité.").At("code")
	ErrYours       = refusal.New(refusal.Conflict, "already_yours", "Vous êtes déjà abonné avec ce code : le dossier s’ouvre depuis « Mes abonnements ».").At("code")
	ErrSubscribed  = refusal.New(refusal.Conflict, "guardian_subscribed", "Un compte est déjà abonné pour ce responsable. Adressez-vous à votre collectivité.").At("code")
	ErrInFamily    = refusal.New(refusal.Conflict, "family_subscribed", "Vous êtes déjà abonné à ce dossier famille.").At("code")
)

// Code looks a code up for an account: refused when unknown, revoked, expired or used by another account. One for a guardian
// whom a court bars, or who has left the file, is told like an unknown one. Nobody subscribes to a suspended town.
func (s *Store) Code(ctx context.Context, hash, accountID string, now time.Time) (Code, error) {
	c, ok, err := get[Code](ctx, s, codeKey(hash))
	if err != nil {
		return c, err
	}
	if !ok || c.Revoked {
		return c, ErrCodeUnknown
	}
	town := s.collectivity(c.Slug)
	of := town.family(c.Family).guardianKey(c.Guardian)
	found, err := s.batch(ctx, of, town.versionKey())
	if err != nil {
		return c, err
	}
	raw := found[of]
	if raw == nil {
		if raw, err = s.follow(ctx, &c); err != nil {
			return c, err
		}
	}
	guardian, failed := decode[family.Member](raw)
	v, also := decode[versionItem](found[town.versionKey()])
	c.orders = guardian.Orders
	switch err := errors.Join(failed, also); {
	case err != nil:
		return c, err
	case v.Gate.Suspended:
		return c, collectivity.ErrSuspended
	case raw == nil || guardian.Left != "" || family.Barred(c.orders, s.clock()):
		return c, ErrCodeUnknown
	case c.UsedBy == accountID && accountID != "":
		return c, nil
	case c.UsedBy != "":
		return c, ErrCodeUsed
	case !now.Before(c.Until):
		return c, ErrCodeExpired
	}
	return c, nil
}

// Subscribe attaches an account to the family file that a code opens. Asked twice, it answers the same subscription.
func (s *Store) Subscribe(ctx context.Context, a account.Account, c Code, now time.Time) (Subscription, error) {
	if c.UsedBy == a.ID {
		return s.subscribed(ctx, a.ID, c.Family)
	}
	err := s.transact(ctx, append(s.subscription(a.ID, c, now), accountOpen(a.ID))...)
	if err == nil || refusal.Code(err) == "" {
		return c.subscription(now), err
	}
	again, moved := s.Code(ctx, c.Hash, a.ID, now)
	switch {
	case moved != nil:
		return Subscription{}, moved
	case again.UsedBy == a.ID:
		return s.subscribed(ctx, a.ID, c.Family) // the same request in parallel won
	case again.Family != c.Family, !slices.Equal(again.orders, c.orders):
		return s.Subscribe(ctx, a, again, now) // the family was merged, or an order recorded, meanwhile
	}
	return Subscription{}, err
}

// subscription is what a code gives, with the orders that its guardian is under.
func (c Code) subscription(now time.Time) Subscription {
	return Subscription{c.Family, c.Guardian, c.Slug, now, bars(c.orders)}
}

func (s *Store) subscribed(ctx context.Context, accountID, familyID string) (Subscription, error) {
	sub, ok, err := get[Subscription](ctx, s, subscriptionKey(accountID, familyID))
	if err == nil && !ok {
		return sub, ErrCodeUsed // used, then unsubscribed: a code opens once
	}
	return sub, err
}

// subscription is the writes that make a code's opening real: code, subscription and guardian move together.
func (s *Store) subscription(accountID string, c Code, now time.Time) []write {
	guardian := newExpression()
	guardian.set(guardian.path("Account"), accountID)
	guardian.was(guardian.path("Account"), "")
	guardian.was(guardian.path("Left"), nil)
	guardian.was(guardian.path("Orders"), seen(c.orders))
	return []write{
		// A code opens once.
		{
			key: codeKey(c.Hash), update: "SET UsedBy = :account, UsedAt = :now", condition: "UsedBy = :nobody AND Revoked = :no AND #until > :now", names: map[string]string{"#until": "Until"},
			values: values(":account", accountID, ":nobody", "", ":no", false, ":now", now), or: ErrCodeUsed,
		},
		// One subscription per account and family.
		{put: item(subscriptionKey(accountID, c.Family), c.subscription(now)), condition: isNew, or: ErrInFamily},
		// One account per guardian; a second one needs an agent. And no order that the subscription does not bear.
		guardian.write(s.collectivity(c.Slug).family(c.Family).guardianKey(c.Guardian), ErrSubscribed),
		newMail(MailSubscribed, accountID+"-"+c.Family+"-"+stamp(now), now, "account", accountID, "slug", c.Slug, "family", c.Family),
	}
}

// Subscriptions lists an account's subscriptions, but those that a court bars it from.
func (s *Store) Subscriptions(ctx context.Context, accountID string) ([]Subscription, error) {
	all, err := s.AllSubscriptions(ctx, accountID)
	now := s.clock()
	return slices.DeleteFunc(all, func(sub Subscription) bool { return family.Barred(sub.Barred, now) }), err
}

// AllSubscriptions lists an account's subscriptions, those too that show it nothing.
func (s *Store) AllSubscriptions(ctx context.Context, accountID string) ([]Subscription, error) {
	items, err := s.query(ctx, "ACCOUNT#"+accountID, "SUB#", "SUB#"+end)
	if err != nil {
		return nil, err
	}
	return decodeAll[Subscription](items)
}

// Unsubscribe ends the right at once. A guardian who is another account's by now, or is gone, stays as it is.
func (r FamilyRight) Unsubscribe(ctx context.Context, now time.Time) error {
	s := r.Store
	end := []write{
		{key: subscriptionKey(r.Account.ID, s.id), delete: true, condition: exists, or: family.ErrUnknown},
		newMail(MailUnsubscribed, r.Account.ID+"-"+s.id+"-"+stamp(now), now, "account", r.Account.ID, "slug", s.slug),
	}
	free := write{
		key: s.guardianKey(r.Guardian), update: "SET Account = :nobody", condition: "Account = :account",
		values: values(":nobody", "", ":account", r.Account.ID), or: errCondition,
	}
	err := s.transact(ctx, append(end, free)...)
	if errors.Is(err, errCondition) {
		return s.transact(ctx, end...)
	}
	return err
}

// Glimpse is a family in short, with the gate of its collectivity.
type Glimpse struct {
	Label    string
	Children int
	Name     string            `dynamodbav:"-"` // the subscribed guardian's, as the file has it
	Gate     collectivity.Gate `dynamodbav:"-"`
}

// Glimpses reads the families of several subscriptions in short, by family, in one trip. Without a guardian, it names none.
func (s *Store) Glimpses(ctx context.Context, subs []Subscription) (map[string]Glimpse, error) {
	var keys []key
	for _, sub := range subs {
		town := s.collectivity(sub.Slug)
		keys = append(keys, town.versionKey(), town.family(sub.Family).fileKey())
		if sub.Guardian != "" {
			keys = append(keys, town.family(sub.Family).guardianKey(sub.Guardian))
		}
	}
	found, err := s.batch(ctx, keys...)
	if err != nil {
		return nil, err
	}
	out := map[string]Glimpse{}
	for _, sub := range subs {
		town := s.collectivity(sub.Slug)
		g, failed := decode[Glimpse](found[town.family(sub.Family).fileKey()])
		v, also := decode[versionItem](found[town.versionKey()])
		me, third := decode[family.Member](found[town.family(sub.Family).guardianKey(sub.Guardian)])
		if err := errors.Join(failed, also, third); err != nil {
			return nil, err
		}
		g.Gate, g.Name = v.Gate, me.Name()
		out[sub.Family] = g
	}
	return out, nil
}

// Preview is what a code opens, in short, for an account that it has not opened it for yet.
func (s *Store) Preview(ctx context.Context, c Code, accountID string) (Glimpse, error) {
	if c.UsedBy == accountID {
		_, err := s.subscribed(ctx, accountID, c.Family)
		return Glimpse{}, cmp.Or(err, error(ErrYours))
	}
	g, err := s.Glimpses(ctx, []Subscription{{Family: c.Family, Slug: c.Slug}})
	return g[c.Family], err
}

// CodeRefusals are all reasons for which a code opens nothing.
var CodeRefusals = []*refusal.Refusal{ErrCodeUnknown, ErrCodeUsed, ErrCodeExpired, ErrSubscribed, ErrInFamily, collectivity.ErrSuspended}

// TryCode looks up a code as it was typed. Wrong ones are counted, per account, before the lookup and given back when the
// code is good, so that a hundred at once learn no more than five in a row.
func (s *Store) TryCode(ctx context.Context, hash func(string) string, typed, accountID string, now time.Time) (Code, error) {
	read, err := code.Read(typed)
	if err != nil {
		return Code{}, ErrCodeMalformed // no secret is tested: not a try
	}
	wait, err := s.ReserveCode(ctx, accountID, now, account.CodeLimits)
	if err != nil {
		return Code{}, err
	}
	if wait > 0 {
		return Code{}, tooManyCodes(wait)
	}
	c, err := s.Code(ctx, hash(read), accountID, now)
	if err != nil && !errors.Is(err, collectivity.ErrSuspended) { // the code was right
		return c, err
	}
	return c, errors.Join(err, s.ReleaseCode(ctx, accountID, now))
}

// ErrCodeMalformed refuses a text that can not be a code: mistyped, most likely.
var ErrCodeMalformed = refusal.OfField("code", "code_malformed", "Ce code comporte une faute de frappe. Vérifiez ses douze caractères sur votre courrier.")

func tooManyCodes(wait time.Duration) error {
	left := fmt.Sprintf("%.0f min", math.Ceil(wait.Minutes()))
	if wait > 2*time.Hour {
		left = fmt.Sprintf("%.0f h", math.Ceil(wait.Hours()))
	}
	return refusal.New(refusal.TooMany, "too_many_codes", "Trop de codes inconnus ont été essayés. Réessayez dans "+left+".").At("code").After(wait).Counted(codeRefused)
}

// SubscribedSince tells since when each guardian of a household is subscribed, by guardian; who is not, is not in it.
func (f FamilyStore) SubscribedSince(ctx context.Context, h Household) (map[string]time.Time, error) {
	var keys []key
	for _, g := range h.Guardians {
		if g.Account != "" {
			keys = append(keys, subscriptionKey(g.Account, f.id))
		}
	}
	since := map[string]time.Time{}
	if len(keys) == 0 {
		return since, nil
	}
	found, err := f.batch(ctx, keys...)
	for _, a := range found {
		sub, failed := decode[Subscription](a)
		if err == nil {
			err = failed
		}
		since[sub.Guardian] = sub.Since
	}
	return since, err
}
