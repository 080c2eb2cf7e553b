package corpus

import "testing"

func TestParseDeviations(t *testing.T) {
	list, err := parseDeviations("# a comment\n\na/b nginx https://example.com/1 sends two lines\na/b caddy https://example.com/2 sends none\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := (Deviation{"a/b", "nginx", "https://example.com/1", "sends two lines"}); len(list) != 2 || list[0] != want {
		t.Errorf("got %+v, want two, the first %+v", list, want)
	}
	for text, want := range map[string]string{
		"a/b nginx sends none\n":                   "deviations.txt:1: want a case, a runner, a link and what happens instead",
		"a/b n https://x y\n\na/b n https://x y\n": "deviations.txt:3: a/b deviates twice in n",
	} {
		if _, err := parseDeviations(text); err == nil || err.Error() != want {
			t.Errorf("%q: got error %v, want %s", text, err, want)
		}
	}
}
