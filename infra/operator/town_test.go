package main

import (
	"encoding/base32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/identity"
	"preau/shared/refusal"
	"preau/shared/store"
)

// stage runs a test on a table and a bucket of its own, as the operator's environment names them. It can not be parallel.
func stage(t *testing.T) {
	t.Helper()
	env := testkit.OwnTable(t)
	maps.Copy(env, testkit.OwnBucket(t))
	for name, value := range env {
		t.Setenv(name, value)
	}
}

// says runs a command and answers what it printed.
func says(t *testing.T, args ...string) (printed string, err error) {
	t.Helper()
	r, w, failed := os.Pipe()
	if failed != nil {
		t.Fatal(failed)
	}
	out := os.Stdout
	os.Stdout = w
	done := make(chan string)
	go func() {
		all, _ := io.ReadAll(r)
		done <- string(all)
	}()
	err = run(t.Context(), args)
	os.Stdout = out
	_ = w.Close()
	return <-done, err
}

func told(t *testing.T, args ...string) string {
	t.Helper()
	printed, err := says(t, args...)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return printed
}

// made is a town that the operator has made, and its first manager's address.
func made(t *testing.T, more ...string) (slug, manager string) {
	t.Helper()
	slug, manager = testkit.Collectivity(t), testkit.Address(t)
	told(t, append([]string{"create", "-slug", slug, "-name", "Saint-Aubin", "-manager", manager, "-first", "Claire", "-last", "Petit"}, more...)...)
	return slug, manager
}

func TestAFirstManagerIsInvitedAcceptsAndSignsInWithAnAuthenticator(t *testing.T) {
	stage(t)
	slug, manager := made(t, "-zone", "B", "-time-zone", "Indian/Reunion", "-full-name", "Commune de Saint-Aubin")
	env, err := seed.Open(t.Context(), calendar.Now())
	must(t, err)
	tenant, err := env.Store.Tenant(t.Context(), slug)
	must(t, err)
	if tenant.Timezone != "Indian/Reunion" || tenant.Calendar.Zone != "B" || tenant.FullName != "Commune de Saint-Aubin" || tenant.TermsSince.IsZero() || len(tenant.Modules) != len(collectivity.Modules) {
		t.Errorf("made %+v", tenant)
	}
	address := env.Secret.Address(manager)
	mails, err := env.Store.DueMails(t.Context(), env.Now.Add(time.Hour))
	if err != nil || len(mails) != 1 || mails[0] != "invitation-"+slug+"-"+address+"-1" {
		t.Errorf("mails wait: %v, %v", mails, err)
	}
	invited, err := env.Store.Invited(t.Context(), slug, address)
	must(t, err)
	a := account.Account{ID: id.New(env.Now), Person: account.Person{FirstName: "Claire", LastName: "Petit"}, Email: manager, Collectivity: slug, Agent: true, TOTPIssue: 1}
	a.User = id.User(a.ID)
	must(t, env.Pool.Create(t.Context(), a.User, town.Password))
	must(t, invited.JoinNew(t.Context(), a, env.Now))
	if _, err := env.Pool.SignIn(t.Context(), identity.Agents, a.User, town.Password); err != nil {
		t.Errorf("the password: %v", err)
	}
	typed, _ := account.Enrolment(env.Secret.TOTP(a.Authenticator()), manager)
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(typed)
	must(t, err)
	if _, good := account.CheckTOTP(env.Secret.TOTP(a.Authenticator()), account.TOTP(secret, account.TOTPStep(env.Now)), 0, env.Now); !good {
		t.Error("the authenticator's code is not good")
	}
	right, err := env.Store.AgentOf(t.Context(), account.CallerOf(a.User, true), slug, collectivity.Manager)
	if err != nil || !right.Agent.Manages() {
		t.Errorf("the right: %+v, %v", right.Agent, err)
	}
	if err := right.RemoveAgent(t.Context(), a.ID, env.Now); refusal.Code(err) != "own_role" {
		t.Errorf("removes themselves: %v", err)
	}
	told(t, "reset-authenticator", "-slug", slug, "-agent", manager)
	if after, _, err := env.Store.Account(t.Context(), a.ID); err != nil || !after.Enrolling() {
		t.Errorf("after the reset: %+v, %v", after, err)
	}
}

func TestAnotherManagerIsInvitedWhenTheFirstNeverCame(t *testing.T) {
	stage(t)
	slug, _ := made(t)
	other := testkit.Address(t)
	if printed := told(t, "invite", "-slug", slug, "-manager", other, "-first", "Odile", "-last", "Garnier"); !strings.Contains(printed, other) {
		t.Errorf("told %q", printed)
	}
	env, err := seed.Open(t.Context(), calendar.Now())
	must(t, err)
	if invited, err := env.Store.Invited(t.Context(), slug, env.Secret.Address(other)); err != nil || invited.Role != collectivity.Manager || invited.Issue != 1 {
		t.Errorf("invited %+v, %v", invited, err)
	}
}

func TestATownIsSuspendedAndResumed(t *testing.T) {
	stage(t)
	slug, _ := made(t)
	for _, c := range []struct {
		command, state string
		suspended      bool
	}{{"suspend", "suspended", true}, {"suspend", "suspended", true}, {"resume", "open", false}} {
		told(t, c.command, "-slug", slug)
		tenant, err := store.Open().Tenant(t.Context(), slug)
		if err != nil || tenant.Suspended != c.suspended {
			t.Errorf("%s: %v, %v", c.command, tenant.Suspended, err)
		}
		if printed := told(t, "list"); !strings.Contains(printed, slug+"  Saint-Aubin  "+c.state) {
			t.Errorf("%s: listed as %q", c.command, printed)
		}
	}
}

func TestATownLeavesWhenItsNoticeIsOver(t *testing.T) {
	stage(t)
	slug, _ := made(t)
	if _, err := says(t, "delete", "-slug", slug, "-confirm", slug); err == nil || !strings.Contains(err.Error(), "not marked") {
		t.Errorf("without notice: %v", err)
	}
	told(t, "delete", "-slug", slug)
	tenant, err := store.Open().Tenant(t.Context(), slug)
	must(t, err)
	if days := time.Until(tenant.Leaves).Hours() / 24; days < 29.9 || days > 30 || tenant.Suspended {
		t.Errorf("it leaves in %.1f days, suspended %v", days, tenant.Suspended)
	}
	if printed := told(t, "delete", "-slug", slug); !strings.Contains(printed, "already") {
		t.Errorf("marked twice: %q", printed)
	}
	if _, err := says(t, "delete", "-slug", slug, "-confirm", slug); err == nil || !strings.Contains(err.Error(), "not before") {
		t.Errorf("before its time: %v", err)
	}
	told(t, "delete", "-slug", slug, "-cancel")
	if tenant, err = store.Open().Tenant(t.Context(), slug); err != nil || !tenant.Leaves.IsZero() {
		t.Errorf("cancelled: %v, %v", tenant.Leaves, err)
	}
	_, err = store.Open().Govern(t.Context(), slug, "delete", calendar.Now(), func(s *collectivity.Settings) { s.Leaves = calendar.Now().Add(-time.Minute) })
	must(t, err)
	if printed := told(t, "delete", "-slug", slug, "-confirm", slug); !strings.Contains(printed, slug+" is erased") {
		t.Errorf("told %q", printed)
	}
	if _, err := store.Open().Tenant(t.Context(), slug); refusal.Code(err) != "collectivity_not_found" {
		t.Errorf("it is there: %v", err)
	}
}

func TestATownIsErasedAtOnceOnlyWhenThatIsSaidTwice(t *testing.T) {
	stage(t)
	slug, _ := made(t)
	for _, hesitant := range [][]string{{"-now"}, {"-now", "-confirm", "autre-ville"}, {"-confirm", "autre-ville"}} {
		if _, err := says(t, append([]string{"delete", "-slug", slug}, hesitant...)...); err == nil {
			t.Errorf("%v erases", hesitant)
		}
	}
	told(t, "delete", "-slug", slug, "-now", "-confirm", slug)
	if printed := told(t, "list"); strings.Contains(printed, slug) {
		t.Errorf("listed: %q", printed)
	}
}

func TestATownIsTakenAlongAndCounted(t *testing.T) {
	stage(t)
	slug, _ := made(t)
	dir := filepath.Join(t.TempDir(), "export")
	if printed := told(t, "export", "-slug", slug, "-to", dir); !strings.Contains(printed, "Saint-Aubin: ") {
		t.Errorf("told %q", printed)
	}
	as := testkit.Collectivity(t)
	if printed := told(t, "import", "-from", dir, "-as", as); !strings.Contains(printed, "as "+as) {
		t.Errorf("told %q", printed)
	}
	printed := told(t, "figures")
	if !strings.Contains(printed, slug) || !strings.Contains(printed, as) || !strings.Contains(printed, "FAMILIES") {
		t.Errorf("told %q", printed)
	}
	if only := told(t, "figures", "-slug", as); strings.Contains(only, slug) {
		t.Errorf("of one: %q", only)
	}
	if _, err := says(t, "import", "-from", dir); err == nil || !strings.Contains(err.Error(), "slug_taken") {
		t.Errorf("over itself: %v", err)
	}
}

func TestOrdersAboutATownThatIsNotThere(t *testing.T) {
	stage(t)
	for _, args := range [][]string{
		{"suspend", "-slug", "nowhere"},
		{"resume"},
		{"delete", "-slug", "nowhere"},
		{"delete", "-slug", "nowhere", "-now", "-confirm", "nowhere"},
		{"export", "-slug", "nowhere", "-to", filepath.Join(t.TempDir(), "x")},
		{"import", "-from", t.TempDir()},
		{"figures", "-slug", "nowhere"},
		{"invite", "-slug", "nowhere", "-manager", "a@b.fr", "-first", "A", "-last", "B"},
		{"reset-authenticator", "-slug", "nowhere", "-agent", "a@b.fr"},
	} {
		if printed, err := says(t, args...); err == nil {
			t.Errorf("%v: %q", args, printed)
		}
	}
}

func TestMailsComeFromThePortalsDomainOnly(t *testing.T) {
	for _, c := range []struct {
		sender, portal string
		good           bool
	}{
		{"", "", true},
		{"saint-aubin@portail.example", "portail@portail.example", true},
		{"Saint-Aubin@Portail.example", "portail@portail.example", true},
		{"mairie@saint-aubin.fr", "portail@portail.example", false},
		{"saint-aubin@portail.example", "", false},
		{"saint-aubin", "portail@portail.example", false},
	} {
		if err := checkSender(c.sender, c.portal); (err == nil) != c.good {
			t.Errorf("%q of %q: %v", c.sender, c.portal, err)
		}
	}
}

func TestWithoutWhatItIsAboutNothingIsDone(t *testing.T) {
	stage(t)
	slug, _ := made(t)
	t.Setenv(catalog.EnvFiles, "")
	for _, args := range [][]string{{"delete", "-slug", slug, "-now", "-confirm", slug}, {"export", "-slug", slug, "-to", "x"}, {"import", "-from", "x"}} {
		if _, err := says(t, args...); err == nil || err.Error() != catalog.EnvFiles+" is not set" {
			t.Errorf("%v: %v", args, err)
		}
	}
}
