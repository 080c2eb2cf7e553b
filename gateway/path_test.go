package gateway

import (
	"strings"
	"testing"
)

func TestPlainPath(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"/", "/"},
		{"/a/b", "/a/b"},
		{"/a/b/", "/a/b/"},
		{"/.well-known/x", "/.well-known/x"},
		{"/a/.../b", "/a/.../b"},
		{"/a//b", "/a/b"},
		{"//a", "/a"},
		{"/a/../b", "/b"},
		{"/a/..", "/"},
		{"/a/b/..", "/a/"},
		{"/a/./b/.", "/a/b/"},
		{"/../../a", "/a"},
		{`/a\..\b`, "/b"},
		{"/a;v=1/b", "/a/b"},
		{"/a/..;/b", "/b"},
		{"/a;/", "/a/"},
		{"*", "*"},
		{"", ""},
	} {
		t.Run(row.in, func(t *testing.T) {
			if got := plainPath(row.in); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func FuzzPlainPath(f *testing.F) {
	for _, seed := range []string{"/", "/a/../b", `\..\`, "/;/..;", "//", "/a/."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, p string) {
		plain := plainPath(p)
		if again := plainPath(plain); again != plain {
			t.Errorf("%q is %q, and then %q", p, plain, again)
		}
		if plain != p && (strings.ContainsAny(plain, `\;`) || strings.Contains(plain, "//") || strings.Contains(plain+"/", "/../")) {
			t.Errorf("%q is %q", p, plain)
		}
	})
}
