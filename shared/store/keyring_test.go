package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/shared/calendar"
	"preau/shared/keys"
	"preau/shared/seal"
	"preau/shared/store"
)

// A process is a store as one process of a function has it: it remembers for itself, by a clock that the test sets.
type process struct {
	*store.Store
	now            time.Time
	made, unwraps  atomic.Int32
	reads, creates atomic.Int32 // of the keyring
	broken         atomic.Bool  // nothing answers
}

func newProcess(t *testing.T) *process {
	t.Helper()
	r := testkit.Stack(t)
	p := &process{now: calendar.Now()}
	front := testkit.Front(t, r.DynamoDB, func(operation string, body []byte) string {
		return p.count(operation, body, r.Keyring)
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() {
		p.Store = store.Open().Sealing(p.counting(keys.Vault()))
	})
	store.At(p.Store, func() time.Time { return p.now })
	return p
}

func (p *process) count(operation string, body []byte, keyring string) string {
	var in struct{ TableName string }
	if json.Unmarshal(body, &in) != nil || in.TableName != keyring {
		return ""
	}
	switch operation {
	case "GetItem":
		p.reads.Add(1)
	case "PutItem":
		p.creates.Add(1)
	}
	if p.broken.Load() {
		return "AccessDeniedException"
	}
	return ""
}

func (p *process) counting(v seal.Vault) seal.Vault {
	return seal.Vault{
		NewKey: func(ctx context.Context, slug string) (plain, wrapped []byte, err error) {
			p.made.Add(1)
			return v.NewKey(ctx, slug)
		},
		Unwrap: func(ctx context.Context, slug string, wrapped []byte) ([]byte, error) {
			p.unwraps.Add(1)
			if p.broken.Load() {
				return nil, errors.New("KMS does not answer")
			}
			return v.Unwrap(ctx, slug, wrapped)
		},
	}
}

// trips are the reads and writes of the keyring, and the keys that were made and unwrapped, since it was last asked.
func (p *process) trips() [4]int32 {
	return [4]int32{p.reads.Swap(0), p.creates.Swap(0), p.made.Swap(0), p.unwraps.Swap(0)}
}

func (p *process) ring(t *testing.T, slug string) seal.Ring {
	t.Helper()
	ring, err := store.TownOf(p.Store, slug).Ring(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func opens(t *testing.T, by seal.Ring, sealed []byte, want error) {
	t.Helper()
	plain, err := by.Open("iban", sealed)
	if want != nil {
		if !errors.Is(err, want) {
			t.Errorf("got %q, %v, want %v", plain, err, want)
		}
		return
	}
	if err != nil || string(plain) != "FR76" {
		t.Errorf("got %q, %v", plain, err)
	}
}

func sealedBy(ring seal.Ring) []byte { return ring.Seal("iban", []byte("FR76")) }

func TestOfFiftyProcessesThatSealFirstAllUseOneKey(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	slug := testkit.Collectivity(t)
	rings := make([]seal.Ring, 50)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range rings {
		s := open(t).Sealing(keys.Vault())
		all.Go(func() {
			<-begin
			ring, err := store.TownOf(s, slug).Ring(t.Context())
			if err != nil {
				t.Error(err)
			}
			rings[i] = ring
		})
	}
	close(begin)
	all.Wait()
	if t.Failed() {
		return
	}
	late := newProcess(t).ring(t, slug)
	for _, ring := range rings {
		opens(t, late, sealedBy(ring), nil)
		if ring.Stale(sealedBy(late)) {
			t.Error("two processes seal under two keys")
		}
	}
}

func TestFiftyAtOnceInAProcessCostOneReadAndOneKey(t *testing.T) {
	t.Parallel()
	slug, p := testkit.Collectivity(t), newProcess(t)
	atOnce := func() {
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := store.TownOf(p.Store, slug).Ring(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	for _, c := range []struct {
		says  string
		later time.Duration
		want  [4]int32 // reads, creates, made, unwrapped
	}{
		{"the tenant's first use makes its key", 0, [4]int32{1, 1, 1, 0}},
		{"what is remembered costs nothing", store.RingLife - time.Second, [4]int32{}},
		{"after a while it is read again", time.Second, [4]int32{1, 0, 0, 1}},
		{"and remembered again", time.Second, [4]int32{}},
		{"a clock that was set back has it read again", -time.Hour, [4]int32{1, 0, 0, 1}},
	} {
		p.now = p.now.Add(c.later)
		atOnce()
		if got := p.trips(); got != c.want {
			t.Errorf("%s: keyring read %d and written %d times, keys made %d, unwrapped %d", c.says, got[0], got[1], got[2], got[3])
		}
	}
}

func TestARotationIsSeenAndReachesNobodyTooEarly(t *testing.T) {
	t.Parallel()
	slug, p, other := testkit.Collectivity(t), newProcess(t), newProcess(t)
	old := sealedBy(p.ring(t, slug))
	other.ring(t, slug)
	if _, err := p.RotateKey(t.Context(), slug, p.now); err != nil {
		t.Fatal(err)
	}
	// One process reads at once, the other remembers what was before: each opens what the other seals.
	third := newProcess(t)
	opens(t, other.ring(t, slug), sealedBy(third.ring(t, slug)), nil)
	for _, q := range []*process{p, other, third} {
		q.now = q.now.Add(seal.Settling + time.Second)
		q.trips()
	}
	for _, q := range []*process{p, other} {
		if ring := q.ring(t, slug); !ring.Stale(old) || ring.Stale(sealedBy(third.ring(t, slug))) {
			t.Error("the new key does not seal for all")
		}
	}
	if got := p.trips(); got != [4]int32{1, 0, 0, 1} {
		t.Errorf("after a rotation a ring costs %v", got)
	}
	for range 3 {
		opens(t, p.ring(t, slug), old, nil)
	}
	if got := p.trips(); got != [4]int32{0, 0, 0, 1} {
		t.Errorf("three old texts cost %v", got)
	}
	if p.ring(t, slug).Hash("iban", []byte("FR76")) != third.ring(t, slug).Hash("iban", []byte("FR76")) {
		t.Error("two processes hash differently")
	}
}

func TestOfTwoRotationsAtOnceOneIsRefusedAndNoKeyIsLost(t *testing.T) {
	t.Parallel()
	slug, p := testkit.Collectivity(t), newProcess(t)
	old := sealedBy(p.ring(t, slug))
	var done, moved atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			switch k, err := p.RotateKey(t.Context(), slug, p.now); {
			case errors.Is(err, store.ErrMoved):
				moved.Add(1)
			case err != nil || len(k.Keys) < 2:
				t.Errorf("%d keys, %v", len(k.Keys), err)
			default:
				done.Add(1)
			}
		})
	}
	all.Wait()
	last, err := p.RotateKey(t.Context(), slug, p.now)
	if err != nil || len(last.Keys) != int(done.Load())+2 || done.Load()+moved.Load() != 8 {
		t.Errorf("%d rotated, %d refused, %d keys, %v", done.Load(), moved.Load(), len(last.Keys), err)
	}
	p.now = p.now.Add(store.RingLife)
	opens(t, p.ring(t, slug), old, nil)
}

func TestAnErasedKeyOpensNothingOnceItIsForgotten(t *testing.T) {
	t.Parallel()
	slug, p, town := testkit.Collectivity(t), newProcess(t), testkit.Collectivity(t)
	sealed, theirs := sealedBy(p.ring(t, slug)), sealedBy(p.ring(t, town))
	if erased, err := p.EraseKeys(t.Context(), slug); err != nil || len(erased.Keys) != 1 {
		t.Fatalf("%d keys erased, %v", len(erased.Keys), err)
	}
	opens(t, p.ring(t, slug), sealed, nil) // what a process remembers for a while
	p.now = p.now.Add(store.RingLife)
	opens(t, p.ring(t, slug), sealed, seal.ErrKeyGone)
	opens(t, newProcess(t).ring(t, slug), sealed, seal.ErrKeyGone)
	opens(t, p.ring(t, slug), sealedBy(p.ring(t, slug)), nil)
	opens(t, p.ring(t, town), theirs, nil)
}

func TestKeysThatAreNotThereAreNeitherRotatedNorErased(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	if _, err := p.RotateKey(t.Context(), testkit.Collectivity(t), p.now); !errors.Is(err, store.ErrNoKeys) {
		t.Errorf("rotated: %v", err)
	}
	if _, err := p.EraseKeys(t.Context(), testkit.Collectivity(t)); !errors.Is(err, store.ErrNoKeys) {
		t.Errorf("erased: %v", err)
	}
}

func TestKeysThatCanNotBeReadAgainAreNotUsedForLonger(t *testing.T) {
	t.Parallel()
	slug, p := testkit.Collectivity(t), newProcess(t)
	p.ring(t, slug)
	p.broken.Store(true)
	if _, err := store.TownOf(p.Store, slug).Ring(t.Context()); err != nil {
		t.Errorf("while they are remembered: %v", err)
	}
	p.now = p.now.Add(store.RingLife)
	for range 2 {
		if _, err := store.TownOf(p.Store, slug).Ring(t.Context()); err == nil {
			t.Error("the keys outlive their time")
		}
	}
	p.broken.Store(false)
	p.ring(t, slug)
}

func TestWhoeverWaitsForKeysGivesUpAlone(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	vault := keys.Vault()
	slow := seal.Vault{Unwrap: vault.Unwrap, NewKey: func(ctx context.Context, slug string) (plain, wrapped []byte, err error) {
		close(asked)
		<-answer
		return vault.NewKey(ctx, slug)
	}}
	town := store.TownOf(open(t).Sealing(slow), testkit.Collectivity(t))
	first := make(chan error)
	go func() {
		_, err := town.Ring(context.WithoutCancel(t.Context()))
		first <- err
	}()
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := town.Ring(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever gave up got %v", err)
	}
	close(answer)
	if err := <-first; err != nil {
		t.Errorf("the other got %v", err)
	}
}

func TestATownsKeysOpenNothingOfAnother(t *testing.T) {
	t.Parallel()
	p, here, there := newProcess(t), testkit.Collectivity(t), testkit.Collectivity(t)
	ours, theirs := p.ring(t, here), p.ring(t, there)
	opens(t, theirs, sealedBy(ours), seal.ErrKeyGone)
	if ours.Hash("iban", []byte("FR76")) == theirs.Hash("iban", []byte("FR76")) {
		t.Error("two towns have the same hash of a value")
	}
	// Somebody who may write the keyring gives one town the other's keys: KMS does not unwrap them for it.
	r := testkit.Stack(t)
	db := emulators.DynamoDB(r.DynamoDB)
	key := func(slug string) map[string]any { return map[string]any{"collectivity": map[string]string{"S": slug}} }
	var found struct{ Item map[string]any }
	if err := db.Call(t.Context(), "GetItem", map[string]any{"TableName": r.Keyring, "Key": key(here)}, &found); err != nil {
		t.Fatal(err)
	}
	maps.Copy(found.Item, key(there))
	if err := db.Call(t.Context(), "PutItem", map[string]any{"TableName": r.Keyring, "Item": found.Item}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := store.TownOf(newProcess(t).Store, there).Ring(t.Context()); err == nil {
		t.Error("one town's keyring opens in the hands of another")
	}
}

func TestAFunctionThatWasNotWiredToSealSaysSo(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	if _, err := store.TownOf(open(t), testkit.Collectivity(t)).Ring(t.Context()); err == nil {
		t.Error("a ring without a vault")
	}
}

// What the promise of 15 minutes stands on: a ring was at most RingLife old when the longest run began.
func TestAnErasedKeyIsForgottenWithinAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	longest := time.Duration(0)
	for _, f := range catalog.Functions {
		if f.Seals {
			longest = max(longest, f.Timeout)
		}
	}
	if longest == 0 || store.RingLife+longest > 15*time.Minute {
		t.Errorf("remembered for %s, used for %s more", store.RingLife, longest)
	}
	if skew := 5 * time.Minute; seal.Settling < store.RingLife+longest+skew {
		t.Errorf("a new key seals after %s, while rings without it are in use", seal.Settling)
	}
}

func TestAFunctionsRoleIsEnoughToSeal(t *testing.T) { // not parallel: it changes the environment
	testkit.Stack(t)
	slug := testkit.Collectivity(t)
	as := func(function string) (err error) {
		testkit.Within(t, map[string]string{"AWS_ACCESS_KEY_ID": emulators.AccessKey(function)}, func() {
			_, err = store.TownOf(store.Open().Sealing(keys.Vault()), slug).Ring(t.Context())
		})
		return err
	}
	for range 2 { // makes the key, then unwraps it
		if err := as("show-family-file"); err != nil {
			t.Error(err)
		}
	}
	if err := as("show-planning"); err == nil {
		t.Error("a function that does not seal has the keys")
	}
}
