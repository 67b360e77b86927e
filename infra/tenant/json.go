package tenant

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// value is an attribute as an export has it: DynamoDB's own JSON, so that nothing loses its type.
type value struct{ types.AttributeValue }

// MarshalJSON writes {"S": "text"}, {"N": "1"} …
func (v value) MarshalJSON() ([]byte, error) {
	one := func(kind string, v any) ([]byte, error) { return json.Marshal(map[string]any{kind: v}) }
	switch a := v.AttributeValue.(type) {
	case *types.AttributeValueMemberS:
		return one("S", a.Value)
	case *types.AttributeValueMemberN:
		return one("N", a.Value)
	case *types.AttributeValueMemberB:
		return one("B", a.Value)
	case *types.AttributeValueMemberBOOL:
		return one("BOOL", a.Value)
	case *types.AttributeValueMemberNULL:
		return one("NULL", true)
	case *types.AttributeValueMemberSS:
		return one("SS", a.Value)
	case *types.AttributeValueMemberL:
		list := make([]value, len(a.Value))
		for i, e := range a.Value {
			list[i] = value{e}
		}
		return one("L", list)
	case *types.AttributeValueMemberM:
		return one("M", valuesOf(a.Value))
	}
	return nil, fmt.Errorf("an attribute of the type %T is not taken along", v.AttributeValue)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *value) UnmarshalJSON(raw []byte) error {
	var a struct {
		S, N *string
		B    *[]byte
		BOOL *bool
		NULL *bool
		SS   []string
		L    *[]value
		M    *map[string]value
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	switch {
	case a.S != nil:
		v.AttributeValue = &types.AttributeValueMemberS{Value: *a.S}
	case a.N != nil:
		v.AttributeValue = &types.AttributeValueMemberN{Value: *a.N}
	case a.B != nil:
		v.AttributeValue = &types.AttributeValueMemberB{Value: *a.B}
	case a.BOOL != nil:
		v.AttributeValue = &types.AttributeValueMemberBOOL{Value: *a.BOOL}
	case a.NULL != nil:
		v.AttributeValue = &types.AttributeValueMemberNULL{Value: true}
	case a.SS != nil:
		v.AttributeValue = &types.AttributeValueMemberSS{Value: a.SS}
	case a.L != nil:
		list := []types.AttributeValue{}
		for _, e := range *a.L {
			list = append(list, e.AttributeValue)
		}
		v.AttributeValue = &types.AttributeValueMemberL{Value: list}
	case a.M != nil:
		v.AttributeValue = &types.AttributeValueMemberM{Value: attributesOf(*a.M)}
	default:
		return fmt.Errorf("%.60s is no attribute", raw)
	}
	return nil
}

func valuesOf(i item) map[string]value {
	out := map[string]value{}
	for name, a := range i {
		out[name] = value{a}
	}
	return out
}

func attributesOf(values map[string]value) item {
	out := item{}
	for name, v := range values {
		out[name] = v.AttributeValue
	}
	return out
}
