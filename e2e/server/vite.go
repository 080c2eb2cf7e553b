package server

import (
	"context"
	"os/exec"
	"path/filepath"
)

// vite serves a project as "vite" does without a command. It needs no packages.
func vite() driver {
	return driver{
		find: func() error { _, _, err := findNode(Vite); return err },
		command: func(_ context.Context, s *site) (*exec.Cmd, error) {
			path, npm, err := findNode(Vite)
			if err != nil {
				return nil, err
			}
			script := filepath.Join(npm, "node_modules", "vite", "bin", "vite.js")
			cmd := exec.Command(path, script, "--host", s.host, "--port", s.port, "--strictPort")
			cmd.Dir = s.dir
			cmd.Env = s.Environ()
			return cmd, nil
		},
	}
}
