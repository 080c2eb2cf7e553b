package explain_test

import (
	"testing"
)

func TestFixes(t *testing.T) {
	for _, row := range []struct{ name, scenario, want string }{
		{"a simple request", `"request": {"url": "https://api.example/"}, "responses": [{"status": 200}]`,
			`Send the header on every response of this path, errors and OPTIONS included.
The response:
  Access-Control-Allow-Origin: https://app.example
  Vary: Origin`},
		{"a preflight with credentials", `"request": {"url": "https://api.example/", "method": "PATCH", "headers": [["X-A", "1"]], "credentials": "include"},
			"responses": [{"status": 404}]`,
			`Send the header on every response of this path, errors and OPTIONS included.
The answer to OPTIONS, with status 204:
  Access-Control-Allow-Origin: https://app.example
  Access-Control-Allow-Credentials: true
  Vary: Origin
  Access-Control-Allow-Methods: PATCH
  Access-Control-Allow-Headers: x-a
The response itself:
  Access-Control-Allow-Origin: https://app.example
  Access-Control-Allow-Credentials: true
  Vary: Origin`},
		{"a page without an origin", `"page": "null", "request": {"url": "https://api.example/"}, "responses": [{"status": 200}]`,
			"The page's origin is null, which any sandboxed frame has, so a server that allows null allows everybody. Serve the page over http(s), or add allow-same-origin to its sandbox."},
		{"after a tainted redirect", `"request": {"url": "https://api.example/"}, "responses": [
			{"status": 302, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "https://b.example/x"]]},
			{"status": 200, "headers": [["Access-Control-Allow-Origin", "https://app.example"]]}]`,
			"Call the URL that the redirect leads to: then the request names the page's origin. Do not allow null. Here that is https://b.example/x."},
	} {
		t.Run(row.name, func(t *testing.T) {
			fixes := runOne(t, row.scenario).Fixes
			if len(fixes) == 0 {
				t.Fatal("got no fix")
			}
			if got := fixes[0].Text; got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

// What a fix says to send is what makes the request pass.
func TestFixesWork(t *testing.T) {
	const request = `"request": {"url": "https://api.example/", "method": "PATCH", "headers": [["X-A", "1"], ["Content-Type", "application/json"]], "credentials": "include"}, `
	broken := runOne(t, request+`"responses": [{"status": 500}]`)
	preflight, actual := headersOf(t, broken.Fixes[0].Text)
	fixed := runOne(t, request+`"responses": [{"status": 204, "headers": `+preflight+`}, {"status": 200, "headers": `+actual+`}]`)
	if fixed.Trace.Failure != nil {
		t.Errorf("got %+v", fixed.Trace.Failure)
	}
	if len(fixed.Warnings) > 0 {
		t.Errorf("got warnings %+v", fixed.Warnings)
	}
}
