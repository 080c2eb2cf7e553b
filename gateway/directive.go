package gateway

import (
	"strconv"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/concors/concors/gateway/policyjson"
)

// parseDirective reads the directive cors of a Caddyfile:
//
//	cors [<matcher>] [off] {
//		name             <what metrics call it>
//		origins          <origins...>
//		methods          <methods...>
//		request_headers  <names...>
//		response_headers <names...>
//		credentials
//		max_age          <duration>
//		preset           <name>
//		dangerously_allow_null
//		dangerously_allow_any_origin_with_credentials
//		dangerously_allow_insecure_origins
//		dangerously_allow_public_suffixes <suffixes...>
//		shadow {
//			<what a policy has>
//		}
//		enforce
//		upstream_cors    strip|trust|report
//		websocket        check|pass
//	}
//
// A word that takes a list may stand several times. A word that takes nothing may have true or false. With off there is no
// policy, and nothing that a policy has.
func parseDirective(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	h.Next() // the directive's name
	c := new(CORS)
	off := false
	switch args := h.RemainingArgs(); {
	case len(args) == 1 && args[0] == "off":
		off = true
	case len(args) > 0:
		return nil, h.Errf("unexpected %q: origins stand in the block, after the word origins", args[0])
	}
	for h.NextBlock(0) {
		if err := c.parse(h.Dispenser); err != nil {
			return nil, err
		}
	}
	switch {
	case off && c.Policy != nil:
		return nil, h.Err("cors is off, and has a policy")
	case !off && c.Policy == nil:
		return nil, h.Err("cors has no policy: name origins, or write cors off")
	}
	if err := c.Terms.validate(); err != nil {
		return nil, h.Errf("%v", err)
	}
	for _, p := range []*policyjson.Policy{c.Policy, c.Shadow} {
		if p == nil {
			continue
		}
		if _, err := p.Compile(); err != nil {
			return nil, h.Errf("%v", err)
		}
	}
	return c, nil
}

// parse reads one word of the block.
func (c *CORS) parse(d *caddyfile.Dispenser) error {
	switch d.Val() {
	case "shadow":
		if c.Shadow != nil {
			return d.Err("shadow stands there twice")
		}
		if d.NextArg() {
			return d.ArgErr()
		}
		c.Shadow = new(policyjson.Policy)
		for nesting := d.Nesting(); d.NextBlock(nesting); {
			if err := parsePolicy(c.Shadow, d); err != nil {
				return err
			}
		}
		return nil
	case "name":
		return parseWord(d, &c.Name)
	case "enforce":
		return parseFlag(d, &c.Enforce)
	case "upstream_cors":
		return parseWord(d, &c.UpstreamCORS)
	case "websocket":
		return parseWord(d, &c.WebSocket)
	}
	if c.Policy == nil {
		c.Policy = new(policyjson.Policy)
	}
	return parsePolicy(c.Policy, d)
}

// parsePolicy reads one word of a policy.
func parsePolicy(p *policyjson.Policy, d *caddyfile.Dispenser) error {
	switch d.Val() {
	case "origins":
		return parseList(d, &p.Origins)
	case "methods":
		return parseList(d, &p.Methods)
	case "request_headers":
		return parseList(d, &p.RequestHeaders)
	case "response_headers":
		return parseList(d, &p.ResponseHeaders)
	case "credentials":
		return parseFlag(d, &p.Credentials)
	case "max_age":
		var text string
		if err := parseWord(d, &text); err != nil {
			return err
		}
		age, err := policyjson.ParseAge(text)
		if err != nil {
			return d.Errf("%v", err)
		}
		p.MaxAge = age
		return nil
	case "preset":
		return parseWord(d, &p.Preset)
	case "dangerously_allow_null":
		return parseFlag(d, &p.DangerouslyAllowNull)
	case "dangerously_allow_any_origin_with_credentials":
		return parseFlag(d, &p.DangerouslyAllowAnyOriginWithCredentials)
	case "dangerously_allow_insecure_origins":
		return parseFlag(d, &p.DangerouslyAllowInsecureOrigins)
	case "dangerously_allow_public_suffixes":
		return parseList(d, &p.DangerouslyAllowPublicSuffixes)
	}
	return d.Errf("unknown word %q", d.Val())
}

func parseList(d *caddyfile.Dispenser, to *[]string) error {
	args := d.RemainingArgs()
	if len(args) == 0 {
		return d.ArgErr()
	}
	*to = append(*to, args...)
	return nil
}

func parseWord(d *caddyfile.Dispenser, to *string) error {
	name := d.Val()
	if *to != "" {
		return d.Errf("%s stands there twice", name)
	}
	if !d.AllArgs(to) {
		return d.ArgErr()
	}
	return nil
}

func parseFlag(d *caddyfile.Dispenser, to *bool) error {
	*to = true
	args := d.RemainingArgs()
	if len(args) == 0 {
		return nil
	}
	is, err := strconv.ParseBool(args[0])
	if err != nil || len(args) > 1 {
		return d.ArgErr()
	}
	*to = is
	return nil
}
