package town

import (
	"strings"

	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// Right is an agent's right to act for the town.
func (w *Town) Right(a account.Account) store.AgentRight {
	w.T.Helper()
	right, err := w.Env.Store.AgentOf(w.T.Context(), account.CallerOf(a.User, true), w.Slug, collectivity.Reader)
	check(w.T, err)
	return right
}

// Issued are the codes that were issued to a family's guardians.
func (w *Town) Issued(f seed.MadeFamily) []store.IssuedCode {
	w.T.Helper()
	household, err := f.Store.Household(w.T.Context())
	check(w.T, err)
	codes, err := f.Store.Codes(w.T.Context(), household)
	check(w.T, err)
	return codes
}

// Revoke closes a code of a family, as it was written, as a manager does.
func (w *Town) Revoke(f seed.MadeFamily, typed string) {
	w.T.Helper()
	for _, c := range w.Issued(f) {
		if c.Hash == w.Secret.Code(strings.ReplaceAll(typed, "-", "")) {
			check(w.T, w.Right(w.Agent(collectivity.Manager)).RevokeCode(w.T.Context(), c, w.Env.Now))
			return
		}
	}
	w.T.Fatalf("%s was not issued", typed)
}
