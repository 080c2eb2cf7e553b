package program

import (
	"os/exec"
	"syscall"
)

// detach gives cmd a session and process group of its own.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}

// dieWithParent has the kernel kill cmd, which is detached, when the thread that starts it ends.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
}

// killGroup kills the process group with the given id.
func killGroup(id int) {
	syscall.Kill(-id, syscall.SIGKILL)
}
