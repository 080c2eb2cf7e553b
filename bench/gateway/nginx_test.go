package gateway_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/concors/concors/e2e/program"
)

func findNginx() (string, error) { return program.Find("nginx", "nginx", "nginx") }

// nginx has the recipe with maps: a header whose value is empty is not sent. What stands beside if is not valid inside.
func nginx() peer {
	return peer{
		name: control, find: findNginx, ask: []string{"-v"},
		files: func(s *site) map[string]string {
			maps, rules := "", ""
			if s.policy != nil {
				maps = fmt.Sprintf(`
	map $http_origin $cors_origin {
		default "";
%s	}
	map $cors_origin $cors_credentials {
		default true;
		"" "";
	}
	map "$request_method $http_access_control_request_method" $preflight {
		default "";
		"~^OPTIONS ." 1;
	}
`, each(s.policy.origins, "\t\t%q $http_origin;\n"))
				both := `
			add_header Access-Control-Allow-Origin $cors_origin always;
			add_header Access-Control-Allow-Credentials $cors_credentials always;
			add_header Vary Origin always;`
				rules = fmt.Sprintf(`
			if ($preflight) {%s
			add_header Access-Control-Allow-Methods %q always;
			add_header Access-Control-Allow-Headers %q always;
			add_header Access-Control-Max-Age %d always;
			return 204;
			}%s`, both, strings.Join(methods(), ", "), strings.Join(headers(), ", "), maxAge, both)
			}
			return map[string]string{"nginx.conf": nginxMain(s, fmt.Sprintf(`
	upstream api {
		server %s;
		keepalive 64;
		keepalive_requests 1000000000;
	}%s
	server {
		listen %s;
		location %s {%s
			proxy_pass http://api;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_set_header Host $host;
		}
	}
`, s.upstream, maps, s.listen, prefix, rules))}
		},
		arguments: nginxArguments,
	}
}

func nginxArguments(s *site) []string {
	return []string{"-e", "stderr", "-p", s.dir, "-c", "nginx.conf"}
}

// nginxMain is the configuration around servers: one worker, no log, connections that stay, nothing outside the folder.
func nginxMain(s *site, servers string) string {
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // or the worker could not write to the folder
	}
	return fmt.Sprintf(`daemon off;
%s
worker_processes 1;
error_log stderr;
pid %[2]s/pid;
events {
	worker_connections 1024;
}
http {
	access_log off;
	keepalive_requests 1000000000;
	client_body_temp_path %[2]s/body;
	proxy_temp_path %[2]s/proxy;
	fastcgi_temp_path %[2]s/fastcgi;
	uwsgi_temp_path %[2]s/uwsgi;
	scgi_temp_path %[2]s/scgi;
%[3]s}
`, user, s.dir, servers)
}

const (
	bodyBytes = 1013
	seen      = "X-Upstream" // the upstream has answered
)

// upstream is an nginx that answers everything with the same JSON, except OPTIONS, of which it knows nothing.
func upstream() peer {
	const before, after = `{"id": 123, "name": "`, `"}`
	body := before + strings.Repeat("x", bodyBytes-len(before)-len(after)) + after
	return peer{
		name: "upstream", find: findNginx,
		files: func(s *site) map[string]string {
			return map[string]string{"nginx.conf": nginxMain(s, fmt.Sprintf(`
	server {
		listen %s;
		default_type application/json;
		add_header %s 1 always;
		if ($request_method = OPTIONS) {
			return 405;
		}
		location / {
			return 200 '%s';
		}
	}
`, s.listen, seen, body))}
		},
		arguments: nginxArguments,
	}
}
