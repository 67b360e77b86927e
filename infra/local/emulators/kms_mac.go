package emulators

import (
	"crypto/hmac"
	"crypto/sha256"

	"preau/infra/local/awsjson"
)

// hmacKey is a KMS key of the kind HMAC_256.
type hmacKey struct {
	id    string
	plain []byte
}

// maxMessage is KMS's own limit for GenerateMac.
const maxMessage = 4096

func (k kms) generateMac(in kmsRequest) (any, *awsjson.Error) {
	if refused := k.use(in, k.mac.id); refused != nil {
		return nil, refused
	}
	switch {
	case in.MacAlgorithm != "HMAC_SHA_256":
		return nil, &awsjson.Error{Type: "InvalidKeyUsageException", Message: keyARN(k.mac.id) + " can not be used with " + in.MacAlgorithm}
	case len(in.Message) == 0 || len(in.Message) > maxMessage:
		return nil, invalidRequest("Message must have between 1 and 4096 bytes")
	}
	return map[string]any{"KeyId": keyARN(k.mac.id), "MacAlgorithm": in.MacAlgorithm, "Mac": k.mac.of(in.Message)}, nil
}

func (k hmacKey) of(message []byte) []byte {
	h := hmac.New(sha256.New, k.plain)
	h.Write(message)
	return h.Sum(nil)
}
