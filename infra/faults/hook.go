package faults

import (
	"slices"
	"sync"
)

// When says on which side of the table a hook stands.
type When string

// The sides.
const (
	Before When = "before"
	After  When = "after"
)

// At runs f at the nth write from now on, 1 being the next, in the moment before the table hears of it or after the table has
// served it. The caller never hears of that write: its connection breaks. f may kill it, and must not call Close. cancel
// takes the hook away if it has not fired.
func (p *Proxy) At(n int, when When, f func()) (cancel func()) {
	h := &hook{left: n, when: when, f: f}
	p.hooks.mu.Lock()
	defer p.hooks.mu.Unlock()
	p.hooks.all = append(p.hooks.all, h)
	return func() { p.hooks.remove(h) }
}

// hooks wait for their write.
type hooks struct {
	mu  sync.Mutex
	all []*hook
}

type hook struct {
	left int // writes up to and with its own
	when When
	f    func()
}

func (h *hooks) remove(gone *hook) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = slices.DeleteFunc(h.all, func(one *hook) bool { return one == gone })
}

// of finds the hook that a call fires; nil for none. Of two at the same write, the one set first.
func (h *hooks) of(operation string) (fires *hook) {
	if !writing(operation) {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.all {
		if one.left--; one.left == 0 && fires == nil {
			fires = one
		}
	}
	return fires
}
