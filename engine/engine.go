// Package engine knows the programs that serve a policy file as a gateway. An engine is a program of its own, so that this
// one stays small; it reads the file itself, follows its changes, and ends with a signal.
package engine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// An Engine is a program that serves policy files.
type Engine struct {
	Name    string   // as it is chosen
	Program string   // the name of its file, without an extension
	Get     []string // ways to get it, each to be read after "get it with"

	arguments func(Task) []string
}

// A Task is what an engine has to do.
type Task struct {
	File        string   // the policy file
	Env         string   // its environment, empty for none
	Listen      []string // addresses in the place of those in the file; nil for those
	PrintConfig bool     // print what the engine makes of the file, and do not serve
}

// All lists the engines, the one to use without a choice first. The slice is the caller's.
func All() []Engine {
	return []Engine{{
		Name: "caddy", Program: "concors-gateway",
		Get: []string{
			"go install github.com/concors/concors/gateway/cmd/concors-gateway@latest",
			"make gateway, in a checkout",
		},
		arguments: caddyArguments,
	}}
}

func caddyArguments(t Task) []string {
	args := []string{"serve", "--config", t.File}
	if t.Env != "" {
		args = append(args, "--env", t.Env)
	}
	for _, address := range t.Listen {
		args = append(args, "--listen", address)
	}
	if t.PrintConfig {
		args = append(args, "--print-config")
	}
	return args
}

// Arguments are those that make the program do a task.
func (e Engine) Arguments(t Task) []string { return e.arguments(t) }

// Find returns the file of the program: the one beside the program that runs, or else the one on PATH. What PATH finds in the
// working directory does not count.
func (e Engine) Find() (string, error) {
	name := e.Program
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if self, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(self); err == nil {
			self = real
		}
		if path, err := exec.LookPath(filepath.Join(filepath.Dir(self), name)); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath(e.Program)
	if errors.Is(err, exec.ErrDot) || errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("%s is neither beside this program nor on PATH", e.Program)
	}
	return path, err
}
