package notice

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("rules.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("rules.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fits says whether the schema takes a document.
func fits(t testing.TB, s *jsonschema.Schema, document []byte) bool {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	return err == nil && s.Validate(doc) == nil
}

func TestTheSchemaTakesEveryDocument(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for _, file := range documents(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err == nil {
			err = s.Validate(doc)
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestTheSchemaIsOfItsDialect(t *testing.T) {
	t.Parallel()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	meta, err := jsonschema.NewCompiler().Compile("https://json-schema.org/draft/2020-12/schema")
	if err != nil {
		t.Fatal(err)
	}
	if err := meta.Validate(doc); err != nil {
		t.Error(err)
	}
}

func TestTheSchemaKnowsTheSameSortsOfDays(t *testing.T) {
	t.Parallel()
	var said struct {
		Defs struct {
			Sorts struct{ Items struct{ Enum []sort } }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema, &said); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(said.Defs.Sorts.Items.Enum, sortNames) {
		t.Errorf("the schema has %v, the language %v", said.Defs.Sorts.Items.Enum, sortNames)
	}
}
