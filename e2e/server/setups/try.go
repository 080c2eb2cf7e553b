package setups

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/server"
)

// A Try is a request that shows what a set-up does.
type Try struct {
	Name string
	Doc  string
	Page string // the origin of the page that makes it
	URL  string
	Init map[string]any // fetch's second argument
	Want Want
}

// A Want is what comes of a Try in a browser that has made no request before.
type Want struct {
	Exchanges []server.Exchange // the headers that [Transcript] shows, and no Host

	Outcome         fetch.Outcome // Allowed or Blocked
	Status          int
	Visible, Hidden []string // at least these, in lower case
	Failure         fetch.FailureID
	On              fetch.On
}

// triesWith reads the tries, with values for what they name.
func (s *Setup) triesWith(values map[string]string) ([]Try, error) {
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "@"+name+"@", value)
	}
	standIns := strings.NewReplacer(pairs...)
	var tries []Try
	for _, f := range s.tries {
		try, err := parseTry(standIns.Replace(string(f.Data)), values)
		if err != nil {
			return nil, fmt.Errorf("try %s: %w", f.Name, err)
		}
		try.Name = f.Name
		tries = append(tries, *try)
	}
	return tries, nil
}

func parseTry(text string, values map[string]string) (*Try, error) {
	try := &Try{}
	var doc []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(line, " ")
		var err error
		switch word {
		case "":
		case "page":
			var ok bool
			if try.Page, ok = values[rest]; !ok {
				err = errors.New("no such page")
			}
		case "fetch":
			target, init, _ := strings.Cut(rest, " ")
			try.URL = values["SELF"] + target
			if init != "" {
				err = json.Unmarshal([]byte(init), &try.Init)
			}
		case ">":
			err = try.Want.addRequest(rest)
		case "<":
			err = try.Want.addAnswer(rest)
		case "=":
			err = try.Want.addOutcome(strings.Fields(rest))
		default:
			doc = append(doc, line)
		}
		if err != nil {
			return nil, fmt.Errorf("invalid line %q: %w", line, err)
		}
	}
	try.Doc = strings.Join(doc, " ")
	if try.URL == "" || try.Doc == "" || len(try.Want.Exchanges) == 0 || try.Want.Outcome == "" {
		return nil, errors.New("no fetch, no words about it, no exchange, or no outcome")
	}
	return try, nil
}

func (w *Want) addRequest(line string) error {
	if method, target, ok := strings.Cut(line, " "); ok && !strings.HasSuffix(method, ":") {
		e := server.Exchange{Method: method, Target: target, Header: http.Header{}, Answer: http.Header{}}
		w.Exchanges = append(w.Exchanges, e)
		return nil
	}
	e := w.last()
	if e == nil || e.Status != 0 {
		return errors.New("no request line before it")
	}
	return addField(e.Header, line)
}

func (w *Want) addAnswer(line string) error {
	e := w.last()
	if e == nil {
		return errors.New("no request before it")
	}
	if e.Status == 0 {
		var err error
		e.Status, err = strconv.Atoi(line)
		return err
	}
	return addField(e.Answer, line)
}

func (w *Want) last() *server.Exchange {
	if len(w.Exchanges) == 0 {
		return nil
	}
	return &w.Exchanges[len(w.Exchanges)-1]
}

func addField(h http.Header, line string) error {
	name, value, ok := strings.Cut(line, ":")
	if !ok || !isTelling(name) {
		return errors.New("not a header that tells of CORS")
	}
	h.Add(name, strings.TrimSpace(value))
	return nil
}

func (w *Want) addOutcome(words []string) error {
	switch {
	case len(words) == 2 && words[0] == "allowed":
		var err error
		w.Outcome = fetch.Allowed
		w.Status, err = strconv.Atoi(words[1])
		return err
	case len(words) == 3 && words[0] == "blocked":
		w.Outcome, w.Failure, w.On = fetch.Blocked, fetch.FailureID(words[1]), fetch.On(words[2])
	case len(words) > 1 && words[0] == "visible":
		w.Visible = words[1:]
	case len(words) > 1 && words[0] == "hidden":
		w.Hidden = words[1:]
	default:
		return errors.New("not an outcome")
	}
	return nil
}

// Transcript shows exchanges as the catalogue has them, one line for each header that tells of CORS, sorted by name.
func Transcript(exchanges []server.Exchange) string {
	var b strings.Builder
	for _, e := range exchanges {
		fmt.Fprintf(&b, "> %s %s\n", e.Method, e.Target)
		writeTelling(&b, "> ", e.Header)
		fmt.Fprintf(&b, "< %d\n", e.Status)
		writeTelling(&b, "< ", e.Answer)
	}
	return b.String()
}

func writeTelling(b *strings.Builder, mark string, h http.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			if isTelling(name) {
				fmt.Fprintf(b, "%s%s: %s\n", mark, name, value)
			}
		}
	}
}

// isTelling reports whether a header has a part in CORS, or in what a set-up shows of it.
func isTelling(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return strings.HasPrefix(name, "Access-Control-") ||
		slices.Contains([]string{"Allow", "Authorization", "Location", "Origin", "Vary"}, name)
}
