package setups

import (
	"fmt"
	"net/http"
)

// Upstream is an API that knows nothing of CORS: users under /api/users and /users/, which may be listed, read and changed;
// /api/broken, which fails; and nothing else. What a path has no method for is answered with 405, OPTIONS too.
func Upstream() http.Handler {
	mux := http.NewServeMux()
	list := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Total-Count", "2")
		writeJSON(w, http.StatusOK, `[{"id": 1, "name": "Ada"}, {"id": 2, "name": "Alan"}]`)
	}
	one := func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, `{"id": 1, "name": "Ada"}`) }
	mux.HandleFunc("GET /api/users", list)
	mux.HandleFunc("GET /users/{$}", list)
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		mux.HandleFunc(method+" /api/users/{id}", one)
	}
	mux.HandleFunc("/api/broken", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusInternalServerError, `{"error": "database is down"}`)
	})
	return mux
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintln(w, body)
}
