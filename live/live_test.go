package live_test

import (
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/live"
)

func TestNew(t *testing.T) {
	for _, test := range []struct {
		name   string
		config live.Config
		want   []string // in the error, a part for each problem
	}{
		{"browser", live.Config{Browser: "netscape"}, []string{`invalid browser "netscape"`}},
		{"a body that the request does not have", live.Config{Body: []byte("x")}, []string{"invalid body: the request says that it has none"}},
		{"a body that is not multipart", live.Config{Request: &fetch.Request{Body: fetch.BodyMultipart}, Body: []byte("a=b")}, []string{"invalid body: not multipart/form-data"}},
		{"a boundary that is too long", live.Config{Request: &fetch.Request{Body: fetch.BodyMultipart}, Body: []byte("--" + strings.Repeat("x", 71) + "\r\n")}, []string{"invalid body"}},
		{"proxy", live.Config{Proxy: "http://u:hidden@:x"}, []string{"invalid proxy: not a URL"}},
		{"scheme of a proxy", live.Config{Proxy: "ftp://u:hidden@a.example"}, []string{`invalid proxy: scheme "ftp" is not http, https or socks5`}},
		{"proxy and resolve", live.Config{Proxy: "a.example", Resolve: make([]live.Resolution, 1)}, []string{"invalid proxy: it looks up names itself"}},
		{"proxy of the environment", live.Config{Getenv: func(name string) string { return "gopher://u:hidden@" + strings.ToLower(name) }}, []string{"invalid http_proxy", "invalid https_proxy"}},
		{"all at once", live.Config{Browser: "x", Body: []byte("x"), Proxy: "%"}, []string{"invalid browser", "invalid body", "invalid proxy"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.config.Page = &fetch.Page{}
			if test.config.Request == nil {
				test.config.Request = &fetch.Request{}
			}
			n, err := live.New(t.Context(), test.config)
			if err == nil {
				n.Close()
				t.Fatal("got no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hidden") {
					t.Errorf("got error %v, want %q and no secret", err, want)
				}
			}
		})
	}
	if _, err := live.New(t.Context(), live.Config{}); err == nil {
		t.Error("without a page and a request: got no error")
	}
}
