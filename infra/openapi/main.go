// Command openapi writes the API's OpenAPI 3.1 document, web/public/openapi.json: which the site serves, clients are made
// from and the tests hold against the code.
//
//	go run ./infra/openapi
//
// Routes, callers and statuses come from infra/catalog, shapes and limits from the types and tags of shared/api, words
// from their comments. The one thing added here is which function takes and gives which types (operations).
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"preau/shared/notice"
)

// written is where the document lies, from the root.
const written = "web/public/openapi.json"

// rules is where the schema of notice rules lies, for editors of an activity's settings.
const rules = "web/public/rules.schema.json"

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func write(root string) error {
	text, err := generate(root)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(written)), text, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, filepath.FromSlash(rules)), notice.Schema, 0o644)
}

// generate reads the comments of shared/api under root and gives the document's text.
func generate(root string) ([]byte, error) {
	words, err := readComments(filepath.Join(root, "shared", "api"))
	if err != nil {
		return nil, fmt.Errorf("read the comments of shared/api: %w", err)
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(document(newSchemas(words)))
	return text.Bytes(), err
}
