package corpus

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// files is the corpus.
//
//go:embed deviations.txt */*.txt
var files embed.FS

// Cases returns the corpus, sorted by name. The slice is the caller's; the cases are shared.
func Cases() []Case {
	cases, err := Load(files)
	if err != nil {
		panic(fmt.Sprintf("concors: internal error: the embedded corpus: %v", err))
	}
	return cases
}

// Load reads cases from files: each .txt in a folder. It reports the first mistake of every file; such an error is a
// [*SyntaxError].
func Load(fsys fs.FS) ([]Case, error) {
	paths, err := fs.Glob(fsys, "*/*.txt")
	if err != nil {
		return nil, err
	}
	var cases []Case
	var errs []error
	for _, p := range paths {
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		c, err := parse(strings.TrimSuffix(p, path.Ext(p)), p, string(text))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		cases = append(cases, *c)
	}
	return cases, errors.Join(errs...)
}
