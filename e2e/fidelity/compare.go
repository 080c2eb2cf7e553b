package fidelity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// Compare tells where what was observed differs from what the model said; nothing means that they agree.
func Compare(s *Scenario, traces []*fetch.Trace, o *Observed) []string {
	var out []string
	for i, trace := range traces {
		var seen []Seen
		for _, r := range o.Seen {
			if r.Fetch == i {
				seen = append(seen, r)
			}
		}
		for _, difference := range slices.Concat(compareSent(trace, seen), compareView(trace, o.Fetches[i])) {
			out = append(out, fmt.Sprintf("fetch %d: %s", i, difference))
		}
	}
	return append(out, compareConsole(traces, o)...)
}

// compareSent compares the requests that reached the servers, with every header that CORS or the script is behind.
func compareSent(trace *fetch.Trace, seen []Seen) []string {
	var out []string
	want := make([]string, 0, len(trace.Sent))
	for i := range trace.Sent {
		if trace.Sent[i].Response.Error != "" {
			continue // nobody was there to see it
		}
		want = append(want, sentLine(&trace.Sent[i]))
	}
	got := make([]string, 0, len(seen))
	for i, r := range seen {
		var like *fetch.Sent
		if i < len(trace.Sent) {
			like = &trace.Sent[i]
		}
		got = append(got, seenLine(r, like))
	}
	if trace.Request.Initiator == fetch.InitiatorMedia {
		got = slices.Compact(got) // players ask again for what they need
	}
	if !slices.Equal(got, want) {
		out = append(out, fmt.Sprintf("requests\n    browser %s\n    model   %s", list(got), list(want)))
	}
	return out
}

func list(lines []string) string {
	if len(lines) == 0 {
		return "(none)"
	}
	return strings.Join(lines, "\n            ")
}

// sentLine renders a request: the CORS headers with their values, and of what script set the names. How values of other
// headers are written (joined, deduplicated, re-encoded) is not CORS and differs.
func sentLine(sent *fetch.Sent) string {
	return requestLine(string(sent.Kind), sent.Method, targetOf(sent.URL), authorNames(sent), func(name string) string {
		value, _ := sent.Header.Get(name)
		return value
	})
}

// seenLine renders a request like sentLine; of the names that are not CORS's own, only those that the model expects.
func seenLine(r Seen, like *fetch.Sent) string {
	kind := fetch.KindRequest
	if r.Preflight {
		kind = fetch.KindPreflight
	}
	names := corsNames()
	if like != nil {
		names = append(names, authorNames(like)...)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return r.Values(name) == nil })
	return requestLine(string(kind), r.Method, r.Target, names, func(name string) string { return strings.Join(r.Values(name), ", ") })
}

// authorNames returns the names of a request's headers but for those of a body, which WebKitGTK drops and restores along a
// chain.
func authorNames(sent *fetch.Sent) []string {
	var names []string
	for _, field := range sent.Header {
		if !header.IsRequestBodyName(field.Name) {
			names = append(names, header.Lower(field.Name))
		}
	}
	return names
}

func corsNames() []string {
	return []string{"origin", "access-control-request-headers", "access-control-request-method"}
}

func requestLine(kind, method, target string, names []string, value func(name string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", kind, method, target)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		b.WriteString(" " + name)
		if slices.Contains(corsNames(), name) {
			fmt.Fprintf(&b, "=%q", value(name))
		}
	}
	return b.String()
}

// targetOf is the request target in a URL.
func targetOf(u string) string {
	_, rest, _ := strings.Cut(u, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}

// compareView compares what the page got to see.
func compareView(trace *fetch.Trace, view PageView) []string {
	if view.Unknown {
		return nil
	}
	worked := trace.Outcome == fetch.Allowed || trace.Outcome == fetch.Opaque
	if worked != (view.Threw == "") {
		return []string{fmt.Sprintf("outcome: browser %s, model %s (%s)", outcomeOf(view), trace.Outcome, idText(trace))}
	}
	if !worked || trace.Response == nil {
		return nil
	}
	var out []string
	if view.Type != "" && view.Type != trace.Response.Type {
		out = append(out, fmt.Sprintf("response type: browser %s, model %s", view.Type, trace.Response.Type))
	}
	if view.Headers == nil || trace.Response.Type == "opaque" || trace.Response.Type == "opaqueredirect" {
		return out
	}
	if view.Status != trace.Response.Status {
		out = append(out, fmt.Sprintf("status: browser %d, model %d", view.Status, trace.Response.Status))
	}
	got, want := comparable(view.Headers), comparable(trace.Response.Visible)
	if !slices.Equal(got, want) {
		out = append(out, fmt.Sprintf("visible headers: browser %v, model %v", got, want))
	}
	return out
}

// comparable drops the headers that the stage adds and sorts the others.
func comparable(names []string) []string {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "content-length" || name == "connection" })
	slices.Sort(names)
	return slices.Compact(names)
}

func outcomeOf(view PageView) string {
	if view.Threw != "" {
		return "threw " + view.Threw
	}
	return fmt.Sprintf("read %s %d", view.Type, view.Status)
}

func idText(trace *fetch.Trace) string {
	if trace.Failure == nil {
		return "no failure"
	}
	return string(trace.Failure.ID)
}
