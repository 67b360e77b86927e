//go:build unix && !linux

package child

import "os/exec"

func start(cmd *exec.Cmd) (release func(), err error) { return startWatched(cmd) }
