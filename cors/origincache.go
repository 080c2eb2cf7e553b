package cors

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// An OriginCache remembers what a function said about origins, for [Middleware.AllowOrigin]: at most Size of them, those that
// were asked for last. An error is not remembered. Its Allow may be called concurrently; set the fields before, and do not copy
// it.
type OriginCache struct {
	// Ask is the function: it decides about one origin. It must not be nil.
	Ask func(ctx context.Context, origin string) (bool, error)

	Allowed time.Duration // how long an allowed origin is remembered; 0 means a minute
	Refused time.Duration // how long a refused one is; 0 means ten seconds
	Size    int           // 0 means 10000

	// Now is the clock; nil means [time.Now].
	Now func() time.Time

	mu      sync.Mutex
	entries map[string]*list.Element // of cached
	order   list.List                // the last one asked for first
}

// cached is what is remembered of an origin.
type cached struct {
	origin  string
	allowed bool
	until   time.Time
}

const (
	defaultAllowed = time.Minute
	defaultRefused = 10 * time.Second
	defaultSize    = 10_000
)

// Allow answers from what is remembered, or asks. Two requests of one origin that is not remembered may both ask.
func (c *OriginCache) Allow(ctx context.Context, origin string) (bool, error) {
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	if allowed, ok := c.remembered(origin, now()); ok {
		return allowed, nil
	}
	allowed, err := c.Ask(ctx, origin)
	if err != nil {
		return false, err
	}
	c.remember(origin, allowed, now())
	return allowed, nil
}

func (c *OriginCache) remembered(origin string, now time.Time) (allowed, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[origin]
	if !ok {
		return false, false
	}
	entry := element.Value.(*cached)
	if !now.Before(entry.until) {
		c.order.Remove(element)
		delete(c.entries, origin)
		return false, false
	}
	c.order.MoveToFront(element)
	return entry.allowed, true
}

func (c *OriginCache) remember(origin string, allowed bool, now time.Time) {
	lifetime := c.Refused
	if allowed {
		lifetime = c.Allowed
	}
	switch {
	case lifetime != 0:
	case allowed:
		lifetime = defaultAllowed
	default:
		lifetime = defaultRefused
	}
	size := c.Size
	if size <= 0 {
		size = defaultSize
	}
	entry := &cached{origin, allowed, now.Add(lifetime)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = map[string]*list.Element{}
	}
	if element, ok := c.entries[origin]; ok {
		element.Value = entry
		c.order.MoveToFront(element)
		return
	}
	c.entries[origin] = c.order.PushFront(entry)
	for c.order.Len() > size {
		oldest := c.order.Back()
		c.order.Remove(oldest)
		delete(c.entries, oldest.Value.(*cached).origin)
	}
}
