package server

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/concors/concors/e2e/program"
)

// Tool returns the command that runs a program of an npm package, which is installed with what the JavaScript stacks need:
// vite, or another of the same name as its package. If it is missing the test is skipped, as by [Require].
func Tool(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	node, npm, err := findNode(Stack(name))
	program.Require(t, err)
	script := filepath.Join(npm, "node_modules", ".bin", name)
	return exec.Command(node, append([]string{script}, args...)...)
}
