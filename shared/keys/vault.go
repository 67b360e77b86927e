package keys

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"preau/shared/seal"
)

// Vault wraps the collectivities' data keys with the KMS key named by PREAU_SEAL_KEY. KMS binds each to its collectivity and
// unwraps it for no other; CloudTrail records every use with the collectivity's name.
func Vault() seal.Vault {
	k := sealKey{client(), os.Getenv("PREAU_SEAL_KEY")}
	return seal.Vault{NewKey: k.newKey, Unwrap: k.unwrap}
}

type sealKey struct {
	kms *kms.Client
	id  string
}

// boundTo is the encryption context; roles may not use the key without it.
func boundTo(slug string) map[string]string { return map[string]string{"collectivity": slug} }

func (k sealKey) newKey(ctx context.Context, slug string) (plain, wrapped []byte, err error) {
	out, err := k.kms.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{
		KeyId: &k.id, KeySpec: types.DataKeySpecAes256, EncryptionContext: boundTo(slug),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("make a data key for %s: %w", slug, err)
	}
	return out.Plaintext, out.CiphertextBlob, nil
}

func (k sealKey) unwrap(ctx context.Context, slug string, wrapped []byte) ([]byte, error) {
	out, err := k.kms.Decrypt(ctx, &kms.DecryptInput{
		KeyId: &k.id, CiphertextBlob: wrapped, EncryptionContext: boundTo(slug),
	})
	if err != nil {
		return nil, fmt.Errorf("unwrap a data key of %s: %w", slug, err)
	}
	return out.Plaintext, nil
}
