package arrows

import (
	"go/ast"
	"go/parser"
	"slices"
	"testing"
)

func TestNoPackageIsNamedForNothing(t *testing.T) {
	t.Parallel()
	empty := []string{"util", "utils", "common", "manager", "managers", "helper", "helpers", "misc"}
	for _, f := range sources(t, func(file) bool { return true }) {
		if slices.Contains(empty, f.AST.Name.Name) {
			t.Errorf("%s: a package named %s says nothing of what it is for", f.Path, f.AST.Name.Name)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, f := range sources(t, func(file) bool { return true }) {
		said[f.folder()] = said[f.folder()] || f.AST.Doc != nil
	}
	for folder, yes := range said {
		if !yes {
			t.Errorf("%s has no package comment", folder)
		}
	}
}

// A scan reads the whole table, every town's. Only the operator has reason to: what is counted, taken along or erased whole must
// miss nothing, whatever partitions there are by then. Other things are called Scan too, and take less than a context and an
// input.
func TestNothingButTheOperatorScansTheTable(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t, func(f file) bool { return !f.test() && !f.under("infra/tenant") }) {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if scans(n) {
				t.Errorf("%s scans", f.Set.Position(n.Pos()))
			}
			return true
		})
	}
}

func scans(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		method, ok := n.Fun.(*ast.SelectorExpr)
		return ok && method.Sel.Name == "Scan" && len(n.Args) > 1
	case *ast.SelectorExpr:
		return n.Sel.Name == "ScanInput" || n.Sel.Name == "NewScanPaginator"
	}
	return false
}

func TestAScanOfTheTableIsToldFromOneOfLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"client.Scan(ctx, in)":                      true,
		"&dynamodb.ScanInput{}":                     true,
		"dynamodb.NewScanPaginator(client, nil)":    true,
		"lines.Scan()":                              false,
		"client.Query(ctx, &dynamodb.QueryInput{})": false,
	} {
		tree, err := parser.ParseExpr(text)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		ast.Inspect(tree, func(n ast.Node) bool { found = found || scans(n); return true })
		if found != want {
			t.Errorf("%s: scans = %v, want %v", text, found, want)
		}
	}
}
