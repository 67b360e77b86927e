// Package keys is KMS: it derives every secret of the service from one HMAC key, and wraps the data keys of sealed fields with
// another (Vault). Neither ever leaves KMS.
//
// One GenerateMac call per process gives the root; subkeys follow by HKDF with a label each. So no secret is configured,
// stored or rotated by hand, and no table, stream, backup or template holds one.
package keys

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"preau/shared/awsconfig"
)

// Secret is the service's root secret, held in memory only.
type Secret struct{ root []byte }

// Open derives the root secret with the KMS key named by PREAU_MAC_KEY: one call, made when the process starts.
func Open(ctx context.Context) (Secret, error) {
	key := os.Getenv("PREAU_MAC_KEY")
	out, err := client().GenerateMac(ctx, &kms.GenerateMacInput{
		KeyId: &key, MacAlgorithm: types.MacAlgorithmSpecHmacSha256, Message: []byte("preau root secret, version 1"),
	})
	if err != nil {
		return Secret{}, fmt.Errorf("derive the root secret: %w", err)
	}
	return Secret{root: out.Mac}, nil
}

func client() *kms.Client {
	return kms.NewFromConfig(awsconfig.Load(), func(o *kms.Options) { o.BaseEndpoint = awsconfig.Endpoint("KMS") })
}

// Of makes a secret of known bytes, for tests.
func Of(root []byte) Secret { return Secret{root: root} }

// Key is the 32-byte subkey of a purpose. Different purposes never share a key.
func (s Secret) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.root, nil, "preau/"+purpose, 32)
	if err != nil {
		panic("keys: " + err.Error()) // only for impossible lengths
	}
	return key
}

// Mac is the 128-bit keyed hash of the parts for a purpose; no two lists of parts collide.
func (s Secret) Mac(purpose string, parts ...string) []byte {
	mac := hmac.New(sha256.New, s.Key(purpose))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return mac.Sum(nil)[:16]
}

// Address is the key under which an e-mail address is filed: a keyed hash, so that a key, log or stream tells no address.
func (s Secret) Address(email string) string { return hex.EncodeToString(s.Mac("address", email)) }

// Code is the only form in which a subscriber code is stored.
func (s Secret) Code(code string) string { return hex.EncodeToString(s.Mac("code", code)) }

// TOTP is the authenticator secret of an agent's account (RFC 6238, 160 bits); derived, so nothing stores it.
func (s Secret) TOTP(account string) []byte {
	mac := hmac.New(sha256.New, s.Key("totp"))
	mac.Write([]byte(account))
	return mac.Sum(nil)[:20]
}

// Must opens the root secret or ends the process: without it a function can not serve, and Lambda starts another.
func Must(ctx context.Context) Secret {
	ctx, cancel := context.WithTimeout(ctx, awsconfig.InitWait)
	defer cancel()
	s, err := Open(ctx)
	if err != nil {
		panic(err)
	}
	return s
}
