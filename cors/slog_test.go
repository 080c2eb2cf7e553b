package cors_test

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/concors/concors/cors"
)

func TestLogValue(t *testing.T) {
	p := policy(t, app())
	for _, row := range []struct {
		name string
		r    cors.Request
		want string
	}{
		{"allowed", ask("GET", "Origin: https://app.example"), "d.kind=actual d.allowed=true d.origin=https://app.example\n"},
		{"refused", ask("GET", "Origin: https://app.example:1"),
			"d.kind=actual d.allowed=false d.origin=https://app.example:1 d.refusal=origin-not-allowed d.why=\"the origin https://app.example:1 is not allowed; it differs from https://app.example only in the port\"\n"},
		{"hostile", ask("GET", "Origin: \x1b[31m"), "d.kind=actual d.allowed=false d.origin=\"\\\"\\\\x1b[31m\\\"\" d.refusal=origin-not-allowed d.why=\"\\\"\\\\x1b[31m\\\" is not an origin as browsers write it\"\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var b bytes.Buffer
			d := p.Decide(row.r)
			options := &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
				if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == slog.MessageKey) {
					return slog.Attr{}
				}
				return a
			}}
			slog.New(slog.NewTextHandler(&b, options)).Info("cors", "d", &d)
			if got := b.String(); got != row.want {
				t.Errorf("got  %swant %s", got, row.want)
			}
		})
	}
}
