package gateway

import (
	"crypto/tls"
	"net/http"
	"testing"

	"github.com/concors/concors/cors"
)

func TestIsWebSocket(t *testing.T) {
	for _, row := range []struct {
		name    string
		request http.Request
		want    bool
	}{
		{"HTTP/1.1", http.Request{Method: "GET", Header: http.Header{"Upgrade": {"websocket"}}}, true},
		{"in any case, among others", http.Request{Method: "GET", Header: http.Header{"Upgrade": {"h2c", "x, WebSocket"}}}, true},
		{"another protocol", http.Request{Method: "GET", Header: http.Header{"Upgrade": {"h2c"}}}, false},
		{"no upgrade", http.Request{Method: "GET", Header: http.Header{}, Proto: "HTTP/1.1"}, false},
		{"HTTP/2", http.Request{Method: "CONNECT", Header: http.Header{":protocol": {"websocket"}}, Proto: "HTTP/2.0"}, true},
		{"HTTP/3", http.Request{Method: "CONNECT", Header: http.Header{}, Proto: "websocket"}, true},
		{"CONNECT for another protocol", http.Request{Method: "CONNECT", Header: http.Header{":protocol": {"connect-udp"}}}, false},
		{"CONNECT", http.Request{Method: "CONNECT", Header: http.Header{}, Proto: "HTTP/1.1"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := isWebSocket(&row.request); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}

func TestIsOwnPage(t *testing.T) {
	encrypted := new(tls.ConnectionState)
	for _, row := range []struct {
		name    string
		origins []string
		host    string
		tls     *tls.ConnectionState
		want    bool
	}{
		{"the same", []string{"http://a.example:8080"}, "a.example:8080", nil, true},
		{"the same, encrypted", []string{"https://a.example"}, "a.example", encrypted, true},
		{"encrypted up to something in front", []string{"https://a.example"}, "A.example", nil, true},
		{"a page that is not encrypted", []string{"http://a.example"}, "a.example", encrypted, false},
		{"another port", []string{"http://a.example:1"}, "a.example", nil, false},
		{"another host", []string{"http://b.example"}, "a.example", nil, false},
		{"null", []string{"null"}, "null", nil, false},
		{"two", []string{"http://a.example", "http://a.example"}, "a.example", nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := new(cors.Policy).Decide(cors.Request{Method: "GET", Origin: row.origins})
			if got := isOwnPage(&d, &http.Request{Host: row.host, TLS: row.tls}); got != row.want {
				t.Errorf("got %t, want %t", got, row.want)
			}
		})
	}
}

// Over HTTP/2 a WebSocket is for the route of the GET that it would be, a preflight for that of the request it asks for.
func TestAsked(t *testing.T) {
	asking := http.Header{"Origin": {"https://a.example"}, "Access-Control-Request-Method": {"PUT"}}
	for _, row := range []struct {
		name    string
		request http.Request
		method  string
		headers bool
	}{
		{"a request", http.Request{Method: "POST", Header: http.Header{}}, "POST", true},
		{"a preflight", http.Request{Method: "OPTIONS", Header: asking}, "PUT", false},
		{"OPTIONS", http.Request{Method: "OPTIONS", Header: http.Header{"Access-Control-Request-Method": {"PUT"}}}, "OPTIONS", true},
		{"a WebSocket over HTTP/2", http.Request{Method: "CONNECT", Header: http.Header{":protocol": {"websocket"}}}, "GET", true},
		{"CONNECT", http.Request{Method: "CONNECT", Header: http.Header{}}, "CONNECT", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			method, headers := asked(&row.request)
			if method != row.method || (headers != nil) != row.headers {
				t.Errorf("got %s, headers %t, want %s, %t", method, headers != nil, row.method, row.headers)
			}
		})
	}
}
