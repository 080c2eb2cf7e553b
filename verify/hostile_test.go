package verify_test

import (
	"bufio"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/report"
	"github.com/concors/concors/verify"
)

const small = "version: 1\npolicies:\n  app: {origins: [https://app.example], methods: [PUT], request_headers: [X-A, X-B]}\n"

// hostile serves raw bytes to whoever asks; the answer is cut when the test ends.
func hostile(t *testing.T, answer func(c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			context.AfterFunc(ctx, func() { c.Close() })
			go func() {
				defer c.Close()
				if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					answer(c)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// A server that is dead, slow or hostile ends in bounded time, and what could not be seen is told.
func TestHostileServers(t *testing.T) {
	endless := func(c net.Conn, head, more string) {
		io.WriteString(c, head)
		for {
			if _, err := io.WriteString(c, more); err != nil {
				return
			}
		}
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	tests := []struct {
		name     string
		answer   func(c net.Conn)
		answered bool // some of the checks
	}{
		{"nobody", nil, false},
		{"never an answer", func(c net.Conn) { io.Copy(io.Discard, c) }, false},
		{"cut", func(net.Conn) {}, false},
		{"garbage", func(c net.Conn) { io.WriteString(c, "\x00\x01 hello\r\n\r\n") }, false},
		{"endless header", func(c net.Conn) { endless(c, "HTTP/1.1 200 OK\r\n", "X-A: "+strings.Repeat("a", 1000)+"\r\n") }, false},
		{"endless line", func(c net.Conn) { endless(c, "HTTP/1.1 200 OK\r\nX-A: ", strings.Repeat("a", 1000)) }, false},
		{"endless body", func(c net.Conn) {
			endless(c, "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n", strings.Repeat("a", 1000))
		}, true},
		{"redirects to itself", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: /api/more\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n")
		}, true},
		{"redirects elsewhere", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/\r\nContent-Length: 0\r\n\r\n")
		}, true},
		{"control bytes", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 \x1b[2J\r\nAccess-Control-Allow-Origin: \x1b[31m\r\nContent-Length: 0\r\n\r\n")
		}, false},
		{"hostile text", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: </testsuite>\xc2\x9b\xff\r\nAccess-Control-Allow-Methods: <b>\r\nAccess-Control-Max-Age: -9999999999999999999999\r\nVary: \xe2\x80\xae]]>\r\nSet-Cookie: id=secretsecret\r\nContent-Length: 0\r\n\r\n")
		}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := closed.URL
			if test.answer != nil {
				url = hostile(t, test.answer)
			}
			const limit = 4 * time.Second
			plan, err := verify.NewPlan(load(t, small), verify.Options{URL: url, RequestTime: time.Second, MaxTime: limit})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			r := plan.Run(t.Context(), reach(t))
			if took := time.Since(start); took > limit+5*time.Second {
				t.Errorf("it took %v, want about %v at most", took, limit)
			}
			if r.Passed() {
				t.Error("it passed")
			}
			if got := len(r.Checks) > 0; got != test.answered {
				t.Errorf("got %d checks carried out and %+v, want any: %t", len(r.Checks), r.NotVerified, test.answered)
			}
			if !test.answered && (r.Unanswered == 0 || r.NotVerified[0].Reason == "") {
				t.Errorf("got %d unanswered, want reasons: %+v", r.Unanswered, r.NotVerified)
			}
			for form, out := range written(t, r) {
				if strings.Contains(out, "secretsecret") {
					t.Errorf("the %s shows a secret", form)
				}
			}
		})
	}
}

// written writes a result in all its forms, and holds them to what a terminal and other programs can take.
func written(t *testing.T, r *verify.Result) (forms map[string]string) {
	t.Helper()
	var text, junit strings.Builder
	if err := r.WriteText(&text, report.Layout{Width: 80}); err != nil {
		t.Error(err)
	}
	if i := strings.IndexFunc(text.String(), func(c rune) bool { return c < ' ' && c != '\n' }); i >= 0 {
		t.Errorf("the text has a control character: %q", text.String()[i:])
	}
	if err := r.WriteJUnit(&junit); err != nil {
		t.Error(err)
	}
	var suites struct {
		Suites []struct {
			Tests int `xml:"tests,attr"`
			Cases []struct {
				Name string `xml:"name,attr"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(junit.String()), &suites); err != nil {
		t.Errorf("the XML cannot be read: %v\n%s", err, junit.String())
	} else if s := suites.Suites[0]; s.Tests != len(s.Cases) || s.Tests == 0 {
		t.Errorf("got %d test cases, want %d", len(s.Cases), s.Tests)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Error(err)
	}
	return map[string]string{"text": text.String(), "JUnit": junit.String(), "JSON": string(data)}
}

// A run ends with its context.
func TestInterrupted(t *testing.T) {
	url := hostile(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	plan, err := verify.NewPlan(load(t, small), verify.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	r := plan.Run(ctx, reach(t))
	if took := time.Since(start); took > 3*time.Second || r.Unanswered != len(plan.Names()) {
		t.Errorf("it took %v, %d of %d unanswered", took, r.Unanswered, len(plan.Names()))
	}
}

// What the whole run may take is bounded, and what was seen before is told.
func TestSlowServer(t *testing.T) {
	file := load(t, small)
	h := serve(file)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(150 * time.Millisecond)
		h.ServeHTTP(w, r)
	}))
	defer s.Close()
	plan, err := verify.NewPlan(file, verify.Options{URL: s.URL, MaxTime: 1500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	r := plan.Run(t.Context(), reach(t))
	if r.Pass == 0 || r.Fail > 0 || r.Unanswered == 0 || r.Passed() {
		t.Errorf("got %d passed, %v failed, %d unanswered, want some passed and some unanswered", r.Pass, failures(r), r.Unanswered)
	}
	if got := r.NotVerified[0].Reason; !strings.Contains(got, "the time for the run is up") {
		t.Errorf("got reason %q, want that the time is up", got)
	}
}
