package server

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/concors/concors/e2e/program"
)

// haproxy runs a site's *.cfg.
func haproxy() driver {
	find := func() (string, error) { return program.Find(string(HAProxy), "haproxy", "haproxy") }
	return driver{
		find: func() error { _, err := find(); return err },
		command: func(_ context.Context, s *site) (*exec.Cmd, error) {
			path, err := find()
			if err != nil {
				return nil, err
			}
			main := filepath.Join(s.Dir(), "global.cfg")
			if err := os.WriteFile(main, []byte("global\n    maxconn 1000\n    nbthread 1\n"), 0o600); err != nil {
				return nil, err
			}
			// -db stays in the foreground. A folder stands for the *.cfg in it.
			cmd := exec.Command(path, "-db", "-f", main, "-f", s.dir)
			cmd.Env = s.Environ()
			return cmd, nil
		},
		version: func(ctx context.Context) (string, error) { return printedVersion(ctx, find, "-v") },
	}
}
