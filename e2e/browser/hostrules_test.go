package browser_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/concors/concors/e2e/browser"
)

func TestHostRules(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte("page of " + r.Host))
	}))
	defer s.Close()
	options := browser.Options{HostRules: "MAP *.example " + strings.TrimPrefix(s.URL, "http://")}
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			b, err := browser.Start(t.Context(), engine, options)
			if engine != browser.Chromium {
				if err == nil || !strings.Contains(err.Error(), "MAP") {
					t.Errorf("got %v, want an error that names the rules", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if err := b.Navigate(t.Context(), "http://www.app.example:8080/"); err != nil {
				t.Fatal(err)
			}
			got, err := b.Eval(t.Context(), "return document.body.textContent")
			if want := `"page of www.app.example:8080"`; err != nil || string(got) != want {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
		})
	}
}
