package explain

import (
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// narrow decides between the failures that a wording stands for by what else the text tells.
func (m *ConsoleMessage) narrow() {
	if m.named != "null" && m.Origin == "" {
		m.Origin = m.named
	}
	m.narrowCall()
	m.narrowSharing()
	m.narrowPreflight()
	m.narrowRedirect()
	m.ID = m.Candidates[0]
	m.Header = headerOf(m)
	if m.On == "" {
		m.On = onOf(m)
	}
	if m.ID == causeNotTold {
		m.Candidates = causes(m.Wording)
	}
}

// only leaves the candidates that are among some, unless none is.
func (m *ConsoleMessage) only(list ...fetch.FailureID) {
	keep := ids(list...)
	left := slices.DeleteFunc(slices.Clone(m.Candidates), func(id string) bool { return !slices.Contains(keep, id) })
	if len(left) > 0 {
		m.Candidates = left
	}
}

// first makes a candidate the likeliest, whether it is one yet or not.
func (m *ConsoleMessage) first(id fetch.FailureID) {
	m.Candidates = append(ids(id), slices.DeleteFunc(m.Candidates, func(other string) bool { return other == string(id) })...)
}

// is reports whether a failure is among the candidates.
func (m *ConsoleMessage) is(id fetch.FailureID) bool {
	return slices.Contains(m.Candidates, string(id))
}

// narrowCall looks at the method of a call that throws: Firefox has the same words for three of them.
func (m *ConsoleMessage) narrowCall() {
	if !m.is(fetch.MethodInvalid) || !m.HasValue {
		return
	}
	m.Method = m.Value
	switch upper := strings.ToUpper(m.Method); {
	case !header.IsToken(m.Method):
		m.only(fetch.MethodInvalid)
	case upper == "CONNECT" || upper == "TRACE" || upper == "TRACK":
		m.only(fetch.MethodForbidden)
	default:
		m.only(fetch.MethodNoCORS)
	}
}

// narrowSharing looks at the value of Access-Control-Allow-Origin or Access-Control-Allow-Credentials.
func (m *ConsoleMessage) narrowSharing() {
	switch {
	case m.is(fetch.AllowOriginMismatch) && m.HasValue, m.is(fetch.AllowOriginInvalid) && m.HasValue, m.is(fetch.AllowOriginMultiple) && m.HasValue:
		switch id := meaning(m.Value, m.Origin); {
		case id != "":
			m.Candidates = ids(id)
			if id == fetch.AllowOriginMismatch && m.Origin == "" {
				m.Candidates = ids(id, fetch.RedirectOriginNull)
			}
		case m.Origin != "":
			m.Candidates = ids(fetch.RedirectOriginNull) // the page's origin, and yet not the one that was named
		}
	case m.is(fetch.AllowCredentialsMissing) && m.HasValue && m.Value != "":
		m.only(fetch.AllowCredentialsInvalid)
	}
	if m.On == fetch.OnPreflight || m.Engine == webkit {
		return
	}
	switch fetch.FailureID(m.Candidates[0]) {
	case fetch.AllowOriginMissing, fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginMultiple, fetch.AllowOriginInvalid:
		if !m.is(fetch.RedirectAllowOrigin) && (m.Status == 0 || isRedirect(m.Status)) {
			m.Candidates = append(m.Candidates, string(fetch.RedirectAllowOrigin)) // the response may be a redirect
		}
	}
}

// meaning is what the model calls a value of Access-Control-Allow-Origin that a browser refused; empty when it is the
// page's origin, or any.
func meaning(value, page string) fetch.FailureID {
	p, err := fetch.NewPage(page)
	if page == "" || err != nil {
		p, _ = fetch.NewPage("https://page.invalid")
	}
	allow := header.List{{Name: header.AllowOrigin, Value: value}}
	network := &fetch.Recorded{Responses: []fetch.Response{{Status: 200, Header: allow}}}
	t, err := fetch.NewBrowser(fetch.Standard()).Fetch(&p, &fetch.Request{URL: "https://server.invalid/"}, network, 0)
	if err != nil || t.Failure == nil {
		return ""
	}
	return t.Failure.ID
}

// narrowPreflight looks at the status of the preflight's answer, and at the method.
func (m *ConsoleMessage) narrowPreflight() {
	switch {
	case m.is(fetch.PreflightStatus) && isRedirect(m.Status):
		m.only(fetch.PreflightRedirect, fetch.PreflightStatus)
		m.first(fetch.PreflightRedirect)
	case m.is(fetch.PreflightStatus) && (m.Status == 401 || m.Status == 403 || m.Status == 407):
		m.only(fetch.PreflightAuth)
	case m.is(fetch.PreflightStatus) && m.Status != 0:
		m.only(fetch.PreflightStatus)
	case m.is(fetch.PreflightStatus):
		m.first(fetch.PreflightStatus)
	case m.is(fetch.MethodCase) && m.Method != "" && strings.ToUpper(m.Method) != m.Method:
		m.first(fetch.MethodCase)
	}
}

// narrowRedirect looks at whether the text speaks of a redirect.
func (m *ConsoleMessage) narrowRedirect() {
	switch {
	case m.cause != "" && m.is(fetch.AllowOriginMissing), m.cause == fetch.AllowOriginMultiple:
		m.Candidates = ids(fetch.RedirectAllowOrigin)
	case m.is(fetch.RedirectAllowOrigin) && isRedirect(m.Status):
		m.cause = fetch.FailureID(m.Candidates[0])
		m.first(fetch.RedirectAllowOrigin)
	case m.InitialURL != "" && m.is(fetch.RedirectScheme):
		m.first(fetch.RedirectScheme)
	}
}

// causes are the failures that a message that tells no cause can stand for: those of CORS, where it says that it is that,
// else all but those of a call that throws, which has words of its own.
func causes(wording string) []string {
	cors := strings.Contains(wording, "CORS") || strings.Contains(wording, "access control") || strings.HasPrefix(wording, "Cross-Origin Request Blocked")
	var list []string
	for _, id := range fetch.FailureIDs() {
		e, _ := EntryOf(string(id))
		switch {
		case id == fetch.AuthorizationNotListed, id == fetch.LNAPermissionRequired, e.Algorithm == "dom-request":
		case cors && e.Algorithm != "concept-cors-check" && e.Algorithm != "cors-preflight-fetch-0" && e.Algorithm != "concept-http-redirect-fetch":
		default:
			list = append(list, string(id))
		}
	}
	return list
}

// headerOf is the response header that a message is about; empty when it is about none.
func headerOf(m *ConsoleMessage) string {
	switch fetch.FailureID(m.ID) {
	case fetch.AllowOriginMissing, fetch.AllowOriginMismatch, fetch.AllowOriginNull, fetch.AllowOriginMultiple, fetch.AllowOriginInvalid,
		fetch.AllowOriginWildcardCredentials, fetch.RedirectAllowOrigin, fetch.RedirectOriginNull:
		return header.AllowOrigin
	case fetch.AllowCredentialsMissing, fetch.AllowCredentialsInvalid:
		return header.AllowCredentials
	case fetch.AllowMethodsUnparsable, fetch.MethodNotAllowed, fetch.MethodCase, fetch.MethodWildcardCredentials:
		return header.AllowMethods
	case fetch.AllowHeadersUnparsable, fetch.HeaderNotAllowed, fetch.HeaderWildcardCredentials, fetch.AuthorizationNotListed:
		return header.AllowHeaders
	case fetch.RedirectCredentialsInURL, fetch.RedirectScheme, fetch.RedirectLocationInvalid:
		return header.Location
	case fetch.CORPBlocked, fetch.COEPCORP:
		return header.CrossOriginResourcePolicy
	case fetch.NosniffBlocked, fetch.MIMEBlocked, fetch.ORBBlocked:
		return header.ContentType
	case fetch.CSPConnectSrc:
		return "Content-Security-Policy"
	}
	return m.Header
}

// onOf is the exchange that a message is about, as far as what it is about tells.
func onOf(m *ConsoleMessage) fetch.On {
	e, _ := EntryOf(m.ID)
	switch id := fetch.FailureID(m.ID); {
	case e.Algorithm == "cors-preflight-fetch-0", m.ID == pnaHeaderMissing, m.ID == pnaHeaderInvalid:
		return fetch.OnPreflight
	case id == fetch.RedirectAllowOrigin, e.Algorithm == "concept-http-redirect-fetch", e.Algorithm == "concept-http-fetch":
		return fetch.OnRequest
	case id == fetch.ORBBlocked, id == fetch.NosniffBlocked, id == fetch.MIMEBlocked:
		return fetch.OnRequest
	case e.Algorithm == "dom-request", e.Algorithm == "concept-main-fetch":
		return fetch.OnPage
	case e.Algorithm == "concept-cors-check" && m.Engine == chromium: // it says so of a preflight
		return fetch.OnRequest
	}
	return ""
}
