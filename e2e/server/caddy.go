package server

import (
	"context"
	"debug/buildinfo"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/concors/concors/e2e/program"
)

// caddy imports a site's *.caddyfile. It is Caddy as its makers build it, of the version that the gateway stands on.
func caddy() driver {
	return driver{
		find: func() error { _, err := findCaddy(); return err },
		command: func(_ context.Context, s *site) (*exec.Cmd, error) {
			path, err := findCaddy()
			if err != nil {
				return nil, err
			}
			main := filepath.Join(s.dir, "Caddyfile")
			text := "{\n\tadmin off\n\tpersist_config off\n\tlog {\n\t\tlevel WARN\n\t}\n}\nimport *.caddyfile\n"
			if err := os.WriteFile(main, []byte(text), 0o600); err != nil {
				return nil, err
			}
			cmd := exec.Command(path, "run", "--config", main, "--adapter", "caddyfile")
			cmd.Env = s.Environ()
			return cmd, nil
		},
		version: func(context.Context) (string, error) {
			path, err := findCaddy()
			if err != nil {
				return "", err
			}
			info, err := buildinfo.ReadFile(path) // it does not print the version of a module that it is built in
			if err != nil {
				return "", err
			}
			return strings.TrimPrefix(info.Main.Version, "v"), nil
		},
	}
}

// findCaddy returns .bin/caddy of the work tree, which scripts/setup.sh builds.
func findCaddy() (string, error) {
	root, err := workspace()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, ".bin", "caddy")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", &program.MissingError{Of: string(Caddy), Part: ".bin/caddy", Source: "scripts/setup.sh"}
	}
	return path, nil
}

// workspace returns the directory of go.work.
func workspace() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.work"))
		parent := filepath.Dir(dir)
		if err == nil || parent == dir {
			return dir, err
		}
		dir = parent
	}
}
