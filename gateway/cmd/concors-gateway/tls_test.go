//go:build unix

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// writeCertificate writes a certificate for 127.0.0.1 with its key.
func writeCertificate(t *testing.T, dir string, serial int64) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(serial), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// serial is the number of the certificate that a server has; 0 if it cannot be asked.
func serial(address string) int64 {
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		return 0
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// Own certificates are served, and new ones when the files change. Plain HTTP is redirected, with CORS headers, and preflights
// are not.
func TestCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeCertificate(t, dir, 1)
	plain := closedPort(t)
	file := filepath.Join(dir, "concors.yaml")
	write(t, file, `{path: /, policy: app, files: "`+site(t, "x")+`"}`)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = fmt.Appendf(text, "gateway: {tls: {certificate: cert.pem, key: key.pem, redirect_from: %q}}\n", plain)
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	p := gateway(t, file)
	address := strings.TrimPrefix(p.url, "https://")
	if got := serial(address); got != 1 {
		t.Fatalf("got certificate %d, want 1; %s", got, &p.stderr)
	}
	client := own(t)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	status, _, h := get(t, client, "http://"+plain+"/a%2Fb?c")
	if status != 308 || h.Get("Location") != p.url+"/a%2Fb?c" || h.Get("Access-Control-Allow-Origin") != "https://app.example" {
		t.Errorf("got %d and %v, want a redirect to %s that a page may follow", status, h, p.url)
	}
	req, err := http.NewRequest("OPTIONS", "http://"+plain+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://app.example")
	req.Header.Set("Access-Control-Request-Method", "GET")
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 204 {
		t.Errorf("got %d for a preflight, want 204", res.StatusCode)
	}
	writeCertificate(t, dir, 2)
	waitFor(t, "the new certificate", 5*time.Second, func() bool { return serial(address) == 2 })
	if code := p.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("got exit code %d, want 0", code)
	}
	if left, err := os.ReadDir(p.home); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v in the home folder, want nothing", left, err)
	}
}
