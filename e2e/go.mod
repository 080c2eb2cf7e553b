module github.com/concors/concors/e2e

go 1.26.0

require (
	github.com/coder/websocket v1.8.15 // the WebKit inspector, which WebKitGTK offers over a websocket alone; a service that has one; tests: an API with a WebSocket
	github.com/concors/concors v0.0.0 // the program: scenarios and the lines a console shows
	github.com/concors/concors/cors v0.0.0 // the library: the model that the browsers are compared with
	github.com/google/go-cmp v0.7.0 // tests only: readable differences
	github.com/prometheus/common v0.71.0 // tests only: metrics, read as Prometheus does
	github.com/quic-go/quic-go v0.63.0 // tests only: a client of HTTP/3, the one whose server Caddy has
	go.opentelemetry.io/proto/otlp v1.11.0 // tests only: spans, as a collector gets them
	golang.org/x/tools v0.51.0 // txtar, the format in which the set-ups of servers are kept
	google.golang.org/protobuf v1.36.12 // tests only: the format of spans
)

require (
	charm.land/lipgloss/v2 v2.0.6 // indirect
	github.com/charmbracelet/colorprofile v0.4.3 // indirect
	github.com/charmbracelet/ultraviolet v0.0.0-20260811164956-006e29f97886 // indirect
	github.com/charmbracelet/x/ansi v0.11.8 // indirect
	github.com/charmbracelet/x/term v0.2.2 // indirect
	github.com/charmbracelet/x/termios v0.1.1 // indirect
	github.com/charmbracelet/x/windows v0.2.2 // indirect
	github.com/clipperhouse/displaywidth v0.11.0 // indirect
	github.com/clipperhouse/uax29/v2 v2.7.0 // indirect
	github.com/dop251/goja v0.0.0-20260917113740-793a2a65c13b // indirect
	github.com/go-sourcemap/sourcemap v2.1.3+incompatible // indirect
	github.com/grpc-ecosystem/grpc-gateway/v2 v2.29.0 // indirect
	github.com/lucasb-eyer/go-colorful v1.4.1 // indirect
	github.com/mattn/go-runewidth v0.0.24 // indirect
	github.com/muesli/cancelreader v0.2.2 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/prometheus/client_model v0.6.2 // indirect
	github.com/quic-go/qpack v0.6.0 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/xo/terminfo v0.0.0-20220910002029-abceb7e1c41e // indirect
	go.yaml.in/yaml/v4 v4.0.0 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/genproto/googleapis/api v0.0.0-20260720211330-0afa2a65878a // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260720211330-0afa2a65878a // indirect
	google.golang.org/grpc v1.82.1 // indirect
	mvdan.cc/sh/v3 v3.14.1 // indirect
)
