package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
)

// What design §5 promises of a bootstrap, in bytes.
const (
	mostStripped = 9_000_000
	mostGzipped  = 3_500_000
)

// sizes are those of the programs that are deployed: for arm64, without the bench's certificate.
func (l *lab) sizes() table {
	say("Building for arm64…")
	dir := filepath.Join(l.dir, "arm64")
	check(os.MkdirAll(dir, 0o700))
	l.build(dir, []string{"GOOS=linux", "GOARCH=arm64", "GOARM64=v8.0"})
	out := table{
		title:  "Size of the bootstrap, as deployed (linux/arm64, stripped)",
		header: []string{"function", "stripped", "gzip -9", "figure", ""},
	}
	for _, p := range l.measured {
		program := must(os.ReadFile(filepath.Join(dir, p.name)))
		packed := gzipped(program)
		promised, kept := "", ""
		if p.name != "empty" {
			promised = "≤ " + megabytes(mostStripped) + ", ≤ " + megabytes(mostGzipped)
			kept = verdict(len(program) <= mostStripped && packed <= mostGzipped)
		}
		out.add(p.name, megabytes(len(program)), megabytes(packed), promised, kept)
	}
	return out
}

// gzipped is the size of the bytes after gzip -9.
func gzipped(content []byte) int {
	var out bytes.Buffer
	z := must(gzip.NewWriterLevel(&out, gzip.BestCompression))
	must(z.Write(content))
	check(z.Close())
	return out.Len()
}

func megabytes(n int) string { return fmt.Sprintf("%.2f MB", float64(n)/1e6) }
