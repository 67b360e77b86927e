package main

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
)

// archive is the ZIP as it is written: one file after the other, none of them held.
type archive struct {
	zip   *zip.Writer
	at    time.Time
	names map[string]bool
}

func newArchive(w io.Writer, at time.Time) *archive {
	return &archive{zip.NewWriter(w), at, map[string]bool{}}
}

// file begins a file under a name, or under the next one that is free: photos/lea-2.jpg.
func (a *archive) file(name string) (w io.Writer, as string, err error) {
	as = name
	for n := 2; a.names[as]; n++ {
		extension := path.Ext(name)
		as = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, extension), n, extension)
	}
	a.names[as] = true
	method := zip.Deflate
	if extension := path.Ext(as); extension == ".jpg" || extension == ".pdf" {
		method = zip.Store // compressed as they are
	}
	w, err = a.zip.CreateHeader(&zip.FileHeader{Name: as, Method: method, Modified: a.at})
	return w, as, err
}

// json writes a file of one value.
func (a *archive) json(name string, value any) error {
	w, _, err := a.file(name)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// list writes a file of many values, which each hands over one by one.
func (a *archive) list(name string, each func(add func(value any) error) error) error {
	w, _, err := a.file(name)
	if err != nil {
		return err
	}
	n := 0
	add := func(value any) error {
		between := ",\n"
		if n == 0 {
			between = "[\n"
		}
		n++
		raw, err := json.MarshalIndent(value, "  ", "  ")
		if err == nil {
			_, err = fmt.Fprintf(w, "%s  %s", between, raw)
		}
		return err
	}
	if err := each(add); err != nil {
		return err
	}
	ending := "\n]\n"
	if n == 0 {
		ending = "[]\n"
	}
	_, err = io.WriteString(w, ending)
	return err
}
