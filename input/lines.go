package input

import (
	"errors"
	"io"
	"sort"
)

const maxBreaks = 1 << 20

// A lineCounter passes on what it reads and knows the line of every place that is still of interest: [lineCounter.at] is to
// be asked for places in rising order. It remembers the line breaks between the last place asked for and the last byte
// read, no text. Where these are more than maxBreaks, lines may come out too high.
type lineCounter struct {
	r      io.Reader
	read   int64   // bytes
	text   int64   // where the last byte ends that is not white space
	passed int     // line breaks that are forgotten
	breaks []int64 // offsets of the others
	err    error   // of the reader, but for io.EOF
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, c := range p[:n] {
		switch c {
		case '\n':
			if len(l.breaks) == maxBreaks {
				l.breaks = l.breaks[1:]
				l.passed++
			}
			l.breaks = append(l.breaks, l.read+int64(i))
		case ' ', '\t', '\r':
		default:
			l.text = l.read + int64(i) + 1
		}
	}
	l.read += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}

// at returns the line of an offset, 1 for the first.
func (l *lineCounter) at(offset int64) int {
	n := sort.Search(len(l.breaks), func(i int) bool { return l.breaks[i] >= offset })
	l.passed += n
	l.breaks = l.breaks[n:]
	return l.passed + 1
}
