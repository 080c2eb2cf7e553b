package cors_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// Whatever a request asks for, a header that is not listed is never allowed, and every listed one is in whatever way the list is
// written; nothing panics.
func FuzzRequestHeaders(f *testing.F) {
	for _, seed := range []string{"x-id", "X-ID ,\tcontent-type,,", "a b", "\x00", strings.Repeat(",", 100), "x-id\nauthorization"} {
		f.Add(seed)
	}
	p, err := cors.New(app())
	if err != nil {
		f.Fatal(err)
	}
	listed := map[string]bool{"content-type": true, "authorization": true, "x-id": true}
	h := cors.NewMiddleware(p).Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	f.Fuzz(func(t *testing.T, lines string) {
		r := cors.Request{Method: "OPTIONS", Origin: []string{"https://app.example"}, RequestMethod: []string{"PUT"}, RequestHeaders: strings.Split(lines, "\n")}
		d := p.Decide(r)
		all := true
		for name := range strings.SplitSeq(strings.ReplaceAll(lines, "\n", ","), ",") {
			if name = strings.Trim(name, " \t"); name != "" && !listed[header.Lower(name)] {
				all = false
			}
		}
		long := len(lines) > 16<<10 || len(r.RequestHeaders) > 64
		if d.Allowed() && !all || !d.Allowed() && all && !long {
			t.Fatalf("%q: got refusal %q", lines, d.Refusal)
		}
		if !d.Allowed() && d.Why() == "" || strings.ContainsAny(d.Why(), "\x00\x1b\r\n") {
			t.Fatalf("%q: got why %q", lines, d.Why())
		}
		req := httptest.NewRequest("OPTIONS", "https://api.example/", nil)
		req.Header[header.Origin], req.Header[header.RequestMethod], req.Header[header.RequestHeaders] = r.Origin, r.RequestMethod, r.RequestHeaders
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != d.Status() {
			t.Fatalf("%q: got status %d, want %d", lines, w.Code, d.Status())
		}
	})
}
