package input

import (
	"math"
	"slices"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// request reads what a script or an element asked for. What a script chooses freely is not checked.
func (d *decoder) request(r *fetch.Request) error {
	bodies := []fetch.Body{
		fetch.BodyNone, fetch.BodyText, fetch.BodyURLEncoded, fetch.BodyMultipart, fetch.BodyJSONBlob, fetch.BodyBytes, fetch.BodyStream,
	}
	seen, err := d.object(
		field{"url", func() (err error) { r.URL, err = d.text(); return err }},
		field{"method", option(d, &r.Method)},
		field{"headers", func() error { return d.headers(&r.Header, d.scriptHeader) }},
		field{"body", oneOf(d, &r.Body, bodies)},
		field{"body_length", d.integer(&r.BodyLength, 0, math.MaxInt32)},
		field{"mode", option(d, &r.Mode)},
		field{"credentials", option(d, &r.Credentials)},
		field{"redirect", option(d, &r.Redirect)},
		field{"cache", option(d, &r.Cache)},
		field{"initiator", oneOf(d, &r.Initiator, fetch.Initiators())},
		field{"keepalive", d.bool(&r.Keepalive)},
		field{"upload_listener", d.bool(&r.UploadListener)},
	)
	if err == nil && !slices.Contains(seen, "url") {
		err = d.missing("url")
	}
	return err
}

func (d *decoder) responses(to *[]fetch.Response) error {
	return d.list("a list of responses", func() error {
		var r fetch.Response
		if err := d.response(&r, true); err != nil {
			return err
		}
		*to = append(*to, r)
		return nil
	})
}

// response reads a response, or why none came where that is possible.
func (d *decoder) response(r *fetch.Response, mayFail bool) error {
	failures := []fetch.NetworkError{fetch.ErrorRefused, fetch.ErrorReset, fetch.ErrorTimeout, fetch.ErrorTLS, fetch.ErrorDNS}
	fields := []field{
		{"status", d.integer(&r.Status, 100, 999)},
		{"headers", func() error { return d.headers(&r.Header, d.responseHeader) }},
	}
	if mayFail {
		fields = append(fields, field{"error", oneOf(d, &r.Error, failures)})
	}
	seen, err := d.object(fields...)
	switch {
	case err != nil:
		return err
	case slices.Contains(seen, "error") && len(seen) > 1:
		return d.fail("", "a response that never came has an error and nothing else")
	case !slices.Contains(seen, "error") && !slices.Contains(seen, "status"):
		return d.missing("status")
	}
	return nil
}

// headers reads a list of pairs of name and value, each line its own pair.
func (d *decoder) headers(to *header.List, check func(name, value string) (header.Field, string)) error {
	return d.list("a list of pairs of name and value", func() error {
		var pair []string
		err := d.list("a pair of name and value", func() error {
			s, err := d.text()
			pair = append(pair, s)
			if err == nil && len(pair) > 2 {
				err = d.fail("", "a header is a pair of name and value, and this is a third part")
			}
			return err
		})
		if err != nil {
			return err
		}
		if len(pair) != 2 {
			return d.fail("", "want a pair of name and value")
		}
		f, reason := check(pair[0], pair[1])
		if reason != "" {
			return d.fail(show(pair[0]), reason) // the value may be a secret
		}
		*to = append(*to, f)
		return nil
	})
}

// scriptHeader takes a header as a script passed it, whatever it is.
func (*decoder) scriptHeader(name, value string) (header.Field, string) {
	return header.Field{Name: name, Value: scriptValue(value)}, ""
}

// responseHeader takes a header that came over the wire.
func (*decoder) responseHeader(name, value string) (header.Field, string) {
	if reason := responseName(name); reason != "" {
		return header.Field{}, reason
	}
	value, reason := responseValue(value)
	return header.Field{Name: name, Value: value}, reason
}
