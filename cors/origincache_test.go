package cors_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/concors/concors/cors"
)

func TestOriginCache(t *testing.T) {
	var asked []string
	now := time.Unix(0, 0)
	broken := true
	c := &cors.OriginCache{
		Ask: func(_ context.Context, origin string) (bool, error) {
			asked = append(asked, origin)
			if origin == "broken" && broken {
				return true, errors.New("no database")
			}
			return strings.HasPrefix(origin, "tenant"), nil
		},
		Allowed: time.Minute, Refused: time.Second, Size: 2, Now: func() time.Time { return now },
	}
	for _, step := range []struct {
		name    string
		after   time.Duration
		origin  string
		allowed bool
		fails   bool
		asks    bool
	}{
		{"first", 0, "tenant", true, false, true},
		{"remembered", 59 * time.Second, "tenant", true, false, false},
		{"over", time.Second, "tenant", true, false, true},
		{"refused", 0, "evil", false, false, true},
		{"refused, remembered", 999 * time.Millisecond, "evil", false, false, false},
		{"refused, over", time.Millisecond, "evil", false, false, true},
		{"an error refuses", 0, "broken", false, true, true},
		{"and is not remembered", 0, "broken", false, true, true},
		{"a third one", 0, "tenant-2", true, false, true},
		{"the one asked for longest ago is forgotten", 0, "tenant", true, false, true},
		{"the others are not", 0, "tenant-2", true, false, false},
	} {
		t.Run(step.name, func(t *testing.T) {
			now = now.Add(step.after)
			asked = nil
			allowed, err := c.Allow(t.Context(), step.origin)
			if allowed != step.allowed || (err != nil) != step.fails || (asked != nil) != step.asks {
				t.Errorf("got %t, %v, asked %v", allowed, err, asked)
			}
		})
	}
}

func TestOriginCacheConcurrently(t *testing.T) {
	c := &cors.OriginCache{Ask: func(_ context.Context, origin string) (bool, error) { return len(origin)%2 == 0, nil }, Size: 10}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 1000 {
				origin := fmt.Sprint("https://", i%50, ".example")
				if allowed, err := c.Allow(t.Context(), origin); err != nil || allowed != (len(origin)%2 == 0) {
					t.Errorf("%s: got %t, %v", origin, allowed, err)
				}
			}
		})
	}
	wg.Wait()
}
