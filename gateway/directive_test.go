package gateway_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/google/go-cmp/cmp"
)

// adapt turns a Caddyfile into JSON.
func adapt(text string) (string, error) {
	out, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(text), map[string]any{"filename": "Caddyfile"})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, out, "", "\t"); err != nil {
		return "", err
	}
	return b.String() + "\n", nil
}

// The files are as Caddy's own tests have them: a Caddyfile, a line, and the JSON that it stands for.
func TestDirective(t *testing.T) {
	files, err := filepath.Glob("testdata/directive/*.caddyfiletest")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in, want, _ := strings.Cut(string(text), "----------\n")
			got, err := adapt(in)
			if err != nil {
				t.Fatal(err)
			}
			var gotValue, wantValue any
			if err := json.Unmarshal([]byte(want), &wantValue); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(got), &gotValue); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wantValue, gotValue); diff != "" {
				t.Errorf("want -, got +:\n%s\nall of it:\n%s", diff, got)
			}
		})
	}
}

func TestDirectiveRefuses(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"no policy", "cors", "cors has no policy: name origins, or write cors off"},
		{"an empty block", "cors {\n}", "cors has no policy"},
		{"any origin in the wrong place", "cors *", "cors has no policy"},
		{"an origin in the wrong place", "cors https://a.example", `unexpected "https://a.example": origins stand in the block`},
		{"off with a policy", "cors off {\norigins https://a.example\n}", "cors is off, and has a policy"},
		{"no origins", "cors {\nmethods PUT\n}", "origins: no origin is allowed"},
		{"an origin that is none", "cors {\norigins a.example\n}", `origins "a.example": the scheme is missing; write https://a.example`},
		{"any origin with credentials", "cors {\norigins *\ncredentials\n}", "with credentials it lets any site read every response as the signed-in user"},
		{"two mistakes", "cors {\norigins a.example\nmethods put\n}", `methods "put"`},
		{"a bad shadow", "cors {\norigins https://a.example\nshadow {\norigins x\n}\n}", `origins "x"`},
		{"two shadows", "cors {\norigins https://a.example\nshadow {\norigins https://b.example\n}\nshadow {\norigins https://b.example\n}\n}", "shadow stands there twice"},
		{"an unknown word", "cors {\norigin https://a.example\n}", `unknown word "origin"`},
		{"a list without values", "cors {\norigins\n}", "wrong argument count"},
		{"a word twice", "cors {\norigins https://a.example\nmax_age 1m\npreset sse\npreset sse\n}", "preset stands there twice"},
		{"an age that is none", "cors {\norigins https://a.example\nmax_age soon\n}", `invalid max_age "soon": want a duration such as 10m or 24h, or whole seconds`},
		{"a flag that is none", "cors {\norigins https://a.example\ncredentials maybe\n}", "wrong argument count"},
		{"an unknown preset", "cors {\norigins https://a.example\npreset soap\n}", `unknown preset "soap": there are connect, grpc-web`},
		{"an unknown mode", "cors {\norigins https://a.example\nupstream_cors drop\n}", `invalid upstream_cors "drop": want strip, trust or report`},
		{"an unknown check", "cors {\norigins https://a.example\nwebsocket off\n}", `invalid websocket "off": want check or pass`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := adapt(":8080 {\n" + row.text + "\n}\n")
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), "Caddyfile:") {
				t.Errorf("got error %v, want %q with the place", err, row.want)
			}
		})
	}
}

// FuzzDirective holds the directive to: whatever stands in it is an error, or a configuration; nothing panics.
func FuzzDirective(f *testing.F) {
	f.Add("cors {\norigins https://a.example\nshadow {\norigins *\n}\n}")
	f.Add("cors @x off {\nwebsocket pass\n}")
	f.Add("cors {\nmax_age 1")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "import") {
			t.Skip("reads files")
		}
		if out, err := adapt(":8080 {\n" + text + "\n}\n"); err == nil && !json.Valid([]byte(out)) {
			t.Errorf("got %q", out)
		}
	})
}

// Every Caddyfile that docs/gateway.md shows is one.
func TestShownCaddyfiles(t *testing.T) {
	text, err := os.ReadFile("../docs/gateway.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for block := range strings.SplitSeq(string(text), "\n\n") {
		first, _, _ := strings.Cut(block, "\n")
		if !strings.HasPrefix(first, "    ") || !strings.HasSuffix(first, ".example.com {") {
			continue
		}
		shown++
		if _, err := adapt(block); err != nil {
			t.Errorf("%v:\n%s", err, block)
		}
	}
	if shown < 2 {
		t.Errorf("got %d Caddyfiles", shown)
	}
}
