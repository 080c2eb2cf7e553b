package server

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/concors/concors/e2e/program"
)

// apache includes a site's *.conf in the configuration of a server.
func apache() driver {
	find := func() (string, error) { return program.Find(string(Apache), "apache2", "apache2", "httpd") }
	return driver{
		find: func() error { _, err := find(); return err },
		command: func(_ context.Context, s *site) (*exec.Cmd, error) {
			path, err := find()
			if err != nil {
				return nil, err
			}
			modules, err := apacheModules()
			if err != nil {
				return nil, err
			}
			main := filepath.Join(s.Dir(), "apache.main")
			if err := os.WriteFile(main, []byte(apacheMain(s, modules)), 0o600); err != nil {
				return nil, err
			}
			// -X is one process, in the foreground.
			cmd := exec.Command(path, "-X", "-f", main)
			cmd.Env = s.Environ()
			return cmd, nil
		},
		version: func(ctx context.Context) (string, error) { return printedVersion(ctx, find, "-v") },
	}
}

// apacheModules finds the folder of the modules, which depends on who packaged the server.
func apacheModules() (string, error) {
	for _, dir := range []string{"/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"} {
		if _, err := os.Stat(filepath.Join(dir, "mod_headers.so")); err == nil {
			return dir, nil
		}
	}
	return "", &program.MissingError{Of: string(Apache), Part: "mod_headers.so", Source: "Debian package apache2"}
}

// apacheMain is the configuration around the site: the modules that Concors' configuration names, and what no server can be
// without.
func apacheMain(s *site, modules string) string {
	var b strings.Builder
	for _, name := range []string{
		"mpm_event", "authz_core", "mime", "alias", "dir", "headers", "rewrite", "proxy", "proxy_http", "slotmem_shm", "proxy_balancer",
		"lbmethod_byrequests", "lbmethod_bybusyness", "ssl",
	} {
		fmt.Fprintf(&b, "LoadModule %s_module %s/mod_%s.so\n", name, modules, name)
	}
	if os.Getuid() == 0 {
		b.WriteString("User #65534\nGroup #65534\n") // requests are not served as root
	}
	fmt.Fprintf(&b, `ServerRoot "%[1]s"
DefaultRuntimeDir "%[1]s"
PidFile "%[1]s/apache.pid"
ErrorLog /dev/stderr
ServerName localhost
Listen %[3]s:%[4]s
TypesConfig /dev/null
AddType text/html .html
Include "%[2]s/*.conf"
`, s.Dir(), s.dir, s.host, s.port)
	return b.String()
}
