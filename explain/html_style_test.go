package explain_test

import (
	"crypto/sha256"
	"encoding/base64"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/concors/concors/explain"
)

// policyAndStyle returns the policy and the style sheet of a page.
func policyAndStyle(t *testing.T) (policy, style string) {
	t.Helper()
	page := parsePage(t, "a page", htmlOf(t, []explain.Explanation{runOne(t, putScenario)}, false))
	for _, node := range page.elements {
		switch {
		case node.Data == "meta" && attr(node, "http-equiv") == "Content-Security-Policy":
			policy = attr(node, "content")
		case node.Data == "style":
			style = node.FirstChild.Data
		}
	}
	return policy, style
}

// The policy of a page allows the style sheet in it and nothing else.
func TestWriteHTMLPolicy(t *testing.T) {
	policy, style := policyAndStyle(t)
	hash := sha256.Sum256([]byte(style))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("got policy  %s\nwant        %s", policy, want)
	}
	for _, load := range []string{"@import", "url(", "@font-face"} {
		if strings.Contains(style, load) {
			t.Errorf("the style sheet has %s", load)
		}
	}
}

// Text can be read in light and in dark: WCAG 2.2, level AA.
//
// https://www.w3.org/TR/WCAG22/#contrast-minimum
func TestWriteHTMLContrast(t *testing.T) {
	_, style := policyAndStyle(t)
	blocks := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(style, -1)
	if len(blocks) != 3 {
		t.Fatalf("got %d sets of colours, want those for light, dark and print", len(blocks))
	}
	for _, block := range blocks {
		colour := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]+);`).FindAllStringSubmatch(block[1], -1) {
			colour[m[1]] = m[2]
		}
		for _, row := range []struct {
			text, paper string
			least       float64
		}{
			{"ink", "paper", 4.5}, {"ink", "card", 4.5}, {"soft", "paper", 4.5}, {"soft", "card", 4.5}, {"link", "paper", 4.5}, {"link", "card", 4.5},
			{"bad", "paper", 4.5}, {"bad", "bad-paper", 4.5}, {"good", "paper", 4.5}, {"good", "good-paper", 4.5}, {"warn", "warn-paper", 4.5},
			{"line", "paper", 3},
		} {
			if got := contrast(luminance(t, colour[row.text]), luminance(t, colour[row.paper])); got < row.least {
				t.Errorf("%s on %s, %s on %s: got contrast %.2f, want %.1f", row.text, row.paper, colour[row.text], colour[row.paper], got, row.least)
			}
		}
	}
}

// contrast is the ratio of two luminances.
//
// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// luminance is the relative luminance of a colour, #rgb or #rrggbb.
//
// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	digits := strings.TrimPrefix(colour, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 6 {
		t.Fatalf("got colour %q", colour)
	}
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(n>>(16-8*i)&0xFF) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
