package verify

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// WriteJUnit writes the result as JUnit XML: a test case for each check, with an error where it could not be carried out, and a
// skipped one for what else is not verified.
func (r *Result) WriteJUnit(w io.Writer) error {
	suite := junitSuite{Name: "concors verify " + r.URL, Tests: len(r.Checks) + len(r.NotVerified), Failures: r.Fail, Errors: r.Unanswered, Skipped: len(r.NotVerified) - r.Unanswered}
	for i := range r.Checks {
		c := &r.Checks[i]
		test := junitCase{Name: c.Name, Class: "concors.verify"}
		if !c.Pass {
			test.Failure = &junitFailure{Message: c.Why, Text: c.evidence()}
		}
		if c.Warning != "" {
			test.Output = "warning: " + c.Warning
		}
		suite.Cases = append(suite.Cases, test)
	}
	for _, n := range r.NotVerified {
		test := junitCase{Name: n.Name, Class: "concors.verify"}
		if n.Unanswered {
			test.Error = &junitReason{Message: n.Reason}
		} else {
			test.Skipped = &junitReason{Message: n.Reason}
		}
		suite.Cases = append(suite.Cases, test)
	}
	data, err := xml.MarshalIndent(junitSuites{Suites: []junitSuite{suite}}, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(data)+"\n")
	return err
}

// evidence is what a failure is read off.
func (c *CheckResult) evidence() string {
	var b strings.Builder
	fmt.Fprintf(&b, "got   %s\nwant  %s\n", c.Got, c.Want)
	for i := range c.Exchange {
		e := &c.Exchange[i]
		fmt.Fprintf(&b, "sent  %s %s%s\ncame  %d%s\n", e.Method, e.URL, block(e.RequestHeaders, func(string) bool { return true }), e.Status, block(e.ResponseHeaders, tells))
	}
	if c.Fix != "" {
		fmt.Fprintf(&b, "fix   %s\n", c.Fix)
	}
	return b.String()
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Error   *junitReason  `xml:"error,omitempty"`
	Skipped *junitReason  `xml:"skipped,omitempty"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
}
