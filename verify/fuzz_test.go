package verify_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/verify"
)

// FuzzAnswers has a server answer everything with the same response: whatever it is, the run ends with a result that can be
// written, and a response that lets nobody read it is not taken for one that does.
func FuzzAnswers(f *testing.F) {
	f.Add(200, "Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Methods: PUT, *\nAccess-Control-Allow-Headers: x-a,,x-b\nVary: *")
	f.Add(302, "Location: http://x/\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Origin: null\nAccess-Control-Max-Age: -1")
	f.Add(0, "Access-Control-Expose-Headers: \"\xff\nAccess-Control-Allow-Credentials: true\nSet-Cookie: secretsecret")
	file := load(f, small)
	plan, err := verify.NewPlan(file, verify.Options{URL: server, Concurrency: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, lines string) {
		res := fetch.Response{Status: status}
		for line := range strings.SplitSeq(lines, "\n") {
			name, value, _ := strings.Cut(line, ":")
			if value = header.Normalize(value); header.IsToken(name) && header.IsValue(value) && len(res.Header) < 100 {
				res.Header = append(res.Header, header.Field{Name: name, Value: value})
			}
		}
		r := plan.Run(t.Context(), constant{res})
		if len(r.Checks)+r.Unanswered != len(plan.Names()) || r.Pass+r.Fail != len(r.Checks) {
			t.Errorf("got %d checks, %d passed, %d failed, %d unanswered of %d", len(r.Checks), r.Pass, r.Fail, r.Unanswered, len(plan.Names()))
		}
		i := slices.IndexFunc(r.Checks, func(c verify.CheckResult) bool { return c.Name == "/*: GET from https://app.example is allowed" })
		if value, _ := res.Header.Get(header.AllowOrigin); i >= 0 && r.Checks[i].Pass && value != "*" && value != "https://app.example" {
			t.Errorf("a page may read a response whose Access-Control-Allow-Origin is %q", value)
		}
		written(t, r)
	})
}

// constant is a network on which all answers are one.
type constant struct{ res fetch.Response }

func (c constant) Open(context.Context, *fetch.Page, *fetch.Request) (verify.Connection, error) {
	return c, nil
}
func (c constant) Do(*fetch.Sent) (fetch.Response, error)  { return c.res, nil }
func (c constant) Ask(*fetch.Sent) (fetch.Response, error) { return c.res, nil }
func (constant) Close()                                    {}
