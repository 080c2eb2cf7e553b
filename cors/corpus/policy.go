package corpus

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/cors"
)

// Answered is what a server with the case's policy must make of one request.
type Answered struct {
	Kind    cors.Kind
	Refusal cors.Refusal // empty where it is allowed
}

// policy reads the section of that name.
func (p *parser) policy(s *section) error {
	if p.c.Policy != nil || len(p.c.Fetches) > 0 {
		return s.errorf("policy stands once, before the first fetch")
	}
	var config cors.Config
	var seen []string
	for _, l := range s.lines {
		key, value, err := l.pair()
		if err != nil {
			return err
		}
		if slices.Contains(seen, key) {
			return l.errorf("%s is given twice", key)
		}
		seen = append(seen, key)
		if err := l.config(&config, key, value); err != nil {
			return err
		}
	}
	policy, err := cors.New(config)
	if e, ok := errors.AsType[*cors.ConfigError](err); ok {
		return s.errorf("%v", &e.Problems[0])
	}
	p.c.Policy = policy
	return nil
}

// config reads one field of a policy, under the name that it has in a policy file.
func (l line) config(c *cors.Config, key, value string) (err error) {
	switch key {
	case "origins":
		c.Origins = strings.Split(value, ", ")
	case "methods":
		c.Methods = strings.Split(value, ", ")
	case "request_headers":
		c.RequestHeaders = strings.Split(value, ", ")
	case "response_headers":
		c.ResponseHeaders = strings.Split(value, ", ")
	case "credentials":
		c.Credentials, err = l.yes(key, value)
	case "max_age":
		if c.MaxAge, err = time.ParseDuration(value); err != nil {
			return l.errorf("max_age is a duration, and not %q", value)
		}
		if c.MaxAge == 0 {
			c.MaxAge = cors.NoPreflightCache
		}
	case "dangerously_allow_null":
		c.DangerouslyAllowNull, err = l.yes(key, value)
	case "dangerously_allow_any_origin_with_credentials":
		c.DangerouslyAllowAnyOriginWithCredentials, err = l.yes(key, value)
	case "dangerously_allow_insecure_origins":
		c.DangerouslyAllowInsecureOrigins, err = l.yes(key, value)
	case "dangerously_allow_public_suffixes":
		c.DangerouslyAllowPublicSuffixes = strings.Split(value, ", ")
	default:
		return l.errorf("unknown key %q of a policy", key)
	}
	return err
}

// yes reads a field that is left out unless it is true.
func (l line) yes(key, value string) (bool, error) {
	if value != strconv.FormatBool(true) {
		return false, l.errorf("%s is true or left out", key)
	}
	return true, nil
}

// server reads what a server must make of a request: the kind, and whether it is allowed or why not.
func (w *Want) server(l line, value string) error {
	kind, verdict, _ := strings.Cut(value, " ")
	kinds := []cors.Kind{cors.NotCORS, cors.Actual, cors.Preflight}
	i := slices.IndexFunc(kinds, func(k cors.Kind) bool { return k.String() == kind })
	if i < 0 {
		return l.errorf("unknown kind of request %q: one of %v", kind, kinds)
	}
	answered := Answered{Kind: kinds[i]}
	if verdict != "allowed" {
		answered.Refusal = cors.Refusal(verdict)
		if !slices.Contains(cors.Refusals(), answered.Refusal) {
			return l.errorf("unknown refusal %q: allowed, or one of %v", verdict, cors.Refusals())
		}
	}
	w.Server = append(w.Server, answered)
	return nil
}
