// Package config turns a policy file into the configuration of Caddy that serves it. What CORS needs is the work of the
// handler http.handlers.concors; everything else is done by Caddy's own modules. Whatever of a file cannot be served as it
// says is a finding; nothing is left out silently.
package config
