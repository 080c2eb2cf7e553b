package browser

import "sync"

// A transcript collects console lines until they are taken. Its methods may be called concurrently.
type transcript struct {
	mu    sync.Mutex
	lines []ConsoleLine
}

// maxLines bounds a transcript that nobody takes; the oldest lines go first.
const maxLines = 10_000

func (t *transcript) add(line ConsoleLine) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == maxLines {
		t.lines = t.lines[1:]
	}
	t.lines = append(t.lines, line)
}

func (t *transcript) take() []ConsoleLine {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.lines
	t.lines = nil
	return lines
}
