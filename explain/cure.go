package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/all"
)

// Cure adds to the fixes, where headers are the fix, the configuration of the smallest policy that allows the fetch. It is for
// the chosen stack or, with nil, for that of the layer which answered; for two where that is not certain. To what a message tells
// it adds nothing: that is too little for a policy.
func (e *Explanation) Cure(chosen *stack.Stack) {
	if e.Message != nil || !slices.ContainsFunc(e.Fixes, func(f Fix) bool { return len(f.Response) > 0 }) {
		return
	}
	if f := e.Trace.Failure; f.On == fetch.OnPreflight && isRedirect(f.Status) {
		return // what redirects comes before CORS; to call the URL that it leads to is what helps
	}
	text := smallestPolicy(e.Trace)
	if text == "" {
		return
	}
	file, findings := policyfile.Load("concors.yaml", []byte(text), policyfile.Options{})
	if file == nil {
		e.Fixes = append(e.Fixes, refusedPolicy(findings))
		return
	}
	site, err := stack.NewSite(file, "")
	if err != nil {
		panic("concors: internal error: a file with one policy has none: " + err.Error())
	}
	if chosen != nil {
		f, _ := cureFor(chosen, site, text)
		e.Fixes = append(e.Fixes, f)
		return
	}
	likely := e.likelyStacks()
	for _, s := range likely {
		f, ok := cureFor(&s, site, text)
		if len(likely) > 1 {
			f.Text = "It is not certain what answers there; this is for " + s.Name + ".\n" + f.Text
		}
		if ok {
			e.Fixes = append(e.Fixes, f)
		}
	}
}

// smallestPolicy is a policy file that allows the hop that failed and nothing else; empty where there is none to recommend.
func smallestPolicy(t *fetch.Trace) string {
	x := newFixer(t)
	if !x.preflight {
		x.assumePreflight(t)
	}
	from := x.origin
	if isTainted(t) {
		from = "null" // whatever the preflight says, which in Firefox is the page's origin
	}
	if pattern, err := origin.ParsePattern(from); from == "null" {
		if x.credentials {
			return "" // any page can be of this origin
		}
		from = "*"
	} else if err != nil {
		return ""
	} else if _, exact := pattern.Exact(); !exact {
		return "" // a host with a star in it would be a pattern
	}
	text := "version: 1\npolicies:\n  app:\n    origins: [" + strconv.Quote(from) + "]\n"
	if x.method != "" && x.method != "GET" && x.method != "HEAD" && x.method != "POST" {
		text += "    methods: [" + strconv.Quote(x.method) + "]\n"
	}
	if x.names != "" {
		var names []string
		for name := range strings.SplitSeq(x.names, ",") {
			names = append(names, strconv.Quote(strings.TrimSpace(name)))
		}
		text += "    request_headers: [" + strings.Join(names, ", ") + "]\n"
	}
	if x.credentials {
		text += "    credentials: true\n"
	}
	return text
}

// isTainted reports whether the chain of redirects led from one foreign origin to another before the hop that failed, so that
// its request names no origin.
//
// https://fetch.spec.whatwg.org/#concept-request-tainted-origin
func isTainted(t *fetch.Trace) bool {
	before, isForeign := t.Page.Origin, false
	for i := range t.Sent {
		at, err := origin.FromURL(t.Sent[i].URL)
		if err != nil || t.Sent[i].Hop > t.Failure.Hop || at == before {
			continue
		}
		if isForeign {
			return true
		}
		before, isForeign = at, at != t.Page.Origin
	}
	return false
}

// assumePreflight fills in what a preflight would ask for that the browser did not need to send, because it knew the answer.
func (x *fixer) assumePreflight(t *fetch.Trace) {
	if t.CORS != fetch.CORSPreflight {
		return
	}
	for i := range t.Sent {
		if t.Sent[i].Hop == t.Failure.Hop {
			x.method = t.Sent[i].Method
		}
	}
	var names []string
	for _, field := range t.Request.Header {
		name := header.Lower(field.Name)
		if !header.IsForbiddenRequestName(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	x.names = strings.Join(names, ",")
}

// refusedPolicy is the fix for a fetch that no good policy allows.
func refusedPolicy(findings []report.Finding) Fix {
	for _, f := range findings {
		if f.Severity == report.Error {
			return anyFix("no policy is made for this", "The policy that would allow this request is refused: "+f.Message+". To change that: "+f.Fix+".")
		}
	}
	panic("concors: internal error: a policy file is refused without an error")
}

// cureFor is the fix for one stack; false where the stack cannot express it, and then the fix says so.
func cureFor(s *stack.Stack, site *stack.Site, policy string) (Fix, bool) {
	files, findings := stack.Generate(s, site, stack.Options{})
	f := NewFix(s.ID, "allow the request in "+s.Name, "The smallest policy that allows the request, and that you can add to:"+code(policy))
	f.Policy = policy
	if len(files) == 0 {
		f.Title = s.Name + " cannot allow the request"
	}
	for _, finding := range findings {
		f.Text += "\n" + finding.Message + "; " + finding.Fix + "."
	}
	if len(files) == 0 {
		return f, false
	}
	f.Text += "\nWhat follows is made of it by concors generate " + s.ID + ". " + s.Facts.Use +
		" It takes the place of all that is there about CORS: nothing else may set such a header."
	for _, file := range files {
		f.Text += "\n" + file.Path + ":" + code(file.Text)
	}
	f.Files = files
	return f, true
}

// code is lines to copy below a sentence.
func code(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		b.WriteString("\n" + indent + line)
	}
	return b.String()
}

// likelyStacks are those by which the response that failed may have come to be as it is, the likeliest first; one where only one
// says that it was there.
func (e *Explanation) likelyStacks() []stack.Stack {
	var layers []Layer
	if i := failing(e.Trace); i >= 0 && i < len(e.Answered) {
		layers = slices.Clone(e.Answered[i])
	}
	// What is nearest to the application has the last word but where two speak: then the outer one can silence the inner.
	if e.Trace.Failure.ID != fetch.AllowOriginMultiple {
		slices.Reverse(layers)
	}
	var ids []string
	inFront := false
	for _, l := range layers {
		if id := stackOf(l.Name); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		inFront = inFront || l.Role == LayerServer || l.Role == LayerFramework
	}
	switch list := known(ids); {
	case len(list) > 0:
		return list[:min(len(list), 2)]
	case inFront:
		return known([]string{"nginx", "haproxy"}) // what can stand before a server that we write nothing for
	}
	return known([]string{"nginx", "express"})
}

// stackOf is the id of the stack of a layer; empty for one that has none.
func stackOf(layer string) string {
	switch layer {
	case "nginx", "OpenResty":
		return "nginx"
	case "Apache":
		return "apache"
	case "Caddy":
		return "caddy"
	case "Express":
		return "express"
	case "Next.js":
		return "nextjs"
	}
	return ""
}

// known are the stacks of ids, as far as there are such.
func known(ids []string) []stack.Stack {
	var list []stack.Stack
	for _, id := range ids {
		if s, err := all.Find(id); err == nil {
			list = append(list, *s)
		}
	}
	return list
}
