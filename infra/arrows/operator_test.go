package arrows

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What only the host of the service does needs no right at a collectivity, so no function may have it: it stands in one file of
// the store and is called from infra alone.
func TestNoFunctionDoesWhatOnlyTheOperatorDoes(t *testing.T) {
	t.Parallel()
	var only []string
	for _, f := range sources(t, func(f file) bool { return strings.HasPrefix(f.Path, "shared/store/operator.go") }) {
		for _, d := range f.AST.Decls {
			if m, is := d.(*ast.FuncDecl); is && m.Recv != nil && m.Name.IsExported() {
				only = append(only, m.Name.Name)
			}
		}
	}
	if !slices.Contains(only, "Govern") || !slices.Contains(only, "Operated") {
		t.Fatalf("the operator does only %v", only)
	}
	for _, f := range sources(t, func(f file) bool { return !f.test() && (f.under("functions") || f.under("shared")) }) {
		for _, name := range only {
			if filepath.ToSlash(f.Path) != "shared/store/operator.go" && selects(f.AST, name) {
				t.Errorf("%s: %s is the operator's", f.Path, name)
			}
		}
	}
}
