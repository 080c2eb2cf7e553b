// The application of the tests, with the generated cors.go as its comment says.
package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

func main() {
	addr := net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT"))
	log.Fatal(http.ListenAndServe(addr, withCORS(http.HandlerFunc(answer))))
}

func answer(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Answered-By", "application")
	h.Set("X-Total-Count", "2")
	h.Set("ETag", `"1"`)
	status := http.StatusOK
	switch r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:] {
	case "broken":
		http.Error(w, "database is down", http.StatusInternalServerError)
		return
	case "missing":
		status = http.StatusNotFound
	case "unknown":
		status = http.StatusUnauthorized
	}
	w.WriteHeader(status)
}
