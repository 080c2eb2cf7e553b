package fetch

import (
	"math"
	"slices"
	"time"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/cors/internal/spec"
	"github.com/concors/concors/cors/origin"
)

// preflightCache is the CORS-preflight cache. The Standard has an entry for each method and each header name; engines
// that keep one result for each URL use results instead.
//
// https://fetch.spec.whatwg.org/#cors-preflight-cache
type preflightCache struct {
	entries []cacheEntry
	results []cacheResult
}

// maxCacheEntries bounds either list; the oldest goes first. No engine's own bound is lower for one page's URLs.
const maxCacheEntries = 1024

// cacheKey tells whose answer for which URL an entry is.
type cacheKey struct {
	site   string // network partition key
	origin string // byte-serialized, or empty when initiator is the key
	from   origin.Origin
	url    string // with its fragment, though no server sees that
}

// cacheEntry is one method or one header name, or, with neither, the mark of an answer that was kept.
//
// https://fetch.spec.whatwg.org/#concept-cache
type cacheEntry struct {
	cacheKey
	credentials bool
	expires     time.Duration // first moment at which it is gone
	method      string        // empty when it is not a method
	name        string        // lower case; empty when it is not a header name
}

// cacheResult is one preflight response, whole.
type cacheResult struct {
	cacheKey
	credentials bool
	expires     time.Duration
	methods     []string
	names       []string
}

// defaultMaxAge is how long an answer without Access-Control-Max-Age is kept.
const defaultMaxAge = 5

// longestCachedURL is the longest URL, in bytes, whose preflight Chromium keeps.
const longestCachedURL = 1023

func (f *fetcher) cacheKey() cacheKey {
	u := *f.req.url()
	if f.profile.LateRedirectChecks {
		u.Username, u.Password = "", "" // a redirect with user info is looked up before it is refused
	}
	key := cacheKey{site: f.Page.topLevelSite(), url: u.String()}
	switch f.profile.CacheKey {
	case KeyInitiator, KeyTuple:
		key.from = f.Page.Origin
	case KeyRequestOrigin:
		key.from = f.Page.Origin
		if f.req.taint != taintSameOrigin && !f.Page.Origin.IsOpaque() {
			key.from = f.req.taintedOrigin
		}
	default:
		key.origin = f.byteSerializeRequestOrigin()
	}
	return key
}

// cacheable reports whether answers to the request are kept at all.
func (f *fetcher) cacheable() bool {
	return f.profile.CacheKey != KeyTuple || !f.Page.Origin.IsOpaque() && f.req.taint == taintSameOrigin
}

// cacheAllows reports whether the cache makes a preflight needless.
func (f *fetcher) cacheAllows(names []string) bool {
	r, cache := f.req, &f.browser.cache
	// DIFFERS: Chromium and Firefox leave the preflight cache out where the cache mode leaves out the HTTP cache.
	if slices.Contains(f.profile.CacheBypass, f.effectiveCache()) || !f.cacheable() {
		return false
	}
	cache.expire(f.now)
	if f.profile.CacheReplaces {
		return f.resultAllows(cache, names)
	}
	key := f.cacheKey()
	methodNeeded := !isSafelistedMethod(r.method) || r.useCORSPreflight
	// DIFFERS: Firefox exempts GET and POST only, and no forced preflight.
	if f.profile.CacheHeadNeedsEntry {
		methodNeeded = r.method != "GET" && r.method != "POST"
		if len(cache.entries) == 0 || !slices.ContainsFunc(cache.entries, func(e cacheEntry) bool { return f.entryMatches(&e, key) }) {
			return false
		}
	}
	if methodNeeded && f.methodEntry(key, r.method) == nil {
		return false
	}
	for _, name := range names {
		if f.nameEntry(key, name) == nil {
			return false
		}
	}
	return true
}

// expire removes what is no longer good.
func (c *preflightCache) expire(now time.Duration) {
	c.entries = slices.DeleteFunc(c.entries, func(e cacheEntry) bool { return now >= e.expires })
	c.results = slices.DeleteFunc(c.results, func(r cacheResult) bool { return now >= r.expires })
}

// entryMatches reports whether an entry is for the request's origin, URL and credentials.
//
// https://fetch.spec.whatwg.org/#concept-cache-match
func (f *fetcher) entryMatches(e *cacheEntry, key cacheKey) bool {
	if e.cacheKey != key {
		return false
	}
	// DIFFERS: Firefox keeps credentialed and other answers apart.
	if f.profile.CacheSplitByCredentials {
		return e.credentials == f.req.credentialed()
	}
	return e.credentials || !f.req.credentialed()
}

// methodEntry returns the entry that matches a method, or nil.
//
// https://fetch.spec.whatwg.org/#concept-cache-match-method
func (f *fetcher) methodEntry(key cacheKey, method string) *cacheEntry {
	entries := f.browser.cache.entries
	for i := range entries {
		e := &entries[i]
		if e.method != "" && (e.method == method || e.method == "*" && !f.profile.CacheLiteralWildcard) && f.entryMatches(e, key) {
			return e
		}
	}
	return nil
}

// nameEntry returns the entry that matches a header name in lower case, or nil.
//
// https://fetch.spec.whatwg.org/#concept-cache-match-header
func (f *fetcher) nameEntry(key cacheKey, name string) *cacheEntry {
	entries := f.browser.cache.entries
	for i := range entries {
		e := &entries[i]
		wildcard := e.name == "*" && !f.profile.CacheLiteralWildcard && name != "authorization"
		if e.name != "" && (e.name == name || wildcard) && f.entryMatches(e, key) {
			return e
		}
	}
	return nil
}

// store remembers what a preflight response allows.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
func (f *fetcher) store(a *preflightAnswer) {
	// 7.8-7.10. For how long.
	seconds, stored := f.maxAge(a.Header)
	if !stored || !f.cacheable() {
		return
	}

	// 7.11. NB: there always is a cache.
	cache := &f.browser.cache
	if f.profile.CacheReplaces {
		f.storeResult(cache, a, seconds)
		return
	}
	cache.expire(f.now)
	key, expires := f.cacheKey(), f.now+time.Duration(seconds)*time.Second

	// 7.12, 7.13. Each method that the server listed, asked for or not.
	// DIFFERS: Firefox's entry for a URL outlasts what is in it, and is enough for a request that needs nothing in it.
	if f.profile.CacheHeadNeedsEntry && !slices.ContainsFunc(cache.entries, func(e cacheEntry) bool { return f.entryMatches(&e, key) }) {
		f.createCacheEntry(key, math.MaxInt64, "", "")
	}
	for _, method := range a.methods {
		if e := f.methodEntry(key, method); e != nil {
			e.expires = expires
			continue
		}
		f.createCacheEntry(key, expires, method, "")
	}

	// 7.14, 7.15. Each header name likewise.
	for _, name := range a.headers {
		name = header.Lower(name)
		if e := f.nameEntry(key, name); e != nil {
			e.expires = expires
			continue
		}
		f.createCacheEntry(key, expires, "", name)
	}
}

// createCacheEntry adds one method or one header name to the cache.
//
// https://fetch.spec.whatwg.org/#concept-cache-create-entry
func (f *fetcher) createCacheEntry(key cacheKey, expires time.Duration, method, name string) {
	// 1. The entry.
	e := cacheEntry{cacheKey: key, credentials: f.req.credentialed(), expires: expires, method: method, name: name}

	// 2. Into the cache.
	cache := &f.browser.cache
	if len(cache.entries) == maxCacheEntries {
		cache.entries = slices.Delete(cache.entries, 0, 1)
	}
	cache.entries = append(cache.entries, e)
}

// clearCacheEntries removes what the cache holds for the current URL.
//
// https://fetch.spec.whatwg.org/#concept-cache-clear
func (f *fetcher) clearCacheEntries() {
	key := f.cacheKey()
	cache := &f.browser.cache
	cache.entries = slices.DeleteFunc(cache.entries, func(e cacheEntry) bool { return e.cacheKey == key })
	cache.results = slices.DeleteFunc(cache.results, func(r cacheResult) bool { return r.cacheKey == key })
}

// maxAge returns for how many seconds a preflight answer is good, and whether it is kept at all.
func (f *fetcher) maxAge(list header.List) (seconds int64, stored bool) {
	value, lines := joined(list, header.MaxAge)
	limit := int64(f.profile.MaxAgeCap)
	switch f.profile.MaxAge {
	case MaxAgeInteger:
		n, ok := parseInteger(value)
		if !ok {
			return defaultMaxAge, true
		}
		return min(max(n, 0), limit), true
	case MaxAgeDigits:
		if lines == 0 || value == "" {
			return defaultMaxAge, true
		}
		if !isDigits(value) {
			return 0, false
		}
		n := saturated(value, limit)
		return n, n > 0
	}
	n, state := header.ExtractDeltaSeconds(list, header.MaxAge)
	if state != header.Extracted {
		return defaultMaxAge, true
	}
	f.step(spec.CORSPreflightFetch, "7.8", "max age "+value)
	return int64(min(n, uint64(limit))), true
}
