package stack_test

import (
	"testing"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
)

// What a draft holds is what the file says, whatever YAML would make of the texts.
func TestDraft(t *testing.T) {
	var d stack.Draft
	one := stack.DraftPolicy{Name: "on", Origins: []string{"http://localhost:*", "https://*.vercel.app", "http://app.example"}, Methods: []string{"PUT"}, RequestHeaders: []string{"1e3", "null", "X-A"}, Credentials: true, MaxAge: "600"}
	if got := d.Add(one); got != "on" {
		t.Errorf("got name %q, want on", got)
	}
	if got := d.Add(one); got != "on" || len(d.Policies) != 1 {
		t.Errorf("the same again: got name %q and %d policies, want on and 1", got, len(d.Policies))
	}
	if got := d.Add(stack.DraftPolicy{Name: "on", Null: true}); got != "on-2" {
		t.Errorf("another of that name: got %q, want on-2", got)
	}
	d.Routes = []stack.DraftRoute{{Host: "a.example", Path: "/a:b/", Policy: "on"}, {Path: "/", Policy: "on-2", Upstream: "http://[::1]:80"}}
	f, findings := policyfile.Load("draft.yaml", []byte(d.Text()), policyfile.Options{})
	if f == nil {
		t.Fatalf("%+v\n%s", findings, d.Text())
	}
	c := f.Policies["on"].Config()
	if len(c.Origins) != 3 || len(c.RequestHeaders) != 3 || !c.Credentials || !f.Policies["on-2"].Config().DangerouslyAllowNull {
		t.Errorf("got %+v of\n%s", c, d.Text())
	}
	if len(f.Routes) != 2 || f.Routes[0].Path != "/a:b/" {
		t.Errorf("got %d routes of\n%s", len(f.Routes), d.Text())
	}
}
