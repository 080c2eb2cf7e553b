package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/stack"
)

// A Fix is one way to make a fetch work: a change of the server's answers, with the exact lines, or of the page.
type Fix struct {
	Stack string `json:"stack"` // "any": what any server must send, or any page must do
	Title string `json:"title"`
	Text  string `json:"text"` // may have several lines; those of the headers and of the files are among them

	// What the server must send, with status 204 in answer to the preflight; each line is a name and a value. Empty where
	// the fix is none of headers, or there is no preflight.
	Preflight [][2]string `json:"preflight_headers"`
	Response  [][2]string `json:"response_headers"`

	// Files are the configuration of a stack that is generated from Policy, a policy file. Both are empty for other fixes.
	Policy string       `json:"policy"`
	Files  []stack.File `json:"files"`
}

// NewFix returns a fix without header lines and files.
func NewFix(id, title, text string) Fix {
	return Fix{Stack: id, Title: title, Text: text, Preflight: [][2]string{}, Response: [][2]string{}, Files: []stack.File{}}
}

// anyFix is a fix that is not for one server.
func anyFix(title, text string) Fix { return NewFix("any", title, text) }

// fixes tells what to change so that a failed fetch works; the best comes first.
func fixes(t *fetch.Trace) []Fix { return newFixer(t).fixes(t.Failure) }

// A fixer knows what a server would have to answer to a request.
type fixer struct {
	origin      string // that Access-Control-Allow-Origin must be
	credentials bool
	preflight   bool
	method      string // that the preflight asks for
	names       string // that it asks for, with commas
}

// newFixer makes the fixer of a trace's failing hop.
func newFixer(t *fetch.Trace) *fixer {
	demanded := t.Failure.ID == fetch.AllowCredentialsMissing || t.Failure.ID == fetch.AllowCredentialsInvalid
	x := &fixer{origin: t.Page.Origin.String(), credentials: credentialed(t) || demanded}
	for i := range t.Sent {
		s := &t.Sent[i]
		if s.Hop != t.Failure.Hop {
			continue
		}
		if value, ok := s.Header.Get(header.Origin); ok {
			x.origin = value
		}
		if s.Kind == fetch.KindPreflight && !x.preflight {
			x.preflight = true
			x.method, _ = s.Header.Get(header.RequestMethod)
			x.names, _ = s.Header.Get(header.RequestHeaders)
		}
	}
	return x
}

func (x *fixer) fixes(f *fetch.Failure) []Fix {
	entry, _ := EntryOf(string(f.ID))
	switch f.ID {
	case fetch.AllowOriginMissing, fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginMultiple,
		fetch.AllowOriginInvalid, fetch.RedirectAllowOrigin, fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid,
		fetch.MethodNotAllowed, fetch.MethodCase, fetch.HeaderNotAllowed, fetch.AllowMethodsUnparsable,
		fetch.AllowHeadersUnparsable, fetch.AuthorizationNotListed:
		return append(x.alternatives(), x.answers(&entry))
	case fetch.AllowOriginWildcardCredentials, fetch.MethodWildcardCredentials, fetch.HeaderWildcardCredentials:
		return []Fix{
			x.answers(&entry),
			anyFix("drop the credentials", "If the page needs no cookies, leave credentials: \"include\" out (in XMLHttpRequest: withCredentials); then * is enough."),
		}
	case fetch.PreflightStatus, fetch.PreflightAuth, fetch.PreflightRedirect:
		return []Fix{x.answers(&entry)}
	case fetch.RedirectOriginNull:
		if f.URL != "" {
			return []Fix{anyFix(entry.FixTitle, fmt.Sprintf("%s Here that is %s.", entry.Fix, f.URL))}
		}
	}
	return []Fix{anyFix(entry.FixTitle, entry.Fix)}
}

// alternatives are fixes that come before the server's headers, because those would be no good idea.
func (x *fixer) alternatives() []Fix {
	if x.origin != "null" {
		return nil
	}
	return []Fix{anyFix("give the page an origin",
		"The page's origin is null, which any sandboxed frame has, so a server that allows null allows everybody. "+
			"Serve the page over http(s), or add allow-same-origin to its sandbox.")}
}

// answers is the fix of an entry with what the server must send for this request, line by line.
func (x *fixer) answers(entry *Entry) Fix {
	f := anyFix(entry.FixTitle, entry.Fix)
	f.Response = x.grant()
	if !x.preflight {
		f.Text += "\nThe response:" + indented(f.Response)
		return f
	}
	f.Preflight = slices.Clone(f.Response)
	if !slices.Contains([]string{"GET", "HEAD", "POST"}, x.method) {
		f.Preflight = append(f.Preflight, [2]string{header.AllowMethods, latin1(x.method)})
	}
	if x.names != "" {
		f.Preflight = append(f.Preflight, [2]string{header.AllowHeaders, latin1(strings.ReplaceAll(x.names, ",", ", "))})
	}
	f.Text += "\nThe answer to OPTIONS, with status 204:" + indented(f.Preflight) + "\nThe response itself:" + indented(f.Response)
	return f
}

// indented is lines of a response below a sentence.
func indented(lines [][2]string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("\n  " + line[0] + ": " + line[1])
	}
	return b.String()
}

// grant is the part that every response of the exchange has in common.
func (x *fixer) grant() [][2]string {
	if x.origin == "null" && !x.credentials {
		return [][2]string{{header.AllowOrigin, "*"}}
	}
	lines := [][2]string{{header.AllowOrigin, x.origin}}
	if x.credentials {
		lines = append(lines, [2]string{header.AllowCredentials, "true"})
	}
	return append(lines, [2]string{header.Vary, header.Origin})
}

// credentialed reports whether a request was made with credentials mode include, so that the strict rules apply.
func credentialed(t *fetch.Trace) bool {
	switch t.Request.Initiator {
	case fetch.InitiatorBeacon:
		return true
	case fetch.InitiatorFont, fetch.InitiatorCSSImage, fetch.InitiatorReport:
		return false
	}
	return t.Request.Credentials == fetch.CredentialsInclude
}
