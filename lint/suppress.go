package lint

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/concors/concors/report"
)

// A comment that suppresses findings names the rules and says why:
//
//	add_header Access-Control-Allow-Origin null always; # concors:ignore null-origin the app is a file on a kiosk
//
// It is about its own line or, where nothing else stands on it, about the next line that is no comment.
var comment = regexp.MustCompile(`(#|//|/\*|<!--)[ \t]*concors:ignore\b[ \t]*([a-z0-9,-]*)[ \t:]*(.*)`)

// A suppression is such a comment.
type suppression struct {
	line, column int // where it stands
	about        int // the line that it is about
	rules        []string
	reason       string
	used         bool
}

// suppress takes out what comments suppress, and keeps the texts of the files that the rest is about. Comments that suppress
// nothing, or do not say why, are findings too.
func (r *Result) suppress(f *files, judged map[string]bool) {
	list := map[string][]*suppression{}
	for name := range judged {
		if text, err := f.read(name); err == nil {
			list[name] = suppressions(text)
		}
	}
	for _, finding := range r.Findings {
		if _, known := list[finding.File]; finding.File != "" && !known {
			if text, err := f.read(finding.File); err == nil {
				list[finding.File] = suppressions(text) // which another file includes
			}
		}
	}
	r.Findings = slices.DeleteFunc(r.Findings, func(finding report.Finding) bool {
		suppressed := false
		for _, s := range list[finding.File] {
			if s.about == finding.Line && s.reason != "" && slices.Contains(s.rules, finding.Rule) {
				s.used = true
				suppressed = true
			}
		}
		return suppressed
	})
	for _, name := range slices.Sorted(maps.Keys(list)) {
		for _, s := range list[name] {
			if problem := s.problem(); problem != "" {
				r.Findings = append(r.Findings, report.Finding{
					Rule: "suppression", Severity: report.Warning, Message: problem,
					Fix: "write concors:ignore RULE and why, on the line that the finding is about or above it", File: name,
					Line: s.line, Column: s.column, Reference: reference + "#suppressions",
				})
			}
		}
	}
	for i := range r.Findings {
		name := r.Findings[i].File
		if _, kept := r.Files[name]; name != "" && !kept {
			if text, err := f.read(name); err == nil {
				r.Files[name] = text
			}
		}
	}
}

// problem says what is wrong with a suppression; empty for one that does its work.
func (s *suppression) problem() string {
	switch {
	case len(s.rules) == 0:
		return "the comment names no rule, so it suppresses nothing"
	case s.reason == "":
		return fmt.Sprintf("the comment does not say why, so %s is not suppressed", strings.Join(s.rules, ", "))
	case !s.used:
		return fmt.Sprintf("nothing of %s is found in line %d, so there is nothing to suppress", strings.Join(s.rules, ", "), s.about)
	}
	return ""
}

// suppressions finds the comments of a text.
func suppressions(text []byte) []*suppression {
	if !bytes.Contains(text, []byte("concors:ignore")) {
		return nil
	}
	var list, waiting []*suppression
	line := 0
	for s := range bytes.Lines(text) {
		line++
		content := bytes.TrimSpace(s)
		m := comment.FindSubmatchIndex(s)
		alone := m != nil && len(bytes.TrimSpace(s[:m[0]])) == 0
		if len(content) > 0 && !alone && !isComment(content) {
			for _, w := range waiting {
				w.about = line
			}
			waiting = nil
		}
		if m == nil {
			continue
		}
		found := &suppression{line: line, column: len([]rune(string(s[:m[0]]))) + 1, about: line, reason: reasonOf(s[m[6]:m[7]])}
		for name := range strings.SplitSeq(string(s[m[4]:m[5]]), ",") {
			if name != "" {
				found.rules = append(found.rules, name)
			}
		}
		list = append(list, found)
		if alone {
			waiting = append(waiting, found)
		}
	}
	return list
}

// reasonOf is the text of a comment without the mark that ends it.
func reasonOf(text []byte) string {
	s := strings.TrimSpace(string(text))
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "*/"), "-->"))
	return s
}

// isComment reports whether a line is nothing but a comment.
func isComment(line []byte) bool {
	for _, mark := range []string{"#", "//", "/*", "*", "<!--"} {
		if bytes.HasPrefix(line, []byte(mark)) {
			return true
		}
	}
	return false
}
