package emulators

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"

	"preau/infra/local/awsjson"
)

// wrappingKey is a KMS key of the kind SYMMETRIC_DEFAULT: it wraps data keys and binds each to its encryption context.
type wrappingKey struct {
	id  string
	gcm cipher.AEAD // with a nonce of its own
}

func newWrappingKey(id string, plain []byte) (k wrappingKey, err error) {
	block, err := aes.NewCipher(plain)
	if err != nil {
		return k, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	return wrappingKey{id, gcm}, err
}

func (k kms) generateDataKey(in kmsRequest) (any, *awsjson.Error) {
	if refused := k.use(in, k.seal.id); refused != nil {
		return nil, refused
	}
	if in.KeySpec != "AES_256" || in.NumberOfBytes != 0 {
		return nil, invalidRequest("the local KMS makes keys of KeySpec AES_256")
	}
	plain := randomBytes()
	return map[string]any{"KeyId": keyARN(k.seal.id), "Plaintext": plain, "CiphertextBlob": k.seal.wrap(plain, in.EncryptionContext)}, nil
}

// decrypt unwraps. KMS knows by the blob under which key it lies; a caller that names another key is told so.
func (k kms) decrypt(in kmsRequest) (any, *awsjson.Error) {
	if in.KeyID != "" {
		if refused := k.use(in, k.seal.id); refused != nil {
			return nil, refused
		}
	}
	plain, err := k.seal.unwrap(in.CiphertextBlob, in.EncryptionContext)
	if err != nil {
		return nil, &awsjson.Error{Type: "InvalidCiphertextException"} // KMS says no more than that either
	}
	return map[string]any{"KeyId": keyARN(k.seal.id), "Plaintext": plain, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}, nil
}

func (k wrappingKey) wrap(plain []byte, context map[string]string) []byte {
	return k.gcm.Seal(nil, nil, plain, bound(k.id, context))
}

func (k wrappingKey) unwrap(blob []byte, context map[string]string) ([]byte, error) {
	return k.gcm.Open(nil, nil, blob, bound(k.id, context))
}

// bound writes an encryption context in one way only: JSON sorts it.
func bound(id string, context map[string]string) []byte {
	b, _ := json.Marshal([]any{id, context}) // texts never fail
	return b
}
