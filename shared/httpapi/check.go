package httpapi

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// check holds an input against its tags (package api), depth first. Path is where v stands in the input.
func check(v reflect.Value, path string) []refusal.Field {
	var errs []refusal.Field
	t := v.Type()
	for i := range t.NumField() {
		f, value := t.Field(i), v.Field(i)
		if f.Anonymous {
			errs = append(errs, check(value, path)...) // its fields are the input's own
			continue
		}
		name := join(path, nameOf(f))
		if value.Kind() == reflect.Pointer {
			if value.IsNil() && f.Tag.Get("required") == "true" {
				errs = append(errs, refusal.Field{Field: name, Code: "required", Detail: "Ce champ est obligatoire."})
			}
			if value.IsNil() || value.Elem().IsZero() {
				continue // left out, or zero and meant so
			}
			value = value.Elem()
		}
		if no := checkField(f.Tag, value); no.Code != "" {
			no.Field = name
			errs = append(errs, no)
			continue
		}
		errs = append(errs, checkInside(value, name)...)
	}
	return errs
}

// checkInside goes on into structs that are given, and lists of them.
func checkInside(v reflect.Value, path string) []refusal.Field {
	if v.Kind() == reflect.Struct && !v.IsZero() {
		return check(v, path)
	}
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() != reflect.Struct {
		return nil
	}
	var errs []refusal.Field
	for i := range v.Len() {
		errs = append(errs, check(v.Index(i), fmt.Sprintf("%s[%d]", path, i))...)
	}
	return errs
}

func checkField(tag reflect.StructTag, v reflect.Value) refusal.Field {
	if v.IsZero() || v.Kind() == reflect.String && strings.TrimSpace(v.String()) == "" || v.Kind() == reflect.Slice && v.Len() == 0 {
		if tag.Get("required") == "true" {
			return refusal.Field{Code: "required", Detail: "Ce champ est obligatoire."}
		}
		return refusal.Field{}
	}
	if limit, _ := strconv.Atoi(tag.Get("max")); limit > 0 && size(v) > limit {
		return refusal.Field{Code: "too_long", Detail: fmt.Sprintf("Au plus %d.", limit)}
	}
	if choices := tag.Get("enum"); choices != "" && !allIn(v, strings.Split(choices, ",")) {
		return refusal.Field{Code: "unknown_value", Detail: "Valeurs possibles : " + strings.ReplaceAll(strings.TrimSuffix(choices, ","), ",", ", ") + "."}
	}
	return checkFormat(tag.Get("format"), v)
}

// isKey says whether an Idempotency-Key looks like one: visible ASCII, as browsers' random UUIDs are. Compiling this as a
// regular expression cost every cold start a tenth of the empty handler's.
func isKey(s string) bool {
	return len(s) >= 8 && len(s) <= 100 && !strings.ContainsFunc(s, func(r rune) bool { return r < '!' || r > '~' })
}

func checkFormat(format string, v reflect.Value) refusal.Field {
	if v.Kind() == reflect.String && strings.ContainsFunc(v.String(), control) {
		return refusal.Field{Code: "control_character", Detail: "Cette valeur contient un caractère invisible interdit."}
	}
	switch format {
	case "date":
		// From a day of these years a calendar may be walked without leaving its four digits.
		if _, err := calendar.ParseDate(v.String()); err != nil || v.String() < "1800" || v.String() >= "3000" {
			return refusal.Field{Code: "date_invalid", Detail: "Cette date n’existe pas (forme attendue : 2026-11-23)."}
		}
	case "instant":
		if _, err := time.Parse(time.RFC3339, v.String()); err != nil {
			return refusal.Field{Code: "instant_invalid", Detail: "Cet instant n’est pas valable (forme attendue : 2026-11-23T08:30:00Z)."}
		}
	case "key":
		if !isKey(v.String()) {
			return refusal.Field{Code: "key_invalid", Detail: "La clé doit compter de 8 à 100 caractères visibles."}
		}
	}
	return refusal.Field{}
}

// control spares line breaks, which comments may hold.
func control(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

func size(v reflect.Value) int {
	switch v.Kind() {
	case reflect.String:
		return utf8.RuneCountInString(v.String())
	case reflect.Slice, reflect.Map:
		return v.Len()
	}
	return 0
}

func allIn(v reflect.Value, choices []string) bool {
	if v.Kind() != reflect.Slice {
		return slices.Contains(choices, v.String())
	}
	for i := range v.Len() {
		if !slices.Contains(choices, v.Index(i).String()) {
			return false
		}
	}
	return true
}

// nameOf is what the sender calls a field.
func nameOf(f reflect.StructField) string {
	for _, source := range []string{"path", "query", "header", "cookie"} {
		if name := f.Tag.Get(source); name != "" {
			return name
		}
	}
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
