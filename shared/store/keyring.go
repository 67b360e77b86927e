package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/seal"
)

// The collectivities' wrapped data keys lie in a table of their own, one item each. It is not recoverable to a point in time
// as the single table is: a restore would give back a key that was erased, and all that it opens.

// ringLife is how long a process uses a ring before it reads the keyring again. No function runs for more than two minutes,
// so what was erased opens nothing 15 minutes later.
const ringLife = 12 * time.Minute

// Sealing has the store unwrap data keys, of the keyring named by PREAU_KEYRING, with the vault.
func (s *Store) Sealing(v seal.Vault) *Store {
	s.vault, s.keyring = v, os.Getenv("PREAU_KEYRING")
	return s
}

// errNoVault is a mistake in a function's wiring.
var errNoVault = errors.New("this function opens nothing sealed: in its main.go, store.Open().Sealing(keys.Vault())")

// ErrNoKeys means that a collectivity has sealed nothing yet, or that its keys are erased.
var ErrNoKeys = errors.New("it has no data keys")

// heldRing is what a process remembers of a tenant's keys.
type heldRing struct {
	turn chan struct{} // whoever looks at the rest; one loads, the others then find it loaded
	ring seal.Ring
	read time.Time
}

// Ring is the tenant's data keys, for one piece of work. It costs nothing while the process remembers it, otherwise a read
// of the keyring and one call of the vault; the tenant's first use makes its first key. A fault when the keys can not be
// had: they are never used for longer because of it.
func (c Collectivity) Ring(ctx context.Context) (seal.Ring, error) {
	if c.vault.Unwrap == nil {
		return seal.Ring{}, errNoVault
	}
	h := c.held()
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return seal.Ring{}, ctx.Err()
	}
	now := c.clock()
	if age := now.Sub(h.read); 0 <= age && age < ringLife {
		return h.ring, nil
	}
	h.ring, h.read = seal.Ring{}, time.Time{}
	ring, err := c.readRing(ctx, now)
	if err != nil {
		return seal.Ring{}, fmt.Errorf("data keys of %s: %w", c.slug, err)
	}
	h.ring, h.read = ring, now
	return ring, nil
}

func (c Collectivity) held() *heldRing {
	h, ok := c.rings.Load(c.slug)
	if !ok {
		h, _ = c.rings.LoadOrStore(c.slug, &heldRing{turn: make(chan struct{}, 1)})
	}
	return h.(*heldRing)
}

func (c Collectivity) readRing(ctx context.Context, now time.Time) (seal.Ring, error) {
	k, found, err := c.readKeyring(ctx)
	if err != nil {
		return seal.Ring{}, err
	}
	if !found {
		return c.foundRing(ctx, now)
	}
	return c.vault.Open(ctx, c.slug, k, now)
}

// foundRing makes the tenant's first key. Of several processes that do at once one wins, and all use its key.
func (c Collectivity) foundRing(ctx context.Context, now time.Time) (seal.Ring, error) {
	k, ring, err := c.vault.Found(ctx, c.slug, now)
	if err != nil {
		return ring, err
	}
	kept, err := c.keep(ctx, k, "attribute_not_exists(collectivity)", nil)
	if err != nil || kept.Newest == k.Newest {
		return ring, err
	}
	return c.vault.Open(ctx, c.slug, kept, now)
}

// RotateKey gives a tenant a new data key, which seals once it has settled; see seal.Settling. Of two rotations at once one
// is refused.
func (s *Store) RotateKey(ctx context.Context, slug string, now time.Time) (seal.Keyring, error) {
	c := s.collectivity(slug)
	before, found, err := c.readKeyring(ctx)
	if err == nil && !found {
		err = ErrNoKeys
	}
	if err != nil {
		return before, err
	}
	after, err := s.vault.Rotate(ctx, slug, before, now)
	if err != nil {
		return before, err
	}
	kept, err := c.keep(ctx, after, "Newest = :seen", values(":seen", before.Newest))
	if err == nil && kept.Newest != after.Newest {
		err = ErrMoved
	}
	return kept, err
}

// EraseKeys deletes all data keys of a tenant: within 15 minutes nothing opens what they sealed, here or in a backup, ever.
// It answers what was erased. If the tenant seals again, it does so under a new key.
func (s *Store) EraseKeys(ctx context.Context, slug string) (seal.Keyring, error) {
	out, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.keyring, Key: attributes{"collectivity": text(slug)}, ReturnValues: types.ReturnValueAllOld,
	})
	if err != nil {
		return seal.Keyring{}, fmt.Errorf("erase the data keys of %s: %w", slug, err)
	}
	if out.Attributes == nil {
		return seal.Keyring{}, ErrNoKeys
	}
	return decode[seal.Keyring](out.Attributes)
}

func (c Collectivity) readKeyring(ctx context.Context) (k seal.Keyring, found bool, err error) {
	out, err := c.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &c.keyring, Key: attributes{"collectivity": text(c.slug)}, ConsistentRead: new(true),
	})
	if err != nil || out.Item == nil {
		return k, false, err
	}
	k, err = decode[seal.Keyring](out.Item)
	return k, err == nil, err
}

// keep writes a keyring if the one that is there is as it was seen, so that no key that has sealed is ever lost. It answers
// the keyring that is there then: another one if somebody else was first.
func (c Collectivity) keep(ctx context.Context, k seal.Keyring, seen string, operands attributes) (seal.Keyring, error) {
	it := value(k).(*types.AttributeValueMemberM).Value
	it["collectivity"] = text(c.slug)
	_, err := c.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &c.keyring, Item: it, ConditionExpression: &seen, ExpressionAttributeValues: operands,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed := (*types.ConditionalCheckFailedException)(nil); errors.As(err, &failed) {
		return decode[seal.Keyring](failed.Item)
	}
	return k, err
}
