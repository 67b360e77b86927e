//go:build unix

package child

import (
	"os/exec"
	"syscall"
)

// watcher runs a program and kills it when standard input closes. Descriptor 3 keeps that input, because a shell
// gives its background jobs an empty one.
const watcher = `exec 3<&0
"$@" </dev/null 3<&- & program=$!
(cat <&3 >/dev/null; kill -9 $program) 2>/dev/null & watch=$!
trap 'kill $program' TERM
wait $program; status=$?
while kill -0 $program 2>/dev/null; do wait $program; status=$?; done
kill $watch 2>/dev/null
exit $status`

// startWatched starts cmd under the watcher. The pipe's other end is ours alone: it closes when release is called
// or when we die, however we die.
func startWatched(cmd *exec.Cmd) (release func(), err error) {
	args := append([]string{"sh", "-c", watcher, "sh", cmd.Path}, cmd.Args[1:]...)
	shell, err := exec.LookPath("sh")
	if err != nil {
		return nil, err
	}
	cmd.Path, cmd.Args = shell, args
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return func() { _ = pipe.Close() }, cmd.Start()
}
