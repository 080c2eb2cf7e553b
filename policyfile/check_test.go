package policyfile_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

// Every file of testdata/valid is, and its tests pass.
func TestCheckValid(t *testing.T) {
	paths, err := filepath.Glob("testdata/valid/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("got %d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c, f := policyfile.Check(path, data, policyfile.Options{LookupEnv: env})
			if f == nil || !c.Valid || report.Any(c.Findings, report.Error) {
				t.Fatalf("got\n%s", lines(c.Findings))
			}
			for _, test := range c.Tests {
				if !test.Pass || test.Got != test.Want || test.Why == "" {
					t.Errorf("got %+v", test)
				}
			}
		})
	}
}

func TestRun(t *testing.T) {
	const policies = `version: 1
policies:
  app:
    origins: [https://app.example, "https://*.preview.example"]
    methods: [PUT]
    request_headers: [Content-Type]
  signed:
    origins: [https://app.example]
    credentials: true
  public:
    origins: ["*"]
routes:
  - {path: /app/, policy: app}
  - {path: /signed/, policy: signed}
  - {path: /public/, policy: public}
  - {path: /off/, policy: none}
  - {path: /by-method, methods: [PUT], policy: app}
  - {path: /by-method}
  - {path: /by-header, headers: {X-Version: 2}, policy: app}
tests:
`
	for _, row := range []struct {
		name, test, got, why string
	}{
		{"allowed", "page: https://app.example, request: GET /app/x", "allowed", "policy app allows the origin, and the request needs no preflight"},
		{"with a preflight", "page: https://x.preview.example/index.html, request: PUT /app/x, headers: {Content-Type: application/json}", "allowed", "policy app allows the origin, and what the preflight asks for"},
		{"another origin", "page: https://www.app.example, request: GET /app/x", "blocked", "policy app: the origin https://www.app.example is not allowed; it differs from https://app.example only in the host"},
		{"another method", "page: https://app.example, request: DELETE /app/x", "blocked", "policy app: the method DELETE is not allowed; allowed are GET, HEAD, POST, PUT"},
		{"another header", "page: https://app.example, request: GET /app/x, headers: {X-Id: 1}", "blocked", "policy app: the header x-id is not allowed; allowed are content-type"},
		{"credentials", "page: https://app.example, request: GET /signed/x, credentials: include", "allowed", "policy signed allows the origin, and the request needs no preflight"},
		{"credentials that are not allowed", "page: https://app.example, request: GET /app/x, credentials: include", "blocked", "the request carries credentials, and policy app does not allow them"},
		{"credentials and any origin", "page: https://app.example, request: GET /public/x, credentials: include", "blocked", "the request carries credentials, and policy public does not allow them"},
		{"CORS is off", "page: https://app.example, request: GET /off/x", "blocked", "CORS is off for the route /off/"},
		{"no route", "page: https://app.example, request: GET /x", "blocked", "no route takes the request, so nothing allows the page to read the answer"},
		{"by method", "page: https://app.example, request: PUT /by-method", "allowed", "policy app allows the origin, and what the preflight asks for"},
		{"by another method", "page: https://app.example, request: GET /by-method", "blocked", "CORS is off for the route /by-method"},
		{"a policy by name", "page: https://any.example, request: GET /x, policy: public", "allowed", "policy public allows the origin, and the request needs no preflight"},
		{"null", "page: \"null\", request: GET /public/x", "allowed", "policy public allows the origin, and the request needs no preflight"},
		{"the server's own page", "page: https://server.concors.invalid, request: GET /off/x", "allowed", "the page is of the server's own origin, so CORS does not apply"},
		{"the other way round", "page: https://app.example, request: TRACE /app/x", "invalid", "the request cannot be made: method forbidden"},
		{"mixed content", "page: https://app.example, request: GET http://api.example/app/x", "blocked", "the request cannot be made: mixed content"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, expect := range []string{"allowed", "blocked"} {
				f := good(t, policies+"  - {name: a, "+row.test+", expect: "+expect+"}\n")
				got := f.Run(&f.Tests[0])
				if string(got.Got) != row.got || got.Why != row.why || string(got.Want) != expect || got.Pass != (expect == row.got) {
					t.Errorf("got %+v, want %s, %s", got, row.got, row.why)
				}
			}
		})
	}
}

func TestCheckFails(t *testing.T) {
	text := app + "tests:\n  - {name: it works, page: https://other.example, request: GET /, expect: allowed}\n  - {name: b, page: https://app.example, request: GET /, expect: allowed}\n"
	c, f := policyfile.Check("concors.yaml", []byte(text), policyfile.Options{})
	if f == nil || !c.Valid {
		t.Error("a file whose tests fail is valid all the same")
	}
	want := "6:75 error test-failed: \"it works\": the request is blocked, want allowed: policy app: the origin https://other.example is not allowed\n\tchange the policy, or what the test expects\n"
	if got := lines(c.Findings); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var b bytes.Buffer
	if err := c.WriteText(&b, report.Layout{Width: 80}); err != nil || !strings.HasPrefix(b.String(), "failed  concors.yaml: 1 of 2 tests\n") {
		t.Errorf("got %s, %v", b.String(), err)
	}
	data, err := json.Marshal(c.Tests)
	wantJSON := `[{"name":"it works","pass":false,"got":"blocked","want":"allowed","why":"policy app: the origin https://other.example is not allowed"},` +
		`{"name":"b","pass":true,"got":"allowed","want":"allowed","why":"policy app allows the origin, and the request needs no preflight"}]`
	if err != nil || string(data) != wantJSON {
		t.Errorf("got %s, %v", data, err)
	}
}

// An environment is used by tests too.
func TestCheckInEnvironment(t *testing.T) {
	text := app + "tests:\n  - {name: a, page: \"http://localhost:3000\", request: GET /, expect: allowed}\nenvironments: {dev: {policies: {app: {origins: [\"http://localhost:*\"]}}}}\n"
	for environment, want := range map[string]bool{"": false, "dev": true} {
		c, _ := policyfile.Check("concors.yaml", []byte(text), policyfile.Options{Env: environment})
		if len(c.Tests) != 1 || c.Tests[0].Pass != want {
			t.Errorf("%q: got %+v", environment, c.Tests)
		}
	}
}

func TestCheckJSONOfNothing(t *testing.T) {
	c, _ := policyfile.Check("concors.yaml", nil, policyfile.Options{})
	c.Findings = c.Findings[:0]
	data, err := json.Marshal(c)
	if diff := cmp.Diff(`{"valid":false,"findings":[],"tests":[]}`, string(data)); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}
