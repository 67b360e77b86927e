// Package seal keeps fields secret from whoever holds the table, its stream or its backups: bank, tax and health data are
// encrypted before they are written, under data keys that each collectivity has for itself.
//
// A sealed text is bound to its place: moved to another item, field or collectivity it does not open. Its form:
//
//	1 byte    format, 1
//	4 bytes   id of the data key, random; an id is not used again
//	12 bytes  nonce, random
//	n bytes   AES-256-GCM of the text, as long as the text
//	16 bytes  GCM's tag, over all of the above and where it stands
//
// What is authenticated beside the text: the words "preau sealed field", the first five bytes, then collectivity and place,
// each behind its length as a varint. So a sealed text tells its length and its key, and nothing else. A random nonce is good
// for 2³² texts under one key; a collectivity never comes near.
//
// Data keys are wrapped by a Vault (KMS) and kept so in a Keyring; the Ring is what they are in memory.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Why a sealed text does not open. Neither is the reader's mistake: both are faults.
var (
	// ErrTouched means that the text is not what was sealed at this place: moved, cut or changed.
	ErrTouched = errors.New("the sealed text was touched or moved")
	// ErrKeyGone means that the key of the text was erased: nothing will ever open it again.
	ErrKeyGone = errors.New("the key of the sealed text is gone")
)

const (
	format   = 1
	head     = 1 + len(id{}) // format and key
	overhead = head + 12 + 16
	keySize  = 32
)

type id [4]byte

// Ring is the data keys of one collectivity, unwrapped. It is for one piece of work: a ring that is kept for longer would
// open what a deleted key sealed. Many goroutines may use it at once.
type Ring struct {
	slug    string
	current id // of the key that seals
	sealer  cipher.AEAD
	keys    map[id]*key
	hashing []byte
}

// Seal encrypts a text for one place; see Where.
func (r Ring) Seal(where string, plain []byte) []byte {
	first := append([]byte{format}, r.current[:]...)
	return r.sealer.Seal(first, nil, plain, r.bound(where, first))
}

// Open decrypts what was sealed for the same place: ErrTouched or ErrKeyGone if it can not be, another error if the vault
// that has the text's key unwrapped fails.
func (r Ring) Open(where string, sealed []byte) ([]byte, error) {
	if len(sealed) < overhead || sealed[0] != format {
		return nil, ErrTouched
	}
	k, known := r.keys[id(sealed[1:head])]
	if !known {
		return nil, ErrKeyGone
	}
	opener, err := k.cipher()
	if err != nil {
		return nil, err
	}
	plain, err := opener.Open(nil, nil, sealed[head:], r.bound(where, sealed[:head]))
	if err != nil {
		return nil, ErrTouched
	}
	return plain, nil
}

// Stale says whether a text is sealed under another key than the one that seals now, so that it is to be sealed again.
func (r Ring) Stale(sealed []byte) bool {
	return len(sealed) >= head && id(sealed[1:head]) != r.current
}

// Hash is a 128-bit keyed hash of a text at a place, in hexadecimal: an audit says by it that a value changed, and to what
// others it is equal, without saying the value. Its key is the collectivity's own and goes with its data keys when they
// are erased, but not when they are rotated: otherwise the same value would look changed.
func (r Ring) Hash(where string, plain []byte) string {
	mac := hmac.New(sha256.New, r.hashing)
	mac.Write(r.bound(where, nil))
	mac.Write(plain)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// bound is what a text is bound to, so that no two places read the same.
func (r Ring) bound(where string, first []byte) []byte {
	b := append([]byte("preau sealed field"), first...)
	for _, part := range []string{r.slug, where} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	return b
}

// Where names a place by its parts, the item's key and the field; no two lists of parts give the same name.
func Where(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "%d:%s", len(p), p)
	}
	return b.String()
}

func newCipher(plain []byte) (cipher.AEAD, error) {
	if len(plain) != keySize {
		return nil, fmt.Errorf("a data key has %d bytes, want %d", len(plain), keySize)
	}
	block, err := aes.NewCipher(plain)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
