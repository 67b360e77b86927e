package main

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// schemas turns Go types into JSON Schema and collects those that have a name.
type schemas struct {
	words  comments
	inputs map[reflect.Type]bool // what clients send: held against the tags, no unknown fields
	made   map[string]object
}

func newSchemas(words comments) *schemas {
	s := &schemas{words, map[reflect.Type]bool{}, map[string]object{}}
	for _, o := range operations {
		s.markInput(o.in)
	}
	return s
}

func (s *schemas) markInput(t reflect.Type) {
	switch t.Kind() {
	case reflect.Slice, reflect.Pointer:
		s.markInput(t.Elem())
	case reflect.Struct:
		s.inputs[t] = true
		for f := range fields(t) {
			s.markInput(f.Type)
		}
	}
}

// fields yields what a struct has in a JSON body, with an embedded struct's fields as its own.
func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, f := range reflect.VisibleFields(t) {
			if name := jsonName(f); !f.Anonymous && name != "" && name != "-" && !yield(f) {
				return
			}
		}
	}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func hasBody(t reflect.Type) bool {
	for range fields(t) {
		return true
	}
	return false
}

// of gives the schema of a type: a reference for a struct.
func (s *schemas) of(t reflect.Type) object {
	if t == reflect.TypeFor[json.RawMessage]() {
		return object{{"type", "object"}} // of a form of its own
	}
	switch t.Kind() {
	case reflect.String:
		return object{{"type", "string"}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.Int, reflect.Int64:
		return object{{"type", "integer"}}
	case reflect.Slice:
		return object{{"type", "array"}, {"items", s.of(t.Elem())}}
	case reflect.Map:
		return object{{"type", "object"}, {"additionalProperties", s.of(t.Elem())}}
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Interface:
		return object{} // anything
	case reflect.Struct:
		s.name(t)
		return object{{"$ref", "#/components/schemas/" + typeName(t)}}
	}
	panic("openapi: no schema for " + t.String())
}

// typeName of a struct; a page of changes is a ChangeList.
func typeName(t reflect.Type) string {
	name, item, generic := strings.Cut(t.Name(), "[")
	if !generic {
		return name
	}
	return strings.TrimSuffix(item[strings.LastIndexByte(item, '.')+1:], "]") + name
}

// name makes the named schema of a struct.
func (s *schemas) name(t reflect.Type) {
	name := typeName(t)
	if _, made := s.made[name]; made {
		return
	}
	s.made[name] = nil // while it is being made: a type may hold itself
	properties, required := object{}, []string{}
	for f := range fields(t) {
		properties = append(properties, member{jsonName(f), s.property(t, f)})
		if s.required(t, f) {
			required = append(required, jsonName(f))
		}
	}
	schema := object{{"type", "object"}, {"properties", properties}}
	if said := s.words[bare(t)]; said != "" {
		schema = append(object{{"description", said}}, schema...)
	}
	if len(required) > 0 {
		schema = append(schema, member{"required", required})
	}
	if s.inputs[t] {
		schema = append(schema, member{"additionalProperties", false})
	}
	s.made[name] = schema
}

// bare is a type's name in the source.
func bare(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	return name
}

// required fields are those that a client must send, or that an answer always holds.
func (s *schemas) required(t reflect.Type, f reflect.StructField) bool {
	if s.inputs[t] {
		return f.Tag.Get("required") == "true"
	}
	return !strings.Contains(f.Tag.Get("json"), ",omit") // omitempty, omitzero
}

// property is a field's schema with its limits and what the source says of it. The field of an embedded struct is
// described where it stands.
func (s *schemas) property(t reflect.Type, f reflect.StructField) object {
	schema := limited(s.of(f.Type), f)
	owner := t
	for _, i := range f.Index[:len(f.Index)-1] {
		owner = owner.Field(i).Type
	}
	if said := s.words[bare(owner)+"."+f.Name]; said != "" {
		schema = append(schema, member{"description", said})
	}
	return schema
}

// limited adds to a schema what the tags of package api ask for, as the edge checks it: a required value is not the zero
// one either.
func limited(schema object, f reflect.StructField) object {
	tag, kind := f.Tag, f.Type
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	if tag.Get("required") == "true" && kind != reflect.TypeFor[json.RawMessage]() {
		schema = append(schema, nonZero[kind.Kind()]...)
	}
	if limit, err := strconv.Atoi(tag.Get("max")); err == nil {
		schema = append(schema, member{largest[kind.Kind()], limit})
	}
	if choices := tag.Get("enum"); choices != "" {
		schema = restricted(schema, member{"enum", strings.Split(choices, ",")})
	}
	schema = append(schema, formats[tag.Get("format")]...)
	if tag.Get("secret") == "true" {
		schema = append(schema, member{"format", "password"}, member{"writeOnly", true})
	}
	return schema
}

// restricted limits the values, of a list each of its items.
func restricted(schema object, m member) object {
	if i := slices.IndexFunc(schema, func(o member) bool { return o.name == "items" }); i >= 0 {
		schema[i].value = append(schema[i].value.(object), m)
		return schema
	}
	return append(schema, m)
}

var (
	nonZero = map[reflect.Kind]object{
		reflect.String: {{"minLength", 1}},
		reflect.Slice:  {{"minItems", 1}},
		reflect.Map:    {{"minProperties", 1}},
		reflect.Int:    {{"minimum", 1}},
		reflect.Bool:   {{"const", true}},
	}
	largest = map[reflect.Kind]string{reflect.String: "maxLength", reflect.Slice: "maxItems", reflect.Map: "maxProperties"}
	formats = map[string]object{
		"date":    {{"format", "date"}},
		"instant": {{"format", "date-time"}},
		"email":   {{"format", "email"}},
		"key":     {{"pattern", "^[!-~]{8,100}$"}},
	}
)

// named lists the named schemas by name.
func (s *schemas) named() (all object) {
	for _, name := range slices.Sorted(maps.Keys(s.made)) {
		all = append(all, member{name, s.made[name]})
	}
	return all
}
