package verify

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// WriteJUnit writes the result as JUnit XML: a test case for each check, and a skipped one for what is not verified.
func (r *Result) WriteJUnit(w io.Writer) error {
	suite := junitSuite{Name: "concors verify " + r.URL, Tests: len(r.Checks) + len(r.NotVerified), Failures: r.Fail, Skipped: len(r.NotVerified)}
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
		suite.Cases = append(suite.Cases, junitCase{Name: n.Name, Class: "concors.verify", Skipped: &junitSkipped{Message: n.Reason}})
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
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
	Skipped *junitSkipped `xml:"skipped,omitempty"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}
