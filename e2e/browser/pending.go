package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
)

// A reply is the answer to one command of a protocol.
type reply struct {
	result json.RawMessage
	err    error
}

// pending holds the commands of one connection that have no answer yet. Its methods may be called concurrently.
type pending struct {
	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
	broken  error // why there will be no more answers
}

// add returns the number of a new command and the channel on which its answer will come.
func (p *pending) add() (int, chan reply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last++
	ch := make(chan reply, 1)
	if p.broken != nil {
		ch <- reply{err: p.broken}
		return p.last, ch
	}
	if p.waiting == nil {
		p.waiting = map[int]chan reply{}
	}
	p.waiting[p.last] = ch
	return p.last, ch
}

// settle hands an answer to whoever waits for it.
func (p *pending) settle(id int, r reply) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ch, ok := p.waiting[id]; ok {
		ch <- r
		delete(p.waiting, id)
	}
}

// fail answers every command, also those to come, with an error.
func (p *pending) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = fmt.Errorf("the browser is gone: %w", err)
	for id, ch := range p.waiting {
		ch <- reply{err: p.broken}
		delete(p.waiting, id)
	}
}

// wait returns the answer to command id, decoded into result unless that is nil.
func (p *pending) wait(ctx context.Context, id int, ch chan reply, result any) error {
	select {
	case r := <-ch:
		if r.err != nil || result == nil {
			return r.err
		}
		return json.Unmarshal(r.result, result)
	case <-ctx.Done():
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.waiting, id)
		return context.Cause(ctx)
	}
}
