package corpus

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
)

// parser builds a case from its sections.
type parser struct {
	c *Case
}

// parse reads one case.
func parse(name, file, text string) (*Case, error) {
	doc, sections, err := split(file, text)
	if err != nil {
		return nil, err
	}
	p := &parser{c: &Case{Name: name, Doc: doc}}
	for i := range sections {
		if err := p.section(&sections[i]); err != nil {
			return nil, err
		}
	}
	end := line{file: file, n: strings.Count(text, "\n")}
	if len(p.c.Fetches) == 0 {
		return nil, end.errorf("the case has no fetch")
	}
	return p.c, p.finished(end)
}

func (p *parser) section(s *section) error {
	switch s.name {
	case "page":
		return p.page(s)
	case "stage":
		return p.stage(s)
	case "policy":
		return p.policy(s)
	case "fetch":
		return p.fetch(s)
	}
	if len(p.c.Fetches) == 0 {
		return s.errorf("section %s before any fetch", s.name)
	}
	f := &p.c.Fetches[len(p.c.Fetches)-1]
	switch s.name {
	case "stored":
		if f.Request.Stored != nil {
			return s.errorf("two stored responses")
		}
		list, err := s.response()
		if err == nil && (len(list) != 1 || list[0].Error != "") {
			err = s.errorf("what is stored is one response")
		}
		if err != nil {
			return err
		}
		f.Request.Stored = &list[0]
		return nil
	case "response":
		if len(f.wants) > 0 {
			return s.errorf("a response after what is wanted")
		}
		list, err := s.response()
		for _, profile := range s.targets() {
			f.responses[profile] = append(f.responses[profile], list...)
		}
		return err
	}
	return p.want(s, f)
}

// targets are the profiles that the section is for; "" stands for all that no other section names.
func (s *section) targets() []string {
	if len(s.profiles) == 0 {
		return []string{""}
	}
	return s.profiles
}

func (p *parser) page(s *section) error {
	if err := p.finished(s.line); err != nil {
		return err
	}
	first, rest, err := s.first()
	if err != nil {
		return err
	}
	page := Page{Text: first.text}
	if page.environment, err = environment(rest); err != nil {
		return err
	}
	if _, err := page.New(); err != nil {
		return first.errorf("%v", err)
	}
	p.c.Pages = append(p.c.Pages, page)
	return nil
}

func (p *parser) stage(s *section) error {
	if len(p.c.Pages) != 1 || len(p.c.Fetches) > 0 || p.c.Unstaged != "" {
		return s.errorf("stage stands once, between page and the first fetch")
	}
	first, rest, err := s.first()
	if err != nil {
		return err
	}
	key, value, err := first.pair()
	if err == nil && (key != "no" || len(rest) > 0) {
		err = first.errorf("want one line, no: reason")
	}
	p.c.Unstaged = value
	return err
}

// finished complains about a fetch that lacks a want.
func (p *parser) finished(at line) error {
	if len(p.c.Fetches) == 0 {
		return nil
	}
	f := &p.c.Fetches[len(p.c.Fetches)-1]
	for _, profile := range profileNames() {
		if f.want(profile) == nil {
			return at.errorf("nothing says what is wanted of the fetch before, in %s", profile)
		}
	}
	if f.wants[""] != nil && len(f.wants) > len(profileNames()) {
		return at.errorf("the want for all is for nobody")
	}
	return nil
}

func (p *parser) fetch(s *section) error {
	if err := p.finished(s.line); err != nil {
		return err
	}
	if len(p.c.Pages) == 0 {
		return s.errorf("fetch before any page")
	}
	first, rest, err := s.first()
	if err != nil {
		return err
	}
	f := Fetch{Page: len(p.c.Pages) - 1, responses: map[string][]fetch.Response{}, wants: map[string]*Want{}}
	if len(p.c.Fetches) > 0 {
		f.At = p.c.Fetches[len(p.c.Fetches)-1].At
	}
	words, err := first.words(first.text)
	if err != nil {
		return err
	}
	if len(words) < 2 || words[0].key != "" || words[1].key != "" {
		return first.errorf("want a method and a URL")
	}
	f.Request.Method, f.Request.URL = words[0].value, words[1].value
	var seen []string
	for _, w := range words[2:] {
		name := w.key
		if name == "" {
			name = w.value
		}
		if slices.Contains(seen, name) {
			return first.errorf("option %s is given twice", name)
		}
		seen = append(seen, name)
		if err := f.option(w); err != nil {
			return first.errorf("%v", err)
		}
	}
	if f.Request.Header, err = fields(rest); err != nil {
		return err
	}
	p.c.Fetches = append(p.c.Fetches, f)
	return nil
}

func (f *Fetch) option(w word) error {
	r := &f.Request
	switch w.key {
	case "":
		switch w.value {
		case "keepalive":
			r.Keepalive = true
		case "upload-listener":
			r.UploadListener = true
		default:
			return fmt.Errorf("unknown option %q", w.value)
		}
		return nil
	case "mode":
		r.Mode = fetch.Mode(w.value)
		return w.oneOf("cors", "no-cors", "same-origin", "navigate", "websocket", "webtransport")
	case "credentials":
		r.Credentials = fetch.Credentials(w.value)
		return w.oneOf("omit", "same-origin", "include")
	case "redirect":
		r.Redirect = fetch.Redirect(w.value)
		return w.oneOf("follow", "error", "manual")
	case "cache":
		r.Cache = fetch.Cache(w.value)
		return w.oneOf("default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached")
	case "initiator":
		r.Initiator = fetch.Initiator(w.value)
		if !slices.Contains(fetch.Initiators(), r.Initiator) {
			return fmt.Errorf("unknown initiator %q", w.value)
		}
		return nil
	case "body":
		r.Body = fetch.Body(w.value)
		return w.oneOf("none", "text", "urlencoded", "multipart", "json-blob", "bytes", "stream")
	case "body-length":
		n, err := strconv.ParseUint(w.value, 10, 31)
		r.BodyLength = int(n)
		return err
	case "at":
		seconds, err := strconv.ParseFloat(w.value, 64)
		at := time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)
		if err != nil || at < f.At {
			return fmt.Errorf("at=%s is not a number of seconds, or before the last fetch", w.value)
		}
		f.At = at
		return nil
	}
	return fmt.Errorf("unknown option %s=", w.key)
}

// oneOf refuses a value that is not known, unless it was written as a literal.
func (w *word) oneOf(known ...string) error {
	if w.literal || slices.Contains(known, w.value) {
		return nil
	}
	return fmt.Errorf("unknown %s %q: one of %s", w.key, w.value, strings.Join(known, ", "))
}

// response reads a response, or several alike.
func (s *section) response() ([]fetch.Response, error) {
	first, rest, err := s.first()
	if err != nil {
		return nil, err
	}
	words, err := first.words(first.text)
	if err != nil {
		return nil, err
	}
	var res fetch.Response
	switch {
	case words[0].key == "" && words[0].value == "error" && len(words) > 1 && words[1].key == "":
		res.Error = fetch.NetworkError(words[1].value)
		if !slices.Contains([]fetch.NetworkError{fetch.ErrorRefused, fetch.ErrorReset, fetch.ErrorTimeout, fetch.ErrorTLS, fetch.ErrorDNS}, res.Error) {
			return nil, first.errorf("unknown error %q", res.Error)
		}
		words = words[2:]
	default:
		if res.Status, err = strconv.Atoi(words[0].value); err != nil || res.Status < 101 || res.Status > 599 {
			return nil, first.errorf("%q is not a status from 101 to 599", words[0].value)
		}
		words = words[1:]
	}
	times := 1
	if len(words) > 0 && words[0].key == "times" {
		if times, err = strconv.Atoi(words[0].value); err != nil || times < 2 || times > 100 {
			return nil, first.errorf("times=%s is not a number from 2 to 100", words[0].value)
		}
		words = words[1:]
	}
	if len(words) > 0 {
		return nil, first.errorf("unknown option %q of a response", words[0].value)
	}
	if res.Header, err = fields(rest); err != nil {
		return nil, err
	}
	if res.Error != "" && len(res.Header) > 0 {
		return nil, first.errorf("an error has no header lines")
	}
	return slices.Repeat([]fetch.Response{res}, times), nil
}
