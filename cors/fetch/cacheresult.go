package fetch

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/cors/header"
)

// This file is the cache of engines that keep one result for each URL, replaced whole.

// resultAllows reports whether the result for the current URL allows the request; one that does not is removed.
func (f *fetcher) resultAllows(cache *preflightCache, names []string) bool {
	key := f.cacheKey()
	i := slices.IndexFunc(cache.results, func(r cacheResult) bool { return r.cacheKey == key })
	if i < 0 {
		return false
	}
	if f.resultCovers(&cache.results[i], names) {
		return true
	}
	cache.results = slices.Delete(cache.results, i, i+1)
	return false
}

func (f *fetcher) resultCovers(result *cacheResult, names []string) bool {
	r := f.req
	if r.credentialed() && !result.credentials {
		return false
	}
	wildcard := !result.credentials
	// DIFFERS: WebKit goes by the request that uses the answer.
	if f.profile.CacheWildcardByRequest {
		wildcard = !r.credentialed()
	}
	if !isSafelistedMethod(r.method) && !slices.Contains(result.methods, r.method) && !(wildcard && slices.Contains(result.methods, "*")) {
		return false
	}
	all := wildcard && slices.Contains(result.names, "*")
	for _, name := range names {
		// DIFFERS: WebKit takes a cached wildcard to cover Authorization; Chromium does not, though it does in a response.
		covered := all && (name != "authorization" || f.profile.CacheWildcardAuthorization)
		if !covered && !slices.Contains(result.names, name) {
			return false
		}
	}
	return true
}

func (f *fetcher) storeResult(cache *preflightCache, a *preflightAnswer, seconds int64) {
	key := f.cacheKey()
	if f.profile.PreflightOrder == OrderChromium && len(key.url) > longestCachedURL {
		return
	}
	result := cacheResult{
		cacheKey: key, credentials: f.req.credentialed(), expires: f.now + time.Duration(seconds)*time.Second,
		methods: a.methods, names: lowered(a.headers),
	}
	cache.results = slices.DeleteFunc(cache.results, func(r cacheResult) bool { return r.cacheKey == key })
	if len(cache.results) == maxCacheEntries {
		cache.results = slices.Delete(cache.results, 0, 1)
	}
	cache.results = append(cache.results, result)
}

// storeRefused stores an answer before its method and names are tested, where the engine does; it returns true.
func (f *fetcher) storeRefused(a *preflightAnswer) bool {
	if f.profile.CacheStoresRefused {
		f.store(a)
	}
	return true
}

func lowered(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = header.Lower(name)
	}
	return out
}

// parseInteger reads a decimal integer of 64 bits with an optional sign.
func parseInteger(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && !strings.Contains(s, "_")
}

// saturated reads decimal digits up to a limit.
func saturated(digits string, limit int64) int64 {
	var n int64
	for i := range len(digits) {
		n = min(n*10+int64(digits[i]-'0'), limit)
	}
	return n
}
