package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// assembly is the templates of one stage by part: "data", "edge", "citizen" …
type assembly map[string]template

type template struct {
	Resources map[string]resource
	Outputs   map[string]struct {
		Value  any
		Export struct{ Name any }
	}
}

type resource struct {
	Type                                string
	DeletionPolicy, UpdateReplacePolicy string
	DependsOn                           any
	Properties                          map[string]any
}

func read(stage, folder string) assembly {
	all := assembly{}
	for _, file := range must(filepath.Glob(filepath.Join(folder, "*.template.json"))) {
		var t template
		orExit(json.Unmarshal(must(os.ReadFile(file)), &t))
		part := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "preau-"+stage+"-"), ".template.json")
		all[part] = t
	}
	return all
}

// of lists the resources of a type in one part, or in all parts for "".
func (a assembly) of(part, kind string) map[string]resource {
	found := map[string]resource{}
	for name, t := range a {
		for id, r := range t.Resources {
			if (part == "" || part == name) && r.Type == kind {
				found[name+"/"+id] = r
			}
		}
	}
	return found
}

// the gives the only resource of a type in a part.
func (a assembly) the(t *testing.T, part, kind string) resource {
	t.Helper()
	found := a.of(part, kind)
	if len(found) != 1 {
		t.Fatalf("%s has %d resources of type %s, want 1", part, len(found), kind)
	}
	for _, r := range found {
		return r
	}
	panic("unreachable")
}

// text writes a template value as one text in which every reference is the thing that it leads to, across stacks:
// "AWS::DynamoDB::GlobalTable.Arn/index/work". Named things carry their name: "AWS::SQS::Queue(preau-dev-x-failed).Arn".
func (a assembly) text(part string, value any) string {
	switch v := value.(type) {
	case string:
		return v
	case map[string]any:
		for function, argument := range v {
			return a.function(part, function, argument)
		}
	}
	return fmt.Sprint(value)
}

func (a assembly) function(part, function string, argument any) string {
	switch function {
	case "Ref":
		return a.named(part, argument.(string))
	case "Fn::GetAtt":
		pair := argument.([]any)
		return a.named(part, pair[0].(string)) + "." + pair[1].(string)
	case "Fn::Join":
		var text strings.Builder
		for _, piece := range argument.([]any)[1].([]any) {
			text.WriteString(a.text(part, piece))
		}
		return text.String()
	case "Fn::ImportValue":
		return a.exported(argument.(string))
	case "Fn::GetStackOutput":
		return a.output(argument.(map[string]any))
	}
	return function
}

// output follows Fn::GetStackOutput, which needs neither an export nor the same region.
func (a assembly) output(of map[string]any) string {
	stack, name := of["StackName"].(string), of["OutputName"].(string)
	part := stack[strings.LastIndex(stack, "-")+1:]
	output, found := a[part].Outputs[name]
	if !found {
		return stack + " has no output " + name
	}
	return a.text(part, output.Value)
}

func (a assembly) exported(name string) string {
	for part, t := range a {
		for _, output := range t.Outputs {
			if output.Export.Name == name {
				return a.text(part, output.Value)
			}
		}
	}
	return "nothing exports " + name
}

func (a assembly) named(part, id string) string {
	r, found := a[part].Resources[id]
	if !found {
		return id // a pseudo parameter, AWS::AccountId
	}
	if strings.HasPrefix(id, "OriginSecret") {
		return id[:len("OriginSecret")+1] // with its generation
	}
	if r.Type == "AWS::S3::Bucket" { // they have no name of their own
		return r.Type + "(" + strings.TrimRight(id, "0123456789ABCDEF") + ")"
	}
	for _, property := range []string{"FunctionName", "QueueName", "LogGroupName", "KeySpec"} {
		if name, ok := r.Properties[property].(string); ok {
			return r.Type + "(" + name + ")"
		}
	}
	return r.Type
}

// at follows a path of property names and indexes into a value; nil where it ends early.
func at(value any, path ...any) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := value.(map[string]any)
			value = m[s]
		case int:
			list, _ := value.([]any)
			if s >= len(list) {
				return nil
			}
			value = list[s]
		}
	}
	return value
}

func (r resource) at(path ...any) any { return at(map[string]any(r.Properties), path...) }

// wants compares properties, each named by its path with dots.
func (r resource) wants(t *testing.T, want map[string]any) {
	t.Helper()
	for path, value := range want {
		var steps []any
		for _, s := range strings.Split(path, ".") {
			if i, isIndex := index(s); isIndex {
				steps = append(steps, i)
			} else {
				steps = append(steps, s)
			}
		}
		if got := r.at(steps...); plain(got) != plain(value) {
			t.Errorf("%s %s is %v, want %v", r.Type, path, got, value)
		}
	}
}

func index(s string) (int, bool) {
	if len(s) == 1 && s[0] >= '0' && s[0] <= '9' {
		return int(s[0] - '0'), true
	}
	return 0, false
}

// plain writes whole numbers alike, whether they come from Go or from JSON.
func plain(value any) string {
	if f, ok := value.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}
