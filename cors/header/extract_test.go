package header_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/header"
)

// lines makes a list of one name, among others.
func lines(name string, values ...string) header.List {
	list := header.List{{Name: "X-Before", Value: "a b"}}
	for _, value := range values {
		list = append(list, header.Field{Name: name, Value: value})
	}
	return append(list, header.Field{Name: "X-After", Value: "c d"})
}

func TestExtractTokens(t *testing.T) {
	tests := []struct {
		name   string
		values []string
		tokens []string
		state  header.Extraction
		bad    string
	}{
		{"absent", nil, nil, header.Absent, ""},
		{"one", []string{"GET"}, []string{"GET"}, header.Extracted, ""},
		{"several", []string{"GET, POST,PUT"}, []string{"GET", "POST", "PUT"}, header.Extracted, ""},
		{"whitespace around commas", []string{"\t a \t,\t b \t"}, []string{"a", "b"}, header.Extracted, ""},
		{"two lines", []string{"a, b", "c"}, []string{"a", "b", "c"}, header.Extracted, ""},
		{"case, order and duplicates are kept", []string{"b, A, b, B"}, []string{"b", "A", "b", "B"}, header.Extracted, ""},
		{"every token byte", []string{"!#$%&'*+-.^_`|~09azAZ"}, []string{"!#$%&'*+-.^_`|~09azAZ"}, header.Extracted, ""},
		{"wildcard", []string{"*, Authorization"}, []string{"*", "Authorization"}, header.Extracted, ""},
		{"empty elements", []string{",a,,b,"}, []string{"a", "b"}, header.Extracted, ""},
		{"a comma", []string{","}, nil, header.Extracted, ""},
		{"empty", []string{""}, nil, header.Extracted, ""},
		{"whitespace", []string{" \t "}, nil, header.Extracted, ""},
		{"an empty line among others", []string{"", "a"}, []string{"a"}, header.Extracted, ""},
		{"space inside", []string{"a, b c, d e"}, nil, header.Failure, "b c"},
		{"quotes", []string{`"a"`}, nil, header.Failure, `"a"`},
		{"apostrophes are token bytes", []string{"'a'"}, []string{"'a'"}, header.Extracted, ""},
		{"slash", []string{"a/b"}, nil, header.Failure, "a/b"},
		{"at sign", []string{"a@b"}, nil, header.Failure, "a@b"},
		{"semicolon", []string{"a;q=1"}, nil, header.Failure, "a;q=1"},
		{"non-ASCII", []string{"a, é"}, nil, header.Failure, "é"},
		{"control", []string{"a\x01"}, nil, header.Failure, "a\x01"},
		{"carriage return is not optional whitespace", []string{"a\r,b"}, nil, header.Failure, "a\r"},
		{"failure on the second line", []string{"a", "b c"}, nil, header.Failure, "b c"},
		{"failure before a good line", []string{"[", "a"}, nil, header.Failure, "["},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list := lines("access-control-ALLOW-headers", test.values...)
			tokens, state, bad := header.ExtractTokens(list, header.AllowHeaders)
			if !slices.Equal(tokens, test.tokens) || state != test.state || bad != test.bad {
				t.Errorf("got %q, %v, %q, want %q, %v, %q", tokens, state, bad, test.tokens, test.state, test.bad)
			}
		})
	}
}

func TestExtractDeltaSeconds(t *testing.T) {
	tests := []struct {
		name    string
		values  []string
		seconds uint64
		state   header.Extraction
	}{
		{"absent", nil, 0, header.Absent},
		{"zero", []string{"0"}, 0, header.Extracted},
		{"a number", []string{"7200"}, 7200, header.Extracted},
		{"leading zeros", []string{"0007200"}, 7200, header.Extracted},
		{"largest", []string{"18446744073709551615"}, math.MaxUint64, header.Extracted},
		{"one too large", []string{"18446744073709551616"}, math.MaxUint64, header.Extracted},
		{"far too large, ending in zeros", []string{"999999999999999999999990000"}, math.MaxUint64, header.Extracted},
		{"two lines", []string{"600", "600"}, 0, header.Failure},
		{"a list", []string{"600, 600"}, 0, header.Failure},
		{"negative", []string{"-1"}, 0, header.Failure},
		{"sign", []string{"+5"}, 0, header.Failure},
		{"fraction", []string{"1.5"}, 0, header.Failure},
		{"unit", []string{"10s"}, 0, header.Failure},
		{"space", []string{" 10"}, 0, header.Failure},
		{"empty", []string{""}, 0, header.Failure},
		{"empty second line", []string{"600", ""}, 0, header.Failure},
		{"Arabic-Indic digits", []string{"١"}, 0, header.Failure},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seconds, state := header.ExtractDeltaSeconds(lines("Access-Control-Max-Age", test.values...), header.MaxAge)
			if seconds != test.seconds || state != test.state {
				t.Errorf("got %d, %v, want %d, %v", seconds, state, test.seconds, test.state)
			}
		})
	}
}

// TestHostileInput would not end if any of it took time in the square of the input's size.
func TestHostileInput(t *testing.T) {
	const size = 1 << 20
	many := make(header.List, 100_000)
	for i := range many {
		many[i] = header.Field{Name: "A", Value: "a,b"}
	}
	one := func(value string) header.List { return header.List{{Name: "A", Value: value}} }
	tests := []struct {
		name string
		run  func()
	}{
		{"commas", func() { header.ExtractTokens(one(strings.Repeat(",", size)), "a") }},
		{"spaces", func() { header.ExtractTokens(one(strings.Repeat(" ", size)), "a") }},
		{"spaces and commas", func() { header.ExtractTokens(one(strings.Repeat("  ,", size)), "a") }},
		{"one long element", func() { header.ExtractTokens(one(strings.Repeat("a", size)), "a") }},
		{"many elements", func() { header.ExtractTokens(one(strings.Repeat("a,", size)), "a") }},
		{"digits", func() { header.ExtractDeltaSeconds(one(strings.Repeat("9", size)), "a") }},
		{"many lines", func() { header.ExtractTokens(many, "a") }},
		{"join", func() { many.Get("a") }},
		{"set", func() { list := many.Clone(); list.Set("a", "b") }},
		{"delete", func() { list := many.Clone(); list.Delete("a") }},
		{"MIME type", func() { header.ParseMIMEEssence(strings.Repeat("a/", size)) }},
		{"trailing whitespace", func() { header.ParseMIMEEssence("a/b" + strings.Repeat(" ", size) + ";") }},
		{"names", func() { header.IsForbiddenRequestName(strings.Repeat("a", size)) }},
		{"lower", func() { header.Lower(strings.Repeat("A", size)) }},
		{"normalize", func() { _ = header.Normalize(strings.Repeat(" ", size)) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(*testing.T) { test.run() })
	}
}

func TestExtractionString(t *testing.T) {
	tests := []struct {
		name  string
		state header.Extraction
		want  string
	}{
		{"absent", header.Absent, "absent"},
		{"failure", header.Failure, "failure"},
		{"extracted", header.Extracted, "extracted"},
		{"none of them", header.Extraction(9), "unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.state.String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzExtractTokens checks that an extracted list means what it meant: all tokens, nothing lost but empty elements, and
// the same tokens however they are spread over lines.
func FuzzExtractTokens(f *testing.F) {
	for _, seed := range []string{"", ",", "a, b", "a b", " a\t,,b ", "\x00", "é", "*,Authorization", "a\r\n,b"} {
		f.Add(seed, "c")
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		list := header.List{{Name: "A", Value: first}, {Name: "b", Value: "x y"}, {Name: "a", Value: second}}
		tokens, state, bad := header.ExtractTokens(list, "a")
		switch state {
		case header.Extracted:
			if bad != "" {
				t.Fatalf("extracted, and yet %q is bad", bad)
			}
		case header.Failure:
			if tokens != nil || bad == "" || header.IsToken(bad) || !strings.Contains(first, bad) && !strings.Contains(second, bad) {
				t.Fatalf("failure with tokens %q, bad element %q", tokens, bad)
			}
			return
		default:
			t.Fatalf("got state %v", state)
		}
		for _, token := range tokens {
			if !header.IsToken(token) {
				t.Fatalf("%q is not a token", token)
			}
		}
		compact := func(s string) string {
			return strings.NewReplacer(",", "", " ", "", "\t", "").Replace(s)
		}
		if got, want := strings.Join(tokens, ""), compact(first)+compact(second); got != want {
			t.Fatalf("got tokens %q, which are not all of %q and %q", tokens, first, second)
		}
		joined, _ := list.Get("a")
		for name, same := range map[string]header.List{
			"joined":    {{Name: "a", Value: joined}},
			"rewritten": {{Name: "a", Value: strings.Join(tokens, ",")}},
		} {
			again, state, _ := header.ExtractTokens(same, "a")
			if state != header.Extracted || !slices.Equal(again, tokens) {
				t.Fatalf("%s: got %q, %v, want %q", name, again, state, tokens)
			}
		}
	})
}

func ExampleExtractTokens() {
	list := header.List{
		{Name: header.AllowMethods, Value: "GET, PATCH"},
		{Name: header.AllowHeaders, Value: `"X-Id", X-Other`},
	}
	for _, name := range []string{header.AllowMethods, header.AllowHeaders, header.ExposeHeaders} {
		tokens, state, bad := header.ExtractTokens(list, name)
		fmt.Printf("%v %q %q\n", state, tokens, bad)
	}
	// Output:
	// extracted ["GET" "PATCH"] ""
	// failure [] "\"X-Id\""
	// absent [] ""
}

func BenchmarkExtractTokens(b *testing.B) {
	list := lines(header.AllowHeaders, "Authorization, Content-Type, X-Request-Id, X-Csrf-Token")
	b.ReportAllocs()
	for b.Loop() {
		if _, state, _ := header.ExtractTokens(list, header.AllowHeaders); state != header.Extracted {
			b.Fatal(state)
		}
	}
}
