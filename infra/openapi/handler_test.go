package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"preau/infra/catalog"
)

// source parses one file of a function.
func source(t *testing.T, function, name string) *ast.File {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "functions", function, name), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestOperationsHaveTheTypesOfTheHandlers(t *testing.T) {
	t.Parallel()
	for name, o := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, out := handlerTypes(source(t, name, "handler.go"))
			if in != asWritten(o.in) || out != asWritten(o.out) {
				t.Errorf("the handler takes %s and gives %s; operations has %s and %s", in, out, asWritten(o.in), asWritten(o.out))
			}
		})
	}
}

// handlerTypes are the types of handle(ctx, caller, in) (out, error), as the source writes them.
func handlerTypes(tree *ast.File) (in, out string) {
	for _, d := range tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "handle" || len(f.Type.Results.List) != 2 {
			continue
		}
		last := f.Type.Params.List[len(f.Type.Params.List)-1]
		return types.ExprString(last.Type), types.ExprString(f.Type.Results.List[0].Type)
	}
	return "nothing", "nothing"
}

// asWritten is a type as a handler writes it: api.List[api.Change].
func asWritten(t reflect.Type) string { return strings.ReplaceAll(t.String(), "[preau/shared/", "[") }

// options are the statuses that httpapi's options stand for.
var options = map[string]int{"Created": http.StatusCreated, "Accepted": http.StatusAccepted, "NoContent": http.StatusNoContent}

func TestFunctionsAreServedToTheCallersAndWithTheStatusOfTheirRoute(t *testing.T) {
	t.Parallel()
	for _, r := range catalog.Routes {
		t.Run(r.Method+" "+r.Path, func(t *testing.T) {
			t.Parallel()
			signedIn, status := serving(source(t, r.Function, "main.go"))
			if signedIn != (r.Caller != catalog.Anyone) {
				t.Errorf("%s is for %s and asks for a session: %v", r.Function, r.Caller, signedIn)
			}
			if status != r.Status {
				t.Errorf("%s answers %d, the catalog says %d", r.Function, status, r.Status)
			}
		})
	}
}

// serving reads a main.go: whether it serves httpapi.SignedIn, and with which status.
func serving(tree *ast.File) (signedIn bool, status int) {
	status = http.StatusOK
	ast.Inspect(tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && types.ExprString(s.X) == "httpapi" {
			signedIn = signedIn || s.Sel.Name == "SignedIn"
			if code, ok := options[s.Sel.Name]; ok {
				status = code
			}
		}
		return true
	})
	return signedIn, status
}
