package emulators

import (
	"sync"
	"time"
)

// lockouts are AWS's: from the fifth wrong password in a row on, a user is locked for a second, twice as long after each
// further one, up to a quarter of an hour. A try while locked counts nothing; a right password after, or a quarter of an
// hour without a try, begins anew.
type lockouts struct {
	mu    sync.Mutex
	users map[string]lockout
}

type lockout struct {
	wrong       int
	last, until time.Time
}

const (
	freeTries   = 5
	longestLock = 15 * time.Minute
)

var errLocked = notAuthorized("Password attempts exceeded")

// check refuses a user who is locked.
func (l *lockouts) check(username string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.users[username].until) {
		return errLocked
	}
	return nil
}

// wrong counts a wrong password.
func (l *lockouts) wrong(username string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.users[username]
	if now.Sub(u.last) >= longestLock {
		u = lockout{}
	}
	u.wrong, u.last = u.wrong+1, now
	if over := u.wrong - freeTries; over >= 0 {
		u.until = now.Add(min(time.Second<<min(over, 10), longestLock))
	}
	if l.users == nil {
		l.users = map[string]lockout{}
	}
	l.users[username] = u
}

// right forgets the wrong ones.
func (l *lockouts) right(username string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.users, username)
}
