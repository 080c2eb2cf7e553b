package house

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// fileSize: a Go file holds one idea, and none needs more than 700 lines.
func fileSize(t *tree, found *problems) {
	const most = 700
	for _, f := range t.files {
		if f.lines > most {
			found.add(f.path, f.lines, "%d lines: split it, %d is the most", f.lines, most)
		}
	}
}

// fileNames: names tell what is inside.
func fileNames(t *tree, found *problems) {
	vague := []string{"util", "utils", "common", "helper", "helpers", "misc", "pkg", "types"}
	for _, dir := range t.dirs {
		if slices.Contains(vague, path.Base(dir)) {
			found.add(dir, 1, "directory name %q says nothing", path.Base(dir))
		}
	}
	for _, f := range t.files {
		base := strings.TrimSuffix(strings.TrimSuffix(path.Base(f.path), ".go"), "_test")
		if slices.Contains(vague, strings.TrimRight(base, "0123456789")) || base == "errors2" {
			found.add(f.path, 1, "file name %q says nothing", path.Base(f.path))
		}
		name := strings.TrimSuffix(f.syntax.Name.Name, "_test")
		if slices.Contains(vague, name) && name != path.Base(f.dir) {
			found.add(f.path, f.line(f.syntax.Name.Pos()), "package name %q says nothing", name)
		}
	}
}

// noReplace: a replace in a go.mod breaks "go install ...@latest" for everybody else.
func noReplace(t *tree, found *problems) {
	for _, m := range t.modules {
		for _, line := range m.replaces {
			found.add(path.Join(m.dir, "go.mod"), line, "replace: the workspace does that")
		}
	}
}

// requirementReasons: a trailing comment says why each direct requirement is there.
func requirementReasons(t *tree, found *problems) {
	for _, m := range t.modules {
		for _, r := range m.requires {
			if r.comment == "" {
				found.add(path.Join(m.dir, "go.mod"), r.line, "no comment says why %s is required", r.path)
			}
		}
	}
}

// license: there is one.
func license(t *tree, found *problems) {
	text, err := fs.ReadFile(t.fsys, "LICENSE")
	if err != nil || !bytes.Contains(text, []byte("MIT License")) {
		found.add("LICENSE", 1, "no MIT License")
	}
}

// absolutePaths: no file knows whose machine it was written on.
func absolutePaths(t *tree, found *problems) {
	homes := regexp.MustCompile(`(^|[^A-Za-z0-9_.\-/])(/(home/[a-z]|Users/[a-z]|root/)|[A-Z]:\\\\?Users)`)
	for _, p := range t.paths {
		text, err := fs.ReadFile(t.fsys, p)
		if err != nil || bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
			continue // not text
		}
		line := 0
		for s := range strings.Lines(string(text)) {
			line++
			if m := homes.FindStringSubmatch(s); m != nil {
				found.add(p, line, "path of somebody's machine: %s", m[2])
			} else if len(t.root) > 1 && strings.Contains(s, t.root+"/") {
				found.add(p, line, "path of this checkout")
			}
		}
	}
}
