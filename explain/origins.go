package explain

import (
	"errors"
	"strconv"

	"github.com/concors/concors/cors/origin"
	"github.com/concors/concors/cors/weburl"
)

// An OriginComparison tells how two origins relate: what origin --json prints, documented in docs/json.md.
type OriginComparison struct {
	A        OriginResult `json:"a"`
	B        OriginResult `json:"b"`
	Relation Relation     `json:"relation"`
	Differs  []string     `json:"differs"` // "scheme", "host", "port", "opaque", in this order
	Why      string       `json:"why"`
}

// An OriginResult is one origin, in parts. Of an opaque one all but Input and Origin are empty.
type OriginResult struct {
	Input  string `json:"input"`
	Origin string `json:"origin"` // as an Origin header has it
	Scheme string `json:"scheme"`
	Host   string `json:"host"`
	Port   string `json:"port"` // the scheme's default where the origin has none
	Site   string `json:"site"`
}

// Relation is how two origins relate.
type Relation string

// The relations, the closest first.
const (
	SameOrigin Relation = "same-origin"
	SameSite   Relation = "same-site" // cross-origin, and same-site
	CrossSite  Relation = "cross-site"
)

// CompareOrigins compares the origins of two URLs, or of two pages with an opaque origin, for which the text null stands.
// The error is that of the URL that does not parse.
func CompareOrigins(a, b string) (*OriginComparison, error) {
	first, err := originOf(a)
	if err != nil {
		return nil, err
	}
	second, err := originOf(b)
	if err != nil {
		return nil, err
	}
	c := &OriginComparison{A: newOriginResult(a, first), B: newOriginResult(b, second), Differs: []string{}}
	parts := origin.Difference(first, second)
	switch {
	case first.IsOpaque() || second.IsOpaque():
		c.Differs = append(c.Differs, "opaque")
	default:
		for _, part := range []struct {
			differs bool
			name    string
		}{{parts.Scheme, "scheme"}, {parts.Host, "host"}, {parts.Port, "port"}} {
			if part.differs {
				c.Differs = append(c.Differs, part.name)
			}
		}
	}
	switch {
	case origin.SameOrigin(first, second):
		c.Relation = SameOrigin
		c.Why = "Scheme, host and port are equal: a page of one may read the other, and CORS does not come in."
	case origin.SameSite(first, second):
		c.Relation = SameSite
		c.Why = "Cross-origin, so CORS decides what a page of one may read of the other. They are one site, so SameSite cookies go along."
	default:
		c.Relation = CrossSite
		c.Why = "Cross-origin, so CORS decides what a page of one may read of the other. They are two sites, so only SameSite=None cookies go along."
	}
	if len(c.Differs) == 1 && c.Differs[0] == "opaque" {
		c.Why = "An opaque origin (null) is the same as no other one, not even as another null, so CORS always decides."
	}
	return c, nil
}

func originOf(text string) (origin.Origin, error) {
	if text == "null" {
		return origin.NewOpaque(), nil
	}
	o, err := origin.FromURL(text)
	if e, ok := errors.AsType[*weburl.Error](err); ok {
		return o, &weburl.Error{Input: maskURL(e.Input), Reason: e.Reason}
	}
	return o, err
}

func newOriginResult(input string, o origin.Origin) OriginResult {
	r := OriginResult{Input: maskURL(input), Origin: o.String()}
	if o.IsOpaque() {
		return r
	}
	r.Scheme, r.Host, r.Site = o.Scheme(), o.Host(), o.Site()
	if port, ok := o.EffectivePort(); ok {
		r.Port = strconv.Itoa(port)
	}
	return r
}
