package apache

import (
	"slices"
	"strings"

	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
)

// A part of generate.go that is long enough for a file of its own: folders. The whole path leads below the root of one.

// files writes which folders answer: one is that of the VirtualHost, and others have aliases.
func (h *host) files(list []*answer) string {
	var root string
	var aliases, settings strings.Builder
	var folders []string
	var fallback *policyfile.Files
	for _, a := range list {
		if a.route != nil && a.route.Files != nil {
			root = a.route.Files.Root // at last that of the outermost
			if a.path == "/" {
				fallback = a.route.Files
			}
		}
	}
	for i, a := range list {
		if a.route == nil || a.route.Files == nil {
			continue
		}
		f := a.route.Files
		if !slices.Contains(folders, f.Root) {
			folders = append(folders, f.Root)
		}
		around := root
		if o := outer(list, i); o != nil && o.route.Files != nil {
			around = o.route.Files.Root
		}
		if f.Root != around {
			aliases.WriteString(h.alias(a.path, f.Root))
		}
		switch {
		case f.Fallback != "" && a.path != "/":
			need := stack.Need{Feature: stack.PerPath, Where: "the fallback of the route " + a.path}
			h.findings = append(h.findings, h.stack.CannotExpress(need, "serve a single-page application at /, or leave the fallback out"))
		case f.Fallback == "" && fallback != nil && fallback.Fallback != "" && fallback.Root == f.Root:
			settings.WriteString("<LocationMatch " + paths(a.path) + ">\n    FallbackResource disabled\n</LocationMatch>\n")
		}
	}
	if root == "" {
		return ""
	}
	text := "DocumentRoot " + h.text(root, "the folder") + "\n" + aliases.String()
	for _, folder := range folders {
		if strings.ContainsAny(folder, "*?[") {
			h.refuse("the folder "+folder+" would be a pattern", "give it another name")
		}
		text += "<Directory " + h.text(folder, "the folder") + ">\n    # Otherwise a file .htaccess could change what is said here.\n    AllowOverride None\n    Require all granted\n"
		if fallback != nil && fallback.Root == folder && fallback.Fallback != "" {
			text += "    FallbackResource " + h.text("/"+strings.TrimPrefix(fallback.Fallback, "/"), "the fallback") + "\n"
		}
		text += "</Directory>\n"
	}
	return text + settings.String()
}

// alias has a folder answer for a path.
func (h *host) alias(path, root string) string {
	if strings.ContainsAny(root, `$\`) {
		h.refuse("the folder "+root+" would be a pattern", "give it another name")
	}
	pattern := "^(" + literal(path) + ".*)$"
	if !strings.HasSuffix(path, "/") {
		pattern = "^(" + literal(path) + ")$"
	}
	return `AliasMatch "` + pattern + `" ` + h.text(strings.TrimSuffix(root, "/")+"$1", "the folder") + "\n"
}
