package store_test

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/refusal"
	"preau/shared/store"
)

// TestAFeedReachesOneTownOnly: two towns have a family of the same id, and each link opens that of its own subscription.
func TestAFeedReachesOneTownOnly(t *testing.T) {
	t.Parallel()
	mine, theirs, _ := bothSides(t)
	feeds := map[string]store.FamilyRight{}
	var links []store.CalendarLink
	for _, s := range []side{mine, theirs} {
		right, err := s.Store.FamilyOf(t.Context(), s.parent, s.family.ID())
		check(t, err)
		link, err := right.OpenCalendar(t.Context(), town.Now)
		check(t, err)
		links = append(links, link)
		feeds[s.Store.Slug()], err = s.Store.FeedOf(t.Context(), s.parent.Account, s.family.ID(), link.Issue)
		check(t, err)
	}
	for slug, want := range map[string]bool{mine.Store.Slug(): true, theirs.Store.Slug(): false} {
		days, err := feeds[slug].Store.Days(t.Context(), december)
		if err != nil || (len(days) > 0) != want || feeds[slug].Slug != slug {
			t.Errorf("%s: %d days of %s, want some: %v; %v", slug, len(days), feeds[slug].Slug, want, err)
		}
	}
	if _, err := mine.Store.FeedOf(t.Context(), mine.parent.Account, mine.family.ID(), links[1].Issue); refusal.Code(err) != store.ErrFeedUnknown.Code {
		t.Errorf("one account's link opens with another's issue: %v", err)
	}
}

// TestALinkDoesNotOutliveItsSubscription: who unsubscribes while a link is being made leaves none behind.
func TestALinkDoesNotOutliveItsSubscription(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	right, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
	check(t, err)
	check(t, right.Unsubscribe(t.Context(), town.Now))
	if _, err := right.OpenCalendar(t.Context(), town.Now); refusal.Code(err) != "family_not_found" {
		t.Errorf("a link was made: %v", err)
	}
	if err := right.CloseCalendar(t.Context()); refusal.Code(err) != "family_not_found" {
		t.Errorf("a link was revoked: %v", err)
	}
	subs, err := h.Env.Store.Subscriptions(t.Context(), h.Account.ID)
	if err != nil || len(subs) != 0 {
		t.Errorf("left: %v, %v", subs, err)
	}
}
