package lambda

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// A pool holds the processes of one function. A call takes an idle one, has a new one started or waits its turn.
type pool struct {
	host     *Host
	function Function

	mu       sync.Mutex
	idle     []*instance // the last one to finish is the first to be used again
	waiting  []chan given
	starting int
	running  int // starting ones too
	closed   bool
}

// given is what a waiting call gets: a process, or the failure of its start.
type given struct {
	instance *instance
	failure  *outcome
	err      error
}

var errClosed = errors.New("the platform is stopping")

// acquire waits for a process. Calls are served in the order of their arrival.
func (p *pool) acquire(ctx context.Context) given {
	turn := make(chan given, 1)
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return given{err: errClosed}
	}
	if n := len(p.idle); n > 0 {
		i := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return given{instance: i}
	}
	p.waiting = append(p.waiting, turn)
	p.fill()
	p.mu.Unlock()
	select {
	case g := <-turn:
		return g
	case <-ctx.Done():
		p.leave(turn)
		return given{err: ctx.Err()}
	}
}

// leave takes a call out of the queue; a process that it was given meanwhile goes to the next one.
func (p *pool) leave(turn chan given) {
	p.mu.Lock()
	p.waiting = slices.DeleteFunc(p.waiting, func(w chan given) bool { return w == turn })
	p.mu.Unlock()
	select {
	case g := <-turn:
		if g.instance != nil {
			p.offer(g.instance)
		}
	default:
	}
}

// fill starts a process for each waiting call that none is being started for. The caller holds the lock.
func (p *pool) fill() {
	for len(p.waiting) > p.starting && p.running < p.host.options.Concurrent && !p.closed {
		p.starting++
		p.running++
		p.host.alive.Go(p.runInstance)
	}
}

// offer takes a process that is ready for a call.
func (p *pool) offer(i *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i.gone() {
		return // p.lost was told or will be
	}
	if len(p.waiting) > 0 {
		p.next() <- given{instance: i}
		return
	}
	i.idleSince = time.Now()
	p.idle = append(p.idle, i)
}

// next takes the first call off the queue. The caller holds the lock.
func (p *pool) next() chan given {
	turn := p.waiting[0]
	p.waiting = p.waiting[1:]
	return turn
}

// started counts a process that came up, or fails the call that has waited longest for one that did not.
func (p *pool) started(failure *outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starting--
	if failure == nil {
		return
	}
	p.running--
	if len(p.waiting) > 0 {
		p.next() <- given{failure: failure}
	}
	p.fill()
}

// lost forgets a process that ended.
func (p *pool) lost(i *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	p.idle = slices.DeleteFunc(p.idle, func(o *instance) bool { return o == i })
	p.fill()
}

// retire ends the processes that idle since before a time.
func (p *pool) retire(before time.Time) {
	p.mu.Lock()
	var old []*instance
	p.idle = slices.DeleteFunc(p.idle, func(i *instance) bool {
		if i.idleSince.Before(before) {
			old = append(old, i)
			return true
		}
		return false
	})
	p.mu.Unlock()
	for _, i := range old {
		i.process.Kill()
	}
}

// close refuses the calls that wait and all to come.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for len(p.waiting) > 0 {
		p.next() <- given{err: errClosed}
	}
}
