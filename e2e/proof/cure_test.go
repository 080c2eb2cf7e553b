package proof_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/e2e/server/setups"
	"github.com/concors/concors/explain"
)

// TestCure: the configuration that the program prints for a request that fails on nginx or Express, pasted into what the server
// has, makes the same command succeed. It is tried on every request of the catalogue that fails.
func TestCure(t *testing.T) {
	pages := setups.PagesOn(setups.PreferredPort)
	program := command(t)
	for _, row := range []struct {
		stack server.Stack
		paste func(files map[string]string, fix *explain.Fix) map[string]string
		least int // tries
	}{{server.Nginx, pasteNginx, 12}, {server.Express, pasteExpress, 10}} {
		t.Run(string(row.stack), func(t *testing.T) {
			server.Require(t, row.stack)
			cured := 0
			for _, setup := range setups.All() {
				if setup.Stack != row.stack {
					continue
				}
				running := setup.Start(t, pages)
				for _, try := range running.Tries {
					if try.Want.Outcome != fetch.Blocked || isOfPage(try.Want.Failure) {
						continue
					}
					t.Run(setup.Name+"/"+try.Name, func(t *testing.T) {
						code, out := explainLive(t, program, &try, try.URL, "--send")
						fix := fixFor(only(t, out).Fixes, string(row.stack))
						if code != 1 || fix == nil {
							t.Fatalf("got exit code %d, and a fix for %s: %t, want 1 and one", code, row.stack, fix != nil)
						}
						mended := setup
						mended.Files = row.paste(setup.Files, fix)
						again := mended.Start(t, pages)
						target := strings.Replace(try.URL, running.Origin(setups.Host), again.Origin(setups.Host), 1)
						if code, out = explainLive(t, program, &try, target, "--send"); code != 0 || only(t, out).Outcome != fetch.Allowed {
							t.Errorf("got exit code %d and %s, want 0 and allowed: %+v\nafter\n%s", code, only(t, out).Outcome, only(t, out).Failure, fix.Text)
						}
						cured++
					})
				}
			}
			if cured < row.least {
				t.Errorf("got %d tries, want at least %d", cured, row.least)
			}
		})
	}
}

// isOfPage reports whether it is the page that has to change: its method, or the URL that it calls.
func isOfPage(id fetch.FailureID) bool {
	return id == fetch.MethodCase || id == fetch.PreflightRedirect
}

func fixFor(fixes []explain.Fix, stack string) *explain.Fix {
	i := slices.IndexFunc(fixes, func(f explain.Fix) bool { return f.Stack == stack && len(f.Files) > 0 })
	if i < 0 {
		return nil
	}
	return &fixes[i]
}

// pasteNginx puts the file for a location into every location, and the other into the http block, in place of what there is
// about CORS: maps, headers, and branches for OPTIONS. As the file says, limit_except has to let OPTIONS through.
func pasteNginx(files map[string]string, fix *explain.Fix) map[string]string {
	pasted := maps.Clone(files)
	location := ""
	for _, f := range fix.Files {
		if f.Path == "concors-location.conf" {
			location = f.Text
		} else {
			pasted[f.Path] = f.Text
		}
	}
	text := files["site.conf"]
	for _, old := range []string{
		`(?ms)^map .*?^\}\n`,
		`(?s)\t\tif \(\$(?:request_method = OPTIONS|cors_preflight)\) \{.*?\n\t\t\}\n`,
		`(?m)^\t+(?:add_header|proxy_hide_header) (?:Access-Control-|Vary ).*\n`,
	} {
		text = regexp.MustCompile(old).ReplaceAllString(text, "")
	}
	text = strings.ReplaceAll(text, "limit_except ", "limit_except OPTIONS ")
	text = regexp.MustCompile(`(?m)^\tlocation .*\{\n`).ReplaceAllStringFunc(text, func(line string) string { return line + location })
	pasted["site.conf"] = text
	return pasted
}

// pasteExpress puts the module beside the application and calls it first, in place of what there is about CORS: the middleware,
// for all or for a route, and headers by hand.
func pasteExpress(files map[string]string, fix *explain.Fix) map[string]string {
	pasted := maps.Clone(files)
	for _, f := range fix.Files {
		pasted[f.Path] = f.Text
	}
	text := files["server.js"]
	for _, old := range []string{
		`(?m)^app\.use\(cors\((?:.*\)\);|(?s:.*?)^\}\)\);)\n`,
		` cors\(\{.*?\}\),`,
		`(?m)^ +res\.set\('Access-Control-.*\n`,
	} {
		text = regexp.MustCompile(old).ReplaceAllString(text, "")
	}
	pasted["server.js"] = strings.Replace(text, "const app = express();\n", "const app = express();\nrequire('./cors')(app);\n", 1)
	return pasted
}
