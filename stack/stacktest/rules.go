package stacktest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/report"
	"github.com/concors/concors/stack"
)

// runRules holds the rules of a stack to what all rules promise: each fires on its wrong example, which the linter takes for the
// stack's own, and nothing fires on the right one but remarks.
func runRules(t *testing.T, s *stack.Stack) {
	l := s.Lint
	if (l == nil) == (s.Facts.Unreadable == "") {
		t.Errorf("unreadable is %q: want a reason for a stack without a linter, and for no other", s.Facts.Unreadable)
	}
	if l == nil {
		return
	}
	seen := map[string]bool{}
	for i := range l.Rules {
		r := &l.Rules[i]
		t.Run(r.Name, func(t *testing.T) {
			if seen[r.Name] || l.Rule(r.Name) != r {
				t.Error("there are two rules of this name")
			}
			seen[r.Name] = true
			checkRule(t, r)
			for _, text := range []string{r.Before, r.After} {
				if !strings.HasSuffix(text, "\n") || !l.MayBe(l.Example) || !l.Is(l.Example, []byte(text)) {
					t.Errorf("an example is not taken for the stack's own, or does not end with a line feed:\n%s", text)
				}
			}
			wrong, right := l.JudgeText(r.Before), l.JudgeText(r.After)
			if !slices.ContainsFunc(wrong, func(f report.Finding) bool { return f.Rule == r.Name && f.Severity == r.Severity }) {
				t.Errorf("got %+v for the wrong example, want a finding of the rule, of severity %s", wrong, r.Severity)
			}
			for _, f := range wrong {
				checkFinding(t, l, &f)
			}
			for _, f := range right {
				if f.Rule == r.Name || f.Severity.AtLeast(report.Warning) {
					t.Errorf("got %+v for the right example, want a remark of another rule at most", f)
				}
			}
		})
	}
}

func checkRule(t *testing.T, r *stack.LintRule) {
	t.Helper()
	if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`).MatchString(r.Name) {
		t.Error("the name is not in kebab case, of two words at least")
	}
	if r.Title == "" || strings.HasSuffix(r.Title, ".") || !strings.HasPrefix(r.Ref, "https://") || !r.Severity.IsKnown() {
		t.Errorf("title %q, reference %q, severity %q: want a clause, a link and a known one", r.Title, r.Ref, r.Severity)
	}
	if r.Kind != stack.TooOpen && r.Kind != stack.WillNotWork || r.Kind == stack.TooOpen && r.Unshown != "" {
		t.Errorf("kind %q, unshown %q: want one of the two, and a reason for what will not work only", r.Kind, r.Unshown)
	}
}

func checkFinding(t *testing.T, l *stack.Linter, f *report.Finding) {
	t.Helper()
	if f.Message == "" || f.Fix == "" || strings.HasSuffix(f.Message, ".") || strings.HasSuffix(f.Fix, ".") || f.File != l.Example || f.Line < 1 || f.Column < 1 {
		t.Errorf("got %+v, want a sentence and a fix, both without a full stop, and a place", f)
	}
}
