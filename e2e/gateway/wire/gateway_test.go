package wire_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/concors/concors/e2e/program"
)

// patience is for what comes at once on a machine that has nothing else to do.
const patience = 20 * time.Second

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// build builds the gateway, once.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "concors-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "concors-gateway")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "github.com/concors/concors/gateway/cmd/concors-gateway").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("build the gateway: %w: %s", err, out)
	}
	return path, err
})

// A record is what a program prints, for reading while it runs.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// since is what was printed after the first n bytes.
func (r *record) since(n int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.b.Bytes()[n:])
}

func (r *record) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Len()
}

// A gateway is a built one that serves a policy file until the test ends.
type gateway struct {
	cmd  *exec.Cmd
	gone <-chan struct{}
	log  record
	addr string // host and port
}

func start(t *testing.T, file string, args ...string) *gateway {
	t.Helper()
	return startIn(t, file, nil, args...)
}

// startIn is start with more in the environment.
func startIn(t *testing.T, file string, environment []string, args ...string) *gateway {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	cage, err := program.NewCage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cage.Close(); err != nil {
			t.Error(err)
		}
	})
	g := &gateway{cmd: exec.Command(path, append([]string{"serve", "-c", file, "--listen", "127.0.0.1:0"}, args...)...)}
	g.cmd.Env, g.cmd.Stderr = append(cage.Environ(), environment...), &g.log
	process, err := cage.Start(g.cmd)
	if err != nil {
		t.Fatal(err)
	}
	g.gone = process.Gone
	waitFor(t, "that the gateway listens", func() bool {
		select {
		case <-g.gone:
			t.Fatalf("the gateway ended: %s", &g.log)
		default:
		}
		_, rest, found := strings.Cut(g.log.String(), "concors: listening on ")
		url, _, whole := strings.Cut(rest, "\n")
		_, g.addr, _ = strings.Cut(url, "://")
		return found && whole
	})
	return g
}

func (g *gateway) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := g.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// peak is the most memory that the gateway has had, in bytes.
func (g *gateway) peak(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kB int
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		t.Fatalf("no VmHWM in %q: %v", text, err)
	}
	return kB << 10
}

// open is how many files and connections the gateway has open.
func (g *gateway) open(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", g.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// certificate makes one for every host of these tests, into files of a folder, and returns what a client trusts.
func certificate(t *testing.T, dir string) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"gateway.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, filepath.Join(dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	trusted := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	trusted.AddCert(leaf)
	return &tls.Config{RootCAs: trusted, ServerName: "gateway.example"}
}
