package verify_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/live"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/verify"
)

// server is where verified policies are, in memory.
const server = "https://api.test"

// load reads a policy file that is valid.
func load(t testing.TB, text string) *policyfile.File {
	t.Helper()
	file, findings := policyfile.Load("concors.yaml", []byte(text), policyfile.Options{})
	if file == nil {
		t.Fatalf("%s\n%+v", text, findings)
	}
	return file
}

// serve answers as a correct server does: each route has its policy, around an application that knows nothing of CORS, finds
// nothing at paths that nobody knows, and wants everybody to sign in for what changes something.
func serve(file *policyfile.File) http.Handler {
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "unknown"):
			http.NotFound(w, r)
		case r.Method != "GET" && r.Method != "HEAD":
			http.Error(w, "sign in", http.StatusUnauthorized)
		default:
			w.Header().Set("X-Hidden", "1")
			w.Header().Set("ETag", `"1"`)
		}
	})
	wrap := func(p *cors.Policy) http.Handler {
		if p == nil {
			return cors.Off(app)
		}
		return cors.NewMiddleware(p).Wrap(app)
	}
	only, _ := file.Policy("")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(file.Routes) == 0 {
			wrap(only).ServeHTTP(w, r)
			return
		}
		method, headers := r.Method, r.Header
		if asked := r.Header.Get(header.RequestMethod); r.Method == "OPTIONS" && asked != "" {
			method, headers = asked, nil
		}
		route := file.Route(r.Host, r.URL.Path, method, headers)
		if route == nil {
			http.NotFound(w, r)
			return
		}
		wrap(route.Policy).ServeHTTP(w, r)
	})
}

// run verifies a file on a handler in memory.
func run(t testing.TB, file *policyfile.File, h http.Handler, o verify.Options) *verify.Result {
	t.Helper()
	if o.URL == "" {
		o.URL = server
	}
	plan, err := verify.NewPlan(file, o)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Run(t.Context(), verify.Handler(h))
}

// reach is the network of real servers.
func reach(t testing.TB) verify.Network {
	t.Helper()
	n, err := verify.Live(live.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// failures are the names of the checks that failed.
func failures(r *verify.Result) []string {
	var names []string
	for _, c := range r.Checks {
		if !c.Pass {
			names = append(names, c.Name)
		}
	}
	return names
}

// warnings are the warnings of the checks, each once.
func warnings(r *verify.Result) []string {
	var list []string
	for _, c := range r.Checks {
		if c.Warning != "" && !slices.Contains(list, c.Warning) {
			list = append(list, c.Warning)
		}
	}
	return list
}

// methods counts the requests of each method that a handler gets.
type methods struct {
	mu   sync.Mutex
	seen map[string]int
}

func (m *methods) count(next http.Handler) http.Handler {
	m.seen = map[string]int{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.seen[r.Method]++
		m.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}
