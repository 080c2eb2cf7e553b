// Package websocket shows a WebSocket behind the middleware. CORS does not protect it: a browser opens a WebSocket from any page,
// with cookies, and checks nothing in the answer. It does send Origin, and EnforceOnServer refuses a handshake whose origin
// the policy does not allow.
//
// The upgrade passes through, since the middleware hands the ResponseWriter on as it is.
package websocket

import (
	"net/http"

	"github.com/coder/websocket"

	"github.com/concors/concors/cors"
)

// API echoes messages to the pages that the policy allows. It sets EnforceOnServer.
func API(m *cors.Middleware) http.Handler {
	m.EnforceOnServer = true
	mux := http.NewServeMux()
	mux.HandleFunc("GET /echo", echo)
	return m.Wrap(mux)
}

func echo(w http.ResponseWriter, r *http.Request) {
	// The package's own check would refuse every other origin; the policy has decided already.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	for {
		kind, message, err := conn.Read(r.Context())
		if err != nil {
			return
		}
		if err := conn.Write(r.Context(), kind, message); err != nil {
			return
		}
	}
}
