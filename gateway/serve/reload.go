package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// reload reads the file again and serves it, and reports whether it does. Whatever is wrong, what was served before stays.
func (s *server) reload() bool {
	text := s.now.text
	if s.File != "-" {
		var err error
		if text, err = s.read(); err != nil {
			s.stays(err.Error())
			return false
		}
	}
	next, problem := s.prepare(text)
	if problem != "" {
		s.stays(s.name() + ": " + problem)
		return false
	}
	err := s.claim(next)
	if err == nil {
		err = s.apply(next)
	}
	if err != nil {
		s.stays(s.name() + ": " + err.Error())
		return false
	}
	s.now = next
	debug.FreeOSMemory()
	fmt.Fprintf(s.Err, "concors: %s: read again, and served\n", s.name())
	return true
}

func (s *server) stays(why string) {
	fmt.Fprintf(s.Err, "concors: %s; what was served before stays\n", why)
}

// apply changes what Caddy serves. As long as nothing but tables of routes differs, they are replaced where they are, and
// every connection is kept; Caddy would start its servers anew, and close connections under the hands of clients.
func (s *server) apply(next *served) error {
	rest, tables, err := split(next.config)
	if err != nil {
		return err
	}
	before, old, err := split(s.now.config)
	if err != nil {
		return err
	}
	if !bytes.Equal(rest, before) || next.reads != s.now.reads {
		return caddy.Load(next.config, true)
	}
	running, err := s.running(tables)
	if err != nil {
		return err
	}
	for i, handler := range running {
		if err := handler.Replace(tables[i].routes); err != nil {
			for j := range i {
				if back := running[j].Replace(old[j].routes); back != nil {
					return fmt.Errorf("%w; and back: %w", err, back)
				}
			}
			return err
		}
	}
	return nil
}

// A table is one of the handlers concors of a configuration.
type table struct {
	server         string
	route, handler int
	routes         json.RawMessage
}

// split takes the tables out of a configuration.
func split(config []byte) (rest []byte, tables []table, err error) {
	var whole map[string]any
	decoder := json.NewDecoder(bytes.NewReader(config))
	decoder.UseNumber()
	if err := decoder.Decode(&whole); err != nil {
		return nil, nil, err
	}
	servers := get(get(get(whole, "apps"), "http"), "servers")
	for _, name := range slices.Sorted(maps.Keys(servers)) {
		for i, route := range list(get(servers, name), "routes") {
			chain := list(route, "handle")
			for j := range chain {
				handler, _ := chain[j].(map[string]any)
				if handler["handler"] != "concors" {
					continue
				}
				delete(handler, "handler")
				text, err := json.Marshal(handler)
				if err != nil {
					return nil, nil, err
				}
				tables = append(tables, table{name, i, j, text})
				chain[j] = "concors"
			}
		}
	}
	rest, err = json.Marshal(whole)
	return rest, tables, err
}

func get(object map[string]any, key string) map[string]any {
	value, _ := object[key].(map[string]any)
	return value
}

func list(object any, key string) []any {
	in, _ := object.(map[string]any)
	value, _ := in[key].([]any)
	return value
}

// replacer is a handler whose table of routes can be replaced while it serves.
type replacer interface {
	Replace(routes json.RawMessage) error
}

// running finds the handlers of tables in the Caddy that runs.
func (s *server) running(tables []table) ([]replacer, error) {
	const lost = "concors: internal error: the table of server %q is not where it was"
	app, err := caddy.ActiveContext().App("http")
	if err != nil {
		return nil, err
	}
	http, ok := app.(*caddyhttp.App)
	if !ok {
		return nil, fmt.Errorf(lost, "")
	}
	found := make([]replacer, len(tables))
	for i, t := range tables {
		server := http.Servers[t.server]
		if server == nil || t.route >= len(server.Routes) || t.handler >= len(server.Routes[t.route].Handlers) {
			return nil, fmt.Errorf(lost, t.server)
		}
		if found[i], ok = server.Routes[t.route].Handlers[t.handler].(replacer); !ok {
			return nil, fmt.Errorf(lost, t.server)
		}
	}
	return found, nil
}
