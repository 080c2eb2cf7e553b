//go:build unix

package engine

import (
	"fmt"
	"os"
	"syscall"
)

// Run lets a program do its task with the streams of this one, and returns its exit code. Here it returns only when the
// program cannot be run: the program takes the place of this one. Signals and the exit code need nobody between then, and
// nothing is left running, however this one is killed.
func Run(path string, arguments []string) (code int, err error) {
	err = syscall.Exec(path, append([]string{path}, arguments...), os.Environ())
	return 0, fmt.Errorf("run %s: %w", path, err)
}
