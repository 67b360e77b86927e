package tenant

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/seal"
)

// A turner turns a sealed text, by the place that it is bound to, into something else: opened for an export, sealed anew by an
// import.
type turner func(where string, text []byte) ([]byte, error)

// turn turns every sealed text of an item. An item with bytes that it does not know is refused: what is sealed somewhere new must
// be taken along opened, or not at all.
func turn(i item, with turner) error {
	pk, sk := keyOf(i)
	t := turning{pk, sk, with, 0}
	var err error
	switch {
	case strings.HasPrefix(sk, "FILE#"):
		err = t.member(i)
	case strings.HasPrefix(sk, "CHANGE#"):
		err = t.change(i)
	case strings.HasPrefix(sk, "LOGO#"):
		return nil // its bytes are a picture
	}
	if err == nil && t.turned != bytesIn(&types.AttributeValueMemberM{Value: i}) {
		err = fmt.Errorf("%s %s holds bytes of which nobody knows what they are", pk, sk)
	}
	return err
}

type turning struct {
	pk, sk string
	with   turner
	turned int
}

// member turns the sealed values of a member of a family: by section and field.
func (t *turning) member(i item) error {
	for section, fields := range inside(i["Values"]) {
		for field, a := range inside(fields) {
			sealed, is := a.(*types.AttributeValueMemberB)
			if !is {
				continue
			}
			if err := t.bytes(sealed, section, field); err != nil {
				return err
			}
		}
	}
	return nil
}

// change turns the sealed sides and reasons of a change's fields.
func (t *turning) change(i item) error {
	fields, _ := i["Fields"].(*types.AttributeValueMemberL)
	if fields == nil {
		return nil
	}
	for _, f := range fields.Value {
		field := inside(f)
		for side, name := range map[string]string{"old": "Old", "new": "New"} {
			if sealed, is := field[name].(*types.AttributeValueMemberB); is {
				if err := t.bytes(sealed, side, text(field["Field"])); err != nil {
					return err
				}
			}
		}
		if err := t.reason(field); err != nil {
			return err
		}
	}
	return nil
}

// reason turns a sealed reason, which lies in base64.
func (t *turning) reason(field item) error {
	written := text(field["SealedReason"])
	if written == "" {
		return nil
	}
	sealed, err := base64.StdEncoding.DecodeString(written)
	if err != nil {
		return err
	}
	turned, err := t.with(seal.Where(t.pk, t.sk, "reason", text(field["Field"])), sealed)
	field["SealedReason"] = textAttribute(base64.StdEncoding.EncodeToString(turned))
	return err
}

func (t *turning) bytes(a *types.AttributeValueMemberB, part, field string) (err error) {
	t.turned++
	a.Value, err = t.with(seal.Where(t.pk, t.sk, part, field), a.Value)
	if err != nil {
		return fmt.Errorf("%s of %s %s: %w", field, t.pk, t.sk, err)
	}
	return nil
}

// inside is what a map holds; of anything else it is nothing.
func inside(a types.AttributeValue) item {
	m, is := a.(*types.AttributeValueMemberM)
	if !is {
		return nil
	}
	return m.Value
}

// bytesIn counts the attributes of bytes in a value.
func bytesIn(a types.AttributeValue) (n int) {
	switch v := a.(type) {
	case *types.AttributeValueMemberB:
		return 1
	case *types.AttributeValueMemberL:
		for _, e := range v.Value {
			n += bytesIn(e)
		}
	case *types.AttributeValueMemberM:
		for _, e := range v.Value {
			n += bytesIn(e)
		}
	}
	return n
}
