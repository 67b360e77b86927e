package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"preau/infra/faults"
)

// sources of the programs that are measured.
var sources = []string{"./infra/bench/empty", "./functions/show-planning", "./functions/request-booking"}

// buildMeasured builds them as for Lambda, for this machine, trusting the bench's authority too.
func (l *lab) buildMeasured(ca faults.Authority) {
	pem := filepath.Join(l.root, "shared", "awsconfig", "amazon.pem")
	roots := filepath.Join(l.dir, "roots.pem")
	check(os.WriteFile(roots, append(must(os.ReadFile(pem)), ca.PEM()...), 0o600))
	overlay := filepath.Join(l.dir, "overlay.json")
	check(os.WriteFile(overlay, must(json.Marshal(map[string]any{"Replace": map[string]string{pem: roots}})), 0o600))
	l.build(l.dir, nil, "-overlay", overlay)
}

// build compiles the measured programs into dir with the flags of a deployment (infra/stack/build).
func (l *lab) build(dir string, env []string, more ...string) {
	args := slices.Concat([]string{"build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid="}, more,
		[]string{"-o", dir + string(filepath.Separator)}, sources)
	var out bytes.Buffer
	cmd := exec.CommandContext(l.ctx, "go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = l.root, &out, &out
	cmd.Env = slices.Concat(os.Environ(), []string{"CGO_ENABLED=0", "GOFLAGS="}, env)
	if err := cmd.Run(); err != nil {
		check(fmt.Errorf("build: %w\n%s", err, out.Bytes()))
	}
}
