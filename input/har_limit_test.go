package input

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestHARTooLarge(t *testing.T) {
	text := `{"log": {"entries": []}}`
	for _, row := range []struct {
		name string
		most int
		want string
	}{
		{"it fits", len(text), ""},
		{"it does not", len(text) - 1, "the recording is larger than 0 MiB"},
		{"by far", 5, "the recording is larger than 0 MiB"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := readHAR(strings.NewReader(text), int64(row.most))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// The error of a reader that fails comes out as it is, wherever it happens.
func TestHARReaderFails(t *testing.T) {
	broken := errors.New("broken")
	text := `{"log": {"entries": []}}`
	for n := range len(text) + 1 {
		r := io.MultiReader(strings.NewReader(text[:n]), failing{broken})
		if _, err := readHAR(r, MaxHAR); err != broken {
			t.Errorf("after %d bytes: got %v, want %v", n, err, broken)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestLineCounter(t *testing.T) {
	l := &lineCounter{r: strings.NewReader(" a\n\nb \n")}
	if _, err := io.ReadAll(l); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ offset, want int }{{0, 1}, {2, 1}, {3, 2}, {4, 3}, {4, 3}, {6, 3}, {7, 4}} {
		if got := l.at(int64(row.offset)); got != row.want {
			t.Errorf("offset %d: got line %d, want %d", row.offset, got, row.want)
		}
	}
	if l.text != 5 || l.err != nil {
		t.Errorf("got text %d, error %v", l.text, l.err)
	}
	long := &lineCounter{r: strings.NewReader(strings.Repeat("\n", maxBreaks+5))}
	if _, err := io.ReadAll(long); err != nil {
		t.Fatal(err)
	}
	if got := long.at(maxBreaks + 5); got != maxBreaks+6 || cap(long.breaks) > 4*maxBreaks {
		t.Errorf("got line %d, room for %d breaks", got, cap(long.breaks))
	}
}
