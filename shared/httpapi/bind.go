package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"preau/shared/refusal"
)

// maxBody is the largest body taken, in bytes.
const maxBody = 1 << 20

// bind fills a typed input from path, query, headers, cookies and body, and checks it against its tags. Everything that
// is wrong is told at once, each with its field.
func bind[In any](r Request) (In, error) {
	var in In
	v := reflect.ValueOf(&in).Elem()
	if hasBody(v.Type()) {
		if err := readBody(r, &in); err != nil {
			return in, err
		}
	}
	errs, err := bindParameters(v, r)
	if err != nil {
		return in, err
	}
	if errs = append(errs, check(v, "")...); len(errs) > 0 {
		return in, refusal.OfFields(errs)
	}
	return in, nil
}

// hasBody says whether any field comes from the body.
func hasBody(t reflect.Type) bool {
	for i := range t.NumField() {
		f := t.Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" || f.Anonymous && hasBody(f.Type) {
			return true
		}
	}
	return false
}

func readBody(r Request, in any) error {
	body := []byte(r.Body)
	if r.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(r.Body); err != nil {
			return malformed
		}
	}
	if len(body) > maxBody {
		return refusal.New(refusal.TooLarge, "body_too_large", "La demande dépasse 1 Mo.")
	}
	// Forms of other sites can not send this type, so no session is ever opened behind a person's back.
	if kind, _, _ := mime.ParseMediaType(r.Headers["content-type"]); kind != "application/json" {
		return refusal.New(refusal.Unsupported, "json_expected", "Le corps de la demande doit être en JSON (Content-Type: application/json).")
	}
	if !utf8.Valid(body) {
		return malformed
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return bodyRefusal(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed
	}
	return nil
}

var malformed = refusal.New(refusal.Invalid, "malformed_json", "Le corps de la demande n’est pas du JSON valide.")

// bodyRefusal says which field of the body does not fit.
func bodyRefusal(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return refusal.OfField(fieldPath(wrong.Field), "wrong_type", "Cette valeur n’est pas du type attendu.")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return refusal.OfField(strings.Trim(name, `"`), "unknown_field", "Ce champ n’existe pas.")
	}
	return malformed
}

// fieldPath brings the decoder's path to the form that the API uses: it names embedded structs, which stand in no body. Names
// of fields begin with a small letter.
func fieldPath(path string) string {
	names := slices.DeleteFunc(strings.Split(path, "."), func(name string) bool {
		return name == "" || unicode.IsUpper(rune(name[0]))
	})
	return strings.Join(names, ".")
}

func bindParameters(v reflect.Value, r Request) ([]refusal.Field, error) {
	query, err := url.ParseQuery(r.RawQueryString)
	if err != nil {
		return nil, refusal.New(refusal.Invalid, "malformed_query", "L’adresse demandée est mal formée.")
	}
	var errs []refusal.Field
	t := v.Type()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		switch {
		case tag.Get("path") != "":
			v.Field(i).SetString(r.PathParameters[tag.Get("path")])
		case tag.Get("header") != "":
			v.Field(i).SetString(r.Headers[strings.ToLower(tag.Get("header"))])
		case tag.Get("cookie") != "":
			v.Field(i).SetString(cookie(r.Cookies, tag.Get("cookie")))
		case tag.Get("query") != "":
			errs = append(errs, bindQuery(v.Field(i), tag.Get("query"), query)...)
		}
	}
	for name := range query {
		errs = append(errs, refusal.Field{Field: name, Code: "unknown_parameter", Detail: "Ce paramètre n’existe pas."})
	}
	slices.SortFunc(errs, func(a, b refusal.Field) int { return strings.Compare(a.Field, b.Field) })
	return errs, nil
}

// bindQuery takes a parameter out of the query: what is left in the end is unknown.
func bindQuery(f reflect.Value, name string, query url.Values) []refusal.Field {
	values := query[name]
	delete(query, name)
	if f.Kind() == reflect.Slice {
		for _, v := range values {
			f.Set(reflect.Append(f, reflect.ValueOf(v)))
		}
		return nil
	}
	if len(values) > 0 {
		f.SetString(values[0])
	}
	if len(values) > 1 {
		return []refusal.Field{{Field: name, Code: "given_twice", Detail: "Ce paramètre est donné deux fois."}}
	}
	return nil
}

func cookie(cookies []string, name string) string {
	for _, c := range cookies {
		if value, ok := strings.CutPrefix(c, name+"="); ok {
			return value
		}
	}
	return ""
}
