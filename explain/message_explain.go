package explain

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/input"
)

// Explanation explains what the message is about, with what it tells and nothing else. Secrets in URLs and values are
// masked unless they are to be shown.
func (m *ConsoleMessage) Explanation(showSecrets bool) Explanation {
	if !showSecrets {
		m = m.masked()
	}
	e := Explanation{Trace: m.trace(), Message: m}
	switch m.Engine {
	case chromium:
		e.Console.Chromium = m.Text
	case firefox:
		e.Console.Firefox = m.Text
	case webkit:
		e.Console.WebKit = m.Text
	}
	f := e.Trace.Failure
	if f == nil {
		e.Warnings = []Warning{{ID: m.ID, Why: m.warning()}}
		e.Fixes = m.fixer().fixes(&fetch.Failure{ID: fetch.FailureID(m.ID)})
		return e
	}
	e.Why = withStatus(m.why(f), f, nil)
	e.Fixes = m.fixer().fixes(f)
	return e
}

// warns reports whether the message is about something that fails nothing, or not yet.
func (m *ConsoleMessage) warns() bool {
	e, _ := EntryOf(m.ID)
	return e.Kind == KindWarning || m.ID == string(fetch.AuthorizationNotListed)
}

// trace is what the message tells of a fetch.
func (m *ConsoleMessage) trace() *fetch.Trace {
	t := &fetch.Trace{
		Browser: m.Engine, Outcome: fetch.Blocked, CORS: fetch.CORSSimple,
		Request: &fetch.Request{URL: cmp.Or(m.InitialURL, m.URL), Method: m.Method, Initiator: m.Initiator},
	}
	if page, err := fetch.NewPage(m.Origin); m.Origin != "" && err == nil {
		t.Page = &page
	}
	if m.credentialed() {
		t.Request.Credentials = fetch.CredentialsInclude
	}
	e, _ := EntryOf(m.ID)
	switch fetch.FailureID(m.ID) {
	case fetch.CORPBlocked, fetch.COEPCORP, fetch.ORBBlocked, fetch.NosniffBlocked, fetch.MIMEBlocked:
		t.CORS, t.CORSNoneReason = fetch.CORSNone, fetch.NoneNoCORS
	case fetch.SameOriginMode:
		t.CORS, t.CORSNoneReason = fetch.CORSNone, fetch.NoneSameOrigin
	}
	switch {
	case m.On == fetch.OnPreflight:
		t.CORS = fetch.CORSPreflight
	case e.Algorithm == "dom-request":
		t.Outcome, t.CORS = fetch.Invalid, fetch.CORSNone
	}
	if m.warns() {
		t.Outcome = fetch.Allowed
		return t
	}
	t.Failure = m.failure(&e)
	return t
}

// credentialed reports whether the message is about a request that carries credentials.
func (m *ConsoleMessage) credentialed() bool {
	switch fetch.FailureID(m.ID) {
	case fetch.AllowOriginWildcardCredentials, fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid:
		return true
	}
	return false
}

// failure is what the message tells of a failure. Its Header is there only when it is told what came in it.
func (m *ConsoleMessage) failure(e *Entry) *fetch.Failure {
	f := &fetch.Failure{
		ID: fetch.FailureID(m.ID), On: cmp.Or(m.On, fetch.OnRequest), Algorithm: e.Algorithm, Number: e.Number,
		URL: m.URL, Status: m.Status, Got: m.Value, Cause: m.cause,
	}
	if m.InitialURL != "" && m.InitialURL != m.URL {
		f.Hop = 1
	}
	if m.HasValue {
		f.Header = m.Header
	}
	switch f.ID {
	case fetch.AllowOriginMissing:
		if len(m.Candidates) <= 2 {
			f.Header = m.Header // nothing came in it
		}
		f.Want = m.Origin
	case fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginMultiple, fetch.AllowOriginInvalid,
		fetch.AllowOriginWildcardCredentials, fetch.RedirectAllowOrigin:
		f.Want = m.Origin
		switch {
		case f.ID == fetch.AllowOriginWildcardCredentials:
			f.Header, f.Got = m.Header, "*"
		case m.cause == fetch.AllowOriginMissing && m.Engine != webkit:
			f.Header = m.Header
		}
		if m.Engine == firefox && strings.HasPrefix(m.Wording, "Multiple ") {
			f.Lines = 2
		}
	case fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid:
		f.Want = "true"
	case fetch.MethodNotAllowed, fetch.MethodCase, fetch.MethodWildcardCredentials:
		f.Want = m.Method
	case fetch.HeaderNotAllowed, fetch.HeaderWildcardCredentials:
		f.Want = header.Lower(m.Name)
	case fetch.AllowMethodsUnparsable, fetch.AllowHeadersUnparsable:
		f.Want = m.Token
		if m.Token != "" || m.HasValue {
			f.Header = m.Header
		}
	case fetch.RedirectCredentialsInURL, fetch.RedirectScheme, fetch.RedirectLocationInvalid:
		if f.Got = m.Target; f.Got != "" {
			f.Header = m.Header
		}
	case fetch.SameOriginMode:
		if target, err := origin.FromURL(m.URL); err == nil && m.Origin != "" {
			f.Got, f.Want = target.String(), m.Origin
		}
	case fetch.NetworkFailure, fetch.PreflightNetwork:
		f.Got = connectionProblem(m.Value)
	}
	return f
}

// connectionProblem is the kind of a network error that words or a code of Chromium's stand for, or else the code.
func connectionProblem(value string) string {
	for _, e := range []fetch.NetworkError{fetch.ErrorRefused, fetch.ErrorReset, fetch.ErrorTimeout, fetch.ErrorTLS, fetch.ErrorDNS} {
		if value == string(e) || value == chromiumNetCode(e) {
			return string(e)
		}
	}
	switch {
	case value == "ERR_CONNECTION_RESET" || value == "ERR_CONNECTION_CLOSED":
		return string(fetch.ErrorReset)
	case value == "ERR_TIMED_OUT":
		return string(fetch.ErrorTimeout)
	case strings.HasPrefix(value, "ERR_CERT_") || strings.HasPrefix(value, "ERR_SSL_"):
		return string(fetch.ErrorTLS)
	case strings.HasPrefix(value, "ERR_NAME_"):
		return string(fetch.ErrorDNS)
	case strings.HasPrefix(value, "ERR_"):
		return "net::" + value
	}
	return value
}

// What stands in a fix for what the message does not tell.
const (
	yourOrigin  = "<your page's origin>"
	yourMethod  = "<the request's method>"
	yourHeaders = "<the headers that the script sets>"
)

// fixer knows what the server would have to answer, with placeholders for what the message does not tell.
func (m *ConsoleMessage) fixer() *fixer {
	x := &fixer{origin: cmp.Or(m.Origin, yourOrigin), credentials: m.credentialed(), preflight: m.On == fetch.OnPreflight}
	if !x.preflight {
		return x
	}
	x.method, x.names = cmp.Or(m.Method, yourMethod), cmp.Or(header.Lower(m.Name), yourHeaders)
	switch fetch.FailureID(m.ID) {
	case fetch.HeaderNotAllowed, fetch.HeaderWildcardCredentials, fetch.AllowHeadersUnparsable:
		x.method = "GET" // browsers judge the method first, so it is no problem
	case fetch.AllowMethodsUnparsable:
		x.names = ""
	case fetch.AuthorizationNotListed:
		x.method, x.names = "GET", "*,"+header.Authorization
	}
	return x
}

// why says why the request failed, as far as the message tells.
func (m *ConsoleMessage) why(f *fetch.Failure) string {
	told := *f
	told.On = m.On
	switch {
	case f.ID == fetch.AllowOriginMissing && f.Header == "":
		if m.named == "null" {
			return fmt.Sprintf("The request named its origin as null, and %s does not allow that. A page has that origin in a sandboxed frame or from a file, and any request after a redirect from one foreign origin to another.",
				lowerFirst(sharer(&told)))
		}
		return fmt.Sprintf("%s does not allow %s, %s: Access-Control-Allow-Origin is missing, or has another value.",
			sharer(&told), cmp.Or(short(m.Origin), "the page's origin"), consequence(&told))
	case m.ID == string(fetch.NetworkFailure) && m.Value == "ERR_BLOCKED_BY_CLIENT":
		return "An extension, or a setting of the browser, blocked the request (net::ERR_BLOCKED_BY_CLIENT). The server was never asked."
	case m.ID == string(fetch.NetworkFailure) && m.Engine == firefox:
		return "Firefox got no response that it could use: the connection failed, the certificate was refused, an extension or the tracking protection blocked the request, or a redirect led nowhere. This is no refusal by CORS headers."
	case m.ID == causeNotTold && m.Status >= 400:
		return fmt.Sprintf("The server answered with status %d, and the message does not tell why the page failed. %s", m.Status, Why(&told))
	}
	return Why(&told)
}

// warning says what the message warns of.
func (m *ConsoleMessage) warning() string {
	e, _ := EntryOf(m.ID)
	if m.Name != "" && m.ID == headerForbidden {
		return fmt.Sprintf("The browser owns %s and drops what the script sets, without an error.", short(m.Name))
	}
	if m.Name != "" && m.ID == responseHeaderNotExposed {
		return fmt.Sprintf("The script asks for the response header %s and gets null: the server does not list it in Access-Control-Expose-Headers.", short(m.Name))
	}
	return e.What
}

// masked returns a copy without secrets.
func (m *ConsoleMessage) masked() *ConsoleMessage {
	k, c := new(masker), *m
	for _, url := range []*string{&c.URL, &c.InitialURL, &c.Target} {
		if shown := k.url(*url); shown != *url {
			c.Text = strings.ReplaceAll(c.Text, *url, shown)
			c.Value = strings.ReplaceAll(c.Value, *url, shown)
			*url = shown
		}
	}
	c.Value = k.value(c.Header, c.Value)
	c.Text = k.text(c.Text)
	return &c
}

// Call is the request that the message is about, to make it and look. It is as much of it as the message tells; false when that
// is not even the URL.
func (m *ConsoleMessage) Call() (input.Call, bool) {
	t := m.trace()
	c := input.Call{Page: m.Origin, Request: *t.Request}
	if m.Name != "" {
		c.Request.Header.Append(m.Name, "1")
		c.Notes = append(c.Notes, fmt.Sprintf("The value that the script gives %s is not known; 1 stands for it.", short(m.Name)))
	}
	return c, c.Request.URL != ""
}
