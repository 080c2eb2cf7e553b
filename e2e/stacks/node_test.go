package stacks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/e2e/server"
	"github.com/concors/concors/policyfile"
	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/express"
	"github.com/concors/concors/stack/fastify"
	"github.com/concors/concors/stack/hono"
	"github.com/concors/concors/stack/koa"
)

// answerTime is how long a server that hangs is waited for.
const answerTime = 3 * time.Second

// nodeQuestions are what pages ask of the wrong and the right examples of rules for servers in JavaScript, by rule; a page of
// https://app.example.com asks for /api/users.
func nodeQuestions() map[string]policyfile.Question {
	get := policyfile.Question{Method: "GET"}
	put := policyfile.Question{Method: "PUT"}
	remove := policyfile.Question{Method: "DELETE"}
	cookies := policyfile.Question{Method: "GET", Credentials: true}
	token := policyfile.Question{Method: "GET", Headers: []string{"Authorization"}}
	both := policyfile.Question{Method: "GET", Headers: []string{"Authorization"}, Credentials: true}
	return map[string]policyfile.Question{
		"wildcard-credentials":      cookies,
		"origin-list":               get,
		"origin-syntax":             get,
		"credentials-value":         cookies,
		"method-case":               put,
		"wildcard-list-credentials": both,
		"authorization-wildcard":    token,
		"middleware-not-called":     get,
		"middleware-order":          get,
		"preflight-authentication":  token,
		"preflight-unanswered":      put,
		"preflight-overruled":       put,
		"options-branch":            put,
		"methods-missing":           remove,
		"path-too-narrow":           get,
		"expose-missing":            get,
		"credentials-missing":       cookies,
	}
}

// TestNodeRules starts the examples of each rule about what will not work.
func TestNodeRules(t *testing.T) {
	questions := nodeQuestions()
	asked := map[string]bool{}
	for _, s := range []stack.Stack{express.Stack(), fastify.Stack(), hono.Stack(), koa.Stack()} {
		for _, r := range s.Lint.Rules {
			q, ok := questions[r.Name]
			if r.Kind != stack.WillNotWork || r.Unshown != "" {
				continue
			}
			if !ok {
				t.Errorf("%s is not shown: it needs a question, or a reason", r.Name)
				continue
			}
			asked[r.Name] = true
			t.Run(s.ID+"/"+r.Name, func(t *testing.T) {
				if r.Name == "method-case" && s.ID == "fastify" {
					q.Method = http.MethodDelete // its example has no other route
				}
				works := map[string]bool{}
				for name, text := range map[string]string{"wrong": r.Before, "right": r.After} {
					q.Origin, q.Target = "https://app.example.com", "https://api.example/api/users"
					trace, err := ask(startNode(t, s.ID, text), fetch.Standard(), q)
					if err != nil {
						trace = &fetch.Trace{} // no answer
					}
					works[name] = trace.Outcome == fetch.Allowed
					if r.Name == "expose-missing" {
						works[name] = trace.Response != nil && slices.Contains(trace.Response.Visible, "x-total-count")
					}
				}
				if works["wrong"] || !works["right"] {
					t.Errorf("wrong works: %t, right works: %t; want it the other way round", works["wrong"], works["right"])
				}
			})
		}
	}
	for name := range questions {
		if !asked[name] {
			t.Errorf("there is no rule %s to show", name)
		}
	}
}

// startNode starts an example, which listens on port 3000 of all addresses.
func startNode(t *testing.T, id, text string) *example {
	t.Helper()
	text = strings.NewReplacer(
		"listen(3000)", "listen(process.env.PORT, process.env.HOST)",
		"listen({ port: 3000 })", "listen({ port: Number(process.env.PORT), host: process.env.HOST })",
		"port: 3000 })", "port: Number(process.env.PORT), hostname: process.env.HOST })",
	).Replace(text)
	running := server.Start(t, server.Config{Stack: server.Stack(id), Files: map[string]string{"server.js": text}})
	return exampleAt(t, running.Addr(), answerTime)
}
