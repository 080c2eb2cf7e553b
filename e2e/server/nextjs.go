package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// nextjs builds a site, unless that was done before, and serves the build as "next start" does.
func nextjs() driver {
	return driver{
		find: func() error { _, _, err := findNode(NextJS); return err },
		command: func(ctx context.Context, s *site) (*exec.Cmd, error) {
			path, npm, err := findNode(NextJS)
			if err != nil {
				return nil, err
			}
			b := nextBuild{site: s, node: path, npm: npm}
			dir, err := b.find(ctx)
			if err != nil {
				return nil, err
			}
			return b.next(dir, "start", "--hostname", s.host, "--port", s.port), nil
		},
	}
}

// A nextBuild turns a site into what "next start" serves. Builds are slow, and kept: git-ignored, beside node_modules since
// Next.js wants both below one directory.
type nextBuild struct {
	site *site
	node string // path
	npm  string // directory
}

func (b *nextBuild) next(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(b.node, append([]string{filepath.Join(b.npm, "node_modules", "next", "dist", "bin", "next")}, args...)...)
	cmd.Dir = dir
	cmd.Env = b.site.Environ("NEXT_TELEMETRY_DISABLED=1")
	return cmd
}

// find returns the directory of the build.
func (b *nextBuild) find(ctx context.Context) (string, error) {
	key, err := b.key()
	if err != nil {
		return "", err
	}
	kept := filepath.Join(b.npm, ".cache", "next-"+key)
	dir, err := filepath.EvalSymlinks(kept)
	if errors.Is(err, fs.ErrNotExist) {
		return b.build(ctx, kept)
	}
	return dir, err
}

// key tells builds apart by all that goes into one.
func (b *nextBuild) key() (string, error) {
	lock, err := os.ReadFile(filepath.Join(b.npm, "package-lock.json"))
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q", lock)
	for _, name := range slices.Sorted(maps.Keys(b.site.files)) {
		fmt.Fprintf(h, "%q%q", name, b.site.files[name])
	}
	return fmt.Sprintf("%.8x", h.Sum(nil)), nil
}

// buildTimeout is far more than a build needs, even on a busy machine.
const buildTimeout = 5 * time.Minute

// build builds in a directory of its own, which kept is made to lead to only when it is whole. A build knows its own path,
// so it cannot be moved.
func (b *nextBuild) build(ctx context.Context, kept string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(filepath.Dir(kept), "build-")
	if err != nil {
		return "", err
	}
	err = write(dir, b.site.files)
	if err == nil {
		err = b.site.Run(ctx, b.next(dir, "build"))
	}
	if err == nil {
		err = os.RemoveAll(filepath.Join(dir, ".next", "cache")) // four fifths of it, for the next build
	}
	if err == nil {
		err = os.Symlink(filepath.Base(dir), kept)
	}
	if err == nil {
		return dir, nil
	}
	if errors.Is(err, fs.ErrExist) { // somebody else has built the same in the meantime
		defer os.RemoveAll(dir)
		return filepath.EvalSymlinks(kept)
	}
	os.RemoveAll(dir)
	return "", fmt.Errorf("build: %w", err)
}
