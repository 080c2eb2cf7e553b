package corpus

import (
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/internal/spec"
)

// want reads what must come of a fetch.
func (p *parser) want(s *section, f *Fetch) error {
	first, rest, err := s.first()
	if err != nil {
		return err
	}
	w := &Want{}
	if err := w.outcome(first); err != nil {
		return err
	}
	var seen []string
	for i, l := range rest {
		if l.indented() {
			if i == 0 || !strings.HasPrefix(rest[i-1].text, "sent: ") && !rest[i-1].indented() || len(w.Sent) == 0 {
				return l.errorf("an indented line that belongs to no request")
			}
			field, err := l.field()
			if err != nil {
				return err
			}
			last := &w.Sent[len(w.Sent)-1]
			last.Header = append(last.Header, field)
			continue
		}
		key, value, err := l.pair()
		if err != nil {
			return err
		}
		if slices.Contains(seen, key) && key != "sent" && key != "cookie" && key != "server" {
			return l.errorf("%s is given twice", key)
		}
		seen = append(seen, key)
		if err := w.key(l, key, value); err != nil {
			return err
		}
	}
	switch silent := w.Sent != nil && len(w.Sent) == 0; {
	case p.c.Policy == nil && w.Server != nil:
		return s.errorf("server is about a policy, and the case has none")
	case p.c.Policy != nil && w.Server == nil && !silent:
		return s.errorf("nothing says in server what the policy makes of each request")
	}
	for _, profile := range s.targets() {
		if f.wants[profile] != nil {
			return s.errorf("wanted twice")
		}
		f.wants[profile] = w
	}
	return nil
}

// outcome reads the first line.
func (w *Want) outcome(l line) error {
	words := strings.Fields(l.text)
	w.Outcome = fetch.Outcome(words[0])
	switch w.Outcome {
	case fetch.Allowed, fetch.Opaque:
		if len(words) != 1 {
			return l.errorf("nothing stands after %s", words[0])
		}
		return nil
	case fetch.Blocked, fetch.Prompt, fetch.Invalid:
	default:
		return l.errorf("unknown outcome %q", words[0])
	}
	if len(words) != 4 {
		return l.errorf("want %s, the failure, the algorithm, the number of the step", words[0])
	}
	w.Failure, w.Algorithm, w.Number = fetch.FailureID(words[1]), words[2], words[3]
	if !slices.Contains(fetch.FailureIDs(), w.Failure) {
		return l.errorf("unknown failure %q", w.Failure)
	}
	if !isStep(w.Algorithm, w.Number) {
		return l.errorf("the Standard has no step %s of %s", w.Number, w.Algorithm)
	}
	return nil
}

func isStep(algorithm, number string) bool {
	return slices.ContainsFunc(spec.Algorithms(), func(a spec.Algorithm) bool {
		return a.ID == algorithm && (slices.Contains(a.Steps, number) || len(a.Steps) == 0 && number == "")
	})
}

// key reads one more thing that must hold.
func (w *Want) key(l line, key, value string) error {
	switch key {
	case "on", "hop", "cause", "got", "wanted":
		if w.Failure == "" {
			return l.errorf("%s is about a failure", key)
		}
		return w.failure(l, key, value)
	case "type", "status", "url", "visible", "hidden":
		if w.Failure != "" {
			return l.errorf("a fetch that fails has no %s", key)
		}
		return w.response(l, key, value)
	case "cors":
		kind, reason, _ := strings.Cut(value, " ")
		w.CORS, w.CORSNoneReason = fetch.CORSKind(kind), reason
		if (reason != "") != (w.CORS == fetch.CORSNone) {
			return l.errorf("none has a reason, simple and preflight have not")
		}
		return l.oneOf(key, kind, string(fetch.CORSNone), string(fetch.CORSSimple), string(fetch.CORSPreflight))
	case "cached":
		w.Cached = fetch.No
		if value == "yes" {
			w.Cached = fetch.Yes
		}
		return l.oneOf(key, value, "yes", "no")
	case "sent":
		return w.sent(l, value)
	case "dropped":
		var err error
		w.Dropped, err = l.names(value)
		return err
	case "cookie":
		return w.cookie(l, value)
	case "server":
		return w.server(l, value)
	}
	return l.errorf("unknown key %q of a want", key)
}

func (w *Want) failure(l line, key, value string) error {
	switch key {
	case "on":
		w.On = fetch.On(value)
		return l.oneOf(key, value, string(fetch.OnPage), string(fetch.OnPreflight), string(fetch.OnRequest))
	case "hop":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return l.errorf("hop is a number from 0")
		}
		w.Hop = &n
	case "cause":
		w.Cause = fetch.FailureID(value)
		if !slices.Contains(fetch.FailureIDs(), w.Cause) {
			return l.errorf("unknown failure %q", value)
		}
	default:
		text, err := l.whole(value)
		if err != nil {
			return err
		}
		if key == "got" {
			w.Got = &text
		} else {
			w.Wanted = &text
		}
	}
	return nil
}

func (w *Want) response(l line, key, value string) (err error) {
	switch key {
	case "type":
		w.Type = value
		return l.oneOf(key, value, "basic", "cors", "opaque", "opaqueredirect")
	case "status":
		if w.Status, err = strconv.Atoi(value); err != nil || w.Status == 0 {
			return l.errorf("%q is not a status", value)
		}
	case "url":
		w.URL = value
	case "visible":
		w.Visible, err = l.names(value)
	case "hidden":
		w.Hidden, err = l.names(value)
	}
	return err
}

func (w *Want) sent(l line, value string) error {
	if w.Sent == nil {
		w.Sent = []Sent{}
	}
	if value == "nothing" {
		return nil
	}
	words, err := l.words(value)
	if err != nil {
		return err
	}
	if len(words) < 2 || len(words) > 3 || words[0].key != "" || words[1].key != "" {
		return l.errorf("want a method, a URL, and perhaps credentials or no-credentials")
	}
	s := Sent{Method: words[0].value, URL: words[1].value}
	if len(words) == 3 {
		s.Credentials = fetch.No
		if words[2].value == "credentials" {
			s.Credentials = fetch.Yes
		}
		if err := l.oneOf("word", words[2].value, "credentials", "no-credentials"); err != nil {
			return err
		}
	}
	w.Sent = append(w.Sent, s)
	return nil
}

func (w *Want) cookie(l line, value string) error {
	words := strings.Fields(value)
	switch {
	case len(words) == 2 && words[1] == "sent":
		w.Cookies = append(w.Cookies, Cookie{Name: words[0], Sent: true})
		return nil
	case len(words) == 3 && words[1] == "withheld":
		w.Cookies = append(w.Cookies, Cookie{Name: words[0], Reason: fetch.CookieReason(words[2])})
		return l.oneOf("reason", words[2], string(fetch.CookieMode), string(fetch.CookieSecure), string(fetch.CookieSameSite), string(fetch.CookieThirdParty))
	}
	return l.errorf("want NAME sent, or NAME withheld REASON")
}
