package policyfile_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
)

const contract = `version: 1
policies:
  app:
    origins: [https://myapp.com, "https://*.preview.myapp.com", "http://localhost:*"]
    methods: [GET, POST, PUT, DELETE]
    request_headers: [Content-Type, Authorization]
    response_headers: [X-Total-Count]
    credentials: true
    max_age: 24h
  public:
    origins: ["*"]
routes:
  - path: /api/
    policy: app
    upstream: http://127.0.0.1:3000
  - path: /
    files: ./dist
tests:
  - name: the app may update a user
    page: https://myapp.com
    request: PUT /api/users/123
    headers: {Content-Type: application/json, Authorization: Bearer t}
    credentials: include
    expect: allowed
  - name: a stranger may not
    page: https://evil.example
    request: GET /api/users
    expect: blocked
`

// env has the variables of the tests.
func env(name string) (string, bool) {
	value, ok := map[string]string{"ORIGIN": "https://env.example", "YES": "true", "AGE": "600", "EMPTY": "", "BAD": "https://A.example/"}[name]
	return value, ok
}

func load(t *testing.T, text string, environment string) (*policyfile.File, []report.Finding) {
	t.Helper()
	return policyfile.Load("concors.yaml", []byte(text), policyfile.Options{Env: environment, LookupEnv: env})
}

// lines are findings as a table has them: place, severity, rule, message, fix.
func lines(list []report.Finding) []string {
	var out []string
	for _, f := range list {
		out = append(out, fmt.Sprintf("%d:%d %s %s: %s -> %s", f.Line, f.Column, f.Severity, f.Rule, f.Message, f.Fix))
	}
	return out
}

func TestDump(t *testing.T) {
	_ = bytes.Equal
	_ = os.Args
	_ = filepath.Join
	_ = slices.Index[[]int]
	_ = txtar.Parse
	f, findings := load(t, contract, "")
	t.Log(strings.Join(lines(findings), "\n"))
	t.Logf("%+v", f)
}
