package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/concors/concors/e2e/program"
)

// A peer is a gateway that is compared.
type peer struct {
	name string

	// find returns the program; the error is a *program.MissingError if it is not there. What make builds is nothing to
	// find before it was called; nil says that the system has the program.
	find func() (string, error)
	make func(context.Context) error

	own     bool     // its source is in this repository
	version string   // empty if it is our own, or if the program has to be asked
	ask     []string // arguments that have the program tell its version

	// files are the texts of its configuration, by name.
	files func(*site) map[string]string

	// arguments are those with which the program serves the site until it is killed.
	arguments func(*site) []string
}

const (
	control = "nginx" // what all are compared with
	ours    = "concors"
)

// peers lists them.
func peers() []peer {
	return []peer{nginx(), haproxy(), caddy(), traefik(), reverseProxy(), concors()}
}

// describe says which version a program is of.
func (p *peer) describe(ctx context.Context, file string) (string, error) {
	switch {
	case p.own:
		return "of this repository, " + runtime.Version(), nil
	case p.version != "":
		return p.version, nil
	}
	said, err := exec.CommandContext(ctx, file, p.ask...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", file, strings.Join(p.ask, " "), err)
	}
	number := regexp.MustCompile(`\d+\.\d+\.\d+`).Find(said)
	if number == nil {
		return "", fmt.Errorf("%s %s tells no version", file, strings.Join(p.ask, " "))
	}
	return string(number), nil
}

// built is where programs are that are built for the comparison.
func built(name string) string { return filepath.Join("..", "..", ".bin", name) }

// findBuilt returns a program that a peer's make has built.
func findBuilt(of, name string) (string, error) {
	file, err := filepath.Abs(built(name))
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return "", &program.MissingError{Of: of, Part: name, Source: "make bench-gateway builds it"}
	}
	return file, nil
}

// goBuild builds a package that the workspace has.
func goBuild(ctx context.Context, pkg, name string) error {
	return run(exec.CommandContext(ctx, "go", "build", "-o", built(name), pkg))
}

// goInstall builds a program of a module, with the versions that its own go.mod says.
func goInstall(ctx context.Context, pkg, version, name string) error {
	if _, err := os.Stat(built(name)); err == nil {
		return nil // the version is in the name
	}
	if err := os.MkdirAll(built(""), 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(built(""), "install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "install", pkg+"@"+version)
	cmd.Env = append(os.Environ(), "GOBIN="+dir)
	if err := run(cmd); err != nil {
		return err
	}
	return os.Rename(filepath.Join(dir, path.Base(pkg)), built(name))
}

func run(cmd *exec.Cmd) error {
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, said)
	}
	return nil
}
