package lambda

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// Build compiles every function under root/functions into dir, as for AWS. What has not changed is not built
// again. The commit is left out of the programs: it would change them all each time.
func Build(ctx context.Context, root, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, "functions")); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var out bytes.Buffer
	build := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w", "-o", dir+string(filepath.Separator), "./functions/...")
	build.Dir, build.Stdout, build.Stderr = root, &out, &out
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the functions: %w\n%s", err, out.Bytes())
	}
	return nil
}
