package header_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/concors/concors/cors/header"
)

// TestNameSets gives the sets that each name is in; it must be in no other, in any case.
func TestNameSets(t *testing.T) {
	sets := map[string]func(string) bool{
		"forbidden request":   header.IsForbiddenRequestName,
		"method override":     header.IsMethodOverrideName,
		"safelisted request":  header.IsSafelistedRequestName,
		"no-cors":             header.IsNoCORSSafelistedName,
		"safelisted response": header.IsSafelistedResponseName,
		"forbidden response":  header.IsForbiddenResponseName,
		"request body":        header.IsRequestBodyName,
	}
	tests := []struct {
		name string
		in   string // the sets, joined with a comma
	}{
		{"Accept", "safelisted request, no-cors"},
		{"Accept-Language", "safelisted request, no-cors"},
		{"Content-Language", "safelisted request, no-cors, safelisted response, request body"},
		{"Content-Type", "safelisted request, no-cors, safelisted response, request body"},
		{"Range", "safelisted request"},
		{"Content-Encoding", "request body"},
		{"Content-Location", "request body"},
		{"Cache-Control", "safelisted response"},
		{"Content-Length", "safelisted response, forbidden request"},
		{"Expires", "safelisted response"},
		{"Last-Modified", "safelisted response"},
		{"Pragma", "safelisted response"},
		{"Set-Cookie", "forbidden request, forbidden response"},
		{"Set-Cookie2", "forbidden response"},
		{"Accept-Charset", "forbidden request"},
		{"Accept-Encoding", "forbidden request"},
		{"Access-Control-Request-Headers", "forbidden request"},
		{"Access-Control-Request-Method", "forbidden request"},
		{"Connection", "forbidden request"},
		{"Cookie", "forbidden request"},
		{"Cookie2", "forbidden request"},
		{"Date", "forbidden request"},
		{"DNT", "forbidden request"},
		{"Expect", "forbidden request"},
		{"Host", "forbidden request"},
		{"Keep-Alive", "forbidden request"},
		{"Origin", "forbidden request"},
		{"Referer", "forbidden request"},
		{"TE", "forbidden request"},
		{"Trailer", "forbidden request"},
		{"Transfer-Encoding", "forbidden request"},
		{"Upgrade", "forbidden request"},
		{"Via", "forbidden request"},
		{"Proxy-", "forbidden request"},
		{"Proxy-Authorization", "forbidden request"},
		{"Sec-", "forbidden request"},
		{"Sec-Fetch-Mode-Whatever-And-Longer-Than-Any-Name", "forbidden request"},
		{"X-HTTP-Method", "method override"},
		{"X-HTTP-Method-Override", "method override"},
		{"X-Method-Override", "method override"},
		{"User-Agent", ""},
		{"Authorization", ""},
		{"If-None-Match", ""},
		{"Access-Control-Request-Private-Network", ""},
		{"Access-Control-Request-Header\u017f", ""},
		{"Proxy", ""},
		{"Security", ""},
		{"X-Sec-Thing", ""},
		{"Content-Typ", ""},
		{"Content-Type ", ""},
		{"Date\x00", ""},
		{"", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := map[string]bool{}
			for set := range strings.SplitSeq(test.in, ", ") {
				want[set] = true
			}
			for set, is := range sets {
				for _, name := range []string{test.name, strings.ToLower(test.name), strings.ToUpper(test.name)} {
					if strings.ContainsRune(test.name, '\u017f') && name != test.name {
						continue // Unicode would fold it into the set
					}
					if got := is(name); got != want[set] {
						t.Errorf("%s: %q: got %v, want %v", set, name, got, want[set])
					}
				}
			}
		})
	}
}

func TestLookupsDoNotAllocate(t *testing.T) {
	list := header.List{{"Vary", "Origin"}, {"Access-Control-Allow-Origin", "*"}, {"Access-Control-Max-Age", "600"}}
	tests := []struct {
		name string
		run  func()
	}{
		{"Get", func() { list.Get("ACCESS-CONTROL-ALLOW-ORIGIN") }},
		{"Has", func() { list.Has("x-absent") }},
		{"Values", func() {
			for range list.Values("vary") {
			}
		}},
		{"ExtractDeltaSeconds", func() { header.ExtractDeltaSeconds(list, header.MaxAge) }},
		{"IsForbiddenRequestName", func() { header.IsForbiddenRequestName("Access-Control-Request-Headers") }},
		{"IsMethodOverrideName", func() { header.IsMethodOverrideName("X-HTTP-Method-Override") }},
		{"IsSafelistedRequestName", func() { header.IsSafelistedRequestName("Content-Type") }},
		{"IsSafelistedResponseName", func() { header.IsSafelistedResponseName("Cache-Control") }},
		{"IsForbiddenResponseName", func() { _ = header.IsForbiddenResponseName("SET-COOKIE2") }},
		{"IsRequestBodyName", func() { header.IsRequestBodyName("Content-Location") }},
		{"Lower of lower", func() { header.Lower("content-type") }},
		{"ParseMIMEEssence of lower", func() { header.ParseMIMEEssence(" text/plain ; charset=UTF-8") }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := testing.AllocsPerRun(100, test.run); got != 0 {
				t.Errorf("got %v allocations, want none", got)
			}
		})
	}
}

func ExampleIsForbiddenRequestName() {
	for _, name := range []string{"Origin", "sec-fetch-site", "Authorization"} {
		fmt.Println(name, header.IsForbiddenRequestName(name))
	}
	// Output:
	// Origin true
	// sec-fetch-site true
	// Authorization false
}

func BenchmarkIsForbiddenRequestName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if header.IsForbiddenRequestName("Content-Type") {
			b.Fatal("forbidden")
		}
	}
}
