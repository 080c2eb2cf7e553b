package lint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The bounds of a project.
const (
	maxFiles  = 200_000
	maxDepth  = 64
	maxLength = 1 << 20 // of a file; what is larger was not written by a person
)

// files are those of a project: names with slashes, as the paths that were given lead to them.
type files struct {
	names []string // sorted
	roots map[string]place
	texts map[string][]byte
	cut   string // why the rest is not looked at; empty where all is
}

// A place is where a file is: a name in a folder that was given. No link leads out of it.
type place struct {
	root *os.Root
	name string
}

// isLeftOut reports whether a folder holds what others wrote, or what was built.
func isLeftOut(name string) bool {
	switch name {
	case "node_modules", "bower_components", "vendor", "third_party", "dist", "build", "out", "target", "coverage", "__pycache__",
		"venv", "site-packages", "Pods", ".git", ".hg", ".svn", ".next", ".nuxt", ".output", ".svelte-kit", ".turbo", ".cache", ".venv", ".tox",
		".terraform", ".yarn", ".pnpm-store", ".gradle", ".idea", ".vercel", ".netlify":
		return true
	}
	return false
}

// find lists the files below paths. Links are not followed, other than a path itself; what is no regular file is left out. An
// error is about a path that cannot be opened.
func find(ctx context.Context, paths []string) (*files, error) {
	f := &files{roots: map[string]place{}, texts: map[string][]byte{}}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return f, err
		}
		dir, base := p, "."
		if !info.IsDir() {
			target, err := filepath.EvalSymlinks(p)
			if err != nil {
				return f, err
			}
			dir, base = filepath.Split(target)
			if dir == "" {
				dir = "."
			}
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			return f, err
		}
		if !info.IsDir() {
			f.add(filepath.ToSlash(p), place{root, base})
			continue
		}
		if err := f.walk(ctx, root, filepath.ToSlash(p)); err != nil {
			return f, err
		}
	}
	slices.Sort(f.names)
	return f, nil
}

func (f *files) add(name string, at place) {
	name = path.Clean(name)
	if _, known := f.roots[name]; !known {
		f.names = append(f.names, name)
		f.roots[name] = at
	}
}

// walk adds what is below a folder. What cannot be opened in it is left out.
func (f *files) walk(ctx context.Context, root *os.Root, prefix string) error {
	err := fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			f.cut = isOver
			return fs.SkipAll
		case err != nil:
			if d != nil && d.IsDir() && name != "." {
				return fs.SkipDir
			}
			return err
		case len(f.names) >= maxFiles:
			f.cut = fmt.Sprintf("there are more than %d files", maxFiles)
			return fs.SkipAll
		case d.IsDir():
			if name != "." && (isLeftOut(d.Name()) || strings.Count(name, "/") >= maxDepth) {
				return fs.SkipDir
			}
		case d.Type().IsRegular():
			f.add(path.Join(prefix, name), place{root, name})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", prefix, err)
	}
	return nil
}

// errTooLong is what reading a file beyond the bound gives.
var errTooLong = errors.New("the file is too long")

// read returns the text of a file.
func (f *files) read(name string) ([]byte, error) {
	if text, ok := f.texts[name]; ok {
		return text, nil
	}
	at, ok := f.roots[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	file, err := at.root.Open(filepath.FromSlash(at.name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// It may have become something else since it was listed.
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fs.ErrInvalid
	}
	text, err := io.ReadAll(io.LimitReader(file, maxLength+1))
	if err == nil && len(text) > maxLength {
		err = errTooLong
	}
	return text, err
}

// keep remembers the text of a file.
func (f *files) keep(name string, text []byte) { f.texts[name] = text }

// close lets go of the folders.
func (f *files) close() {
	closed := map[*os.Root]bool{}
	for _, at := range f.roots {
		if !closed[at.root] {
			closed[at.root] = true
			at.root.Close()
		}
	}
}
