package gateway_test

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/concors/concors/e2e/browser"
)

// caddyfile is one as people write it: nothing but the directive is ours.
const caddyfile = `{
	admin off
}

http://:%s {
	bind 127.0.0.1
	cors {
		origins %s
		methods PUT
		request_headers X-Id
		response_headers X-Total
	}
	respond /locked 401
	reverse_proxy 127.0.0.1:%d
}
`

// testCaddyfile has the program run as Caddy, with a Caddyfile.
func testCaddyfile(t *testing.T, b browser.Browser, gateway string) {
	p := servePages(t)
	service := new(ownService)
	service.port = serve(t, service)
	address := freeAddress(t)
	cage := newCage(t)
	file := write(t, cage, "Caddyfile", fmt.Sprintf(caddyfile, port(address), p.origin("app"), service.port))
	run(t, cage, exec.Command(gateway, "run", "--config", file, "--adapter", "caddyfile"), address)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := b.Navigate(ctx, p.origin("app")+"/frames"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, page, path string
		status           int
	}{
		{"allowed", "app", "/users", 200},
		{"an error of the service", "app", "/broken", 500},
		{"an error of Caddy", "app", "/locked", 401},
		{"a stranger", "evil", "/users", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			init := map[string]any{"method": "PUT", "headers": map[string]string{"X-Id": "1"}}
			got := ask(ctx, t, b, test.page, "http://"+host+":"+port(address)+test.path, init)
			if got.Status != test.status {
				t.Errorf("the page got %d %s, want %d", got.Status, got.Threw, test.status)
			}
		})
	}
	if got, want := service.methods(), []string{"go PUT", "go PUT"}; !slices.Equal(got, want) {
		t.Errorf("%q reached the service, want %q", got, want)
	}
}
