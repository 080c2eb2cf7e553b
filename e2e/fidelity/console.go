package fidelity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/explain"
)

// compareConsole compares the console lines of the failures, in order.
func compareConsole(traces []*fetch.Trace, o *Observed) []string {
	var want []string
	var failed []*fetch.Trace // of want
	var nowhere []string      // wanted, and not to be told whose it is
	for _, trace := range traces {
		if !speaksPlainly(trace) {
			return nil
		}
		if line := consoleLine(trace); line != "" && isAttributable(trace, line) {
			want = append(want, strings.TrimSpace(line))
			failed = append(failed, trace)
		} else {
			nowhere = append(nowhere, line)
		}
	}
	got := withoutAsides(o.Console, want)
	got = without(got, func(line string) bool { return slices.Contains(nowhere, line) })
	if slices.ContainsFunc(got, isExternalRedirect) {
		got = without(got, isAfterRedirect)
	}
	if equalLines(got, want, failed) {
		return nil
	}
	return []string{fmt.Sprintf("console\n    browser %s\n    model   %s", list(got), list(want))}
}

// equalLines compares lines one by one. Of the lines that Firefox prints for any request without a response only the number
// counts, and only as a minimum: it adds one to other failures, too.
func equalLines(got, want []string, failed []*fetch.Trace) bool {
	if count(got, isFirefoxEcho) < count(want, isFirefoxEcho) {
		return false
	}
	got = without(got, isFirefoxEcho)
	n := 0
	for i, line := range want {
		if isFirefoxEcho(line) {
			continue
		}
		if n == len(got) || got[n] != line && !isOtherName(failed[i], got[n]) {
			return false
		}
		n++
	}
	return n == len(got)
}

// speaksPlainly reports whether an engine says of a failure what it says of CORS, and not what the feature makes of it: all
// of it in Chromium but for workers, elsewhere what fetch() and XMLHttpRequest say.
func speaksPlainly(trace *fetch.Trace) bool {
	switch trace.Request.Initiator {
	case "", fetch.InitiatorFetch, fetch.InitiatorXHR:
		return true
	case fetch.InitiatorWorker:
		return false
	}
	return trace.Browser == "chromium"
}

// consoleLine is the line that a failure leaves on the console; runner.js catches what a call throws, so that leaves none.
func consoleLine(trace *fetch.Trace) string {
	if trace.Outcome == fetch.Invalid {
		return ""
	}
	return explain.ConsoleLine(trace)
}

// withoutAsides drops the lines that an engine adds to the one that says what failed, unless they are what is wanted.
func withoutAsides(lines, want []string) []string {
	var out []string
	for _, line := range lines {
		line = withoutFrame(withoutPrincipal(strings.TrimSpace(line)), want)
		if slices.Contains(want, networkLog+line) {
			continue // WebKit says it twice when it was a preflight
		}
		if !isNetworkLog(line) && !isSummary(line) && !isRemark(line) || slices.Contains(want, line) {
			out = append(out, line)
		}
	}
	return out
}

// withoutPrincipal replaces what Firefox calls an opaque origin internally, which is random.
func withoutPrincipal(line string) string {
	before, rest, ok := strings.Cut(line, "moz-nullprincipal:")
	if !ok {
		return line
	}
	_, after, _ := strings.Cut(rest, " ")
	return before + "null " + after
}

// withoutFrame replaces what a sandboxed frame of the stage calls its own URL, which the model does not know.
func withoutFrame(line string, want []string) string {
	const mixed, loaded = "Mixed Content: The page at '", "' was loaded over HTTPS"
	if _, rest, ok := strings.Cut(line, loaded); ok && strings.HasPrefix(line, mixed) && slices.Contains(want, mixed+"null"+loaded+rest) {
		return mixed + "null" + loaded + rest
	}
	return strings.Replace(line, "The page at about:srcdoc ", "The page at null ", 1)
}

// isRemark reports whether a line is about something that fails nothing: a forbidden header, a cookie, a deprecation.
func isRemark(line string) bool {
	for _, start := range []string{
		"Refused to set unsafe header ", "Attempt to set a forbidden header was denied: ", "Cookie “", "Not allowed to request resource",
		"WebSocket connection to ", "Failed to decode downloaded font: ", "Fetch API cannot load", "Beacon API cannot load", "Blocked by Content Security Policy.", "Referrer Policy: ", "Cross-Origin Request Warning: ", "XML Parsing Error: ", "This page is in Quirks Mode.",
	} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}

func count(lines []string, is func(string) bool) int { return len(lines) - len(without(lines, is)) }

func without(lines []string, is func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(lines), is)
}

// isAttributable reports whether a line can be told to be a scenario's: in WebKit by the line after it, which names the URL,
// elsewhere by the URL that it names itself.
func isAttributable(trace *fetch.Trace, line string) bool {
	if trace.Browser == "webkit" {
		line = trace.Failure.URL
	}
	_, ok := idOf(line)
	return ok || isNetworkLog(line)
}

// isNetworkLog reports whether a line is the network log's, which names every request that did not end well.
func isNetworkLog(line string) bool { return strings.HasPrefix(line, networkLog) }

const networkLog = "Failed to load resource: "

// isSummary reports whether a line is the one that WebKit adds to its reason.
func isSummary(line string) bool { return strings.HasSuffix(line, " due to access control checks.") }

// isFirefoxEcho reports whether a line is what Firefox says of a request that never came to a response. It follows the
// reason that a preflight failed too, once or twice.
func isFirefoxEcho(line string) bool {
	return strings.HasSuffix(line, "(Reason: CORS request did not succeed). Status code: (null).")
}

// isOtherName reports whether a line is the model's of a failure but for the header that it names. Where a preflight
// refuses several, Chromium names the one that its hash table yields first, which the model does not know.
func isOtherName(trace *fetch.Trace, line string) bool {
	if trace.Browser != "chromium" || trace.Failure == nil || len(trace.Failure.Names) < 2 {
		return false
	}
	model := consoleLine(trace)
	return line != model && slices.ContainsFunc(trace.Failure.Names, func(name string) bool {
		return strings.Replace(model, "header field "+trace.Failure.Want+" ", "header field "+name+" ", 1) == line
	})
}

// isExternalRedirect and isAfterRedirect tell the two lines that Firefox prints of a preflight that was redirected.
func isExternalRedirect(line string) bool {
	return strings.HasSuffix(line, "(Reason: CORS request external redirect not allowed).")
}

func isAfterRedirect(line string) bool {
	for _, status := range []string{"301", "302", "303", "307", "308"} {
		if strings.HasSuffix(line, "(Reason: CORS preflight response did not succeed). Status code: "+status+".") {
			return true
		}
	}
	return false
}

// A consoleSorter gives each console line to the scenario that it is about.
type consoleSorter struct {
	lines       map[string][]string // by scenario, until they are asked for
	reasonFirst bool                // WebKit names the URL only in the line after the reason
	pending     []string            // reasons whose URL is still to come
}

func (c *consoleSorter) add(text, url string) {
	id, ok := idOf(text)
	if !ok {
		id, ok = idOf(url)
	}
	if strings.HasSuffix(text, "is not a valid JavaScript MIME type.") || strings.HasPrefix(text, "Cross-origin ") && strings.HasSuffix(text, " load denied by Cross-Origin Resource Sharing policy.") {
		return // an element of WebKit's, without a URL
	}
	if !ok && isSummary(text) {
		c.pending = nil
		return
	}
	if !ok {
		if c.reasonFirst && !strings.HasPrefix(text, "Refused to ") && !strings.HasPrefix(text, "[blocked] ") {
			c.pending = append(c.pending, text)
		}
		return
	}
	c.lines[id] = append(c.lines[id], c.pending...)
	c.lines[id] = append(c.lines[id], text)
	c.pending = nil
}

// take returns what a scenario left on the console, and forgets it.
func (c *consoleSorter) take(id string) []string {
	lines := c.lines[id]
	delete(c.lines, id)
	return lines
}
