package config

import (
	"regexp"
	"strings"

	"github.com/concors/concors/cors/header"
	"github.com/concors/concors/internal/secrets"
)

// literal is a text as Caddy has to read it to mean just that: braces would be placeholders.
func literal(text string) string { return strings.NewReplacer("{", `\{`, "}", `\}`).Replace(text) }

// pattern is an expression that matches just a text.
func pattern(text string) string { return regexp.QuoteMeta(text) }

// secret is a value that a reader must not see.
func (b *builder) secret(value string) string {
	if b.mask {
		return secrets.Mask
	}
	return value
}

// headerValue is the value of a header, hidden from a reader where it is or may be a secret.
func (b *builder) headerValue(name, value string) string {
	if isSecretHeader(name) || secrets.LooksLikeToken(value) {
		return b.secret(value)
	}
	return value
}

func isSecretHeader(name string) bool {
	switch header.Lower(name) {
	case "authorization", "proxy-authorization", "cookie", "set-cookie":
		return true
	}
	return secrets.IsName(name)
}
