package arrows

import (
	"go/ast"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"preau/infra/catalog"
	"preau/shared/collectivity"
)

// A town that does not offer a module must not be asked for it by any of its functions, and the web shows by the catalog's word
// which they are.
func TestAFunctionIsWiredInTheModuleThatTheCatalogNames(t *testing.T) {
	t.Parallel()
	modules := map[string]string{}
	for _, f := range catalog.Functions {
		modules[f.Name] = f.Module
	}
	for _, f := range sources(t, func(f file) bool { return f.under("functions") && filepath.Base(f.Path) == "main.go" }) {
		if wired, named := moduleOf(f.AST), modules[path.Base(f.folder())]; wired != named {
			t.Errorf("%s: wired in module %q, in the catalog %q", f.Path, wired, named)
		}
	}
}

// moduleOf is the module that a file names to InModule: FamilyModule is family.
func moduleOf(tree *ast.File) (name string) {
	ast.Inspect(tree, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is || len(call.Args) != 1 {
			return true
		}
		method, is := call.Fun.(*ast.SelectorExpr)
		if constant, also := call.Args[0].(*ast.SelectorExpr); is && also && method.Sel.Name == "InModule" {
			name = strings.ToLower(strings.TrimSuffix(constant.Sel.Name, "Module"))
		}
		return true
	})
	return name
}

func TestEveryModuleHasAFunction(t *testing.T) {
	t.Parallel()
	for _, m := range collectivity.Modules {
		has := false
		for _, f := range catalog.Functions {
			has = has || f.Module == string(m)
		}
		if !has {
			t.Errorf("the module %s turns nothing off", m)
		}
	}
}
