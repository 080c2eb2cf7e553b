//go:build !unix

package engine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
)

// Run lets a program do its task with the streams of this one, and returns its exit code. An interruption of the console
// reaches both; the program ends with it, and then this one.
func Run(path string, arguments []string) (code int, err error) {
	signal.Ignore(os.Interrupt)
	defer signal.Reset(os.Interrupt)
	cmd := exec.Command(path, arguments...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 0, fmt.Errorf("run %s: %w", path, err)
	}
	return 0, nil
}
