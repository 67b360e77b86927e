package arrows

import (
	"go/ast"
	"path"
	"path/filepath"
	"testing"

	"preau/infra/catalog"
)

// A function that is wired to seal and has no right to the keys fails with the first sealed field that it meets; one that has the
// right and is not wired holds a key to health data for nothing.
func TestAFunctionIsWiredToSealExactlyIfTheCatalogLetsIt(t *testing.T) {
	t.Parallel()
	seals := map[string]bool{}
	for _, f := range catalog.Functions {
		seals[f.Name] = f.Seals
	}
	for _, f := range sources(t, func(f file) bool { return f.under("functions") && filepath.Base(f.Path) == "main.go" }) {
		if wired := selects(f.AST, "Sealing"); wired != seals[path.Base(f.folder())] {
			t.Errorf("%s: wired to seal: %v, in the catalog: %v", f.Path, wired, !wired)
		}
	}
}

// selects says whether a file names x.name for any x.
func selects(tree *ast.File, name string) (found bool) {
	ast.Inspect(tree, func(n ast.Node) bool {
		s, is := n.(*ast.SelectorExpr)
		found = found || is && s.Sel.Name == name
		return !found
	})
	return found
}
