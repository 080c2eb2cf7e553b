package policyjson_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/concors/concors/cors"
	"github.com/concors/concors/gateway/policyjson"
	"github.com/google/go-cmp/cmp"
)

// A policy in JSON is the one that it was made of.
func TestOf(t *testing.T) {
	for _, row := range []struct {
		name   string
		config cors.Config
		json   string
	}{
		{"small", cors.Config{Origins: []string{"https://a.example"}}, `{"origins":["https://a.example"]}`},
		{"not kept", cors.Config{Origins: []string{"*"}, MaxAge: cors.NoPreflightCache}, `{"origins":["*"],"max_age":0}`},
		{"everything", cors.Config{
			Origins: []string{"http://a.example", "https://*.vercel.app"}, Methods: []string{"PUT"}, RequestHeaders: []string{"X-Id"}, ResponseHeaders: []string{"ETag"},
			Credentials: true, MaxAge: time.Hour, DangerouslyAllowInsecureOrigins: true, DangerouslyAllowPublicSuffixes: []string{"vercel.app"},
		}, `{"origins":["http://a.example","https://*.vercel.app"],"methods":["PUT"],"request_headers":["X-Id"],"response_headers":["ETag"],"credentials":true,` +
			`"max_age":"1h0m0s","dangerously_allow_insecure_origins":true,"dangerously_allow_public_suffixes":["vercel.app"]}`},
		{"any origin, with credentials", cors.Config{Origins: []string{"*"}, Credentials: true, DangerouslyAllowAnyOriginWithCredentials: true},
			`{"origins":["*"],"credentials":true,"dangerously_allow_any_origin_with_credentials":true}`},
		{"null", cors.Config{DangerouslyAllowNull: true}, `{"dangerously_allow_null":true}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := cors.New(row.config)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(policyjson.Of(p))
			if err != nil || string(text) != row.json {
				t.Errorf("got %s, %v\nwant %s", text, err, row.json)
			}
			var read policyjson.Policy
			if err := caddy.StrictUnmarshalJSON(text, &read); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(policyjson.Of(p), &read); diff != "" {
				t.Errorf("what was read is another: %s", diff)
			}
		})
	}
}

func TestAge(t *testing.T) {
	for _, row := range []struct {
		text string
		want policyjson.Age
		bad  bool
	}{
		{`"10m"`, policyjson.Age(10 * time.Minute), false},
		{`"1d"`, policyjson.Age(24 * time.Hour), false},
		{`600`, policyjson.Age(10 * time.Minute), false},
		{`"600"`, policyjson.Age(10 * time.Minute), false},
		{`0`, policyjson.Age(cors.NoPreflightCache), false},
		{`"0s"`, policyjson.Age(cors.NoPreflightCache), false},
		{`-1`, 0, true},
		{`1.5`, 0, true},
		{`1e3`, 0, true},
		{`"soon"`, 0, true},
		{`""`, 0, true},
		{`true`, 0, true},
		{`99999999999999999999`, 0, true},
	} {
		t.Run(row.text, func(t *testing.T) {
			var got policyjson.Age
			err := json.Unmarshal([]byte(row.text), &got)
			if (err != nil) != row.bad || got != row.want {
				t.Errorf("got %v, %v, want %v", got, err, row.want)
			}
			if err != nil && !strings.Contains(err.Error(), "invalid max_age") {
				t.Errorf("got error %v", err)
			}
		})
	}
}
