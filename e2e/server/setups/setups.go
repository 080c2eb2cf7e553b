// Package setups is a catalogue of servers as people configure them, right and wrong, each with requests that show what
// comes of it. A set-up is a txtar archive, STACK/NAME.txtar:
//
//	What is done, and what is right or wrong about it.
//	-- site.conf --
//	the configuration of a nginx, or server.js, or whatever the stack takes
//	-- upstream/server.js --
//	the Express application behind it; without any, what UPSTREAM leads to is Upstream
//	-- try/NAME --
//	What the request shows.
//	page PAGE
//	fetch /api/users {"method": "PUT", "credentials": "include"}
//	> OPTIONS /api/users
//	> Origin: @PAGE@
//	> Access-Control-Request-Method: PUT
//	< 204
//	< Vary: Origin
//	= blocked allow-origin-missing preflight
//
// A fetch has the arguments that script gives it, the path in place of the URL. Every request that a browser sends has its
// ">" lines, with all its headers that tell of CORS, and what the server answers "<" lines, again with all of CORS, and Allow
// and Location. What the page gets stands after "=": "allowed 200", then perhaps "visible" and "hidden" with names of headers;
// or "blocked", the failure as the model of Chromium calls it, and whether it is on the preflight or the request.
//
// Texts name values: PAGE and STAGING are origins that the server means to serve, STRANGER is another, SELF the server's own.
package setups

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/concors/concors/e2e/server"
)

// files is the catalogue.
//
//go:embed */*.txtar
var files embed.FS

// A Setup is a configured server. It is read-only.
type Setup struct {
	Name  string // "nginx/both-layers"
	Doc   string
	Stack server.Stack
	Files map[string]string // as server.Config has them

	upstream map[string]string // the application behind it; empty where that is Upstream
	tries    []txtar.File
}

// All returns the catalogue, sorted by name. The slice is the caller's.
func All() []Setup {
	paths, err := fs.Glob(files, "*/*.txtar")
	if err != nil {
		panic(fmt.Sprintf("concors: internal error: the embedded set-ups: %v", err))
	}
	var all []Setup
	for _, p := range paths {
		text, err := files.ReadFile(p)
		if err == nil {
			var s *Setup
			if s, err = parse(p, text); err == nil {
				all = append(all, *s)
			}
		}
		if err != nil {
			panic(fmt.Sprintf("concors: internal error: the embedded set-up %s: %v", p, err))
		}
	}
	return all
}

func parse(file string, text []byte) (*Setup, error) {
	archive := txtar.Parse(text)
	stack, _ := path.Split(file)
	s := &Setup{
		Name:     strings.TrimSuffix(file, path.Ext(file)),
		Doc:      strings.TrimSpace(string(archive.Comment)),
		Stack:    server.Stack(strings.TrimSuffix(stack, "/")),
		Files:    map[string]string{},
		upstream: map[string]string{},
	}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "try/"); ok {
			s.tries = append(s.tries, txtar.File{Name: name, Data: f.Data})
		} else if name, ok := strings.CutPrefix(f.Name, "upstream/"); ok {
			s.upstream[name] = string(f.Data)
		} else {
			s.Files[f.Name] = string(f.Data)
		}
	}
	if s.Doc == "" || len(s.Files) == 0 || len(s.tries) == 0 {
		return nil, errors.New("no words about it, no configuration, or no try")
	}
	_, err := s.triesWith(map[string]string{"PAGE": "", "STAGING": "", "STRANGER": "", "SELF": ""})
	return s, err
}

// PreferredPort is the port for pages unless somebody else has it. Since their origins are part of what is built, and builds
// are kept, it is better always to have the same. Linux gives no port this low to those who ask for any.
const PreferredPort = 23080

// Pages are the origins of the pages that set-ups speak of: http, a name below .localhost for each, one port for all.
type Pages struct{ port string }

// PagesOn returns the pages on a port.
func PagesOn(port int) Pages { return Pages{strconv.Itoa(port)} }

// values are what the names stand for that are known before the server runs.
func (p Pages) values() map[string]string {
	return map[string]string{
		"PAGE":     "http://myapp.localhost:" + p.port,
		"STAGING":  "http://staging.myapp.localhost:" + p.port,
		"STRANGER": "http://stranger.localhost:" + p.port,
	}
}

// Host is the name under which pages know a set-up's server.
const Host = "api.localhost"

// A Running is a set-up whose server runs.
type Running struct {
	*server.Server
	Setup *Setup
	Tries []Try
}

// Start starts a set-up, as server.Start does, for pages.
func (s *Setup) Start(t testing.TB, pages Pages) *Running {
	t.Helper()
	values := pages.values()
	if len(s.upstream) > 0 {
		values["UPSTREAM"] = server.Start(t, server.Config{Stack: server.Express, Files: s.upstream, Values: values}).Addr()
	} else {
		upstream := httptest.NewServer(Upstream())
		t.Cleanup(upstream.Close)
		values["UPSTREAM"] = upstream.Listener.Addr().String()
	}
	r := &Running{Server: server.Start(t, server.Config{Stack: s.Stack, Files: s.Files, Values: values}), Setup: s}
	values["SELF"] = r.Origin(Host)
	var err error
	if r.Tries, err = s.triesWith(values); err != nil {
		t.Fatal(err)
	}
	return r
}
