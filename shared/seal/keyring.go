package seal

import (
	"cmp"
	"context"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Keyring is a collectivity's data keys as they are kept: wrapped, so that it opens nothing without the vault.
type Keyring struct {
	Newest  string             // id of the key that was added last
	Keys    map[string]Wrapped // by id
	Hashing []byte             // the key of the hashes, sealed under the newest key
}

// Wrapped is a data key that only the vault can unwrap.
type Wrapped struct {
	Key     []byte
	Created time.Time
	From    time.Time // when it begins to seal
}

// Settling is how long after its making a key begins to seal: by then no ring is in use that does not know it. Rings are read
// again within 15 minutes; the rest is for clocks that differ. Only a collectivity's first key seals at once.
const Settling = 20 * time.Minute

// sealing names the key that seals at an instant: the last one that has begun to, or the first one.
func (k Keyring) sealing(now time.Time) (name string) {
	for i, candidate := range k.oldestFirst() {
		if i == 0 || !k.Keys[candidate].From.After(now) {
			name = candidate
		}
	}
	return name
}

func (k Keyring) oldestFirst() []string {
	return slices.SortedFunc(maps.Keys(k.Keys), func(a, b string) int {
		return cmp.Or(k.Keys[a].From.Compare(k.Keys[b].From), strings.Compare(a, b))
	})
}

// Vault makes and unwraps data keys; it binds each to its collectivity and keeps none. KMS is behind it.
type Vault struct {
	NewKey func(ctx context.Context, slug string) (plain, wrapped []byte, err error)
	Unwrap func(ctx context.Context, slug string, wrapped []byte) (plain []byte, err error)
}

// hashingAt is where the key of the hashes is sealed.
const hashingAt = "hashing"

// Found makes a collectivity's first key. The ring is good once the keyring is kept.
func (v Vault) Found(ctx context.Context, slug string, now time.Time) (Keyring, Ring, error) {
	hashing := make([]byte, keySize)
	_, _ = rand.Read(hashing) // never fails
	return v.add(ctx, slug, Keyring{}, hashing, now, now)
}

// Rotate adds a key that seals once it has settled. Older ones still open what they sealed, and hashes stay what they are.
func (v Vault) Rotate(ctx context.Context, slug string, k Keyring, now time.Time) (Keyring, error) {
	r, err := v.Open(ctx, slug, k, now)
	if err != nil {
		return k, err
	}
	k, _, err = v.add(ctx, slug, k, r.hashing, now, now.Add(Settling))
	return k, err
}

// add answers the keyring with one more key, and a ring in which that key seals.
func (v Vault) add(ctx context.Context, slug string, k Keyring, hashing []byte, now, from time.Time) (Keyring, Ring, error) {
	plain, wrapped, err := v.NewKey(ctx, slug)
	if err != nil {
		return k, Ring{}, err
	}
	name := k.unused()
	added := Keyring{Newest: name, Keys: map[string]Wrapped{name: {wrapped, now, from}}}
	maps.Copy(added.Keys, k.Keys)
	r, err := v.ring(slug, added, name, plain)
	if err != nil {
		return k, r, err
	}
	r.hashing = hashing
	added.Hashing = r.Seal(hashingAt, hashing)
	return added, r, nil
}

func (k Keyring) unused() string {
	for {
		var fresh id
		_, _ = rand.Read(fresh[:]) // never fails
		name := hex.EncodeToString(fresh[:])
		if _, taken := k.Keys[name]; !taken {
			return name
		}
	}
}

// Open unwraps the key that seals at an instant, and the newest one until it does. The others are unwrapped when a text of
// theirs is first opened.
func (v Vault) Open(ctx context.Context, slug string, k Keyring, now time.Time) (Ring, error) {
	name := k.sealing(now)
	if name == "" {
		return Ring{}, fmt.Errorf("the keyring of %s holds no key", slug)
	}
	plain, err := v.Unwrap(ctx, slug, k.Keys[name].Key)
	if err != nil {
		return Ring{}, err
	}
	r, err := v.ring(slug, k, name, plain)
	if err != nil {
		return r, err
	}
	if r.hashing, err = r.Open(hashingAt, k.Hashing); err != nil {
		return r, fmt.Errorf("the key of the hashes of %s: %w", slug, err)
	}
	return r, nil
}

// ring is a keyring of which the key that seals is unwrapped.
func (v Vault) ring(slug string, k Keyring, sealing string, plain []byte) (r Ring, err error) {
	r = Ring{slug: slug, keys: map[id]*key{}}
	if r.current, err = readID(sealing); err != nil {
		return r, err
	}
	if r.sealer, err = newCipher(plain); err != nil {
		return r, err
	}
	for name, w := range k.Keys {
		i, err := readID(name)
		if err != nil {
			return r, err
		}
		r.keys[i] = &key{unwrap: v.later(slug, w.Key)}
	}
	r.keys[r.current].opened = r.sealer
	return r, nil
}

func readID(name string) (i id, err error) {
	b, err := hex.DecodeString(name)
	if err != nil || len(b) != len(i) {
		return i, fmt.Errorf("%q names no key", name)
	}
	return id(b), nil
}

// key is one data key of a ring, unwrapped when it is first needed.
type key struct {
	unwrap func() (cipher.AEAD, error)

	mu     sync.Mutex
	opened cipher.AEAD
}

// cipher is the key, ready to open. A failure is not kept: whoever asks next has the vault tried again.
func (k *key) cipher() (cipher.AEAD, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.opened != nil {
		return k.opened, nil
	}
	opened, err := k.unwrap()
	if err == nil {
		k.opened = opened
	}
	return opened, err
}

// laterWait bounds the unwrapping of an older key, which no single caller's context may end for the others.
const laterWait = 5 * time.Second

func (v Vault) later(slug string, wrapped []byte) func() (cipher.AEAD, error) {
	return func() (cipher.AEAD, error) {
		ctx, cancel := context.WithTimeout(context.Background(), laterWait)
		defer cancel()
		plain, err := v.Unwrap(ctx, slug, wrapped)
		if err != nil {
			return nil, err
		}
		return newCipher(plain)
	}
}
