package stacks_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/policyfile"
)

// checkInChromium has pages in Chromium ask all that pages could ask of a server. They get what the policy file says.
func checkInChromium(t *testing.T, p *pages, f *policyfile.File, running served, answered []string) {
	t.Helper()
	list := questions(t, f)
	if answered != nil {
		list = slices.DeleteFunc(list, func(q policyfile.Question) bool { return !slices.Contains(answered, q.Method) })
	}
	calls := make([]call, len(list))
	for i := range list {
		calls[i] = callOf(&list[i], running, i)
	}
	for i, got := range p.ask(t, calls) {
		q := &list[i]
		want, err := f.Decide(*q)
		if err != nil {
			t.Fatal(err)
		}
		if message := compare(f, q, want, &got); message != "" {
			t.Errorf("%s %s from %s, headers %q, credentials %t: %s\n%s", q.Method, q.Target, q.Origin, q.Headers, q.Credentials, message, wire(running, calls[i].URL))
		}
	}
}

// callOf is the call of a page for a question. Each has a URL of its own, so that every preflight is sent.
func callOf(q *policyfile.Question, running served, n int) call {
	host, path, _ := strings.Cut(strings.TrimPrefix(q.Target, "https://"), "/")
	headers := map[string]string{}
	for _, name := range q.Headers {
		if headers[name] = "1"; header.EqualFold(name, header.ContentType) {
			headers[name] = "application/json"
		}
	}
	init := map[string]any{"method": q.Method, "headers": headers, "credentials": fetch.CredentialsOmit}
	if q.Method != "GET" && q.Method != "HEAD" {
		init["body"] = "{}"
	}
	if q.Credentials {
		init["credentials"] = fetch.CredentialsInclude
	}
	return call{Page: q.Origin, URL: fmt.Sprintf("%s/%s?%d", running.Origin(host), path, n), Init: init}
}

// compare says in what a page's view differs from what the policy file decides.
func compare(f *policyfile.File, q *policyfile.Question, want *policyfile.Decision, got *view) string {
	if allowed := got.Threw == ""; allowed != (want.Outcome == fetch.Allowed) {
		return fmt.Sprintf("got %d %s, want %s", got.Status, got.Threw, want.Outcome)
	}
	if got.Threw != "" {
		return ""
	}
	u, err := url.Parse(q.Target)
	if err != nil {
		return err.Error()
	}
	status := http.StatusOK
	switch {
	case strings.HasSuffix(u.Path, "/broken"):
		status = http.StatusInternalServerError
	case strings.HasSuffix(u.Path, "/missing"):
		status = http.StatusNotFound
	}
	if got.Status != status {
		return fmt.Sprintf("got status %d, want %d", got.Status, status)
	}
	c := f.Route(u.Host, u.Path, q.Method, nil).Policy.Config()
	for _, name := range []string{"x-answered-by", "x-total-count", "etag"} {
		exposed := slices.ContainsFunc(c.ResponseHeaders, func(s string) bool { return header.EqualFold(s, name) || s == "*" && !q.Credentials })
		if slices.Contains(got.Headers, name) != exposed {
			return fmt.Sprintf("got the headers %q, want %s among them: %t", got.Headers, name, exposed)
		}
	}
	return ""
}

// wire is what was sent for a URL, for a message.
func wire(running served, u string) string {
	var b strings.Builder
	for _, e := range running.Exchanges() {
		if strings.HasSuffix(u, e.Target) {
			fmt.Fprintf(&b, "%s %s %v -> %d %v\n", e.Method, e.Target, e.Header, e.Status, e.Answer)
		}
	}
	return b.String()
}
