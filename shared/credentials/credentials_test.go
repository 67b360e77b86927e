package credentials_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/shared/account"
	"preau/shared/credentials"
	"preau/shared/id"
	"preau/shared/identity"
	"preau/shared/store"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// desk is a table of its own: what waits for its erasure is one queue for all.
type desk struct {
	t     *testing.T
	store *store.Store
	pool  *identity.Pool
}

func newDesk(t *testing.T) desk {
	t.Helper()
	d := desk{t: t}
	testkit.Within(t, testkit.OwnTable(t), func() { d.store, d.pool = store.Open(), identity.Open() })
	return d
}

// account is one with a password and a link for a new one.
func (d desk) account() account.Account {
	d.t.Helper()
	a := account.Account{ID: id.New(noon), Email: testkit.Address(d.t), Reset: account.Link{Issue: 1, At: noon}}
	a.User = id.User(a.ID)
	err := d.store.OpenAccount(d.t.Context(), a.ID, a)
	if err == nil {
		err = d.pool.Create(d.t.Context(), a.User, "le premier mot de passe")
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

// due lists the users that are to be erased an hour later.
func (d desk) due() (users []string) {
	d.t.Helper()
	for cursor, more := "", true; more; more = cursor != "" {
		page, next, err := d.store.DueUsers(d.t.Context(), noon.Add(account.RetiredGrace), cursor)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, u := range page {
			users = append(users, u.User)
		}
		cursor = next
	}
	return users
}

func (d desk) opens(user, password string) bool {
	d.t.Helper()
	_, err := d.pool.SignIn(d.t.Context(), identity.Citizens, user, password)
	if err != nil && !errors.Is(err, identity.ErrRefused) {
		d.t.Fatal(err)
	}
	return err == nil
}

func TestTheNewPasswordTakesThePlaceOfTheOld(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.account()
	user, err := credentials.Replace(t.Context(), d.store, d.pool, a, "le nouveau mot de passe", &a.Reset, noon)
	if err != nil {
		t.Fatal(err)
	}
	after, _, err := d.store.Account(t.Context(), a.ID)
	if err != nil || after.User != user || after.Reset != (account.Link{Issue: 1}) {
		t.Errorf("got %+v (%v)", after, err)
	}
	if !d.opens(user, "le nouveau mot de passe") || d.opens(a.User, "le premier mot de passe") {
		t.Error("the old password opens, or the new does not")
	}
	if got := d.due(); !slices.Equal(got, []string{a.User}) { // erased already, and once more in case that failed
		t.Errorf("due are %v, want %s", got, a.User)
	}
}

// TestCutShortAnywhereNoUserIsForgotten: the account has its old user, and the new one is erased later.
func TestCutShortAnywhereNoUserIsForgotten(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	stale := func(a account.Account) account.Account { a.User = id.User(a.ID); return a }
	used := func(a account.Account) *account.Link {
		return &account.Link{Issue: a.Reset.Issue, At: noon.Add(time.Second)}
	}
	none := func(account.Account) *account.Link { return nil }
	same := func(a account.Account) account.Account { return a }
	cases := []struct {
		says     string
		password string
		seen     func(account.Account) account.Account
		link     func(account.Account) *account.Link
		want     error
	}{
		{"before its user had a password", "court", same, none, nil}, // Cognito refuses it
		{"because the link was used meanwhile", "le nouveau mot de passe", same, used, account.ErrLinkUsed},
		{"because the password was replaced meanwhile", "le nouveau mot de passe", stale, none, account.ErrSessionEnded},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			a := d.account()
			before := d.due()
			_, err := credentials.Replace(t.Context(), d.store, d.pool, c.seen(a), c.password, c.link(a), noon)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Fatalf("got %v", err)
			}
			after, _, err := d.store.Account(t.Context(), a.ID)
			if err != nil || after.User != a.User || !d.opens(a.User, "le premier mot de passe") {
				t.Errorf("got %+v (%v)", after, err)
			}
			if got := len(d.due()) - len(before); got != 1 {
				t.Errorf("%d more users are due, want the new one", got)
			}
		})
	}
}

func TestAProcessThatDiesInBetweenLeavesTheAccountWhole(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.account()
	dying, die := context.WithCancel(t.Context())
	die()
	if _, err := credentials.Replace(dying, d.store, d.pool, a, "le nouveau mot de passe", nil, noon); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if !d.opens(a.User, "le premier mot de passe") {
		t.Error("the password is lost")
	}
}
