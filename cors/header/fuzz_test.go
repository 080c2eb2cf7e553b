package header_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/header"
)

// FuzzList applies a sequence of operations, one for each byte, and checks what the Standard promises after each.
func FuzzList(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x10\x11\x12\x13\x21\x32"))
	f.Add([]byte("\x00\x10\x20\x30\x01\x03"))
	f.Fuzz(func(t *testing.T, operations []byte) {
		names := []string{"A", "a", "B", "b", "Cc", "cC", "\u212a", "k"}
		var list header.List
		for i, op := range operations {
			name, value := names[op>>2%8], string(rune('0'+i%10))
			before := list.Clone()
			old := slices.Collect(list.Values(name))
			var want []string
			switch op % 4 {
			case 0:
				list.Append(name, value)
				want = append(old, value)
			case 1:
				list.Set(name, value)
				want = []string{value}
			case 2:
				list.Delete(name)
			case 3:
				list.Combine(name, value)
				want = append(slices.Clone(old), value)
				if len(old) > 0 {
					want = slices.Concat([]string{old[0] + ", " + value}, old[1:])
				}
			}
			if got := slices.Collect(list.Values(name)); !slices.Equal(got, want) {
				t.Fatalf("operation %d on %q: got %q, want %q", op%4, name, got, want)
			}
			if got, ok := list.Get(name); got != strings.Join(want, ", ") || ok != (len(want) > 0) || ok != list.Has(name) {
				t.Fatalf("operation %d on %q: got %q, %v, want %q", op%4, name, got, ok, want)
			}
			isOther := func(field header.Field) bool { return !header.EqualFold(field.Name, name) }
			if got, want := filter(list, isOther), filter(before, isOther); !slices.Equal(got, want) {
				t.Fatalf("operation %d on %q changed other lines: got %v, want %v", op%4, name, got, want)
			}
		}
	})
}

func filter(list header.List, keep func(header.Field) bool) header.List {
	return slices.DeleteFunc(list.Clone(), func(field header.Field) bool { return !keep(field) })
}

// FuzzNormalize checks that normalizing is all that a value without NUL, CR and LF inside needs, and that it is done once.
func FuzzNormalize(f *testing.F) {
	f.Add(" a b\t")
	f.Add("\r\n")
	f.Add("a\x00")
	f.Fuzz(func(t *testing.T, value string) {
		got := header.Normalize(value)
		if again := header.Normalize(got); again != got {
			t.Fatalf("%q: got %q, then %q", value, got, again)
		}
		if is, want := header.IsValue(got), !strings.ContainsAny(got, "\x00\r\n"); is != want {
			t.Fatalf("%q: IsValue(%q) is %v", value, got, is)
		}
		if !strings.Contains(value, got) {
			t.Fatalf("%q: %q is not part of it", value, got)
		}
	})
}
