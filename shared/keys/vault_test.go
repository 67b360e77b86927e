package keys_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"preau/infra/testkit"
	"preau/shared/keys"
)

func TestADataKeyUnwrapsForItsOwnTown(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	vault := keys.Vault()
	plain, wrapped, err := vault.NewKey(t.Context(), "ville")
	if err != nil || len(plain) != 32 || bytes.Contains(wrapped, plain) {
		t.Fatalf("a key of %d bytes, %v", len(plain), err)
	}
	other, _, err := vault.NewKey(t.Context(), "ville")
	if err != nil || bytes.Equal(plain, other) {
		t.Errorf("two keys are one: %v", err)
	}
	touched := bytes.Clone(wrapped)
	touched[0]++
	for says, c := range map[string]struct {
		slug    string
		wrapped []byte
		opens   bool
	}{
		"its own town":  {"ville", wrapped, true},
		"another town":  {"autre-ville", wrapped, false},
		"touched":       {"ville", touched, false},
		"another's key": {"ville", []byte("anything"), false},
	} {
		got, err := vault.Unwrap(t.Context(), c.slug, c.wrapped)
		if c.opens && (err != nil || !bytes.Equal(got, plain)) {
			t.Errorf("%s: %v", says, err)
		}
		if invalid := (*types.InvalidCiphertextException)(nil); !c.opens && (got != nil || !errors.As(err, &invalid)) {
			t.Errorf("%s: unwrapped: %v, %v", says, got != nil, err)
		}
	}
}
