// Package gateway_test has pages in real browsers call services behind the gateway as it is built: across origins, where its
// policies decide; and of its own origin, where there is nothing to decide.
package gateway_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/concors/concors/e2e/browser"
	"github.com/concors/concors/e2e/program"
)

func TestGateway(t *testing.T) {
	gateway := build(t)
	for _, engine := range browser.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			browser.Require(t, engine)
			b, err := browser.Start(t.Context(), engine, browser.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			// Every part has its top page on app.localhost, a site that WebKit's tab does not leave.
			t.Run("services", func(t *testing.T) { testServices(t, b, gateway) })
			t.Run("caddyfile", func(t *testing.T) { testCaddyfile(t, b, gateway) })
			tools := openTools(t, b)
			t.Run("development server", func(t *testing.T) { testDevelopmentServer(t, b, tools, gateway) })
			t.Run("built files", func(t *testing.T) { testBuiltFiles(t, b, tools, gateway) })
		})
	}
}

// build builds the gateway.
func build(t *testing.T) (gateway string) {
	t.Helper()
	gateway = filepath.Join(t.TempDir(), "concors-gateway")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "build", "-o", gateway, "github.com/concors/concors/gateway/cmd/concors-gateway")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the gateway: %v\n%s", err, out)
	}
	return gateway
}

// serveFile has the gateway serve a policy file until the test ends, and returns the folder of the file.
func serveFile(t *testing.T, gateway, address, text string) (dir string) {
	t.Helper()
	cage := newCage(t)
	file := write(t, cage, "concors.yaml", text)
	run(t, cage, exec.Command(gateway, "serve", "--config", file, "--listen", address), address)
	return cage.Dir()
}

// newCage is one that closes with the test, which shows what was printed in it if it failed.
func newCage(t *testing.T) *program.Cage {
	t.Helper()
	cage, err := program.NewCage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cage.Close(); err != nil {
			t.Error(err)
		}
		if said := cage.LastWords(); t.Failed() && said != "" {
			t.Logf("the programs said:\n%s", said)
		}
	})
	return cage
}

// write writes a file into a cage.
func write(t *testing.T, cage *program.Cage, name, text string) string {
	t.Helper()
	path := filepath.Join(cage.Dir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run starts a program and waits until it takes connections.
func run(t *testing.T, cage *program.Cage, cmd *exec.Cmd, address string) {
	t.Helper()
	cmd.Env = cage.Environ()
	if cmd.Dir == "" {
		cmd.Dir = cage.Dir()
	}
	process, err := cage.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return
		}
		select {
		case <-process.Gone:
			t.Fatalf("%s ended at once", filepath.Base(cmd.Path))
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not listen on %s", filepath.Base(cmd.Path), address)
		}
	}
}

// freeAddress is one on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// port is that of an address.
func port(address string) string {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		panic(err)
	}
	return port
}
