package javascript

import (
	"strings"

	"github.com/concors/concors/internal/javascript/syntax"
)

// guard tells whether middleware that is not a function of the file turns requests away.
func (f *file) guard(arg, v *syntax.Node) *Guard {
	callee := v
	if v.Kind == syntax.Call {
		callee = v.Left
	}
	module, export, ok := f.module(callee)
	if ok && v.Kind == syntax.Call {
		if g := knownGuard(module, export); g != nil {
			return g
		}
	}
	if ok && !strings.HasPrefix(module, ".") && !strings.HasPrefix(module, "@/") && !strings.HasPrefix(module, "~") {
		return nil // a package that is not known
	}
	name := ""
	switch callee.Kind {
	case syntax.Name:
		name = callee.Text
	case syntax.Member:
		name = callee.Key.Text
	}
	if soundsLikeGuard(name) {
		return &Guard{What: name}
	}
	return nil
}

// knownGuard knows packages that answer 401 to a preflight.
func knownGuard(module, export string) *Guard {
	switch module + " " + export {
	case "passport authenticate", "koa-passport authenticate":
		return &Guard{What: "passport", Certain: true}
	case "express-jwt ", "express-jwt expressjwt", "express-jwt jwt":
		return &Guard{What: module, Certain: true, Preflights: true}
	case "express-basic-auth ", "express-oauth2-jwt-bearer auth", "koa-jwt ", "hono/jwt jwt", "hono/bearer-auth bearerAuth",
		"hono/basic-auth basicAuth", "hono/jwk jwk", "koa-basic-auth ":
		return &Guard{What: module, Certain: true}
	}
	return nil
}

// soundsLikeGuard reports whether a name says that something checks who asks.
func soundsLikeGuard(name string) bool {
	switch strings.ToLower(strings.ReplaceAll(name, "_", "")) {
	case "auth", "authenticate", "authentication", "authmiddleware", "authenticated", "isauthenticated", "requireauth",
		"requiresauth", "requirelogin", "requireuser", "ensureauth", "ensureauthenticated", "ensureloggedin", "isauth", "isloggedin",
		"checkauth", "checkjwt", "verifytoken", "verifyjwt", "validatetoken", "authenticatetoken", "authenticateuser", "authorize",
		"authguard", "protect", "jwtauth", "jwtcheck", "requiretoken", "basicauth", "bearerauth", "checktoken":
		return true
	}
	return false
}

// turnsAway reports whether a function answers some requests with 401 or 403 and passes the others on, without a look at
// their method.
func (f *file) turnsAway(function *syntax.Node) bool {
	if len(function.Params) < 2 {
		return false
	}
	refuses, looks := false, false
	syntax.Walk(function.Body, func(n *syntax.Node) bool {
		switch n.Kind {
		case syntax.String:
			looks = looks || strings.EqualFold(n.Text, "OPTIONS")
		case syntax.Member:
			looks = looks || n.Key.Text == "method"
		case syntax.Call, syntax.New:
			refuses = refuses || f.answersRefusal(n)
		case syntax.Assign:
			if n.Left.Is(syntax.Member) && (n.Left.Key.Text == "status" || n.Left.Key.Text == "statusCode") {
				refuses = refuses || f.isRefusal(n.Right)
			}
		}
		return true
	})
	return refuses && !looks && f.passesOn(function)
}

// answersRefusal reports whether a call answers 401 or 403.
func (f *file) answersRefusal(n *syntax.Node) bool {
	name := ""
	switch {
	case n.Left.Is(syntax.Member):
		name = n.Left.Key.Text
	case n.Left.Is(syntax.Name):
		name = n.Left.Text
	}
	switch name {
	case "status", "sendStatus", "code", "throw", "writeHead", "HTTPException", "createError":
		return len(n.List) > 0 && f.isRefusal(n.List[0])
	case "json", "text", "body", "html": // of Hono
		return len(n.List) > 1 && f.isRefusal(n.List[1])
	}
	return false
}

func (f *file) isRefusal(n *syntax.Node) bool {
	v, ok := f.number(n)
	return ok && (v == 401 || v == 403)
}

// passesOn reports whether a function calls the last of its parameters, next; or returns nothing, as hooks of Fastify may.
func (f *file) passesOn(function *syntax.Node) bool {
	last := function.Params[len(function.Params)-1]
	if last.Kind != syntax.Name {
		return false
	}
	if last.Text == "reply" || last.Text == "rep" {
		return true
	}
	found := false
	syntax.Walk(function.Body, func(n *syntax.Node) bool {
		found = found || n.Kind == syntax.Call && n.Left.IsName(last.Text)
		return !found
	})
	return found
}
