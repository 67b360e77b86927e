package main

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"preau/infra/catalog"
	"preau/shared/api"
	"preau/shared/httpapi"
)

const description = `The family portal's API. Site and API have one origin.

A refusal is a Problem (RFC 9457): programs go by its code, which stays the same, persons read its French detail. The
gateway's own 401, 413, 429, 500 and 503 hold a message only. Dates are written 2026-11-23, instants as RFC 3339 says.
An access token lives for 15 minutes; the cookie renews it (POST /v1/sessions/refresh).`

// document is the whole of it.
func document(s *schemas) object {
	paths := paths(s) // first: they name the schemas
	return object{
		{"openapi", "3.1.0"},
		{"info", object{{"title", "Préau"}, {"version", "1"}, {"description", description}}},
		{"servers", []object{{{"url", "/"}}}},
		{"paths", paths},
		{"components", object{
			{"securitySchemes", object{
				{"accessToken", object{{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
				{"session", object{
					{"type", "apiKey"},
					{"in", "cookie"},
					{"name", sessionCookie()},
					{"description", "HttpOnly, Secure, SameSite=Strict: opened by signing in, of no use to scripts."},
				}},
			}},
			{"responses", responses(s)},
			{"schemas", s.named()},
		}},
	}
}

// sessionCookie is the name of the cookie that holds a session.
func sessionCookie() string {
	f, _ := reflect.TypeFor[api.SessionCookie]().FieldByName("Cookie")
	return f.Tag.Get("cookie")
}

// paths lists the catalog's routes in its order, the methods of one path together.
func paths(s *schemas) (all object) {
	for _, r := range catalog.Routes {
		i := slices.IndexFunc(all, func(m member) bool { return m.name == r.Path })
		if i < 0 {
			i = len(all)
			all = append(all, member{r.Path, object{}})
		}
		all[i].value = append(all[i].value.(object), member{strings.ToLower(r.Method), route(s, r)})
	}
	return all
}

func route(s *schemas, r catalog.Route) object {
	o := operations[r.Function]
	f := catalog.Functions[slices.IndexFunc(catalog.Functions, func(f catalog.Function) bool { return f.Name == r.Function })]
	described := object{
		{"operationId", camel(r.Function)},
		{"tags", []string{strings.Split(r.Path, "/")[2]}},
		{"summary", f.Does},
		{"description", callers[r.Caller]},
	}
	if keys := security(r, o.in); keys != nil {
		described = append(described, member{"security", keys})
	}
	if p := parameters(o.in); len(p) > 0 {
		described = append(described, member{"parameters", p})
	}
	if hasBody(o.in) {
		described = append(described, member{"requestBody", object{{"required", true}, {"content", content("application/json", s.of(o.in))}}})
	}
	return append(described, member{"responses", answers(s, r, o)})
}

// callers tells who may call.
var callers = map[catalog.Caller]string{
	catalog.Anyone:    "For anyone.",
	catalog.Citizens:  "For a signed-in account.",
	catalog.Families:  "For an account with a subscription to the family; to others it does not exist.",
	catalog.Readers:   "For agents of the collectivity; to others it does not exist.",
	catalog.Reviewers: "For agents of the collectivity with the role reviewer or manager; to others it does not exist.",
	catalog.Managers:  "For agents of the collectivity with the role manager; to others it does not exist.",
}

// camel writes show-planning as showPlanning.
func camel(name string) string {
	words := strings.Split(name, "-")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

func security(r catalog.Route, in reflect.Type) []object {
	switch {
	case r.Caller != catalog.Anyone:
		return []object{{{"accessToken", []string{}}}}
	case in == reflect.TypeFor[api.SessionCookie]():
		return []object{{{"session", []string{}}}}
	}
	return nil
}

// parameters are the fields that do not come from the body. The cookie is told as a security scheme.
func parameters(in reflect.Type) (all []object) {
	for f := range in.Fields() {
		for _, place := range []string{"path", "query", "header"} {
			name := f.Tag.Get(place)
			if name == "" {
				continue
			}
			schema := object{{"type", "string"}}
			if f.Type.Kind() == reflect.Slice {
				schema = object{{"type", "array"}, {"items", schema}}
			}
			required := place == "path" || f.Tag.Get("required") == "true"
			all = append(all, object{{"name", name}, {"in", place}, {"required", required}, {"schema", limited(schema, f)}})
		}
	}
	return all
}

func content(mediaType string, schema object) object {
	return object{{mediaType, object{{"schema", schema}}}}
}

// answers are the success and the refusals that follow from the route; "default" is any other.
func answers(s *schemas, r catalog.Route, o operation) object {
	all := object{{strconv.Itoa(r.Status), success(s, r, o)}}
	if o.file != "" {
		all = append(all, member{strconv.Itoa(http.StatusNotModified), object{{"description", "The caller has it (If-None-Match)."}}})
	}
	refusals := []int{http.StatusBadRequest}
	switch r.Caller {
	case catalog.Anyone:
	case catalog.Citizens:
		refusals = append(refusals, http.StatusUnauthorized)
	case catalog.Families:
		refusals = append(refusals, http.StatusUnauthorized, http.StatusNotFound)
	default:
		refusals = append(refusals, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	}
	for _, code := range refusals {
		all = append(all, member{strconv.Itoa(code), refusal(refused[code])})
	}
	return append(all, member{"default", refusal("Refused")})
}

func refusal(name string) object { return object{{"$ref", "#/components/responses/" + name}} }

// success is the answer that the catalog's status stands for. An ended session drops its cookie and says nothing.
func success(s *schemas, r catalog.Route, o operation) object {
	out, answer := o.out, object{{"description", http.StatusText(r.Status)}}
	if out == reflect.TypeFor[httpapi.Session]() {
		out = reflect.TypeFor[api.Session]()
		answer = append(answer, member{"headers", object{{"Set-Cookie", object{{"schema", object{{"type", "string"}}}}}}})
	}
	if r.Status == http.StatusNoContent {
		return answer
	}
	if o.file != "" {
		return append(answer, member{"content", content(o.file, object{{"type", "string"}})})
	}
	if len(o.or) > 0 {
		out = out.Field(0).Type // httpapi.OrFile's JSON
	}
	schema := s.of(out)
	if o.none {
		schema = object{{"anyOf", []object{schema, {{"type", "object"}, {"maxProperties", 0}}}}}
	}
	bodies := content("application/json", schema)
	for _, mediaType := range o.or {
		bodies = append(bodies, content(mediaType, object{{"type", "string"}})...)
	}
	return append(answer, member{"content", bodies})
}

var refused = map[int]string{
	http.StatusBadRequest:   "Invalid",
	http.StatusUnauthorized: "Unauthorized",
	http.StatusForbidden:    "Forbidden",
	http.StatusNotFound:     "NotFound",
}

func responses(s *schemas) object {
	problem := content("application/problem+json", s.of(reflect.TypeFor[api.Problem]()))
	message := content("application/json", object{{"type", "object"}, {"properties", object{{"message", object{{"type", "string"}}}}}})
	either := slices.Concat(problem, message)
	wait := object{{"Retry-After", object{{"description", "Seconds until asking again makes sense."}, {"schema", object{{"type", "integer"}}}}}}
	return object{
		{"Invalid", object{{"description", "The input makes no sense; errors says where."}, {"content", problem}}},
		{"Unauthorized", object{{"description", "No valid session. The gateway refuses a bad token with a message."}, {"content", either}}},
		{"Forbidden", object{{"description", "A right, but not this role."}, {"content", problem}}},
		{"NotFound", object{{"description", "No such thing, or no right to it: the two are told alike."}, {"content", problem}}},
		{"Refused", object{{"description", "Any other refusal, by its code; or the gateway's own, a message."}, {"headers", wait}, {"content", either}}},
	}
}
