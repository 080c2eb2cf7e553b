package bench_test

import (
	"errors"
	"net/http"
	"os"
	"regexp"
	"testing"
)

// A peer is a middleware, with its router if it cannot be had without.
type peer struct {
	name   string
	module string // where it comes from; empty for what is made here
	router bool   // there is one in what is measured

	// build configures the peer around a handler; a nil policy means without CORS. The error says what it cannot do.
	build func(*policy, *handler) (server, error)
}

// errPattern is the error of a peer that knows exact origins only.
var errPattern = errors.New("no origin patterns")

// A server is a peer, configured.
type server struct {
	handler http.Handler

	// operation returns a function that serves the request once. It owns a response writer, and is for one goroutine.
	operation func(*http.Request) func()
}

// peers lists them. Concors is the first.
func peers() []peer {
	return []peer{
		{name: "concors", build: buildConcors},
		{name: "jub0bs", module: "github.com/jub0bs/cors", build: buildJub0bs},
		{name: "rs", module: "github.com/rs/cors", build: buildRS},
		{name: "chi", module: "github.com/go-chi/cors", build: buildChi},
		{name: "gin", module: "github.com/gin-contrib/cors", router: true, build: buildGin},
		{name: "echo4", module: "github.com/labstack/echo/v4", router: true, build: buildEcho4},
		{name: "echo5", module: "github.com/labstack/echo/v5", router: true, build: buildEcho5},
		{name: "fiber", module: "github.com/gofiber/fiber/v3", router: true, build: buildFiber},
	}
}

// isNetHTTP reports whether the peer works on the requests and responses of net/http.
func (p *peer) isNetHTTP() bool { return p.name != "fiber" }

// version is the one that go.mod asks for.
func (p *peer) version(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(regexp.QuoteMeta(p.module) + ` (v\S+)`).FindSubmatch(text)
	if found == nil {
		t.Fatalf("go.mod does not require %q", p.module)
	}
	return string(found[1])
}

// handler is what every peer wraps. It does nothing, unless a test looks at what comes by.
type handler struct {
	seen func(http.Header)
}

// ServeHTTP implements [http.Handler].
func (h *handler) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if h.seen != nil {
		h.seen(w.Header())
	}
}

// writer is a response writer that is used again and again.
type writer struct {
	header http.Header
	status int
}

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) Write(b []byte) (int, error) { return len(b), nil }
func (w *writer) WriteHeader(status int)      { w.status = status }

// onNetHTTP is the server of a peer that works with net/http.
func onNetHTTP(h http.Handler) server {
	return server{handler: h, operation: func(r *http.Request) func() {
		w := &writer{header: http.Header{}}
		return func() {
			clear(w.header)
			h.ServeHTTP(w, r)
		}
	}}
}
