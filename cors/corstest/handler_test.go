package corstest_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/concors/concors/cors/corstest"
	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

func page(t *testing.T, url string) *fetch.Page {
	t.Helper()
	p, err := fetch.NewPage(url)
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

func TestHandler(t *testing.T) {
	type seen struct{ Method, URI, Host, Origin, Asked, Type string }
	var got []seen
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, seen{r.Method, r.RequestURI, r.Host, r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Headers"), r.Header.Get("Content-Type")})
		if r.TLS == nil {
			t.Error("a request for https has no TLS state")
		}
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Headers", "content-type")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Add("X-B", "2")
		w.Header().Add("X-A", " 1 ")
		w.Header().Add("X-A", "3")
	})
	request := &fetch.Request{URL: "https://api.example:8443/x?q=1", Method: "POST", Body: fetch.BodyJSONBlob}
	trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(page(t, "https://app.example"), request, corstest.Handler(h), 0)
	if err != nil {
		t.Fatal(err)
	}
	if trace.Outcome != fetch.Allowed {
		t.Errorf("the fetch is %s: %+v", trace.Outcome, trace.Failure)
	}
	want := []seen{
		{"OPTIONS", "/x?q=1", "api.example:8443", "https://app.example", "content-type", ""},
		{"POST", "/x?q=1", "api.example:8443", "https://app.example", "", "application/json"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("the handler saw %v, want %v", got, want)
	}
	fields := header.List{
		{Name: "Access-Control-Allow-Origin", Value: "https://app.example"}, {Name: "X-A", Value: "1"}, {Name: "X-A", Value: "3"}, {Name: "X-B", Value: "2"},
	}
	if !slices.Equal(trace.Sent[1].Response.Header, fields) {
		t.Errorf("the browser got %v, want %v", trace.Sent[1].Response.Header, fields)
	}
}

func TestHandlerAborts(t *testing.T) {
	abort := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	trace, err := fetch.NewBrowser(fetch.Standard()).Fetch(page(t, "https://app.example"), &fetch.Request{URL: "https://api.example/"}, corstest.Handler(abort), 0)
	if err != nil {
		t.Fatal(err)
	}
	if trace.Failure == nil || trace.Failure.ID != fetch.NetworkFailure {
		t.Errorf("got %+v, want a network failure", trace.Failure)
	}
}

func TestHandlerPanics(t *testing.T) {
	defer func() {
		if p := recover(); p != "broken" {
			t.Errorf("recovered %v, want the handler's own panic", p)
		}
	}()
	broken := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("broken") })
	_, err := fetch.NewBrowser(fetch.Standard()).Fetch(page(t, "https://app.example"), &fetch.Request{URL: "https://api.example/"}, corstest.Handler(broken), 0)
	t.Errorf("got error %v, want a panic", err)
}

func TestHandlerCannotMakeRequest(t *testing.T) {
	_, err := corstest.Handler(http.NotFoundHandler()).Do(&fetch.Sent{Method: "G ET", URL: "https://api.example/"})
	if err == nil {
		t.Error("a method that is no token came through")
	}
}
