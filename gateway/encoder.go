package gateway

import (
	"encoding/json"
	"slices"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap/buffer"
	"go.uber.org/zap/zapcore"
)

// Encoder is the Caddy module caddy.logging.encoders.concors: another encoder, which gets the objects that belong to a logger only
// when there is a line to write. Caddy's proxy makes a logger with the whole request for every request that it serves, and
// hardly ever logs.
type Encoder struct {
	// The encoder that writes the lines.
	WrappedRaw json.RawMessage `json:"wrap" caddy:"namespace=caddy.logging.encoders inline_key=format"`

	zapcore.Encoder `json:"-"`
	later           []laterObject
}

// laterObject is an object that is not encoded yet.
type laterObject struct {
	key    string
	object zapcore.ObjectMarshaler
}

// CaddyModule implements [caddy.Module].
func (*Encoder) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "caddy.logging.encoders.concors", New: func() caddy.Module { return new(Encoder) }}
}

// Provision implements [caddy.Provisioner].
func (e *Encoder) Provision(ctx caddy.Context) error {
	wrapped, err := ctx.LoadModule(e, "WrappedRaw")
	if err != nil {
		return err
	}
	e.Encoder = wrapped.(zapcore.Encoder)
	return nil
}

// ConfigureDefaultFormat implements [caddy.ConfiguresFormatterDefault].
func (e *Encoder) ConfigureDefaultFormat(to caddy.WriterOpener) error {
	if c, ok := e.Encoder.(caddy.ConfiguresFormatterDefault); ok {
		return c.ConfigureDefaultFormat(to)
	}
	return nil
}

// Clone implements [zapcore.Encoder].
func (e *Encoder) Clone() zapcore.Encoder {
	return &Encoder{Encoder: e.Encoder.Clone(), later: slices.Clip(e.later)}
}

// AddObject implements [zapcore.ObjectEncoder].
func (e *Encoder) AddObject(key string, object zapcore.ObjectMarshaler) error {
	e.later = append(e.later, laterObject{key, object})
	return nil
}

// OpenNamespace implements [zapcore.ObjectEncoder]. What was put off belongs outside of it.
func (e *Encoder) OpenNamespace(key string) {
	e.catchUp()
	e.Encoder.OpenNamespace(key)
}

// EncodeEntry implements [zapcore.Encoder].
func (e *Encoder) EncodeEntry(entry zapcore.Entry, fields []zapcore.Field) (*buffer.Buffer, error) {
	line := e.Clone().(*Encoder)
	line.catchUp()
	return line.Encoder.EncodeEntry(entry, fields)
}

func (e *Encoder) catchUp() {
	for _, l := range e.later {
		zapcore.Field{Key: l.key, Type: zapcore.ObjectMarshalerType, Interface: l.object}.AddTo(e.Encoder)
	}
	e.later = nil
}
