package server

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/concors/concors/e2e/program"
)

// nginx includes a site's *.conf in its http block. Paths in them are relative to the site.
func nginx() driver {
	find := func() (string, error) { return program.Find(string(Nginx), "nginx", "nginx") }
	return driver{
		find: func() error { _, err := find(); return err },
		command: func(_ context.Context, s *site) (*exec.Cmd, error) {
			path, err := find()
			if err != nil {
				return nil, err
			}
			// In the site, because some paths are relative to where this file is. It must not include itself.
			main := filepath.Join(s.dir, "nginx.main")
			if err := os.WriteFile(main, []byte(nginxMain(s)), 0o600); err != nil {
				return nil, err
			}
			cmd := exec.Command(path, "-e", "stderr", "-p", s.dir, "-c", main)
			cmd.Env = s.Environ()
			return cmd, nil
		},
		version: func(ctx context.Context) (string, error) { return printedVersion(ctx, find, "-v") },
	}
}

// nginxMain is the configuration around the site: one worker, and nothing outside the cage.
func nginxMain(s *site) string {
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // or the worker could not read the site
	}
	return fmt.Sprintf(`daemon off;
%[1]s
worker_processes 1;
error_log stderr;
pid %[2]s/nginx.pid;
events {}
http {
	access_log off;
	client_body_temp_path %[2]s/body;
	proxy_temp_path %[2]s/proxy;
	fastcgi_temp_path %[2]s/fastcgi;
	uwsgi_temp_path %[2]s/uwsgi;
	scgi_temp_path %[2]s/scgi;
	include %[3]s/*.conf;
}
`, user, s.Dir(), s.dir)
}
