package explain_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A parsedPage is a page that is well formed and loads nothing.
type parsedPage struct{ elements []*html.Node }

// parsePage reads a page, and holds it to what every page must be.
func parsePage(t testing.TB, name, text string) parsedPage {
	t.Helper()
	balanced(t, name, text)
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var page parsedPage
	ids := map[string]bool{}
	for node := range root.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		page.elements = append(page.elements, node)
		if !slices.Contains(knownElements(), node.Data) {
			t.Errorf("%s: got element %s", name, node.Data)
		}
		for _, a := range node.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src", a.Key == "srcset", a.Key == "data", a.Key == "xlink:href":
				t.Errorf("%s: got attribute %s=%q", name, a.Key, a.Val)
			case a.Key == "href" && node.Data != "a", a.Key == "href" && !strings.HasPrefix(a.Val, "#fetch-") && !strings.HasPrefix(a.Val, "https://fetch.spec.whatwg.org/"):
				t.Errorf("%s: got link %s %q", name, node.Data, a.Val)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("%s: two elements have the id %s", name, a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			}
		}
	}
	for _, node := range page.elements {
		for id := range strings.FieldsSeq(attr(node, "aria-labelledby")) {
			if !ids[id] {
				t.Errorf("%s: nothing has the id %s", name, id)
			}
		}
	}
	return page
}

func knownElements() []string {
	return []string{
		"html", "head", "meta", "title", "style", "body", "header", "h1", "p", "nav", "ol", "ul", "li", "a", "span", "b", "main", "article",
		"h2", "h3", "h4", "dl", "div", "dt", "dd", "code", "section", "figure", "svg", "desc", "rect", "line", "path", "text", "details",
		"summary", "strong", "pre", "footer",
	}
}

// balanced checks that each element is closed in turn, as a parser of HTML would not mind.
func balanced(t testing.TB, name, text string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(text))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) || len(open) > 0 {
				t.Errorf("%s: %v with %q open", name, z.Err(), open)
			}
			return
		case html.StartTagToken:
			if tag, _ := z.TagName(); string(tag) != "meta" {
				open = append(open, string(tag))
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(tag) {
				t.Fatalf("%s: </%s> closes %q", name, tag, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func attr(node *html.Node, key string) string {
	for _, a := range node.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
