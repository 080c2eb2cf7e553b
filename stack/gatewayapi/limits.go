package gatewayapi

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/concors/concors/stack"
)

// This file beside the usual four is about what the API server takes: a value that it would turn away is told here, where it
// has a name and a place. The bounds and patterns are those of the CustomResourceDefinition of HTTPRoute.

// The bounds of lists and texts.
const (
	mostOrigins   = 64
	longestOrigin = 253
	mostHeaders   = 64
	longestHeader = 256
	longestPath   = 1024
	longestHost   = 253
)

// What texts are made of.
const (
	wholeOrigin    = `^https?://(\*\.)?([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+(:[0-9]{1,5})?$`
	hostName       = `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	plainPath      = `^/[-A-Za-z0-9/._~!$&'()*+,;=:@]*$`
	dotOrEmptyPart = `//|/\.\.?(/|$)`
)

// checkPolicies refuses what the filter has no room or no word for.
func (w *writer) checkPolicies(site *stack.Site) {
	takes := func(m string) bool {
		return slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}, m)
	}
	w.findings = append(w.findings, w.stack.RefuseMethods(site, takes, "name GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, or any method (*)")...)
	whole := regexp.MustCompile(wholeOrigin)
	for _, p := range site.Policies {
		by := "policy " + p.Name
		for _, o := range p.Origins {
			if text := o.String(); !whole.MatchString(text) || len(text) > longestOrigin {
				w.refuse(stack.ManyOrigins, fmt.Sprintf("%s by naming %q", by, text), "name an http or https origin with a host name of letters, digits and hyphens, 253 characters at most")
			}
		}
		if len(p.Origins) > mostOrigins {
			w.refuse(stack.ManyOrigins, fmt.Sprintf("%s, %d of them,", by, len(p.Origins)), "name 64 at most, or a pattern")
		}
		w.checkHeaders(stack.RequestHeaders, by, p.RequestHeaders)
		w.checkHeaders(stack.ResponseHeaders, by, p.ResponseHeaders)
		if n, err := strconv.ParseInt(p.MaxAge, 10, 64); p.MaxAge != "" && (err != nil || n > math.MaxInt32) {
			w.refuse(stack.MaxAge, by, "no browser keeps it for longer than a day")
		}
	}
}

func (w *writer) checkHeaders(f stack.Feature, by string, names []string) {
	if len(names) > mostHeaders {
		w.refuse(f, fmt.Sprintf("%s, %d of them,", by, len(names)), "name 64 at most")
	}
	for _, name := range names {
		if len(name) > longestHeader {
			w.refuse(f, fmt.Sprintf("%s by naming %q", by, name), "name a header of 256 characters at most")
		}
	}
}

// checkHost refuses a host and paths that no HTTPRoute matches, or that implementations may read in several ways.
func (w *writer) checkHost(h *stack.Host) {
	if h.Name != "" {
		isAddress := strings.Trim(h.Name, "0123456789.") == ""
		if isAddress || len(h.Name) > longestHost || !regexp.MustCompile(hostName).MatchString(h.Name) {
			w.refuse(stack.PerHost, "the host "+h.Name, "name a host of lower-case letters, digits, hyphens and dots, which is no address")
		}
	}
	plain, parts := regexp.MustCompile(plainPath), regexp.MustCompile(dotOrEmptyPart)
	for _, p := range h.Places {
		if len(p.Path) > longestPath || !plain.MatchString(p.Path) || parts.MatchString(p.Path) {
			w.refuse(stack.PerPath, "the route "+p.Path, "write a path without characters that have to be encoded, without // and without parts that are dots; 1024 characters at most")
		}
	}
}
