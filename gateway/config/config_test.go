package config_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/concors/concors/cors"
	"github.com/concors/concors/cors/header"
	_ "github.com/concors/concors/gateway"
	"github.com/concors/concors/gateway/config"
	"github.com/concors/concors/policyfile"

	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/caddyauth"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/brotli"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/gzip"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/zstd"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/fileserver"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/logging"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/requestbody"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/rewrite"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/tracing"
	_ "github.com/caddyserver/caddy/v2/modules/caddypki"
	_ "github.com/caddyserver/caddy/v2/modules/filestorage"
	_ "github.com/caddyserver/caddy/v2/modules/logging"
	_ "github.com/caddyserver/caddy/v2/modules/metrics"
)

var update = flag.Bool("update", false, "write what comes out into testdata")

func policy(t *testing.T, c cors.Config) *cors.Policy {
	t.Helper()
	p, err := cors.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rich is a file that says everything that there is to say.
func rich(t *testing.T) *policyfile.File {
	app := policy(t, cors.Config{
		Origins: []string{"https://app.example", "https://*.preview.app.example"}, Methods: []string{"GET", "PUT"},
		RequestHeaders: []string{"Content-Type", "Authorization"}, ResponseHeaders: []string{"X-Total-Count"},
		Credentials: true, MaxAge: 24 * time.Hour,
	})
	public := policy(t, cors.Config{Origins: []string{"*"}, MaxAge: cors.NoPreflightCache, DangerouslyAllowNull: true})
	return &policyfile.File{
		Name:     "/srv/concors.yaml",
		Policies: map[string]*cors.Policy{"app": app, "public": public},
		Gateway: policyfile.Gateway{
			Listen: []string{":8443"},
			TLS:    &policyfile.TLS{Local: true, RedirectFrom: ":8080", HTTP3: true},
			Admin:  "127.0.0.1:2019", Metrics: "127.0.0.1:9090", Health: "127.0.0.1:8081", Storage: "/var/lib/concors",
			TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
			AccessLog:      "/var/log/concors.log", Tracing: true, Drain: 20 * time.Second,
			Limits: policyfile.Limits{
				ReadHeader: 5 * time.Second, ReadBody: time.Minute, Write: 2 * time.Minute, Idle: time.Minute, HeaderBytes: 65536,
			},
		},
		Routes: []policyfile.Route{
			{
				Host: "api.app.example", Path: "/api/", Methods: []string{"GET", "PUT"},
				Headers:    header.List{{Name: "X-Version", Value: "2"}, {Name: "X-Api-Key", Value: "s3cret"}},
				PolicyName: "app", Policy: app, ShadowName: "public", Shadow: public,
				Enforce: true, WebSocket: policyfile.PassWebSocket, UpstreamCORS: policyfile.Report,
				Upstream: &policyfile.Upstream{
					To: []string{"https://one.internal", "https://two.internal:8443"}, Balance: policyfile.LeastConn,
					Health:  &policyfile.HealthCheck{Path: "/healthz", Interval: 5 * time.Second, Timeout: time.Second, Status: 204},
					Retries: 2, Connect: time.Second, Response: 10 * time.Second, OwnHost: true, CA: "/srv/ca.pem",
				},
				BasicAuth:   []policyfile.Account{{Name: "ops", Hash: "$2a$14$8WVlXKSyjYMLuwCcqnHUjOEvNQHUAKMsTGdXqQ2hsyeqLzNxUyX6K"}},
				ForwardAuth: &policyfile.ForwardAuth{URL: "http://127.0.0.1:9091/verify?rd={x}", Copy: []string{"remote-user"}},
				MaxBody:     1 << 20, Compress: true,
				RequestChanges: policyfile.HeaderChanges{
					Set: header.List{{Name: "X-Upstream-Key", Value: "k3y"}}, Remove: []string{"X-Debug"},
				},
				ResponseChanges: policyfile.HeaderChanges{Set: header.List{{Name: "X-Frame-Options", Value: "{env.HOME}"}}, Remove: []string{"Server"}},
				Rewrite:         policyfile.Rewrite{Strip: "/api/", Add: "/v2/$x"},
			},
			{
				Path: "/old/", PolicyName: "app", Environment: "staging", Policy: public,
				Redirect: &policyfile.Redirect{To: "https://new.example/{x}{path}?{query}", Status: 308},
			},
			{
				Path: "/", Files: &policyfile.Files{Root: "/srv/dist", Fallback: "index.html", MaxAge: time.Hour}, Compress: true,
			},
		},
	}
}

// What comes of a file that says everything, for a review of each change.
func TestGolden(t *testing.T) {
	got, findings := config.JSON(rich(t), config.Options{})
	if len(findings) > 0 {
		t.Fatalf("got findings %v, want none", findings)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, got, "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	golden := filepath.Join("testdata", "rich.json")
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("got other JSON than in %s; run with -update, and look at the difference", golden)
	}
}

// What comes of a file is a configuration that Caddy takes, every key of it.
func TestValid(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*policyfile.File)
	}{
		{"everything", func(*policyfile.File) {}},
		{"no TLS", func(f *policyfile.File) { f.Gateway.TLS = nil }},
		{"as little as can be", func(f *policyfile.File) { f.Gateway = policyfile.Gateway{}; f.Routes = f.Routes[2:] }},
		{"ACME", func(f *policyfile.File) {
			f.Gateway.TLS = &policyfile.TLS{ACME: &policyfile.ACME{Email: "ops@app.example", Directory: "https://127.0.0.1:14000/dir"}, RedirectFrom: ":80"}
		}},
		{"ACME without plain HTTP", func(f *policyfile.File) { f.Gateway.TLS = &policyfile.TLS{ACME: &policyfile.ACME{}} }},
		{"TLS on port 80", func(f *policyfile.File) { f.Gateway.Listen = []string{":80"} }},
		{"random server by cookie", func(f *policyfile.File) { f.Routes[0].Upstream.Balance = policyfile.Cookie }},
		{"server by address", func(f *policyfile.File) { f.Routes[0].Upstream.Balance = policyfile.IPHash }},
		{"first server", func(f *policyfile.File) { f.Routes[0].Upstream.Balance = policyfile.First }},
		{"random server", func(f *policyfile.File) { f.Routes[0].Upstream.Balance = policyfile.Random }},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			f := rich(t)
			f.Gateway.Storage, f.Gateway.AccessLog = filepath.Join(dir, "storage"), filepath.Join(dir, "access.log")
			f.Routes[0].Upstream.CA = writeCA(t, dir)
			row.change(f)
			text, findings := config.JSON(f, config.Options{})
			if len(findings) > 0 {
				t.Fatalf("got findings %v, want none", findings)
			}
			var c *caddy.Config
			if err := caddy.StrictUnmarshalJSON(text, &c); err != nil {
				t.Fatal(err)
			}
			c.Admin = &caddy.AdminConfig{Disabled: true} // it would be started
			if err := caddy.Validate(c); err != nil {
				t.Errorf("got %v, want that Caddy takes it", err)
			}
		})
	}
}

// writeCA writes the certificate of an authority.
func writeCA(t *testing.T, dir string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// What cannot be served is told at its place.
func TestFindings(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*policyfile.File)
		rule   string
	}{
		{"nobody answers", func(f *policyfile.File) { f.Routes[2].Files = nil }, "route-unanswered"},
		{"no routes", func(f *policyfile.File) { f.Routes = nil }, "routes-missing"},
		{"ACME for nobody", func(f *policyfile.File) {
			f.Gateway.TLS = &policyfile.TLS{ACME: &policyfile.ACME{}}
			f.Routes[0].Host = ""
		}, "tls-hosts"},
		{"no URL to ask", func(f *policyfile.File) { f.Routes[0].ForwardAuth.URL = "ftp://x" }, "forward-auth-invalid"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := rich(t)
			row.change(f)
			text, findings := config.JSON(f, config.Options{})
			if text != nil || len(findings) != 1 || findings[0].Rule != row.rule || findings[0].File != f.Name {
				t.Errorf("got %s and %v, want the finding %s alone", text, findings, row.rule)
			}
		})
	}
}

// A reader sees no secret.
func TestMask(t *testing.T) {
	text, _ := config.JSON(rich(t), config.Options{Mask: true})
	for _, secret := range []string{"s3cret", "$2a$14$", "k3y"} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("got %q in the configuration for a reader", secret)
		}
	}
	if !json.Valid(text) || !bytes.Contains(text, []byte("***")) {
		t.Errorf("got %s, want JSON with masks", text)
	}
}

// The addresses are those that were asked for, else those of the file, else of this machine only.
func TestListen(t *testing.T) {
	for _, row := range []struct {
		name    string
		gateway policyfile.Gateway
		asked   []string
		want    string
	}{
		{"nothing", policyfile.Gateway{}, nil, "127.0.0.1:8080"},
		{"the file's", policyfile.Gateway{Listen: []string{":80", ":81"}}, nil, ":80 :81"},
		{"others", policyfile.Gateway{Listen: []string{":80"}}, []string{"[::1]:1"}, "[::1]:1"},
		{"local TLS", policyfile.Gateway{TLS: &policyfile.TLS{Local: true}}, nil, "127.0.0.1:8443"},
		{"ACME", policyfile.Gateway{TLS: &policyfile.TLS{ACME: &policyfile.ACME{}}}, nil, ":443"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := strings.Join(config.Listen(&policyfile.File{Gateway: row.gateway}, config.Options{Listen: row.asked}), " ")
			if got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestAdapter(t *testing.T) {
	const good = "version: 1\npolicies: {app: {origins: [https://app.example]}}\nroutes: [{path: /, policy: app, upstream: http://127.0.0.1:3000}]\n"
	text, warnings, err := config.Adapter{}.Adapt([]byte(good), map[string]any{"filename": "c.yaml"})
	if err != nil || len(warnings) > 0 || !bytes.Contains(text, []byte(`"dial":"127.0.0.1:3000"`)) {
		t.Errorf("got %s, %v, %v, want the upstream", text, warnings, err)
	}
	_, _, err = config.Adapter{}.Adapt([]byte("version: 1\npolices: {}\n"), map[string]any{"filename": "c.yaml"})
	if err == nil || !strings.Contains(err.Error(), "c.yaml:2:1: error:") {
		t.Errorf("got %v, want the place of what is wrong", err)
	}
}
