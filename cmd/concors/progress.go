package main

import (
	"fmt"
	"io"

	"github.com/concors/concors/internal/term"
)

// A progress line says on a terminal how far long work has come. Elsewhere there is none.
type progress struct {
	w    io.Writer // nil for none
	what string
	told bool
}

func (o *output) progress(what string) *progress {
	if !term.IsTerminal(o.err) {
		return &progress{}
	}
	return &progress{w: o.err, what: what}
}

// tell replaces the line.
func (p *progress) tell(done, all int) {
	if p.w != nil && all > 0 {
		p.told = true
		fmt.Fprintf(p.w, "\rconcors: %s: %d of %d", p.what, done, all)
	}
}

// end takes the line away.
func (p *progress) end() {
	if p.told {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
