package stacks

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/stack"
)

// SiteHeader is the request header that names one of several sites.
const SiteHeader = "X-Concors-Site"

// IsSlow reports whether a stack takes so long to start that its sites are started [Together].
func IsSlow(s *stack.Stack) bool { return s.ID == "nextjs" }

// Together returns one server for several sites of a variant, by name, of a stack for which [IsSlow] is true. Each request says
// in [SiteHeader] which it is for. The error says that nobody knows how to do that.
func Together(s *stack.Stack, v *stack.Variant, sites map[string][]stack.File) (server.Config, error) {
	c := server.Config{Stack: server.Stack(s.ID), Files: map[string]string{}}
	around, err := fs.Sub(files, path.Join("testdata", s.ID, v.ID))
	if err != nil {
		return c, err
	}
	if err := addFiles(c.Files, around); err != nil {
		return c, fmt.Errorf("no application for the variant %s of %s: %w", v.ID, s.ID, err)
	}
	var imports, names strings.Builder
	for i, name := range slices.Sorted(maps.Keys(sites)) {
		// What is imported, which is the first; the others are the same in every site.
		module := sites[name][0]
		c.Files["sites/"+name+"/"+module.Path] = module.Text
		for _, f := range sites[name][1:] {
			if other, ok := c.Files[f.Path]; ok && other != f.Text {
				return c, fmt.Errorf("%s is not the same in every site", f.Path)
			}
			c.Files[f.Path] = f.Text
		}
		fmt.Fprintf(&imports, "import * as site%d from './%s/%s';\n", i, name, module.Path)
		fmt.Fprintf(&names, "  '%s': site%d,\n", name, i)
	}
	c.Files["sites/index.mjs"] = imports.String() + "\nexport const sites = {\n" + names.String() + "};\n"
	return c, nil
}
