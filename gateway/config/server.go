package config

import (
	"cmp"
	"net"
	"strconv"
	"time"
)

// What the gateway chooses where the file does not.
const (
	DefaultDrain       = 10 * time.Second // how long requests in flight have when it stops
	DefaultReadHeader  = 30 * time.Second // how long a client may take to send the header of a request
	DefaultIdle        = 5 * time.Minute  // how long a connection may stay open without a request
	DefaultHeaderBytes = 32 << 10         // how large the header of a request may be
	DefaultConnect     = 3 * time.Second  // how long connecting to a server may take
	DefaultResponse    = time.Minute      // how long a server may take up to the header of its response
	maxResponseHeader  = 1 << 20          // bytes of the header of a server's response
)

// Stalled is how long a client may send nothing of a body, or take nothing of a response, while it is waited for.
const Stalled = time.Minute

// The names of the servers in the configuration.
const (
	gatewayServer  = "gateway"
	redirectServer = "redirect"
	healthServer   = "health"
	metricsServer  = "metrics"
)

func (b *builder) servers() object {
	g := &b.file.Gateway
	if len(b.file.Routes) == 0 {
		b.refuse(nil, "routes-missing", "the file has no routes, so there is nothing to serve", "write routes: who answers which path")
	}
	main := b.server(b.listen, protocols(g.TLS != nil, g.TLS != nil && g.TLS.HTTP3))
	main["routes"] = b.routes(b.table(b.answer))
	if g.TLS != nil {
		main["tls_connection_policies"] = []object{{}}
	}
	servers := object{gatewayServer: main}
	if g.TLS != nil && g.TLS.RedirectFrom != "" {
		redirect := b.server([]string{g.TLS.RedirectFrom}, protocols(false, false))
		redirect["routes"] = append(b.routes(b.table(b.toHTTPS))[:1], object{"handle": b.toHTTPS(nil)})
		servers[redirectServer] = redirect
	}
	if g.Health != "" {
		health := b.server([]string{g.Health}, protocols(false, false))
		health["routes"] = []object{{"handle": []object{{"handler": "static_response", "body": "ok\n"}}}}
		servers[healthServer] = health
	}
	if g.Metrics != "" {
		metrics := b.server([]string{g.Metrics}, protocols(false, false))
		metrics["routes"] = []object{{"handle": []object{{"handler": "metrics"}}}}
		servers[metricsServer] = metrics
	}
	return servers
}

// server is one without routes: its listeners, limits and error pages.
func (b *builder) server(listen, protocols []string) object {
	g := &b.file.Gateway
	server := object{
		"listen":              listen,
		"protocols":           protocols,
		"automatic_https":     object{"disable": true}, // certificates are named one by one, and redirects have CORS headers here
		"errors":              object{"routes": errorRoutes()},
		"read_header_timeout": duration(cmp.Or(g.Limits.ReadHeader, DefaultReadHeader)),
		"read_idle_timeout":   duration(Stalled),
		"write_idle_timeout":  duration(Stalled),
		"idle_timeout":        duration(cmp.Or(g.Limits.Idle, DefaultIdle)),
		"max_header_bytes":    cmp.Or(g.Limits.HeaderBytes, DefaultHeaderBytes),
	}
	if g.Limits.ReadBody != 0 {
		server["read_timeout"] = duration(g.Limits.ReadBody)
	}
	if g.Limits.Write != 0 {
		server["write_timeout"] = duration(g.Limits.Write)
	}
	if len(g.TrustedProxies) > 0 {
		ranges := make([]string, len(g.TrustedProxies))
		for i, prefix := range g.TrustedProxies {
			ranges[i] = prefix.String()
		}
		server["trusted_proxies"] = object{"source": "static", "ranges": ranges}
		// The address that the nearest proxy saw, not the one that the client claims.
		server["trusted_proxies_strict"] = 1
	}
	if g.AccessLog != "" {
		server["logs"] = object{}
	}
	return server
}

func protocols(secure, http3 bool) []string {
	list := []string{"h1"}
	if secure {
		list = append(list, "h2")
	}
	if http3 {
		list = append(list, "h3")
	}
	return list
}

// routes are those of a server with a table: the table, and a 404 for what it does not have.
func (b *builder) routes(table object) []object {
	chain := []object{table}
	if b.file.Gateway.AccessLog != "" {
		// Headers are not in the log, because they may have secrets; these two are none.
		chain = []object{logAppend("origin", "Origin"), logAppend("user_agent", "User-Agent"), table}
	}
	if b.file.Gateway.Tracing {
		chain = append([]object{{"handler": "tracing", "span": "concors"}}, chain...)
	}
	return []object{{"handle": chain}, {"handle": []object{{"handler": "error", "status_code": 404}}}}
}

func logAppend(key, header string) object {
	return object{"handler": "log_append", "key": key, "value": "{http.request.header." + header + "}"}
}

// errorRoutes are the pages of errors, for a reader. CORS headers are there already, so that a page can read them.
func errorRoutes() []object {
	var list []object
	for _, e := range []struct{ status, text string }{
		{"401", "a user name and a password are needed here"},
		{"404", "there is nothing here"},
		{"405", "this method is not allowed here"},
		{"413", "the body of the request is too large"},
		{"502", "the server behind the gateway did not give an answer that can be used"},
		{"503", "no server behind the gateway is well"},
		{"504", "the server behind the gateway did not answer in time"},
	} {
		page := errorPage("{http.error.status_code} {http.error.status_text}: " + e.text + "\n")
		page["match"] = []object{{"vars": object{"{http.error.status_code}": []string{e.status}}}}
		page["terminal"] = true
		list = append(list, page)
	}
	return append(list, errorPage("{http.error.status_code} {http.error.status_text}\n"))
}

func errorPage(body string) object {
	return object{"handle": []object{{
		"handler":     "static_response",
		"status_code": "{http.error.status_code}",
		"headers": object{
			"Content-Type":           []string{"text/plain; charset=utf-8"},
			"X-Content-Type-Options": []string{"nosniff"},
		},
		"body": body,
	}}}
}

// portOf is the port of an address, which the reader of the file found good.
func portOf(address string) int {
	_, text, _ := net.SplitHostPort(address)
	port, _ := strconv.Atoi(text)
	return port
}
