package secrets_test

import (
	"testing"

	"github.com/concors/concors/internal/secrets"
)

func TestInLine(t *testing.T) {
	for _, row := range []struct{ name, line, want string }{
		{"nothing", "  origins: [https://app.example]", "  origins: [https://app.example]"},
		{"a credential", "  headers: {Authorization: Bearer t, X-Id: 7}", "  headers: {Authorization: ********, X-Id: 7}"},
		{"quoted", `  "Cookie": "sid=1; a=b"`, `  "Cookie": ************`},
		{"a name that says so", "X-Api-Key: abc", "X-Api-Key: ***"},
		{"a token wherever it stands", "use eyJhbGciOiJIUzI1NiJ9 here", "use ******************** here"},
		{"a password", "upstream: http://me:päss@127.0.0.1:3000", "upstream: http://me:****@127.0.0.1:3000"},
		{"a setting", "    credentials: true", "    credentials: true"},
		{"a mode", "    credentials: include", "    credentials: include"},
		{"a list of names", "    request_headers: [Authorization, X-Token]", "    request_headers: [Authorization, X-Token]"},
		{"open quotes", `token: "abc`, `token: ****`},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := secrets.InLine(row.line); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
