package config

import (
	"maps"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/concors/concors/policyfile"
)

// files answers with files of a folder, and where there is none with the fallback, if there is one.
func (b *builder) files(route *policyfile.Route) []object {
	f := route.Files
	server := object{"handler": "file_server", "root": literal(f.Root), "hide": b.hidden(f.Root)}
	if route.Compress {
		server["precompressed"] = object{"br": object{}, "gzip": object{}, "zstd": object{}}
		server["precompressed_order"] = []string{"br", "zstd", "gzip"}
	}
	var chain []object
	if f.MaxAge > 0 {
		chain = append(chain, caching(f)...)
	}
	if f.Fallback == "" {
		return append(chain, server)
	}
	first := object{"pass_thru": true}
	maps.Copy(first, server)
	chain = append(chain, first)
	if f.MaxAge > 0 {
		chain = append(chain, object{"handler": "vars", cacheControl: askAgain})
	}
	return append(chain, object{"handler": "rewrite", "uri": literal(fallbackPath(f))}, server)
}

func fallbackPath(f *policyfile.Files) string {
	return "/" + strings.TrimPrefix(filepath.ToSlash(f.Fallback), "/")
}

// How long a file may be kept is known when it is clear which file it is, and goes into the answer when it is clear that
// there is one. Between the two it is in a variable.
const (
	cacheControl = "concors_cache_control"
	askAgain     = "no-cache"
)

// caching lets files be kept, but index files, which have to be asked for again: they name the others.
func caching(f *policyfile.Files) []object {
	index := []string{"*/", "*/index.html"}
	if f.Fallback != "" {
		index = append(index, fallbackPath(f))
	}
	again := object{"handler": "vars", cacheControl: askAgain}
	keep := object{"handler": "vars", cacheControl: "max-age=" + strconv.FormatInt(int64(f.MaxAge/time.Second), 10)}
	return []object{
		keep,
		{"handler": "subroute", "routes": []object{{"match": []object{{"path": index}}, "handle": []object{again}}}},
		{"handler": "headers", "response": object{
			"deferred": true,
			"require":  object{"status_code": []int{2, 304}},
			"set":      http.Header{"Cache-Control": {"{http.vars." + cacheControl + "}"}},
		}},
	}
}

// hidden are the files that the program itself reads or writes: where one is below the root, no client gets it.
func (b *builder) hidden(root string) []string {
	g := &b.file.Gateway
	names := []string{b.file.Name, g.Storage}
	if g.AccessLog != "stdout" && g.AccessLog != "stderr" {
		names = append(names, g.AccessLog)
	}
	if g.TLS != nil {
		names = append(names, g.TLS.Certificate, g.TLS.Key)
	}
	hidden := []string{}
	for _, name := range names {
		if name == "" {
			continue
		}
		if absolute, err := filepath.Abs(name); err == nil {
			hidden = append(hidden, literal(absolute))
		}
	}
	return sorted(hidden)
}
