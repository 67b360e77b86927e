package emulators

import (
	"encoding/json"
	"net/http"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

// kms holds the service's two keys as KMS does: it computes with them and never shows them.
type kms struct {
	callers callers
	mac     hmacKey
	seal    wrappingKey
}

func keyARN(id string) string { return "arn:aws:kms:" + Region + ":" + Account + ":key/" + id }

// kmsRequest is what the operations that Préau uses are asked.
type kmsRequest struct {
	KeyID             string `json:"KeyId"`
	MacAlgorithm      string
	Message           []byte
	KeySpec           string
	NumberOfBytes     int
	CiphertextBlob    []byte
	EncryptionContext map[string]string
}

// ServeHTTP answers GenerateMac, GenerateDataKey and Decrypt, the operations that Préau uses.
func (k kms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, refused := k.answer(r)
	if refused != nil {
		awsjson.Refuse(w, r, refused)
		return
	}
	awsjson.Write(w, r, answer)
}

func (k kms) answer(r *http.Request) (any, *awsjson.Error) {
	who, refused := k.callers.of(r)
	if refused != nil {
		return nil, refused
	}
	var in kmsRequest
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, &awsjson.Error{Type: "SerializationException", Message: err.Error()}
	}
	action := awsjson.Operation(r)
	if !who.platform && !k.grants(who.function, action, in) {
		return nil, who.denied("kms:"+action, keyARN(in.KeyID))
	}
	switch action {
	case "GenerateMac":
		return k.generateMac(in)
	case "GenerateDataKey":
		return k.generateDataKey(in)
	case "Decrypt":
		return k.decrypt(in)
	}
	return nil, &awsjson.Error{Type: "UnsupportedOperationException", Message: action + " is not part of the local KMS"}
}

// grants is what a function's role lets it do: infra/stack/role.go grants the same, with the same conditions.
func (k kms) grants(f catalog.Function, action string, in kmsRequest) bool {
	switch action {
	case "GenerateMac":
		return f.Secret
	case "GenerateDataKey", "Decrypt":
		_, bound := in.EncryptionContext[catalog.SealContext]
		return f.Seals && bound && len(in.EncryptionContext) == 1
	}
	return false
}

// use says whether a key is the one that a request names and is made for it.
func (k kms) use(in kmsRequest, id string) *awsjson.Error {
	switch in.KeyID {
	case id, keyARN(id):
		return nil
	case k.mac.id, keyARN(k.mac.id), k.seal.id, keyARN(k.seal.id):
		return &awsjson.Error{Type: "InvalidKeyUsageException", Message: keyARN(in.KeyID) + " is for another use"}
	}
	return &awsjson.Error{Type: "NotFoundException", Message: "Key '" + in.KeyID + "' does not exist"}
}

func invalidRequest(message string) *awsjson.Error {
	return &awsjson.Error{Type: "ValidationException", Message: message}
}
