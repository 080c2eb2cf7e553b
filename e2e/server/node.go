package server

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/concors/concors/e2e/program"
)

// node runs a site's server.js, with the HOST and PORT to listen on in its environment, for any framework that is a
// library.
func node(stack Stack) driver {
	return driver{
		find: func() error { _, _, err := findNode(stack); return err },
		command: func(_ context.Context, s *site) (*exec.Cmd, error) {
			path, npm, err := findNode(stack)
			if err != nil {
				return nil, err
			}
			if err := os.Symlink(filepath.Join(npm, "node_modules"), filepath.Join(s.dir, "node_modules")); err != nil {
				return nil, err
			}
			cmd := exec.Command(path, "server.js")
			cmd.Dir = s.dir
			cmd.Env = s.Environ("HOST="+s.host, "PORT="+s.port)
			return cmd, nil
		},
	}
}

// findNode returns the path of node and the directory with the node_modules that every JavaScript stack shares.
func findNode(stack Stack) (path, npm string, err error) {
	path, err = program.Find(string(stack), "nodejs", "node")
	if err != nil {
		return "", "", err
	}
	npm, err = findNPM(stack)
	return path, npm, err
}

// findNPM returns testdata/npm of this package if its packages are installed as its lock file says, which
// scripts/setup.sh does.
func findNPM(stack Stack) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		npm := filepath.Join(dir, "e2e", "server", "testdata", "npm")
		lock, err := os.ReadFile(filepath.Join(npm, "package-lock.json"))
		if err == nil {
			stamp, err := os.ReadFile(filepath.Join(npm, "node_modules", ".stamp"))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
			if !bytes.Equal(stamp, lock) {
				return "", &program.MissingError{Of: string(stack), Part: "up-to-date node_modules", Source: "scripts/setup.sh"}
			}
			return npm, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", err
		}
		dir = parent
	}
}
