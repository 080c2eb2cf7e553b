// Package policyjson is a policy as the configuration of Caddy has it: what the adapter writes and the handlers read.
package policyjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
)

// A Policy states who may call what, with the keys of concors.yaml; [cors.Config] says what each permits and prohibits. The zero
// value is refused, for it allows no origin.
type Policy struct {
	// The origins whose pages may read responses: `https://app.example`, `https://*.app.example` (not the apex),
	// `http://localhost:*`, or `*` alone for any.
	Origins []string `json:"origins,omitempty"`

	// The methods that pages may use beside GET, HEAD and POST. `*` is any.
	Methods []string `json:"methods,omitempty"`

	// The headers that pages may set. `*` is any, without credentials Authorization excepted.
	RequestHeaders []string `json:"request_headers,omitempty"`

	// The headers that pages may read beside those that they always may. `*` is all, without credentials only.
	ResponseHeaders []string `json:"response_headers,omitempty"`

	// Whether requests may carry cookies, client certificates or HTTP authentication.
	Credentials bool `json:"credentials,omitempty"`

	// How long browsers may keep the answer to a preflight: a duration such as `10m`, or whole seconds; 0 forbids it. Without
	// it browsers keep it for 5 seconds.
	MaxAge Age `json:"max_age,omitempty"`

	// A protocol whose methods and headers are added: `connect`, `grpc-web`, `mcp`, `sse` or `tus`.
	Preset string `json:"preset,omitempty"`

	// Allows the origin null too, which any page can have by way of a sandboxed frame. Not with credentials.
	DangerouslyAllowNull bool `json:"dangerously_allow_null,omitempty"`

	// Allows `*` with credentials: any site can then read every response as the signed-in user.
	DangerouslyAllowAnyOriginWithCredentials bool `json:"dangerously_allow_any_origin_with_credentials,omitempty"`

	// Allows http origins with credentials: whoever is on the network can then act as the signed-in user.
	DangerouslyAllowInsecureOrigins bool `json:"dangerously_allow_insecure_origins,omitempty"`

	// Public suffixes (`vercel.app`) below which a wildcard is allowed with credentials: whoever registers a name there can then
	// act as the signed-in user.
	DangerouslyAllowPublicSuffixes []string `json:"dangerously_allow_public_suffixes,omitempty"`
}

// Of returns what a policy was made from, for a configuration in JSON.
func Of(p *cors.Policy) *Policy {
	c := p.Config()
	return &Policy{
		Origins: c.Origins, Methods: c.Methods, RequestHeaders: c.RequestHeaders, ResponseHeaders: c.ResponseHeaders,
		Credentials: c.Credentials, MaxAge: Age(c.MaxAge),
		DangerouslyAllowNull:                     c.DangerouslyAllowNull,
		DangerouslyAllowAnyOriginWithCredentials: c.DangerouslyAllowAnyOriginWithCredentials,
		DangerouslyAllowInsecureOrigins:          c.DangerouslyAllowInsecureOrigins,
		DangerouslyAllowPublicSuffixes:           c.DangerouslyAllowPublicSuffixes,
	}
}

// Compile checks the policy. The error is one line that tells everything that is wrong with it.
func (p *Policy) Compile() (*cors.Policy, error) {
	c := cors.Config{
		Origins: p.Origins, Methods: p.Methods, RequestHeaders: p.RequestHeaders, ResponseHeaders: p.ResponseHeaders,
		Credentials: p.Credentials, MaxAge: time.Duration(p.MaxAge),
		DangerouslyAllowNull:                     p.DangerouslyAllowNull,
		DangerouslyAllowAnyOriginWithCredentials: p.DangerouslyAllowAnyOriginWithCredentials,
		DangerouslyAllowInsecureOrigins:          p.DangerouslyAllowInsecureOrigins,
		DangerouslyAllowPublicSuffixes:           p.DangerouslyAllowPublicSuffixes,
	}
	if p.Preset != "" {
		more, ok := cors.Preset(p.Preset)
		if !ok {
			return nil, fmt.Errorf("unknown preset %q: there are %s", p.Preset, strings.Join(cors.Presets(), ", "))
		}
		c.Methods = append(c.Methods[:len(c.Methods):len(c.Methods)], more.Methods...)
		c.RequestHeaders = append(c.RequestHeaders[:len(c.RequestHeaders):len(c.RequestHeaders)], more.RequestHeaders...)
		c.ResponseHeaders = append(c.ResponseHeaders[:len(c.ResponseHeaders):len(c.ResponseHeaders)], more.ResponseHeaders...)
	}
	policy, err := cors.New(c)
	if e, ok := errors.AsType[*cors.ConfigError](err); ok {
		var told []string
		for i := range e.Problems {
			told = append(told, InKeys(&e.Problems[i]))
		}
		return nil, errors.New(strings.Join(told, "; "))
	}
	return policy, err
}

// InKeys says what is wrong, or is likely to surprise, with the keys of the configuration.
func InKeys(p *cors.Problem) string {
	text := key(p.Field)
	if p.Index >= 0 {
		text += fmt.Sprintf(" %q", p.Value)
	}
	text += ": " + p.Why
	switch {
	case p.Fix != "":
		text += "; " + p.Fix
	case p.Suggestion != "":
		text += "; write " + p.Suggestion
	}
	return strings.NewReplacer("Credentials", "credentials", "NoPreflightCache", "0").Replace(text)
}

// key is the key of a field of [cors.Config]: request_headers for RequestHeaders.
func key(field string) string {
	var b strings.Builder
	for i := range len(field) {
		if i > 0 && 'A' <= field[i] && field[i] <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteString(header.Lower(field[i : i+1]))
	}
	return b.String()
}

// An Age is how long a browser may keep an answer. Zero leaves it to the browser; [cors.NoPreflightCache] forbids it.
type Age time.Duration

// UnmarshalJSON reads a duration in a string, or whole seconds; 0 forbids.
func (a *Age) UnmarshalJSON(data []byte) error {
	text := string(data)
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	}
	age, err := ParseAge(text)
	*a = age
	return err
}

// MarshalJSON writes what UnmarshalJSON reads.
func (a Age) MarshalJSON() ([]byte, error) {
	if a == Age(cors.NoPreflightCache) {
		return []byte("0"), nil
	}
	return json.Marshal(time.Duration(a).String())
}

// ParseAge reads a duration, or whole seconds; 0 forbids. The error names the text.
func ParseAge(text string) (Age, error) {
	const longest = 10 * 365 * 24 * time.Hour
	whole := text
	if text != "" && strings.Trim(text, "0123456789") == "" {
		whole += "s"
	}
	d, err := caddy.ParseDuration(whole)
	switch {
	case err != nil || d < 0 || d > longest:
		return 0, fmt.Errorf("invalid max_age %q: want a duration such as 10m or 24h, or whole seconds", text)
	case d == 0:
		return Age(cors.NoPreflightCache), nil
	}
	return Age(d), nil
}
