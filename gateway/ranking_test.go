package gateway

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever comes beside them, what is frequent is there, and no count is further off than it says.
func TestRanking(t *testing.T) {
	const room, noise = 50, 20_000
	g := rand.New(rand.NewPCG(1, 2))
	var keys []string
	for i := range noise {
		keys = append(keys, fmt.Sprintf("noise %d", i))
	}
	often := map[string]int{"a": 2000, "b": 1000, "c": 700}
	for key, n := range often {
		for range n {
			keys = append(keys, key)
		}
	}
	g.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	r := newRanking[string, string](room)
	for i, key := range keys {
		r.add(key, "of "+key, time.Unix(int64(i), 0))
	}
	list := r.all()
	if len(list) != room || len(r.byKey) != room {
		t.Errorf("got %d keys and %d by key, want %d", len(list), len(r.byKey), room)
	}
	total, got := uint64(0), map[string]bool{}
	for _, e := range list {
		total += e.count
		got[e.key] = true
		is := uint64(1)
		if n, ok := often[e.key]; ok {
			is = uint64(n)
		}
		if e.count < is || e.count-e.over > is {
			t.Errorf("%s: got %d, at most %d too many, and it is %d", e.key, e.count, e.over, is)
		}
		if e.value != "of "+e.key {
			t.Errorf("%s: got the value %q", e.key, e.value)
		}
	}
	if total != uint64(len(keys)) {
		t.Errorf("got %d in all, want %d", total, len(keys))
	}
	for key := range often {
		if !got[key] {
			t.Errorf("%s is missing", key)
		}
	}
}
