package explain

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/concors/concors/cors/fetch"
)

// Why says in one or two sentences, in the user's terms, why a fetch failed. It shows values of headers and URLs as they
// are in the failure: mask the trace first where secrets are not to be seen. What a failure that was told by somebody lacks
// (the exchange, the header's value, the page's origin, a status) is left out.
func Why(f *fetch.Failure) string { return whyWith(f, nil) }

// whyWith is [Why], knowing the layers that touched the response.
func whyWith(f *fetch.Failure, layers []Layer) string {
	if why := whySharing(f, layers); why != "" {
		return why
	}
	if why := whyPreflight(f); why != "" {
		return why
	}
	if why := whyRequest(f); why != "" {
		return why
	}
	if why := whyRedirect(f); why != "" {
		return why
	}
	entry, _ := EntryOf(string(f.ID))
	return entry.What
}

// sharer names the response that failed its sharing check.
func sharer(f *fetch.Failure) string {
	switch {
	case f.On == "" && f.Status >= 400:
		return fmt.Sprintf("The server's answer (%d)", f.Status)
	case f.On == "":
		return "The server's answer"
	case f.On == fetch.OnPreflight:
		return "The answer to the preflight"
	case isRedirect(f.Status):
		return fmt.Sprintf("The redirect (%d)", f.Status)
	case f.Status >= 400:
		return fmt.Sprintf("The response (%d)", f.Status)
	}
	return "The response"
}

// consequence is what the failure of a sharing check comes to.
func consequence(f *fetch.Failure) string {
	switch {
	case f.On == "":
		return "so the page gets nothing"
	case f.On == fetch.OnPreflight:
		return "so the request itself is never sent"
	case isRedirect(f.Status):
		return "so the browser does not follow it"
	}
	return "so the page cannot read it"
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// whySharing explains a failed CORS check.
func whySharing(f *fetch.Failure, layers []Layer) string {
	v, origin := quoted(got(f)), short(want(f))
	switch f.ID {
	case fetch.AllowOriginMissing:
		return fmt.Sprintf("%s has no Access-Control-Allow-Origin header, %s.", sharer(f), consequence(f))
	case fetch.AllowOriginMismatch:
		return fmt.Sprintf("%s allows %s, %s, %s. The two are compared byte for byte.", sharer(f), v, another(origin), consequence(f))
	case fetch.AllowOriginNull:
		return fmt.Sprintf("%s allows the origin null, %s, %s.", sharer(f), another(origin), consequence(f))
	case fetch.AllowOriginMultiple:
		return whySeveral(f, v, layers)
	case fetch.AllowOriginInvalid:
		return fmt.Sprintf("%s allows %s, which is not an origin, %s. Browsers know no patterns and no bare host names.", sharer(f), v, consequence(f))
	case fetch.AllowOriginWildcardCredentials:
		return fmt.Sprintf("%s allows any origin (*), but the request carries credentials, %s. Browsers accept * only without credentials.", sharer(f), consequence(f))
	case fetch.AllowCredentialsMissing:
		if f.Header == "" {
			return fmt.Sprintf("%s allows the origin, but not that the request carries credentials: Access-Control-Allow-Credentials is not true, %s.", sharer(f), consequence(f))
		}
		return fmt.Sprintf("%s allows the origin, but not that the request carries credentials: there is no Access-Control-Allow-Credentials header, %s.", sharer(f), consequence(f))
	case fetch.AllowCredentialsInvalid:
		return fmt.Sprintf("%s has the value %s in Access-Control-Allow-Credentials, %s. Only true counts, in lower case and once.", sharer(f), v, consequence(f))
	case fetch.RedirectOriginNull:
		return fmt.Sprintf("The request was redirected from one foreign origin to another, so it names its origin as null, and %s allows only %s.", lowerFirst(sharer(f)), v)
	case fetch.RedirectAllowOrigin:
		return whyRedirectSharing(f, v, origin)
	}
	return ""
}

// another says that what is allowed is not the page's origin.
func another(origin string) string {
	if origin == "" {
		return "which is not the page's origin"
	}
	return "but the page's origin is " + origin
}

// whySeveral explains several values, on one line or on more.
func whySeveral(f *fetch.Failure, v string, layers []Layer) string {
	const one = "A browser accepts one origin or *, and no list."
	switch {
	case f.Lines > 1 && f.Header != "":
		return fmt.Sprintf("%s has %d Access-Control-Allow-Origin lines, which count as the one value %s, %s. %s, and a browser accepts one origin only.",
			sharer(f), f.Lines, v, consequence(f), setBy(layers))
	case f.Lines > 1:
		return fmt.Sprintf("%s has more than one Access-Control-Allow-Origin line, %s. %s, and a browser accepts one origin only.", sharer(f), consequence(f), setBy(layers))
	case f.Header == "":
		return fmt.Sprintf("%s lists more than one origin in Access-Control-Allow-Origin, or has the header twice, %s. %s", sharer(f), consequence(f), one)
	case f.Lines == 0:
		return fmt.Sprintf("%s has the value %s in Access-Control-Allow-Origin, a list or two lines, %s. %s", sharer(f), v, consequence(f), one)
	}
	return fmt.Sprintf("%s lists more than one origin, %s, %s. %s", sharer(f), v, consequence(f), one)
}

// whyRedirectSharing explains a CORS check that failed on a redirect: nobody expects one there.
func whyRedirectSharing(f *fetch.Failure, v, origin string) string {
	what := fmt.Sprintf("allows %s, not %s", v, origin)
	switch {
	case f.Header == "":
		what = "does not allow the page's origin"
	case f.Cause == fetch.AllowOriginMissing:
		what = "has no Access-Control-Allow-Origin header"
	}
	return fmt.Sprintf("The server answered with a redirect%s that %s, so the browser does not follow it. Each response on the way needs the header, redirects too.",
		inBrackets(f.Status), what)
}

// inBrackets is a status in a sentence, if there is one.
func inBrackets(status int) string {
	if status == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d)", status)
}

// whyPreflight explains a preflight that was answered, and answered wrongly.
func whyPreflight(f *fetch.Failure) string {
	switch f.ID {
	case fetch.PreflightRedirect:
		return fmt.Sprintf("The server answered the preflight with a redirect%s, and a preflight never follows one, so the request itself is never sent.", inBrackets(f.Status))
	case fetch.PreflightStatus:
		if f.Status == 0 {
			return "The server did not answer the preflight with a status from 200 to 299, and only that is a yes, so the request itself is never sent."
		}
		return fmt.Sprintf("The server answered the preflight with status %d, and only 200 to 299 is a yes, so the request itself is never sent.", f.Status)
	case fetch.PreflightAuth:
		return fmt.Sprintf("The server asked the preflight for authentication%s, which a browser never sends with OPTIONS, so the request itself is never sent.", inBrackets(f.Status))
	case fetch.PreflightNetwork:
		return fmt.Sprintf("The preflight got no answer%s, so the request itself is never sent. This is a failed connection, not a refusal by CORS.", bracketed(networkProblem(f.Got)))
	case fetch.AllowMethodsUnparsable, fetch.AllowHeadersUnparsable:
		if bad := cmp.Or(want(f), got(f)); bad != "" {
			return fmt.Sprintf("The answer to the preflight has %s in %s, where only bare names and commas may stand, so the whole header counts for nothing and the request is never sent.",
				quoted(bad), f.Header)
		}
	case fetch.MethodNotAllowed:
		switch {
		case f.Header == "":
			return fmt.Sprintf("The answer to the preflight does not list %s in Access-Control-Allow-Methods, so the request itself is never sent.", cmp.Or(short(want(f)), "the request's method"))
		case f.Lines == 0:
			return fmt.Sprintf("The server did not say that it allows %s: the answer to the preflight has no Access-Control-Allow-Methods, so the request itself is never sent.", short(want(f)))
		}
		return fmt.Sprintf("The server allows the methods %s, and %s is not one of them, so the request itself is never sent.", quoted(got(f)), short(want(f)))
	case fetch.MethodCase:
		if f.Header == "" {
			return fmt.Sprintf("The answer to the preflight does not list %s in Access-Control-Allow-Methods, in this case of letters: %s is another method to a browser.",
				short(want(f)), short(strings.ToUpper(want(f))))
		}
		return fmt.Sprintf("The server allows the methods %s, and the request uses %s: the same letters in another case, which is another method to a browser.", quoted(got(f)), short(want(f)))
	case fetch.MethodWildcardCredentials:
		return fmt.Sprintf("The server allows any method (*), but the request carries credentials, and then * is only the name of a method. %s must be listed.", short(want(f)))
	case fetch.HeaderNotAllowed:
		switch {
		case f.Header == "":
			return fmt.Sprintf("The request sets the header %s, and the answer to the preflight does not list it in Access-Control-Allow-Headers, so the request itself is never sent.", short(want(f)))
		case f.Lines == 0:
			return fmt.Sprintf("The request sets the header %s, and the answer to the preflight has no Access-Control-Allow-Headers that allows it, so the request itself is never sent.", short(want(f)))
		}
		return fmt.Sprintf("The request sets the header %s, and the server allows only %s, so the request itself is never sent.", short(want(f)), quoted(got(f)))
	case fetch.HeaderWildcardCredentials:
		return fmt.Sprintf("The server allows any header (*), but the request carries credentials, and then * is only the name of a header. %s must be listed.", short(want(f)))
	case fetch.AuthorizationNotListed:
		return "The server allows any header (*), but the wildcard does not cover Authorization, which must be listed by name. Chromium, Firefox and WebKit still let it pass."
	}
	return ""
}

// whyRequest explains a request that was never made, or that was never let out.
func whyRequest(f *fetch.Failure) string {
	v := quoted(got(f))
	if f.Got == "" && tellsValue(f.ID) {
		return ""
	}
	switch f.ID {
	case fetch.URLInvalid:
		return fmt.Sprintf("%s is not a URL, so the call throws and nothing is sent.", v)
	case fetch.MethodForbidden:
		return fmt.Sprintf("No script may use the method %s, so the call throws and nothing is sent.", v)
	case fetch.MethodInvalid:
		return fmt.Sprintf("%s is not the name of a method, so the call throws and nothing is sent.", v)
	case fetch.MethodNoCORS:
		return fmt.Sprintf("Mode no-cors has only GET, HEAD and POST, not %s, so the call throws and nothing is sent.", short(got(f)))
	case fetch.HeaderInvalid:
		return fmt.Sprintf("The header %s cannot be sent: its name is not a token, or its value holds a line break, NUL or a character beyond U+00FF. The call throws.",
			quoted(f.Header))
	case fetch.OptionInvalid:
		if strings.HasPrefix(got(f), "body: ") {
			return "This browser does not take a stream as a body, so the call throws and nothing is sent."
		}
		return fmt.Sprintf("%s is not a value that this option of fetch knows, so the call throws and nothing is sent.", v)
	case fetch.BodyWithGet:
		return fmt.Sprintf("A %s request cannot have a body, so the call throws and nothing is sent.", short(got(f)))
	case fetch.OnlyIfCachedMode:
		return fmt.Sprintf("Cache mode only-if-cached needs mode same-origin, and the mode is %s, so the call throws.", short(got(f)))
	case fetch.BadPort:
		return fmt.Sprintf("Browsers never connect to port %s, which belongs to another protocol.", short(got(f)))
	case fetch.MixedContent:
		return "The page came over https and asks for an http URL, which the browser refuses before anything is sent. No CORS header can change that."
	case fetch.CSPConnectSrc:
		return fmt.Sprintf("The page's own Content-Security-Policy (%s) does not allow it to connect to this URL. The server has no part in it.", short(got(f)))
	case fetch.SameOriginMode:
		return fmt.Sprintf("The request has mode same-origin, and %s is not the page's origin, %s.", short(got(f)), short(want(f)))
	case fetch.SchemeNotHTTP:
		return fmt.Sprintf("CORS exists for http and https only; this URL has the scheme %s.", short(got(f)))
	case fetch.NoCORSRedirectMode:
		return fmt.Sprintf("Mode no-cors follows redirects or fails, and the redirect mode is %s.", short(got(f)))
	case fetch.NetworkFailure:
		return fmt.Sprintf("No response came%s. This is a failed connection, not a refusal by CORS.", bracketed(networkProblem(f.Got)))
	case fetch.LNAPermissionDenied, fetch.LNAPermissionRequired, fetch.LNAInsecureContext:
		return whyLocalNetwork(f)
	}
	return ""
}

// tellsValue reports whether the explanation of a failure needs the value that decided.
func tellsValue(id fetch.FailureID) bool {
	switch id {
	case fetch.NetworkFailure, fetch.MixedContent, fetch.HeaderInvalid, fetch.OptionInvalid:
		return false
	}
	return true
}

func whyLocalNetwork(f *fetch.Failure) string {
	if f.Want == "" {
		return "" // the page's own address space is not told
	}
	reach := fmt.Sprintf("The page is in the %s address space and the server in the more private %s one", short(want(f)), short(got(f)))
	switch f.ID {
	case fetch.LNAPermissionDenied:
		return reach + ", and the permission to reach it was denied."
	case fetch.LNAInsecureContext:
		return reach + ", which only a secure (https) page may reach."
	}
	return reach + ", so the browser would first ask the user for permission."
}

// whyRedirect explains a redirect that is not followed, and a response that is kept back.
func whyRedirect(f *fetch.Failure) string {
	v := quoted(got(f))
	if f.Got == "" && f.Lines < 2 || f.ID == fetch.RedirectModeError && f.Status == 0 {
		return "" // what decided is not told
	}
	switch f.ID {
	case fetch.RedirectCredentialsInURL:
		return fmt.Sprintf("The server redirects to %s, a URL with a user name or password, which a cross-origin request does not follow.", v)
	case fetch.RedirectScheme:
		return fmt.Sprintf("The server redirects to %s, and browsers follow redirects to http and https only.", v)
	case fetch.RedirectLocationInvalid:
		if f.Lines > 1 {
			return fmt.Sprintf("The redirect has %d Location lines, and a browser follows one only.", f.Lines)
		}
		return fmt.Sprintf("The redirect's Location, %s, is not a URL.", v)
	case fetch.RedirectModeError:
		return fmt.Sprintf("The server answered with a redirect (%d), and the request says redirect: error.", f.Status)
	case fetch.CORPBlocked:
		return fmt.Sprintf("The server says with Cross-Origin-Resource-Policy: %s that this page may not load the response, which no-cors mode would use unread.", short(got(f)))
	case fetch.NosniffBlocked, fetch.MIMEBlocked, fetch.ORBBlocked:
		if got(f) == "" {
			return ""
		}
		entry, _ := EntryOf(string(f.ID))
		return fmt.Sprintf("The response has Content-Type %s. %s", v, entry.What)
	}
	return ""
}

// networkProblem is a network error in words; empty for one that is not told.
func networkProblem(kind string) string {
	switch fetch.NetworkError(kind) {
	case fetch.ErrorRefused:
		return "the connection was refused"
	case fetch.ErrorReset:
		return "the connection was reset"
	case fetch.ErrorTimeout:
		return "the connection timed out"
	case fetch.ErrorTLS:
		return "TLS failed"
	case fetch.ErrorDNS:
		return "the host name could not be resolved"
	}
	return escape(kind)
}

// bracketed puts what is told in brackets behind a sentence.
func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// lowerFirst makes a sentence part of another; the sentence begins with "The".
func lowerFirst(s string) string { return "t" + s[1:] }
