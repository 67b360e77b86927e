package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// comments are what the source says of types and, as Type.Field, of their fields.
type comments map[string]string

// readComments reads the package in a folder.
func readComments(dir string) (comments, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	words := comments{}
	for _, name := range names {
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range tree.Decls {
			words.readDeclaration(d)
		}
	}
	return words, nil
}

func (c comments) readDeclaration(d ast.Decl) {
	declared, ok := d.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range declared.Specs {
		t, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		c[t.Name.Name] = oneLine(declared.Doc)
		if s, ok := t.Type.(*ast.StructType); ok {
			c.readFields(t.Name.Name, s)
		}
	}
}

func (c comments) readFields(of string, s *ast.StructType) {
	for _, f := range s.Fields.List {
		for _, name := range f.Names {
			c[of+"."+name.Name] = oneLine(f.Comment)
		}
	}
}

func oneLine(g *ast.CommentGroup) string { return strings.Join(strings.Fields(g.Text()), " ") }
