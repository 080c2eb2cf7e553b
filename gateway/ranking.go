package gateway

import (
	"container/heap"
	"sync"
	"time"
)

// A ranking counts the most frequent keys in bounded memory, whatever keys come, by the algorithm Space-Saving: a key that is
// new when there is no room takes the place of the least frequent one, with its count. So no frequent key is missing, and how
// much a count may be too high is known. It is safe for concurrent use.
//
// https://doi.org/10.1007/978-3-540-30570-5_27 (Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k
// elements in data streams, 2005)
type ranking[K comparable, V any] struct {
	room int

	mu    sync.Mutex
	byKey map[K]*ranked[K, V]
	least byCount[K, V] // a heap
}

// ranked is a key with its count.
type ranked[K comparable, V any] struct {
	key   K
	value V
	count uint64
	over  uint64 // by how much the count is too high, at the most
	last  time.Time
	index int // in the heap
}

func newRanking[K comparable, V any](room int) *ranking[K, V] {
	return &ranking[K, V]{room: room, byKey: map[K]*ranked[K, V]{}}
}

// add counts a key; the value goes with it if the key is new.
func (r *ranking[K, V]) add(key K, value V, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.byKey[key]
	switch {
	case e != nil:
	case len(r.least) < r.room:
		e = &ranked[K, V]{key: key, value: value}
		r.byKey[key] = e
		heap.Push(&r.least, e)
	default:
		e = r.least[0]
		delete(r.byKey, e.key)
		e.key, e.value, e.over = key, value, e.count
		r.byKey[key] = e
	}
	e.count++
	e.last = now
	heap.Fix(&r.least, e.index)
}

// all returns what is counted, in no order.
func (r *ranking[K, V]) all() []ranked[K, V] {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]ranked[K, V], len(r.least))
	for i, e := range r.least {
		list[i] = *e
	}
	return list
}

// byCount is a heap with the least frequent key on top.
type byCount[K comparable, V any] []*ranked[K, V]

// Len implements [heap.Interface].
func (h byCount[K, V]) Len() int { return len(h) }

// Less implements [heap.Interface].
func (h byCount[K, V]) Less(i, j int) bool { return h[i].count < h[j].count }

// Swap implements [heap.Interface].
func (h byCount[K, V]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements [heap.Interface].
func (h *byCount[K, V]) Push(x any) {
	e := x.(*ranked[K, V])
	e.index = len(*h)
	*h = append(*h, e)
}

// Pop implements [heap.Interface]. Nothing is ever taken out.
func (h *byCount[K, V]) Pop() any {
	panic("concors: internal error: a ranking forgets nothing by itself")
}
