package nginx_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/stack/nginx"
)

// TestHostile: what would take long in a reader that looks at everything again and again. The time is far more than is needed.
func TestHostile(t *testing.T) {
	const n = 4000
	lines := func(format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, strings.ReplaceAll(format, "%d", "%[1]d"), i)
		}
		return b.String()
	}
	wide := "add_header Access-Control-Allow-Origin $a always; add_header Access-Control-Allow-Credentials $a always;"
	for name, text := range map[string]string{
		"locations that share a map": "map $http_origin $a {\n" + lines("\"~^https://a%d\\.example$\" $http_origin;\n") + "}\nserver {\n" + lines("location /%d { "+wide+" }\n") + "}\n",
		"maps of maps":               "map $http_origin $b {\n" + lines("\"~^https://a%d$\" %d;\n") + "}\nmap $b $c {\n" + lines("%d $b;\n") + "}\nmap $c $a {\n" + lines("%d $c;\n") + "}\nserver { " + wide + " }\n",
		"maps in a circle":           "map $b $a { 1 $b; }\nmap $a $b { 1 $a; }\nserver { " + wide + " }\n",
		"variables set everywhere":   "server {\n" + lines("location /%d { if ($http_origin = https://a%d) { set $a $http_origin; } "+wide+" }\n") + "}\n",
		"headers everywhere":         "server {\n" + lines("add_header Access-Control-X%d y;\n") + lines("location /%d { more_set_headers 'Access-Control-Y: z'; }\n") + "}\n",
		"branches everywhere":        "server {\n" + lines("if ($request_method = OPTIONS) { return 204; }\n") + lines("location /%d { "+wide+" proxy_pass http://a; }\n") + "}\n",
		"error pages everywhere":     "server {\n" + lines("error_page 500 /%d;\n") + lines("location /%d { add_header Access-Control-Allow-Origin x always; proxy_pass http://a; }\n") + "}\n",
		"includes of itself":         lines("include *.conf; include site.conf;\n"),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			nginx.Stack().Lint.JudgeText(text)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %s", took)
			} else {
				t.Log(took)
			}
		})
	}
}
