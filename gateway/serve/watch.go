package serve

import (
	"os"
	"slices"
	"time"
)

// lookEvery is how often files are looked at: a change is taken at the second look that finds nothing new, and is to be
// served within a second.
const lookEvery = 200 * time.Millisecond

// watch tells when files have changed and stand still again. It looks at them by name, so it does not matter how they are
// replaced, or over which file system.
type watch struct {
	files       []string
	seen, taken []os.FileInfo // nil for a file that is not there
}

func newWatch(files []string) *watch {
	w := &watch{files: files}
	w.seen = w.look()
	w.taken = w.seen
	return w
}

// changed looks once. It reports whether the files stood still since the last look, and are not what they were when it last
// said so.
func (w *watch) changed() bool {
	now := w.look()
	still := slices.EqualFunc(now, w.seen, sameFile)
	w.seen = now
	if !still || slices.EqualFunc(now, w.taken, sameFile) {
		return false
	}
	w.taken = now
	return true
}

func (w *watch) look() []os.FileInfo {
	list := make([]os.FileInfo, len(w.files))
	for i, name := range w.files {
		if info, err := os.Stat(name); err == nil {
			list[i] = info
		}
	}
	return list
}

func sameFile(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}
