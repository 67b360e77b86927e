package notice

import _ "embed"

// Schema is the JSON Schema (2020-12) of a settings document, for editors. Parse refuses all that it refuses, and more.
//
//go:embed rules.schema.json
var Schema []byte
