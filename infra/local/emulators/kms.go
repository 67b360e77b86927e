package emulators

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"net/http"

	"preau/infra/local/awsjson"
)

// kms holds the service's HMAC key as KMS does: it computes with the key and never shows it.
type kms struct {
	callers callers
	id      string
	key     []byte
}

// maxMessage is KMS's own limit for GenerateMac.
const maxMessage = 4096

func (k kms) arn() string { return "arn:aws:kms:" + Region + ":" + Account + ":key/" + k.id }

// ServeHTTP answers GenerateMac, the one operation that Préau uses.
func (k kms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	who, refused := k.callers.of(r)
	action := awsjson.Operation(r)
	switch {
	case refused != nil:
	case !who.platform && (!who.function.Secret || action != "GenerateMac"):
		refused = who.denied("kms:"+action, k.arn())
	case action != "GenerateMac":
		refused = &awsjson.Error{Type: "UnsupportedOperationException", Message: action + " is not part of the local KMS"}
	}
	if refused != nil {
		awsjson.Refuse(w, r, refused)
		return
	}
	k.generateMac(w, r)
}

func (k kms) generateMac(w http.ResponseWriter, r *http.Request) {
	var in struct {
		KeyID        string `json:"KeyId"`
		MacAlgorithm string
		Message      []byte
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		awsjson.Refuse(w, r, &awsjson.Error{Type: "SerializationException", Message: err.Error()})
		return
	}
	switch {
	case in.KeyID != k.id && in.KeyID != k.arn():
		awsjson.Refuse(w, r, &awsjson.Error{Type: "NotFoundException", Message: "Key '" + in.KeyID + "' does not exist"})
	case in.MacAlgorithm != "HMAC_SHA_256":
		awsjson.Refuse(w, r, &awsjson.Error{Type: "InvalidKeyUsageException", Message: k.arn() + " can not be used with " + in.MacAlgorithm})
	case len(in.Message) == 0 || len(in.Message) > maxMessage:
		awsjson.Refuse(w, r, &awsjson.Error{Type: "ValidationException", Message: "Message must have between 1 and 4096 bytes"})
	default:
		awsjson.Write(w, r, map[string]any{"KeyId": k.arn(), "MacAlgorithm": in.MacAlgorithm, "Mac": k.mac(in.Message)})
	}
}

func (k kms) mac(message []byte) []byte {
	h := hmac.New(sha256.New, k.key)
	h.Write(message)
	return h.Sum(nil)
}
