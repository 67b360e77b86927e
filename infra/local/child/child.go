// Package child runs programs that never outlive the one that started them.
//
// A laptop must be clean after Ctrl-C and also after a kill -9, when no code of ours runs any more. Linux ends the
// children by itself (see child_linux.go); elsewhere a small shell watches a pipe that closes with us.
package child

import (
	"os/exec"
	"syscall"
	"time"
)

// A Process is a started program. It leads its own process group, so a Ctrl-C in the terminal reaches only us and
// we stop the children in order.
type Process struct {
	cmd     *exec.Cmd
	done    chan struct{}
	err     error
	release func()
}

// Start starts cmd, whose Stdin and SysProcAttr belong to this package.
func Start(cmd *exec.Cmd) (*Process, error) {
	release, err := start(cmd)
	if err != nil {
		return nil, err
	}
	p := &Process{cmd: cmd, done: make(chan struct{}), release: release}
	go p.wait()
	return p, nil
}

func (p *Process) wait() {
	p.err = p.cmd.Wait()
	p.release()
	close(p.done)
}

// Done is closed once the process is gone.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the process ended, as exec.Cmd.Wait does. Only valid after Done.
func (p *Process) Err() error { return p.err }

// Ending is Err in words, for a program that was not to end. Only valid after Done.
func (p *Process) Ending() string {
	if p.err == nil {
		return "exit status 0"
	}
	return p.err.Error()
}

// PID is the process's id, which is also its group's.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Stop asks the process to end, kills its group after grace and returns when it is gone.
func (p *Process) Stop(grace time.Duration) {
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(grace):
		p.Kill()
	}
}

// Kill ends the process and its group at once and returns when it is gone.
func (p *Process) Kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}

// signal leaves a process alone that is already gone: its id may be another's by now.
func (p *Process) signal(s syscall.Signal) {
	select {
	case <-p.done:
	default:
		_ = syscall.Kill(-p.PID(), s)
	}
}
