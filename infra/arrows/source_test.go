package arrows

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A file is one Go source of the module.
type file struct {
	Path string // from the root, with slashes: shared/store/day.go
	AST  *ast.File
	Set  *token.FileSet
}

func (f file) test() bool     { return strings.HasSuffix(f.Path, "_test.go") }
func (f file) folder() string { return path.Dir(f.Path) }
func (f file) under(dirs ...string) bool {
	return slices.ContainsFunc(dirs, func(d string) bool { return strings.HasPrefix(f.Path, d+"/") })
}

// imports lists the import paths, ours without the module's name: shared/store.
func (f file) imports() (paths []string) {
	for _, i := range f.AST.Imports {
		p, _ := strconv.Unquote(i.Path.Value) // the parser accepted it
		paths = append(paths, strings.TrimPrefix(p, "preau/"))
	}
	return paths
}

// root is the module's folder: a test runs in the folder of its package.
var root = filepath.Join("..", "..")

var parsed = sync.OnceValues(func() ([]file, error) {
	var files []file
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != root && foreign(entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		files = append(files, file{filepath.ToSlash(rel), tree, set})
		return err
	})
	return files, err
})

// foreign says whether a folder holds what is not our source.
func foreign(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "cdk.out") || name == "node_modules" || name == "testdata" || name == "bin"
}

// sources gives the Go files that the test asks for.
func sources(t *testing.T, wanted func(file) bool) (chosen []file) {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if wanted(f) {
			chosen = append(chosen, f)
		}
	}
	if len(chosen) == 0 {
		t.Fatal("no source to look at")
	}
	return chosen
}
