// Package all lists the stacks.
package all

import (
	"fmt"
	"strings"

	"github.com/concors/concors/stack"
	"github.com/concors/concors/stack/apache"
	"github.com/concors/concors/stack/caddy"
	"github.com/concors/concors/stack/express"
	"github.com/concors/concors/stack/fastify"
	"github.com/concors/concors/stack/gatewayapi"
	"github.com/concors/concors/stack/golang"
	"github.com/concors/concors/stack/haproxy"
	"github.com/concors/concors/stack/hono"
	"github.com/concors/concors/stack/koa"
	"github.com/concors/concors/stack/nextjs"
	"github.com/concors/concors/stack/nginx"
	"github.com/concors/concors/stack/rscors"
	"github.com/concors/concors/stack/vite"
)

// Stacks returns every stack, servers before frameworks. The slice is the caller's.
func Stacks() []stack.Stack {
	return []stack.Stack{
		nginx.Stack(),
		apache.Stack(),
		haproxy.Stack(),
		caddy.Stack(),
		gatewayapi.Stack(),
		express.Stack(),
		fastify.Stack(),
		hono.Stack(),
		koa.Stack(),
		nextjs.Stack(),
		vite.Stack(),
		golang.Stack(),
		rscors.Stack(),
	}
}

// Find returns a stack by its id. The error names those that there are.
func Find(id string) (*stack.Stack, error) {
	list := Stacks()
	var known []string
	for i := range list {
		if list[i].ID == id {
			return &list[i], nil
		}
		known = append(known, list[i].ID)
	}
	return nil, fmt.Errorf("unknown stack %q: there are %s", id, strings.Join(known, ", "))
}
