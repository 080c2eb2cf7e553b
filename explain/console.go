package explain

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/weburl"
)

// ConsoleLine is the line that an engine prints on its console for a trace that was run in the engine's own profile:
// frame included, without the position in the source before it. It is empty when nothing failed, when the engine prints
// nothing, and for the Standard, which has no console.
//
// A call that throws prints nothing by itself; the line is then the one for an exception that nothing catches.
func ConsoleLine(t *fetch.Trace) string {
	if t.Failure == nil {
		return ""
	}
	var template string
	c := &console{t: t, f: t.Failure}
	if t.Outcome == fetch.Invalid && !c.isFetch() && !(c.isXHR() && t.Browser == chromium) {
		return "" // elements do not throw
	}
	switch t.Browser {
	case chromium:
		template = c.chromium()
	case firefox:
		template = c.firefox()
	case webkit:
		template = c.webkit()
	}
	return c.expand(template)
}

// A variant is a template that a failure has beside the one that its id alone gives.
type variant struct {
	id       fetch.FailureID
	template string
}

// localFile is what Chromium and WebKit say of a file that a page from elsewhere asks for.
const localFile = `Not allowed to load local resource: {url}`

// about turns a template into one about another URL than the failing one.
func about(placeholder, template string) string {
	return strings.ReplaceAll(template, "{url}", placeholder)
}

// A console composes the line of one failed trace. Templates are the engine's words with placeholders in braces; frames
// are placeholders too, so that a template shows the whole line.
type console struct {
	t *fetch.Trace
	f *fetch.Failure
}

// id is the failure as the engines know it: by what the sharing check found, wherever it was found.
func (c *console) id() fetch.FailureID {
	if c.f.Cause != "" {
		return c.f.Cause
	}
	return c.f.ID
}

func (c *console) initiator() fetch.Initiator {
	if c.t.Request == nil || c.t.Request.Initiator == "" {
		return fetch.InitiatorFetch
	}
	return c.t.Request.Initiator
}

func (c *console) isFetch() bool { return c.initiator() == fetch.InitiatorFetch }
func (c *console) isXHR() bool   { return c.initiator() == fetch.InitiatorXHR }

// withoutCORS reports whether the request is of mode no-cors, because script asked for that or the element did not ask for cors.
func (c *console) withoutCORS() bool {
	if r := c.t.Request; r != nil && r.Mode != "" {
		return r.Mode == fetch.ModeNoCORS
	}
	switch c.initiator() {
	case fetch.InitiatorImage, fetch.InitiatorScript, fetch.InitiatorStyle, fetch.InitiatorMedia:
		return true
	}
	return c.t.CORSNoneReason == fetch.NoneNoCORS
}

// redirected reports whether the failing URL is not the one that was first asked for.
func (c *console) redirected() bool { return c.f.Hop > 0 }

// url is the failing URL, as the feature knows it.
func (c *console) url() string {
	if c.initiator() == fetch.InitiatorWebSocket && strings.HasPrefix(c.f.URL, "http") {
		return "ws" + strings.TrimPrefix(c.f.URL, "http")
	}
	return c.f.URL
}

// initialURL is the URL that was first asked for, as it left the browser.
func (c *console) initialURL() string {
	if len(c.t.Sent) > 0 {
		return c.t.Sent[0].URL
	}
	return c.f.URL
}

// origin is the page's origin.
func (c *console) origin() string {
	if c.t.Page == nil {
		return "null"
	}
	return c.t.Page.Origin.String()
}

func (c *console) pageURL() string {
	if c.t.Page == nil || c.t.Page.URL == nil {
		return c.origin()
	}
	return c.t.Page.URL.String()
}

// response is the response that failed, if one came.
func (c *console) response() *fetch.Response {
	if c.f.On == fetch.OnPage || len(c.t.Sent) == 0 {
		return &fetch.Response{}
	}
	kind := fetch.KindRequest
	if c.f.On == fetch.OnPreflight {
		kind = fetch.KindPreflight
	}
	for i := len(c.t.Sent) - 1; i >= 0; i-- {
		if c.t.Sent[i].Hop == c.f.Hop && c.t.Sent[i].Kind == kind {
			return &c.t.Sent[i].Response
		}
	}
	return &fetch.Response{}
}

// location is the Location of the failing response, as it came.
func (c *console) location() string {
	value, _ := c.response().Header.Get(header.Location)
	return latin1(value)
}

// target is where the failing response redirects to.
func (c *console) target() string { return c.resolved(true) }

// resolved is the Location of the failing response as a URL, with the fragment that it inherits or without.
func (c *console) resolved(inherit bool) string {
	location, _ := c.response().Header.Get(header.Location)
	base, err := weburl.Parse(c.f.URL, nil)
	if err != nil {
		return latin1(location)
	}
	u, err := weburl.Parse(latin1(location), base)
	if err != nil {
		return latin1(location)
	}
	if inherit && !u.HasFragment && base.HasFragment {
		u.Fragment, u.HasFragment = base.Fragment, true
	}
	return u.String()
}

// withoutUser is a URL without its user info.
func withoutUser(raw string) string {
	u, err := weburl.Parse(raw, nil)
	if err != nil {
		return raw
	}
	u.Username, u.Password = "", ""
	return u.String()
}

// webkitName is the request header that was refused, in WebKit's spelling where it knows the name.
func (c *console) webkitName() string {
	if known, ok := fetch.WebKitName(c.f.Want); ok {
		return known
	}
	return c.name()
}

// port is the port of the failing URL.
func (c *console) port() string {
	u, err := weburl.Parse(c.f.URL, nil)
	if err != nil || u.Port < 0 {
		return ""
	}
	return strconv.Itoa(u.Port)
}

// host is the host of the failing URL.
func (c *console) host() string {
	u, err := weburl.Parse(c.f.URL, nil)
	if err != nil {
		return ""
	}
	return u.Host
}

// scheme is the scheme of the failing URL.
func (c *console) scheme() string {
	scheme, _, _ := strings.Cut(c.f.URL, ":")
	return scheme
}

// bytes is a header value as the engine shows its bytes: Chromium escapes those from 0x80 on, Firefox takes them for UTF-8,
// WebKit for UTF-8 and then for Latin-1.
func (c *console) bytes(value string) string {
	switch c.t.Browser {
	case chromium:
		var b strings.Builder
		for i := range len(value) {
			if value[i] < utf8.RuneSelf {
				b.WriteByte(value[i])
			} else {
				fmt.Fprintf(&b, `\u%04X`, value[i])
			}
		}
		return b.String()
	case firefox:
		return strings.ToValidUTF8(value, "\uFFFD")
	}
	return latin1(strings.ToValidUTF8(value, "\uFFFD"))
}

// name is the request header that was refused, as the script wrote it.
func (c *console) name() string {
	if c.t.Request != nil {
		for _, field := range c.t.Request.Header {
			if header.EqualFold(field.Name, c.f.Want) {
				return field.Name
			}
		}
	}
	if header.EqualFold(c.f.Want, header.ContentType) {
		return header.ContentType // the body's own
	}
	return c.f.Want
}

// status is the status of the failing response; Firefox prints (null) for none.
func (c *console) status() string {
	if c.f.Status == 0 {
		return "(null)"
	}
	return strconv.Itoa(c.f.Status)
}

// essence is the MIME type that a response was said to have.
func (c *console) essence() string {
	value, _, _ := strings.Cut(latin1(c.f.Got), ";")
	return strings.TrimSpace(value)
}

// expand puts the trace's values in the place of a template's placeholders. Frames come first: they have placeholders
// themselves.
func (c *console) expand(template string) string {
	if template == "" {
		return ""
	}
	return strings.NewReplacer(
		"{url}", c.url(),
		"{initial}", c.initialURL(),
		"{target}", c.target(),
		"{location}", c.location(),
		"{location resolved}", c.resolved(false),
		"{page}", c.pageURL(),
		"{origin}", c.origin(),
		"{value}", c.bytes(c.f.Got),
		"{token}", c.bytes(c.f.Want),
		"{name}", c.name(),
		"{W name}", c.webkitName(),
		"{target without user}", withoutUser(c.target()),
		"{url without user}", withoutUser(c.f.URL),
		"{lower}", header.Lower(c.f.Want),
		"{method}", c.f.Want,
		"{status}", c.status(),
		"{port}", c.port(),
		"{host}", c.host(),
		"{scheme}", c.scheme(),
		"{essence}", c.essence(),
		"{directive}", got(c.f),
		"{space}", got(c.f),
	).Replace(expandFrames(template, c))
}

// expandFrames puts in the place of the frames and the optional sentences what they are for the trace; without one, what
// they are in general.
func expandFrames(template string, c *console) string {
	return strings.NewReplacer(
		"{C}", chromiumFrame(c),
		"{C target}", chromiumTargetFrame(c),
		"{C load}", chromiumLoad,
		"{P}", chromiumPreflight(c),
		"{fetch only}", chromiumFetchOnly(c),
		"{XHR only}", chromiumXHROnly(c),
		"{throws}", chromiumThrows(c),
		"{insecure}", chromiumInsecure(c),
		"{schemes}", chromiumSchemes,
		"{net}", chromiumNetError(c),
		"{F}", firefoxBlocked,
		"{F quoted}", about("‘{url}’", firefoxBlocked),
		"{F target}", about("{target}", firefoxBlocked),
		"{F end}", firefoxEnd,
		"{F status}", firefoxStatus,
		"{F null}", firefoxNull,
		"{F throws}", firefoxRejected,
		"{W allow}", webkitOrigin(c),
		"{W load}", webkitLoad,
		"{W net}", webkitNetError(c),
		"{W redirection}", webkitRedirection,
		"{W served}", webkitServed(c),
		"{W status}", webkitStatus,
		"{W throws}", webkitRejected,
		"{W to location}", strings.Replace(webkitRedirection, "{target without user}", "{location}", 1),
		"{W to target}", strings.Replace(webkitRedirection, "{target without user}", "{target}", 1),
		"{redirect}", webkitRedirect(c),
	).Replace(template)
}
