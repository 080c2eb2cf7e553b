package header_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/concors/concors/cors/header"
)

func TestGet(t *testing.T) {
	list := header.List{
		{Name: "Vary", Value: "Origin"},
		{Name: "X-Empty", Value: ""},
		{Name: "vary", Value: "Accept"},
		{Name: "VARY", Value: ""},
		{Name: "X-\u212aey", Value: "kelvin"},
	}
	tests := []struct {
		name   string
		lookup string
		want   string
		ok     bool
		values []string
	}{
		{"three lines in three cases", "vAry", "Origin, Accept, ", true, []string{"Origin", "Accept", ""}},
		{"an empty line is there", "x-empty", "", true, []string{""}},
		{"absent", "X-Absent", "", false, nil},
		{"case is folded for ASCII only", "X-Key", "", false, nil},
		{"empty name", "", "", false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := list.Get(test.lookup); got != test.want || ok != test.ok {
				t.Errorf("Get: got %q, %v, want %q, %v", got, ok, test.want, test.ok)
			}
			if got := list.Has(test.lookup); got != test.ok {
				t.Errorf("Has: got %v, want %v", got, test.ok)
			}
			if got := slices.Collect(list.Values(test.lookup)); !slices.Equal(got, test.values) {
				t.Errorf("Values: got %q, want %q", got, test.values)
			}
		})
	}
}

func TestValuesStops(t *testing.T) {
	list := header.List{{"A", "1"}, {"a", "2"}}
	for value := range list.Values("a") {
		if value != "1" {
			t.Fatalf("got %q after break, want 1 only", value)
		}
		break
	}
}

func TestModify(t *testing.T) {
	before := header.List{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}}
	tests := []struct {
		name   string
		modify func(*header.List)
		want   header.List
	}{
		{
			"append takes the spelling that is there", func(l *header.List) { l.Append("a", "5") },
			header.List{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}, {"A", "5"}},
		},
		{
			"append of a new name", func(l *header.List) { l.Append("d", "5") },
			header.List{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}, {"d", "5"}},
		},
		{
			"set keeps the first line's place and spelling", func(l *header.List) { l.Set("a", "5") },
			header.List{{"A", "5"}, {"B", "2"}, {"C", "4"}},
		},
		{
			"set of the last line", func(l *header.List) { l.Set("c", "5") },
			header.List{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "5"}},
		},
		{
			"set of a new name", func(l *header.List) { l.Set("d", "5") },
			header.List{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}, {"d", "5"}},
		},
		{
			"delete", func(l *header.List) { l.Delete("a") },
			header.List{{"B", "2"}, {"C", "4"}},
		},
		{
			"delete of an absent name", func(l *header.List) { l.Delete("d") },
			header.List{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}},
		},
		{
			"combine with the first line", func(l *header.List) { l.Combine("a", "5") },
			header.List{{"A", "1, 5"}, {"B", "2"}, {"a", "3"}, {"C", "4"}},
		},
		{
			"combine of a new name", func(l *header.List) { l.Combine("d", "5") },
			header.List{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}, {"d", "5"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := before.Clone()
			test.modify(&got)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	t.Run("clones share nothing", func(t *testing.T) {
		if want := (header.List{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}}); !slices.Equal(before, want) {
			t.Errorf("got %v, want %v", before, want)
		}
	})
	t.Run("the zero value is ready", func(t *testing.T) {
		var list header.List
		list.Append("A", "1")
		if got, ok := list.Get("a"); got != "1" || !ok {
			t.Errorf("got %q, %v, want 1, true", got, ok)
		}
		if header.List(nil).Clone() != nil {
			t.Error("the clone of nil is not nil")
		}
	})
}

func ExampleList() {
	var list header.List
	list.Append(header.Vary, "Origin")
	list.Append("vary", "Accept-Encoding")
	list.Set(header.AllowOrigin, "https://app.example")
	for _, field := range list {
		fmt.Printf("%s: %s\n", field.Name, field.Value)
	}
	value, _ := list.Get("VARY")
	fmt.Println(value)
	// Output:
	// Vary: Origin
	// Vary: Accept-Encoding
	// Access-Control-Allow-Origin: https://app.example
	// Origin, Accept-Encoding
}

func BenchmarkGet(b *testing.B) {
	one := header.List{{"Content-Type", "text/plain"}, {"Vary", "Origin"}, {"Access-Control-Allow-Origin", "*"}}
	two := append(one.Clone(), header.Field{Name: "Access-Control-Allow-Origin", Value: "https://a.example"})
	for _, bench := range []struct {
		name string
		list header.List
	}{{"one line", one}, {"two lines", two}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := bench.list.Get(header.AllowOrigin); !ok {
					b.Fatal("absent")
				}
			}
		})
	}
}
