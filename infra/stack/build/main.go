// Command build compiles every function of the catalog for Lambda: bin/lambda/<function>/bootstrap, static, for arm64.
//
//	go run ./infra/stack/build [-out bin/lambda]
//
// The same sources and the same Go release give the same bytes, wherever the checkout lies and whatever its commit: no
// paths, no version control stamp, no build id. So a deployment replaces only the functions that changed.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"preau/infra/catalog"
)

func main() {
	out := flag.String("out", filepath.Join("bin", "lambda"), "folder to write; it is replaced")
	flag.Parse()
	if err := build(*out); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// build replaces the folder out by one folder per function. On an error the old one stays.
func build(out string) error {
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(out), ".lambda-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	binaries := filepath.Join(work, "binaries")
	if err := compile(binaries); err != nil {
		return err
	}
	tree := filepath.Join(work, "tree")
	if err := arrange(binaries, tree); err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	return os.Rename(tree, out)
}

// compile builds all functions in one go command, which shares the packages between them.
func compile(binaries string) error {
	args := []string{"build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", binaries + string(filepath.Separator)}
	for _, f := range catalog.Functions {
		args = append(args, "./functions/"+f.Name)
	}
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "GOARM64=v8.0", "CGO_ENABLED=0", "GOFLAGS=")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// arrange moves each binary to where Lambda's provided.al2023 runtime looks for it.
func arrange(binaries, tree string) error {
	for _, f := range catalog.Functions {
		folder := filepath.Join(tree, f.Name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(binaries, f.Name), filepath.Join(folder, "bootstrap")); err != nil {
			return err
		}
	}
	return nil
}
