package cors

import "log/slog"

// LogValue tells a decision to log/slog: kind, whether it is allowed and, if not, the refusal, the reason in words and the
// origin. So a hook logs one with
//
//	logger.LogAttrs(r.Context(), slog.LevelInfo, "cors", slog.Any("decision", d))
func (d *Decision) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("kind", d.Kind.String()), slog.Bool("allowed", d.Allowed())}
	if len(d.Request.Origin) == 1 {
		attrs = append(attrs, slog.String("origin", shown(d.Request.Origin[0])))
	}
	if !d.Allowed() {
		attrs = append(attrs, slog.String("refusal", string(d.Refusal)), slog.String("why", d.Why()))
	}
	if d.err != nil {
		attrs = append(attrs, slog.String("error", d.err.Error()))
	}
	return slog.GroupValue(attrs...)
}
