package town

import (
	"slices"
	"sync"

	"preau/infra/testkit"
	"preau/infra/testkit/invariants"
)

// record keeps the ids of a town's families, which nothing lists.
type record struct {
	mu  sync.Mutex
	ids []string
}

func (r *record) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids = append(r.ids, id)
}

func (r *record) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.ids)
}

// Sound fails the test for each promise that what is written of the town's bookings breaks (package invariants). It is for
// after a race, when nobody writes any more; it knows the families that Family, NewHome and Separated made.
func (w *Town) Sound() {
	w.T.Helper()
	for _, broken := range w.Written().Broken() {
		w.T.Errorf("%s: %s", w.Slug, broken)
	}
}

// Written reads what is written of the town's bookings, past all of the service's code.
func (w *Town) Written() invariants.Tenant {
	w.T.Helper()
	tenant, err := invariants.Open(testkit.Stack(w.T).DynamoDB, w.table).Read(w.T.Context(), w.Slug, w.made.list())
	check(w.T, err)
	return tenant
}
