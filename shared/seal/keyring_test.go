package seal_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"strconv"
	"sync"
	"testing"
	"time"

	"preau/shared/seal"
)

var noon = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)

// A safe is a vault in memory: what it hands out as wrapped is a number.
type safe struct {
	mu      sync.Mutex
	wrapped map[string]wrapping
	unwraps int
	blind   bool  // it unwraps for another town too, which no real vault does
	fails   error // of all that it is asked
}

type wrapping struct {
	slug  string
	plain []byte
}

func newSafe() *safe { return &safe{wrapped: map[string]wrapping{}} }

func (s *safe) vault() seal.Vault { return seal.Vault{NewKey: s.newKey, Unwrap: s.unwrap} }

func (s *safe) newKey(_ context.Context, slug string) (plain, wrapped []byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	plain = make([]byte, 32)
	_, _ = rand.Read(plain)
	name := strconv.Itoa(len(s.wrapped))
	s.wrapped[name] = wrapping{slug, plain}
	return plain, []byte(name), s.fails
}

var errNotYours = errors.New("wrapped for another town")

func (s *safe) unwrap(_ context.Context, slug string, wrapped []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unwraps++
	w := s.wrapped[string(wrapped)]
	if s.fails == nil && w.slug != slug && !s.blind {
		return nil, errNotYours
	}
	return w.plain, s.fails
}

func found(t *testing.T, s *safe, slug string) (seal.Keyring, seal.Ring) {
	t.Helper()
	kept, ring, err := s.vault().Found(t.Context(), slug, noon)
	if err != nil {
		t.Fatal(err)
	}
	return kept, ring
}

// opened is the ring of a time when all keys have settled.
func opened(t *testing.T, s *safe, slug string, k seal.Keyring) seal.Ring {
	t.Helper()
	return openedAt(t, s, slug, k, noon.AddDate(1, 0, 0))
}

func openedAt(t *testing.T, s *safe, slug string, k seal.Keyring, now time.Time) seal.Ring {
	t.Helper()
	ring, err := s.vault().Open(t.Context(), slug, k, now)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func rotated(t *testing.T, s *safe, slug string, k seal.Keyring, now time.Time) seal.Keyring {
	t.Helper()
	k, err := s.vault().Rotate(t.Context(), slug, k, now)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var hour = noon.Add(time.Hour)

func TestAKeyringOpensAgainWhatItsFirstRingSealed(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, first := found(t, s, "ville")
	again := opened(t, s, "ville", kept)
	got, err := again.Open("x", first.Seal("x", []byte("FR76")))
	if err != nil || string(got) != "FR76" {
		t.Errorf("opened %q, %v", got, err)
	}
	if first.Hash("x", []byte("oui")) != again.Hash("x", []byte("oui")) {
		t.Error("the same value has two hashes")
	}
	if created := kept.Keys[kept.Newest].Created; !created.Equal(noon) {
		t.Errorf("the key was made at %s", created)
	}
}

func TestAKeyringHoldsNoKeyInClear(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, _ := found(t, s, "ville")
	for _, w := range s.wrapped {
		if bytes.Contains(kept.Hashing, w.plain) || bytes.Contains(kept.Keys[kept.Newest].Key, w.plain) {
			t.Error("the data key lies in the keyring")
		}
	}
}

func TestAfterARotationOldTextsOpenAndAreStaleAndHashesAreTheSame(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, before := found(t, s, "ville")
	after := opened(t, s, "ville", rotated(t, s, "ville", kept, hour))
	old, fresh := before.Seal("x", []byte("FR76")), after.Seal("x", []byte("FR76"))
	if got, err := after.Open("x", old); err != nil || string(got) != "FR76" {
		t.Errorf("the old text opens as %q, %v", got, err)
	}
	if !after.Stale(old) || after.Stale(fresh) || before.Stale(old) || after.Stale(nil) {
		t.Error("what is stale is mixed up")
	}
	if _, err := before.Open("x", fresh); !errors.Is(err, seal.ErrKeyGone) {
		t.Errorf("a ring of before the rotation opens what came after: %v", err)
	}
	if before.Hash("x", []byte("oui")) != after.Hash("x", []byte("oui")) {
		t.Error("the rotation makes an unchanged value look changed")
	}
}

// Rings are kept for a while. One that was read before a rotation does not know the new key: until no such ring is in use,
// nobody seals under it.
func TestANewKeySealsOnceEveryRingKnowsIt(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, first := found(t, s, "ville")
	kept = rotated(t, s, "ville", kept, hour)
	for _, c := range []struct {
		says  string
		at    time.Time
		first bool
	}{
		{"at once", hour, true},
		{"before it has settled", hour.Add(seal.Settling - time.Second), true},
		{"when it has settled", hour.Add(seal.Settling), false},
		{"later", hour.AddDate(1, 0, 0), false},
	} {
		ring := openedAt(t, s, "ville", kept, c.at)
		if stale := first.Stale(ring.Seal("x", nil)); stale == c.first {
			t.Errorf("%s: the first key seals: %v, want %v", c.says, !stale, c.first)
		}
		if ring.Hash("x", nil) != first.Hash("x", nil) {
			t.Errorf("%s: hashes are others", c.says)
		}
	}
	twice := rotated(t, s, "ville", kept, hour.Add(time.Minute))
	if ring := openedAt(t, s, "ville", twice, hour.Add(2*time.Minute)); first.Stale(ring.Seal("x", nil)) {
		t.Error("of two new keys one seals before it has settled")
	}
}

func TestAFirstKeySealsAtOnceEvenIfItIsRotatedAtOnce(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, first := found(t, s, "ville")
	kept = rotated(t, s, "ville", kept, noon.Add(time.Minute))
	kept = rotated(t, s, "ville", kept, noon) // by a clock that is slow
	for _, now := range []time.Time{noon.Add(-time.Hour), noon, noon.Add(2 * time.Minute), noon.Add(seal.Settling - time.Second)} {
		if ring := openedAt(t, s, "ville", kept, now); first.Stale(ring.Seal("x", nil)) {
			t.Errorf("at %s another key seals", now)
		}
	}
}

func TestARotationLeavesTheKeyringItBeganWith(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, _ := found(t, s, "ville")
	keys := maps.Clone(kept.Keys)
	next := rotated(t, s, "ville", kept, hour)
	if len(kept.Keys) != len(keys) || len(next.Keys) != len(keys)+1 || next.Newest == kept.Newest {
		t.Errorf("%d keys became %d beside %d", len(keys), len(kept.Keys), len(next.Keys))
	}
}

func TestOnlyTheKeysThatAreNeededAreUnwrappedAndOnce(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, first := found(t, s, "ville")
	for n := range 3 {
		kept = rotated(t, s, "ville", kept, hour.AddDate(0, n, 0))
	}
	s.unwraps = 0
	ring, sealed := opened(t, s, "ville", kept), first.Seal("x", []byte("FR76"))
	if s.unwraps != 1 {
		t.Errorf("%d keys unwrapped to seal, want the current one", s.unwraps)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := ring.Open("x", sealed); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if s.unwraps != 2 {
		t.Errorf("%d keys unwrapped, want the current one and the old text's", s.unwraps)
	}
}

func TestAVaultThatFailsForAnOldKeyIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, first := found(t, s, "ville")
	ring, sealed := opened(t, s, "ville", rotated(t, s, "ville", kept, hour)), first.Seal("x", []byte("FR76"))
	s.fails = errors.New("no vault")
	if _, err := ring.Open("x", sealed); !errors.Is(err, s.fails) {
		t.Errorf("without a vault: %v", err)
	}
	s.fails = nil
	if _, err := ring.Open("x", sealed); err != nil {
		t.Errorf("with the vault back: %v", err)
	}
}

func TestAKeyringOfAnotherTownDoesNotOpen(t *testing.T) {
	t.Parallel()
	s := newSafe()
	kept, _ := found(t, s, "ville")
	if _, err := s.vault().Open(t.Context(), "autre-ville", kept, hour); !errors.Is(err, errNotYours) {
		t.Errorf("got %v", err)
	}
	s.blind = true // the key of the hashes is bound to its town as well
	if _, err := s.vault().Open(t.Context(), "autre-ville", kept, hour); !errors.Is(err, seal.ErrTouched) {
		t.Errorf("by a vault that does not look: %v", err)
	}
}

func TestABrokenKeyringIsNoRing(t *testing.T) {
	t.Parallel()
	s := newSafe()
	for says, spoil := range map[string]func(*seal.Keyring){
		"it holds no key":      func(k *seal.Keyring) { k.Keys = nil },
		"a key without an id":  func(k *seal.Keyring) { k.Keys["x"] = seal.Wrapped{} },
		"no key of the hashes": func(k *seal.Keyring) { k.Hashing = nil },
		"a key of another length": func(k *seal.Keyring) {
			s.wrapped["short"] = wrapping{"ville", []byte("short")}
			k.Keys[k.Newest] = seal.Wrapped{Key: []byte("short")}
		},
	} {
		kept, _ := found(t, s, "ville")
		spoil(&kept)
		if _, err := s.vault().Open(t.Context(), "ville", kept, hour); err == nil {
			t.Errorf("%s: it opens", says)
		}
		if _, err := s.vault().Rotate(t.Context(), "ville", kept, hour); err == nil {
			t.Errorf("%s: it rotates", says)
		}
	}
}
