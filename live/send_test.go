package live_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/live"
)

func TestWhatLeaves(t *testing.T) {
	put := header.List{{Name: "X-A", Value: "1"}}
	for _, test := range []struct {
		name    string
		request fetch.Request
		send    bool
		outcome fetch.Outcome
		want    string // methods that reached the server
	}{
		{"GET", fetch.Request{}, false, fetch.Allowed, "GET"},
		{"HEAD", fetch.Request{Method: "HEAD"}, false, fetch.Allowed, "HEAD"},
		{"GET with a preflight", fetch.Request{Header: put}, false, fetch.Allowed, "OPTIONS GET"},
		{"simple POST", fetch.Request{Method: "POST", Body: fetch.BodyText}, false, fetch.Unsent, ""},
		{"PUT stops after its preflight", fetch.Request{Method: "PUT"}, false, fetch.Unsent, "OPTIONS"},
		{"DELETE stops after its preflight", fetch.Request{Method: "DELETE"}, false, fetch.Unsent, "OPTIONS"},
		{"OPTIONS that a script makes is no preflight", fetch.Request{Method: "OPTIONS"}, false, fetch.Unsent, "OPTIONS"},
		{"beacon", fetch.Request{Initiator: fetch.InitiatorBeacon}, false, fetch.Unsent, ""},
		{"form", fetch.Request{Initiator: fetch.InitiatorForm, Method: "POST"}, false, fetch.Unsent, ""},
		{"POST with send", fetch.Request{Method: "POST", Body: fetch.BodyText}, true, fetch.Allowed, "POST"},
		{"PUT with send", fetch.Request{Method: "PUT"}, true, fetch.Allowed, "OPTIONS PUT"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, nil)
			test.request.URL = server.at("api.localhost")
			trace, exchanges := run(t, fetch.Chromium(), live.Config{Request: &test.request, Send: test.send})
			if trace.Outcome != test.outcome {
				t.Errorf("got outcome %s, want %s", trace.Outcome, test.outcome)
			}
			var methods []string
			for _, req := range server.asked {
				methods = append(methods, req.Method)
			}
			if got := strings.Join(methods, " "); got != test.want {
				t.Errorf("the server got %q, want %q", got, test.want)
			}
			if len(exchanges) != len(trace.Sent) || server.connections != len(trace.Sent) {
				t.Errorf("got %d exchanges on %d connections, want %d", len(exchanges), server.connections, len(trace.Sent))
			}
		})
	}
}

func TestUnsentIsBeforeAnyByte(t *testing.T) {
	var connections atomic.Int32
	address := speak(t, func(net.Conn) { connections.Add(1) })
	n := open(t, live.Config{})
	_, err := n.Do(&fetch.Sent{Kind: fetch.KindRequest, Method: "POST", URL: "http://" + address})
	if !errors.Is(err, fetch.ErrUnsent) || connections.Load() != 0 || len(n.Exchanges()) != 0 {
		t.Errorf("got error %v, %d connections, %d exchanges; want %v and none", err, connections.Load(), len(n.Exchanges()), fetch.ErrUnsent)
	}
}

func TestBody(t *testing.T) {
	const form = "--b-1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b-1--\r\n"
	for _, test := range []struct {
		name          string
		request       fetch.Request
		body          string
		contentType   string
		contentLength string
	}{
		{"text", fetch.Request{Method: "POST", Body: fetch.BodyText}, "xé", "text/plain;charset=UTF-8", "3"},
		{"JSON", fetch.Request{Method: "PUT", Body: fetch.BodyText, Header: header.List{{Name: "content-type", Value: "application/json"}}}, "{}", "application/json", "2"},
		{"bytes", fetch.Request{Method: "POST", Body: fetch.BodyBytes}, "\x00\xff", "", "2"},
		{"multipart brings its boundary", fetch.Request{Method: "POST", Body: fetch.BodyMultipart}, form, "multipart/form-data; boundary=b-1", "63"},
		{"empty", fetch.Request{Method: "POST", Body: fetch.BodyText}, "", "text/plain;charset=UTF-8", "0"},
		{"none", fetch.Request{Method: "POST"}, "", "", "0"},
		{"DELETE has no length", fetch.Request{Method: "DELETE"}, "", "", ""},
		{"form", fetch.Request{Method: "POST", Initiator: fetch.InitiatorForm, Body: fetch.BodyURLEncoded}, "a=b", "application/x-www-form-urlencoded", "3"},
		{"empty form", fetch.Request{Method: "POST", Initiator: fetch.InitiatorForm}, "", "application/x-www-form-urlencoded", "0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got, length string
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				allow(w, r)
				body, _ := io.ReadAll(r.Body)
				got, length = string(body), r.Header.Get("Content-Length")
				if r.ContentLength > 0 {
					length = fmt.Sprint(r.ContentLength)
				}
			})
			test.request.URL = server.at("api.localhost")
			run(t, fetch.Standard(), live.Config{Request: &test.request, Body: []byte(test.body), Send: true})
			if value := server.last(t).Header.Get("Content-Type"); got != test.body || value != test.contentType || length != test.contentLength {
				t.Errorf("got body %q of type %q and length %q, want %q, %q, %q", got, value, length, test.body, test.contentType, test.contentLength)
			}
		})
	}
}

func TestBodyAtRedirects(t *testing.T) {
	for _, test := range []struct {
		status int
		want   []string
	}{
		{http.StatusFound, []string{"POST /0 body", "GET /1 "}},
		{http.StatusSeeOther, []string{"POST /0 body", "GET /1 "}},
		{http.StatusTemporaryRedirect, []string{"POST /0 body", "POST /1 body"}},
	} {
		t.Run(fmt.Sprint(test.status), func(t *testing.T) {
			var got []string
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				allow(w, r)
				body, _ := io.ReadAll(r.Body)
				got = append(got, r.Method+" "+r.URL.Path+" "+string(body))
				if r.URL.Path == "/0" {
					http.Redirect(w, r, "/1", test.status)
				}
			})
			request := &fetch.Request{URL: server.at("api.localhost") + "/0", Method: "POST", Body: fetch.BodyText}
			run(t, fetch.Standard(), live.Config{Request: request, Body: []byte("body"), Send: true})
			equal(t, "requests", got, test.want)
		})
	}
}

func TestPreflightCarriesNothingElse(t *testing.T) {
	var preflight *http.Request
	var body []byte
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		allow(w, r)
		if r.Method == "OPTIONS" {
			preflight = r
			body, _ = io.ReadAll(r.Body)
			w.Header().Set("Set-Cookie", "ignored=1; SameSite=None; Secure")
		}
	})
	request := &fetch.Request{
		URL: server.at("api.localhost"), Method: "PUT", Body: fetch.BodyText, Credentials: fetch.CredentialsInclude,
		Header: header.List{{Name: "Accept", Value: "text/x"}, {Name: "Authorization", Value: "Bearer t"}, {Name: "X-A", Value: "1"}},
	}
	run(t, fetch.Chromium(), live.Config{Request: request, Body: []byte("body"), Cookie: "a=1", Send: true})
	for _, name := range []string{"Cookie", "Authorization", "X-A", "Content-Type", "Content-Length"} {
		if value, ok := preflight.Header[name]; ok {
			t.Errorf("the preflight carries %s: %q", name, value)
		}
	}
	if accept := preflight.Header.Get("Accept"); accept != "*/*" || len(body) > 0 {
		t.Errorf("the preflight has Accept %q and body %q, want */* and none", accept, body)
	}
	actual := server.last(t).Header
	if actual.Get("Cookie") != "a=1" || actual.Get("Authorization") != "Bearer t" || actual.Get("Accept") != "text/x" {
		t.Errorf("got %v, want the script's headers and the one cookie that was given", actual)
	}
}

// TestSentOnce has servers that take a request and say nothing: no request comes twice, whatever it says of itself.
func TestSentOnce(t *testing.T) {
	for _, test := range []struct {
		name string
		sent fetch.Sent
	}{
		{"GET", fetch.Sent{Method: "GET"}},
		{"POST", fetch.Sent{Method: "POST"}},
		{"POST with an idempotency key", fetch.Sent{Method: "POST", Header: header.List{{Name: "Idempotency-Key", Value: "1"}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked atomic.Int32
			address := speak(t, func(conn net.Conn) {
				if readHead(conn) != "" {
					asked.Add(1)
				}
			})
			n := open(t, live.Config{Send: true})
			test.sent.Kind, test.sent.URL = fetch.KindRequest, "http://"+address
			res, err := n.Do(&test.sent)
			if err != nil || res.Error != fetch.ErrorReset || asked.Load() != 1 {
				t.Errorf("got %+v, error %v, sent %d times; want %s, sent once", res, err, asked.Load(), fetch.ErrorReset)
			}
		})
	}
}

func TestRedirectsAreTheModels(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		allow(w, r)
		w.Header().Set("Location", "/again")
		w.WriteHeader(http.StatusFound)
	})
	n := open(t, live.Config{})
	res, err := do(n, server.URL)
	if location, _ := res.Header.Get("Location"); err != nil || res.Status != http.StatusFound || location != "/again" || len(server.lines()) != 1 {
		t.Errorf("got %+v, error %v, %d requests; want the redirect itself, once", res, err, len(server.lines()))
	}
	trace, _ := run(t, fetch.Standard(), live.Config{Request: &fetch.Request{URL: server.at("api.localhost")}})
	if trace.Failure == nil || trace.Failure.ID != fetch.RedirectTooMany || len(trace.Sent) != 21 {
		t.Errorf("got %+v after %d requests, want %s after 21", trace.Failure, len(trace.Sent), fetch.RedirectTooMany)
	}
}

func TestOneFetchOnly(t *testing.T) {
	server := serve(t, nil)
	n := open(t, live.Config{})
	if _, err := do(n, server.URL+"/a"); err != nil {
		t.Fatal(err)
	}
	if _, err := do(n, server.URL+"/b"); err == nil || !strings.Contains(err.Error(), "another fetch") {
		t.Errorf("got error %v, want one that tells of another fetch", err)
	}
}
