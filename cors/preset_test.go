package cors_test

import (
	"slices"
	"testing"

	"github.com/concors/concors/cors"
)

// Every preset makes a policy that says nothing surprising, with credentials and without.
func TestPresets(t *testing.T) {
	for _, name := range cors.Presets() {
		for _, credentials := range []bool{false, true} {
			c, ok := cors.Preset(name)
			if !ok {
				t.Fatalf("no preset %s", name)
			}
			if c.Origins != nil || c.Credentials || c.MaxAge != 0 {
				t.Errorf("%s: got %+v, want methods and headers only", name, c)
			}
			c.Origins, c.Credentials = []string{"https://app.example"}, credentials
			if warnings := policy(t, c).Warnings(); len(warnings) > 0 {
				t.Errorf("%s: got %v, want no warnings", name, warnings)
			}
		}
	}
	if _, ok := cors.Preset("soap"); ok {
		t.Error("there is a preset soap")
	}
}

// What a client of each protocol sends passes, and what it needs to read is exposed.
func TestPresetsPassTheirProtocols(t *testing.T) {
	for _, row := range []struct {
		name, method, headers string
		reads                 []string
	}{
		{"connect", "POST", "connect-protocol-version,connect-timeout-ms,content-type", nil},
		{"connect", "POST", "content-type,grpc-timeout,x-grpc-web,x-user-agent", []string{"Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"}},
		{"grpc-web", "POST", "content-type,grpc-timeout,x-grpc-web,x-user-agent", []string{"Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"}},
		{"mcp", "POST", "content-type,mcp-protocol-version,mcp-session-id", []string{"Mcp-Session-Id"}},
		{"mcp", "POST", "content-type,mcp-method,mcp-name,mcp-protocol-version", nil},
		{"mcp", "GET", "last-event-id,mcp-session-id", nil},
		{"mcp", "DELETE", "mcp-session-id", nil},
		{"sse", "GET", "cache-control,last-event-id", nil},
		{"tus", "POST", "tus-resumable,upload-length,upload-metadata", []string{"Location", "Tus-Resumable"}},
		{"tus", "PATCH", "content-type,tus-resumable,upload-checksum,upload-offset", []string{"Upload-Offset", "Upload-Expires"}},
		{"tus", "HEAD", "tus-resumable", []string{"Upload-Length", "Upload-Offset"}},
		{"tus", "DELETE", "tus-resumable", nil},
	} {
		t.Run(row.name+" "+row.method, func(t *testing.T) {
			c, _ := cors.Preset(row.name)
			c.Origins = []string{"https://app.example"}
			d := policy(t, c).Decide(cors.Request{
				Method: "OPTIONS", Origin: []string{"https://app.example"}, RequestMethod: []string{row.method}, RequestHeaders: []string{row.headers},
			})
			if !d.Allowed() || d.Kind != cors.Preflight {
				t.Errorf("got %s, want it allowed", d.Why())
			}
			for _, name := range row.reads {
				if !slices.Contains(c.ResponseHeaders, name) {
					t.Errorf("%s is not exposed", name)
				}
			}
		})
	}
}
