package input

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/concors/concors/cors/header"
)

// An archive is an HTTP Archive as it is read, before its entries are put together.
type archive struct {
	creator string
	browser string            // "" when the archive does not say
	pages   map[string]string // the URLs of pages by their ids
	entries []*entry

	tellsStorageAccess bool // a request of it has Sec-Fetch-Storage-Access
}

// An entry is one request on the wire, as recorded.
type entry struct {
	started time.Time     // zero when the archive does not say
	took    time.Duration // 0 when the archive does not say
	page    string        // id
	kind    string        // Chromium's resource type; empty when the archive has none

	method string
	url    string
	sent   header.List // lines that are not field names, as HTTP/2 has them, left out
	whole  bool        // as they were sent, not as Chromium meant to send them before the network layer added its own
	cookie bool        // a cookie went along
	body   bool        // a body went along

	status        int
	got           header.List
	failure       string // Chromium's error
	failureKnown  bool   // the archive would say if there was one
	serviceWorker bool
}

// archive reads the whole.
func (d *decoder) archive() (*archive, error) {
	a := &archive{pages: map[string]string{}}
	seen, err := d.openObject(field{"log", func() error { return d.log(a) }})
	if err == nil && !slices.Contains(seen, "log") {
		err = d.missing("log")
	}
	return a, err
}

func (d *decoder) log(a *archive) error {
	var creator, browser [2]string
	seen, err := d.openObject(
		field{"creator", func() error { return d.program(&creator) }},
		field{"browser", func() error { return d.program(&browser) }},
		field{"pages", func() error { return d.listOrNull("a list of pages", func() error { return d.page(a) }) }},
		field{"entries", func() error {
			return d.list("a list of entries", func() error {
				if len(a.entries) == MaxHAREntries {
					return d.fail("", fmt.Sprintf("a recording has at most %d entries", MaxHAREntries))
				}
				d.line(d.json.InputOffset()) // what is before is of no more interest
				e := new(entry)
				a.entries = append(a.entries, e)
				if err := d.entry(e); err != nil {
					return err
				}
				a.tellsStorageAccess = a.tellsStorageAccess || e.sent.Has(storageAccess)
				return nil
			})
		}},
	)
	if err == nil && !slices.Contains(seen, "entries") {
		err = d.missing("entries")
	}
	a.creator = strings.TrimSpace(creator[0] + " " + creator[1])
	a.browser = engineOf(creator[0], browser[0])
	return err
}

// engineOf returns the profile of the engine that a program is, by its name in an archive: the browser's, where one is given,
// or that of the program that wrote it. Chromium's developer tools call themselves WebInspector.
func engineOf(creator, browser string) string {
	for _, name := range []string{strings.ToLower(browser), strings.ToLower(creator)} {
		switch name {
		case "webinspector", "chromium", "chrome", "google chrome", "msedge", "microsoft edge":
			return "chromium"
		case "firefox":
			return "firefox"
		case "webkit", "safari", "webkit web inspector":
			return "webkit"
		}
	}
	return ""
}

// program reads the name and version of the program that wrote the archive, or of the browser.
func (d *decoder) program(to *[2]string) error {
	_, err := d.openObject(field{"name", d.loose(&to[0])}, field{"version", d.loose(&to[1])})
	return err
}

func (d *decoder) page(a *archive) error {
	var id, title string
	_, err := d.openObject(field{"id", d.loose(&id)}, field{"title", d.loose(&title)})
	a.pages[id] = title
	return err
}

// maxTook is the longest time of an entry that is believed, in milliseconds.
const maxTook = 1e9

func (d *decoder) entry(e *entry) error {
	var (
		started string
		took    float64
	)
	seen, err := d.openObject(
		field{"startedDateTime", d.loose(&started)},
		field{"time", func() error { return d.positive(&took) }},
		field{"pageref", d.loose(&e.page)},
		field{"_resourceType", d.loose(&e.kind)},
		field{"request", func() error { return d.recordedRequest(e) }},
		field{"response", func() error { return d.recordedResponse(e) }},
	)
	for _, key := range []string{"request", "response"} {
		if err == nil && !slices.Contains(seen, key) {
			err = d.missing(key)
		}
	}
	if t, bad := time.Parse(time.RFC3339, started); bad == nil {
		e.started = t
	}
	e.took = time.Duration(min(took, maxTook) * float64(time.Millisecond))
	return err
}

func (d *decoder) recordedRequest(e *entry) error {
	var size float64
	seen, err := d.openObject(
		field{"method", func() (err error) { e.method, err = d.text(); return err }},
		field{"url", func() (err error) { e.url, err = d.text(); return err }},
		field{"headers", func() error {
			return d.recordedHeaders(&e.sent, func(name string) { e.whole = e.whole || name == ":authority" })
		}},
		field{"cookies", func() error {
			return d.listOrNull("a list of cookies", func() error { e.cookie = true; return d.skip() })
		}},
		field{"bodySize", func() error { return d.positive(&size) }},
		field{"postData", func() error { return d.optional(func() { e.body = true }) }},
	)
	for _, key := range []string{"method", "url"} {
		if err == nil && !slices.Contains(seen, key) {
			err = d.missing(key)
		}
	}
	length, _ := e.sent.Get(header.ContentLength)
	e.whole = e.whole || e.sent.Has(header.Host)
	e.cookie = e.cookie || e.sent.Has(header.Cookie)
	e.body = e.body || size > 0 || length != "" && length != "0"
	return err
}

func (d *decoder) recordedResponse(e *entry) error {
	seen, err := d.openObject(
		field{"status", func() error { return d.status(&e.status) }},
		field{"headers", func() error { return d.recordedHeaders(&e.got, func(string) {}) }},
		field{"_error", func() error { e.failureKnown = true; return d.loose(&e.failure)() }},
		field{"_fetchedViaServiceWorker", func() error { return d.flag(&e.serviceWorker) }},
	)
	if err == nil && !slices.Contains(seen, "status") {
		err = d.missing("status")
	}
	return err
}

// recordedHeaders reads a list of objects of name and value. Chromium joins lines of one name with a line feed in places. What
// is no field name is passed to other: the pseudo-headers of HTTP/2, and what a foreign program made up.
func (d *decoder) recordedHeaders(to *header.List, other func(name string)) error {
	return d.listOrNull("a list of headers", func() error {
		var name, value string
		seen, err := d.openObject(
			field{"name", func() (err error) { name, err = d.text(); return err }},
			field{"value", d.loose(&value)},
		)
		switch {
		case err != nil:
			return err
		case !slices.Contains(seen, "name"):
			return d.missing("name")
		case responseName(name) != "":
			other(name)
			return nil
		}
		for line := range strings.SplitSeq(value, "\n") {
			if bytes, reason := responseValue(recordedBytes(line)); reason == "" {
				*to = append(*to, header.Field{Name: name, Value: bytes})
			}
		}
		return nil
	})
}

// recordedBytes returns a header value with one character for each byte. A browser records bytes that are UTF-8 as the
// text that they mean.
func recordedBytes(value string) string {
	for _, c := range value {
		if c > 0xFF {
			bytes := make([]rune, len(value))
			for i := range len(value) {
				bytes[i] = rune(value[i])
			}
			return string(bytes)
		}
	}
	return value
}

// listOrNull is list for one that may be null instead of empty.
func (d *decoder) listOrNull(what string, read func() error) error {
	token, err := d.token()
	switch {
	case err != nil || token == nil:
		return err
	case token != json.Delim('['):
		return d.fail(kind(token), "want "+what)
	}
	return d.elements(read)
}

// loose reads a string whose absence decides nothing: null and anything else that is not a string counts as none.
func (d *decoder) loose(to *string) func() error {
	return func() error { return d.otherwise(func(token json.Token) { *to, _ = token.(string) }) }
}

// flag reads true; anything else is false.
func (d *decoder) flag(to *bool) error {
	return d.otherwise(func(token json.Token) { *to = token == true })
}

// positive reads a number above 0; anything else counts as 0.
func (d *decoder) positive(to *float64) error {
	return d.otherwise(func(token json.Token) {
		number, _ := token.(json.Number)
		if n, err := number.Float64(); err == nil && n > 0 {
			*to = n
		}
	})
}

// optional calls there for a value that is not null, and skips it.
func (d *decoder) optional(there func()) error {
	return d.otherwise(func(token json.Token) {
		if token != nil {
			there()
		}
	})
}

// otherwise reads any value: take gets a scalar, or the delimiter that opens what is then skipped.
func (d *decoder) otherwise(take func(json.Token)) error {
	token, err := d.token()
	if err != nil {
		return err
	}
	take(token)
	if _, ok := token.(json.Delim); ok {
		return d.skipOpened()
	}
	return nil
}

// status reads the status of a response; 0, or a negative one, stands for none.
func (d *decoder) status(to *int) error {
	const want = "want a status: a whole number up to 999"
	token, err := d.scalar("a status")
	if err != nil {
		return err
	}
	number, ok := token.(json.Number)
	n, err := number.Float64()
	if !ok || err != nil || n != math.Trunc(n) || n > 999 {
		return d.fail(show(token), want)
	}
	*to = max(int(n), 0)
	if *to < 100 {
		*to = 0
	}
	return nil
}
