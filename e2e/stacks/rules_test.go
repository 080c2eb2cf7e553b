package stacks_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/nginx"
)

// A question shows that the wrong example of a rule does not work, and that the right one does. It is asked by a page of
// https://app.example.com.
type question struct {
	policyfile.Question
	dead bool // with nothing behind the server
}

// nginxQuestions are the questions for the rules of nginx, by rule.
func nginxQuestions() map[string]question {
	get := func(path string) question {
		return question{Question: policyfile.Question{Method: "GET", Target: path}}
	}
	with := func(q question, headers ...string) question {
		q.Headers = headers
		return q
	}
	put := question{Question: policyfile.Question{Method: "PUT", Target: "/api/users"}}
	cookies := get("/api/users")
	cookies.Credentials = true
	dead := get("/api/users")
	dead.dead = true
	return map[string]question{
		"nginx-always-missing":         get("/api/broken"),
		"nginx-add-header-inheritance": get("/api/users"),
		"nginx-request-header":         get("/api/users"),
		"nginx-error-page":             dead,
		"allow-origin-twice":           get("/api/users"),
		"upstream-headers":             get("/api/cors"),
		"nginx-options-branch":         put,
		"preflight-status":             put,
		"nginx-limit-except":           put,
		"nginx-rewrite-break":          put,
		"preflight-authentication":     with(get("/api/users"), "Authorization"),
		"preflight-unanswered":         with(get("/data/users"), "X-Requested-With"),
		"nginx-method-branches":        put,
		"wildcard-credentials":         cookies,
		"origin-list":                  get("/api/users"),
		"origin-syntax":                get("/api/users"),
		"credentials-value":            cookies,
		"list-syntax":                  put,
		"method-case":                  put,
		"wildcard-list-credentials":    with(cookies, "Content-Type"),
		"authorization-wildcard":       with(get("/api/users"), "Authorization"),
	}
}

// TestNginxRules starts nginx with the examples of each rule about what will not work.
func TestNginxRules(t *testing.T) {
	s := nginx.Stack()
	questions := nginxQuestions()
	for _, r := range s.Lint.Rules {
		q, asked := questions[r.Name]
		delete(questions, r.Name)
		if r.Kind != stack.WillNotWork || r.Unshown != "" {
			if asked {
				t.Errorf("%s is shown here, and says that it is not", r.Name)
			}
			continue
		}
		if !asked {
			t.Errorf("%s is not shown: it needs a question, or a reason", r.Name)
			continue
		}
		q.Origin, q.Target = "https://app.example.com", "https://api.example"+q.Target
		t.Run(r.Name, func(t *testing.T) {
			for _, example := range []struct {
				name, text string
				want       fetch.Outcome
			}{{"wrong", r.Before, fetch.Blocked}, {"right", r.After, fetch.Allowed}} {
				t.Run(example.name, func(t *testing.T) {
					trace, err := ask(startNginx(t, example.text, q.dead), fetch.Standard(), q.Question)
					if err != nil {
						t.Fatal(err)
					}
					if trace.Outcome != example.want {
						t.Errorf("got %s, want %s; %s", trace.Outcome, example.want, shown(trace))
					}
				})
			}
		})
	}
	for name := range questions {
		t.Errorf("there is no rule %s", name)
	}
}

// startNginx starts nginx with an example, which may be for a location, a server or the http block.
func startNginx(t *testing.T, text string, dead bool) *example {
	t.Helper()
	if strings.Contains(text, "server {\n") {
		text = strings.Replace(text, "server {\n", "server {\n    listen @LISTEN@;\n", 1)
	} else {
		text = "server {\n    listen @LISTEN@;\n" + text + "}\n"
	}
	behind := "127.0.0.1:1"
	if !dead {
		upstream := httptest.NewServer(http.HandlerFunc(answerExample))
		t.Cleanup(upstream.Close)
		behind = upstream.Listener.Addr().String()
	}
	running := server.Start(t, server.Config{
		Stack: server.Nginx,
		Files: map[string]string{"site.conf": strings.ReplaceAll(text, "http://backend", "http://@BEHIND@"), "data/users": "[]"}, Values: map[string]string{"BEHIND": behind},
	})
	return exampleAt(t, running.Addr(), 0)
}

// answerExample is an API that knows nothing of CORS, except under one path.
func answerExample(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodOptions:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case strings.HasSuffix(r.URL.Path, "/broken"):
		w.WriteHeader(http.StatusInternalServerError)
	case strings.HasSuffix(r.URL.Path, "/cors"):
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example.com")
	}
}
