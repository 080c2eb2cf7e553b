package explain_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concors/concors/explain"
	"github.com/concors/concors/report"
)

// No text makes the reader panic or take long, and what it understands can be shown.
func FuzzParseMessage(f *testing.F) {
	for _, part := range [][]told{sharingMessages(), preflightMessages(), callMessages(), requestMessages(), redirectMessages(), localMessages(), historicMessages(), vagueMessages()} {
		for _, row := range part {
			f.Add(row.text)
		}
	}
	f.Add("Access to fetch at 'a:' from origin '")
	f.Add("\\'\\\"\u200b\u2028‘")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := explain.ParseMessage(text)
		if err != nil {
			if _, ok := errors.AsType[*explain.MessageError](err); !ok || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("got error %v", err)
			}
			return
		}
		if _, ok := explain.EntryOf(m.ID); !ok || len(m.Candidates) == 0 {
			t.Errorf("got %s of %q", m.ID, m.Candidates)
		}
		var b strings.Builder
		list := []explain.Explanation{m.Explanation(false)}
		if err := explain.WriteText(&b, list, explain.Layout{Width: 80}); err != nil {
			t.Fatal(err)
		}
		if err := report.WriteJSON(&b, explain.NewResult(m.Engine, list, false)); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\r\u202e") {
			t.Errorf("got %q", b.String())
		}
	})
}

// The longest text that is read takes no longer for being hostile.
func TestParseMessageTime(t *testing.T) {
	const most = 64 << 10
	var every strings.Builder
	for _, row := range slices.Concat(sharingMessages(), preflightMessages(), callMessages(), requestMessages(), redirectMessages(), localMessages(), historicMessages()) {
		every.WriteString(row.text + "\n")
	}
	for name, text := range map[string]string{
		"every message":    strings.Repeat(every.String(), most/every.Len()+1),
		"one word":         strings.Repeat("Method ", most/7),
		"quotes":           strings.Repeat("'", most),
		"unfinished frame": strings.Repeat("Access to fetch at 'https://a/' from origin '", most/45),
		"line breaks":      strings.Repeat("\n", most-1) + "x",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, _ = explain.ParseMessage(text[:min(len(text), most)])
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("got %s", took)
			} else {
				t.Log(took)
			}
		})
	}
}

func BenchmarkParseMessage(b *testing.B) {
	text := sharingMessages()[0].text
	for b.Loop() {
		if _, err := explain.ParseMessage(text); err != nil {
			b.Fatal(err)
		}
	}
}
