package cors

import (
	"fmt"
	"strings"

	"github.com/concors/concors/cors/origin"
)

// A ConfigError is everything that is wrong with a [Config].
type ConfigError struct {
	Problems []Problem // at least one, in the order of the fields
	Warnings []Problem // what would remain to be warned about, as [Policy.Warnings] has it
}

// Error has a line for each problem.
func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Problems))
	for i := range e.Problems {
		lines[i] = e.Problems[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems, each a [*Problem].
func (e *ConfigError) Unwrap() []error {
	list := make([]error, len(e.Problems))
	for i := range e.Problems {
		list[i] = &e.Problems[i]
	}
	return list
}

// A Problem is something in a [Config] that is wrong, or that will not do what it says.
type Problem struct {
	Field      string // of the Config: "Origins"
	Index      int    // of the value in the field; -1 when it is about the field as a whole
	Value      string // as it was written; empty when it is about the field as a whole
	Reason     Reason
	Why        string // the reason in words, without the field and the value
	Fix        string // what to do, in words; empty where the Suggestion says it all
	Suggestion string // a value to write instead; empty where nothing is likely
	text       string
}

// Error is one line.
func (p *Problem) Error() string { return p.text }

// Reason names what is wrong with a value of a [Config], or what is likely to surprise. The reasons are stable. For an origin
// that is no pattern it is one of [origin.PatternReasons].
type Reason string

// The reasons for which a Config is refused, beside those of origin patterns.
const (
	OriginsMissing        Reason = "origins-missing"
	AnyOriginBesideOthers Reason = "any-origin-beside-others"
	AnyOriginCredentials  Reason = "any-origin-with-credentials"
	InsecureOrigin        Reason = "insecure-origin-with-credentials"
	PublicSuffix          Reason = "public-suffix-with-credentials"
	NullCredentials       Reason = "null-with-credentials"
	MethodNotToken        Reason = "method-not-token"
	MethodForbidden       Reason = "method-forbidden"
	MethodNormalized      Reason = "method-normalized"
	HeaderNotToken        Reason = "header-not-token"
	ExposeAllCredentials  Reason = "expose-all-with-credentials"
	MaxAgeNegative        Reason = "max-age-negative"
	MaxAgeFraction        Reason = "max-age-fraction"
	DangerNotPublicSuffix Reason = "not-a-public-suffix"
)

// The reasons for which a Policy warns.
const (
	WarnOriginNeverMatches      Reason = "origin-never-matches"
	WarnPublicSuffix            Reason = "public-suffix"
	WarnMethodCase              Reason = "method-case"
	WarnAnyMethodCredentials    Reason = "any-method-with-credentials"
	WarnAnyHeaderCredentials    Reason = "any-header-with-credentials"
	WarnAuthorizationNotCovered Reason = "authorization-not-covered"
	WarnHeaderForbidden         Reason = "request-header-forbidden"
	WarnHeaderOfResponse        Reason = "request-header-of-response"
	WarnExposeForbidden         Reason = "response-header-forbidden"
	WarnMaxAgeCapped            Reason = "max-age-capped"
)

// Reasons lists those for which a Config is refused, without those of origin patterns. The slice is the caller's.
func Reasons() []Reason {
	return []Reason{
		OriginsMissing, AnyOriginBesideOthers, AnyOriginCredentials, InsecureOrigin, PublicSuffix, NullCredentials, MethodNotToken,
		MethodForbidden, MethodNormalized, HeaderNotToken, ExposeAllCredentials, MaxAgeNegative, MaxAgeFraction, DangerNotPublicSuffix,
	}
}

// WarningReasons lists those for which a Policy warns. The slice is the caller's.
func WarningReasons() []Reason {
	return []Reason{
		WarnOriginNeverMatches, WarnPublicSuffix, WarnMethodCase, WarnAnyMethodCredentials, WarnAnyHeaderCredentials,
		WarnAuthorizationNotCovered, WarnHeaderForbidden, WarnHeaderOfResponse, WarnExposeForbidden, WarnMaxAgeCapped,
	}
}

// problems gathers what is found in a Config.
type problems struct {
	errors, warnings []Problem
}

// refuse adds a problem; index is -1 for the field as a whole.
func (p *problems) refuse(field string, index int, value string, reason Reason, a advice, why string, args ...any) {
	p.errors = append(p.errors, newProblem(field, index, value, reason, a, fmt.Sprintf(why, args...)))
}

func (p *problems) warn(field string, index int, value string, reason Reason, a advice, why string, args ...any) {
	p.warnings = append(p.warnings, newProblem(field, index, value, reason, a, fmt.Sprintf(why, args...)))
}

// advice is what to do about a problem: in words, or by a value to write instead, or both.
type advice struct{ fix, suggestion string }

func newProblem(field string, index int, value string, reason Reason, a advice, why string) Problem {
	text := field + ": " + why
	if index >= 0 {
		text = fmt.Sprintf("%s[%d]: %q: %s", field, index, value, why)
	}
	if a.fix != "" {
		text += "; " + a.fix
	}
	if a.suggestion != "" {
		text += fmt.Sprintf("; write %q", a.suggestion)
	}
	return Problem{Field: field, Index: index, Value: value, Reason: reason, Why: why, Fix: a.fix, Suggestion: a.suggestion, text: text}
}

// pattern adds what is wrong with an origin pattern.
func (p *problems) pattern(index int, e *origin.PatternError) {
	problem := Problem{
		Field: "Origins", Index: index, Value: e.Value, Reason: Reason(e.Reason), Why: e.Why(), Suggestion: e.Suggestion,
		text: fmt.Sprintf("Origins[%d]: %v", index, e),
	}
	if e.Suggestion == "" {
		problem.Fix = "write an origin as browsers do: the scheme, the host, and the port if it is not the scheme's own"
	}
	p.errors = append(p.errors, problem)
}
