package store_test

import (
	"context"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/store"
)

// A gateway is a town as its families and agents come to it.
type gateway struct {
	town.Home
	agent account.Account
	link  int // issue of the family's calendar link
}

func newGateway(t *testing.T) gateway {
	t.Helper()
	h := town.NewHome(t, "Léa")
	right, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
	check(t, err)
	link, err := right.OpenCalendar(t.Context(), town.Now)
	check(t, err)
	return gateway{h, h.Agent(collectivity.Manager), link.Issue}
}

// ways are all that leads in.
var ways = map[string]func(context.Context, *store.Store, gateway) error{
	"a family": func(ctx context.Context, s *store.Store, d gateway) error {
		_, err := s.FamilyOf(ctx, account.CallerOf(d.Account.User, false), d.ID)
		return err
	},
	"the end of a subscription": func(ctx context.Context, s *store.Store, d gateway) error {
		_, err := s.LeaveOf(ctx, account.CallerOf(d.Account.User, false), d.ID)
		return err
	},
	"a calendar link": func(ctx context.Context, s *store.Store, d gateway) error {
		_, err := s.FeedOf(ctx, d.Account.ID, d.ID, d.link)
		return err
	},
	"an agent": func(ctx context.Context, s *store.Store, d gateway) error {
		_, err := s.AgentOf(ctx, account.CallerOf(d.agent.User, true), d.Slug, collectivity.Reader)
		return err
	},
	"a subscriber code": func(ctx context.Context, s *store.Store, d gateway) error {
		_, err := s.TryCode(ctx, d.Secret.Code, d.Codes[1], d.agent.ID, town.Now)
		return err
	},
}

func TestASuspendedTownRefusesItsFamiliesAndAgentsAtOnce(t *testing.T) {
	t.Parallel()
	d, knows := newGateway(t), open(t)
	for name, way := range ways {
		if err := way(t.Context(), knows, d); err != nil {
			t.Fatalf("%s before: %v", name, err)
		}
	}
	for _, suspended := range []bool{true, false} {
		d.Settings(func(s *collectivity.Settings) { s.Suspended = suspended })
		want := map[bool]string{true: "collectivity_suspended"}[suspended]
		for process, s := range map[string]*store.Store{"a process that knows the family": knows, "a new process": open(t)} {
			for name, way := range ways {
				if err := way(t.Context(), s, d); refusal.Code(err) != want {
					t.Errorf("suspended %v: %s in %s: %v", suspended, name, process, err)
				}
			}
		}
	}
}

func TestAModuleThatIsOffIsNotThereForFamilies(t *testing.T) {
	t.Parallel()
	d := newGateway(t)
	d.Settings(func(s *collectivity.Settings) { s.Modules = []collectivity.Module{collectivity.FamilyModule} })
	for module, want := range map[collectivity.Module]string{"": "", collectivity.FamilyModule: "", collectivity.PlanningModule: "module_off"} {
		if err := ways["a family"](t.Context(), open(t).InModule(module), d); refusal.Code(err) != want {
			t.Errorf("%q: %v", module, err)
		}
	}
}

func TestTermsThatAreNotAcceptedShutTheFamilyAfterAMonth(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	me := account.CallerOf(h.Account.User, false)
	at := func(days int) *store.Store {
		return open(t).ByClock(func() time.Time { return town.Now.AddDate(0, 0, days) })
	}
	told := func(says string, days int, want string) {
		t.Helper()
		_, err := at(days).FamilyOf(t.Context(), me, h.ID)
		if refusal.Code(err) != want {
			t.Errorf("%s: %v, want %q", says, err, want)
		}
	}
	told("terms that never changed", 400, "")
	h.Settings(func(s *collectivity.Settings) { s.Terms.Version, s.TermsSince = "2027-01", town.Now.AddDate(0, 0, 10) })
	told("within the notice", 39, "")
	told("after it", 40, "terms_due")
	if _, err := at(40).LeaveOf(t.Context(), me, h.ID); err != nil {
		t.Errorf("nobody has to accept terms to leave: %v", err)
	}
	accepted := account.Acceptance{Collectivity: h.Slug, Version: "2027-01", At: town.Now}
	if err := h.Env.Store.AcceptTerms(t.Context(), me, accepted); err != nil {
		t.Fatal(err)
	}
	told("once accepted", 400, "")
	h.Settings(func(s *collectivity.Settings) { s.Terms.Version, s.TermsSince = "2028-01", town.Now.AddDate(1, 0, 0) })
	told("the next terms", 400, "terms_due")
	h.Settings(func(s *collectivity.Settings) { s.Terms.Version = "2027-01" })
	told("terms that were accepted before", 400, "")
}

func TestWhoSubscribesAfterTheTermsHasTheNoticeToo(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	g := collectivity.Gate{Terms: "2026-09", TermsSince: since}
	if got, want := g.TermsUntil(since.AddDate(0, 0, 10)), since.AddDate(0, 0, 40); !got.Equal(want) {
		t.Errorf("until %v, want %v", got, want)
	}
	if got, want := g.TermsUntil(since.AddDate(0, 0, -10)), since.AddDate(0, 0, 30); !got.Equal(want) {
		t.Errorf("until %v, want %v", got, want)
	}
}
