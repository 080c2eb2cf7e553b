package explain_test

import (
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/explain"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack/all"
)

// Whatever a page asks for, the policy that is recommended is valid and allows the page's own origin or any, and the page that
// shows it is well formed.
func FuzzCure(f *testing.F) {
	f.Add("https://app.example", "PUT", "X-A", "Server", "nginx", true, uint8(0))
	f.Add("https://${x}*.example", "patch", "$host", "X-Powered-By", "Express", false, uint8(1))
	f.Add("null", "a'b", "`id`", "Server", "", false, uint8(2))
	f.Fuzz(func(t *testing.T, from, method, name, answer, says string, credentials bool, how uint8) {
		page, err := fetch.NewPage(from)
		if err != nil {
			return
		}
		request := &fetch.Request{URL: "https://api.example/x", Method: method, Header: header.List{{Name: name, Value: "1"}}}
		if credentials {
			request.Credentials = fetch.CredentialsInclude
		}
		response := fetch.Response{Status: 200, Header: header.List{{Name: answer, Value: says}}}
		trace, err := fetch.NewBrowser(fetch.Profiles()[how%4]).Fetch(&page, request, always(response), 0)
		if err != nil {
			t.Fatal(err)
		}
		e := explain.Of(trace, trace)
		stacks := all.Stacks()
		e.Cure(nil)
		e.Cure(&stacks[int(how)%len(stacks)])
		for _, fix := range e.Fixes {
			if fix.Policy == "" {
				continue
			}
			file, findings := policyfile.Load("concors.yaml", []byte(fix.Policy), policyfile.Options{})
			if file == nil {
				t.Fatalf("got the policy %q, which is refused: %+v", fix.Policy, findings)
			}
			if got := file.Policies["app"].Config().Origins; len(got) != 1 || got[0] != page.Origin.String() && got[0] != "*" {
				t.Errorf("got the origins %q, want %s", got, page.Origin)
			}
		}
		parsePage(t, "a fetch", htmlOf(t, []explain.Explanation{e}, false))
	})
}
