package child

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// start has the kernel kill the child when we die. The kernel means the thread that started it, not the process,
// so all children are started from one thread that lives as long as we do.
func start(cmd *exec.Cmd) (release func(), err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	answer := make(chan error)
	starts() <- func() { answer <- cmd.Start() }
	return func() {}, <-answer
}

var starts = sync.OnceValue(func() chan<- func() {
	todo := make(chan func())
	go func() {
		runtime.LockOSThread()
		for start := range todo {
			start()
		}
	}()
	return todo
})
