package proof

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/server/setups"
	"github.com/concors/concors/explain"
)

// Differences tells where what was observed differs from what the catalogue says; nothing means that they agree.
func (o *Observed) Differences(want *setups.Want) []string {
	var out []string
	if got, want := setups.Transcript(o.Exchanges), setups.Transcript(want.Exchanges); got != want {
		out = append(out, fmt.Sprintf("exchanges: got\n%swant\n%s", got, want))
	}
	if got := o.outcome(); got != want.Outcome {
		return append(out, fmt.Sprintf("outcome: got %s (%s), want %s", got, o.View.Threw, want.Outcome))
	}
	if o.View.Status != want.Status {
		out = append(out, fmt.Sprintf("status: got %d, want %d", o.View.Status, want.Status))
	}
	for _, name := range want.Visible {
		if !slices.Contains(o.View.Headers, name) {
			out = append(out, fmt.Sprintf("visible headers: got %q, want %q too", o.View.Headers, name))
		}
	}
	for _, name := range want.Hidden {
		if slices.Contains(o.View.Headers, name) {
			out = append(out, fmt.Sprintf("visible headers: got %q, want no %q", o.View.Headers, name))
		}
	}
	return out
}

// outcome is Allowed or Blocked.
func (o *Observed) outcome() fetch.Outcome {
	if o.View.Threw != "" {
		return fetch.Blocked
	}
	return fetch.Allowed
}

// Explained tells where what was observed differs from what "concors explain --json" printed about the same request, in the
// profile of the same engine; nothing means that they agree.
func (o *Observed) Explained(printed []byte) ([]string, error) {
	var result explain.Result
	if err := json.Unmarshal(printed, &result); err != nil {
		return nil, fmt.Errorf("decode the explanation: %w", err)
	}
	if result.Browser != string(o.Engine) || len(result.Fetches) != 1 {
		return nil, fmt.Errorf("invalid explanation: %d fetches in %q, not one in %q", len(result.Fetches), result.Browser, o.Engine)
	}
	f := &result.Fetches[0]
	out := o.compareSent(f.Sent)
	if got := o.outcome(); got != f.Outcome {
		return append(out, fmt.Sprintf("outcome: browser %s (%s), explained %s", got, o.View.Threw, f.Outcome)), nil
	}
	if f.Failure != nil {
		return append(out, o.compareConsole(f.Failure.Console)...), nil
	}
	return append(out, o.compareResponse(f.Response)...), nil
}

// compareSent compares the requests, in order, with the headers that CORS is behind.
func (o *Observed) compareSent(sent []explain.SentResult) []string {
	var got, want []string
	for _, e := range o.Exchanges {
		got = append(got, requestLine(e.Method, o.Origin+e.Target, e.Header.Values))
	}
	for _, s := range sent {
		want = append(want, requestLine(s.Method, s.URL, func(name string) []string {
			var values []string
			for _, field := range s.Headers {
				if strings.EqualFold(field[0], name) {
					values = append(values, field[1])
				}
			}
			return values
		}))
	}
	if slices.Equal(got, want) {
		return nil
	}
	return []string{fmt.Sprintf("requests:\n\tbrowser   %s\n\texplained %s", strings.Join(got, "\n\t          "), strings.Join(want, "\n\t          "))}
}

func requestLine(method, url string, values func(name string) []string) string {
	line := method + " " + url
	for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
		line += fmt.Sprintf(" %q", values(name))
	}
	return line
}

// compareConsole looks for the line that the engine prints. Engines print others besides.
func (o *Observed) compareConsole(console explain.Console) []string {
	want := map[browser.Engine]string{
		browser.Chromium: console.Chromium, browser.Firefox: console.Firefox, browser.WebKit: console.WebKit,
	}[o.Engine]
	if want == "" || slices.Contains(o.Console, strings.TrimSpace(want)) {
		return nil
	}
	return []string{fmt.Sprintf("console:\n\tbrowser   %s\n\texplained %s", strings.Join(o.Console, "\n\t          "), want)}
}

func (o *Observed) compareResponse(r *explain.ResponseResult) []string {
	if r == nil {
		return []string{fmt.Sprintf("response: browser %d, explained none", o.View.Status)}
	}
	var out []string
	if o.View.Type != r.Type || o.View.Status != r.Status || o.View.URL != r.URL {
		out = append(out, fmt.Sprintf("response: browser %s %d %s, explained %s %d %s", o.View.Type, o.View.Status, o.View.URL, r.Type, r.Status, r.URL))
	}
	if got, want := endToEnd(o.View.Headers), endToEnd(r.Visible); !slices.Equal(got, want) {
		out = append(out, fmt.Sprintf("visible headers: browser %q, explained %q", got, want))
	}
	return out
}

// endToEnd drops the names that belong to one connection, and sorts the others: two clients need not have the same
// connection.
func endToEnd(names []string) []string {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.Contains([]string{"connection", "keep-alive", "transfer-encoding"}, name)
	})
	slices.Sort(names)
	return names
}
