package cors

// Presets lists the names that [Preset] knows. The slice is the caller's.
func Presets() []string { return []string{"connect", "grpc-web", "mcp", "sse", "tus"} }

// Preset returns what a protocol needs of a policy: Methods, RequestHeaders and ResponseHeaders, to be added to those of a
// [Config]. Nothing else is set; origins and credentials are for whoever serves to decide, and so are headers that a
// protocol leaves to the application: Authorization, metadata of gRPC, Mcp-Param-* of MCP. The slices are the caller's.
//
//   - connect: Connect, and gRPC-Web with it, for a server of Connect answers both. Accept-Encoding, which its own package
//     has for later, is left out: no page can set it.
//   - grpc-web: gRPC-Web
//   - mcp: Model Context Protocol over Streamable HTTP, the revisions with sessions (up to 2025-11-25) and without
//   - sse: server-sent events that a script reads with fetch(); an EventSource needs nothing but the origin
//   - tus: resumable uploads, protocol 1.0.0 with all its extensions
func Preset(name string) (additions Config, ok bool) {
	switch name {
	case "connect":
		// https://connectrpc.com/docs/cors
		// https://pkg.go.dev/connectrpc.com/cors
		return Config{
			Methods: []string{"GET", "POST"},
			RequestHeaders: []string{
				"Content-Type", "Connect-Protocol-Version", "Connect-Timeout-Ms", "Connect-Accept-Encoding", "Connect-Content-Encoding",
				"Content-Encoding", "Grpc-Timeout", "X-Grpc-Web", "X-User-Agent",
			},
			ResponseHeaders: []string{"Content-Encoding", "Connect-Content-Encoding", "Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"},
		}, true
	case "grpc-web":
		// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
		// https://github.com/grpc/grpc-web/blob/master/javascript/net/grpc/web/grpcwebclientbase.js
		return Config{
			Methods:         []string{"POST"},
			RequestHeaders:  []string{"Content-Type", "Grpc-Timeout", "X-Grpc-Web", "X-User-Agent"},
			ResponseHeaders: []string{"Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"},
		}, true
	case "mcp":
		// https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
		// https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
		return Config{
			Methods:         []string{"GET", "POST", "DELETE"},
			RequestHeaders:  []string{"Content-Type", "Last-Event-ID", "Mcp-Method", "Mcp-Name", "Mcp-Protocol-Version", "Mcp-Session-Id"},
			ResponseHeaders: []string{"Mcp-Session-Id"},
		}, true
	case "sse":
		// https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
		return Config{
			Methods:        []string{"GET"},
			RequestHeaders: []string{"Cache-Control", "Last-Event-ID"},
		}, true
	case "tus":
		// https://tus.io/protocols/resumable-upload
		return Config{
			Methods: []string{"HEAD", "POST", "PATCH", "DELETE"},
			RequestHeaders: []string{
				"Content-Type", "Tus-Resumable", "Upload-Checksum", "Upload-Concat", "Upload-Defer-Length", "Upload-Length", "Upload-Metadata",
				"Upload-Offset",
			},
			ResponseHeaders: []string{
				"Location", "Tus-Checksum-Algorithm", "Tus-Extension", "Tus-Max-Size", "Tus-Resumable", "Tus-Version", "Upload-Concat",
				"Upload-Defer-Length", "Upload-Expires", "Upload-Length", "Upload-Metadata", "Upload-Offset",
			},
		}, true
	}
	return Config{}, false
}
