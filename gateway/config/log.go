package config

// logging writes what goes wrong and who is refused to standard error, in text for a terminal and in JSON otherwise, and the access
// log where the file wants it. Headers and secrets in queries are in none.
func (b *builder) logging() object {
	parts := []string{"http.handlers", "http.log.error", "tls", "pki", "admin.api"}
	logs := object{
		"default": object{
			"level": "WARN", "include": parts, "writer": object{"output": "stderr"}, "encoder": encoder(),
		},
		// The handler sees to it that they are not many.
		"refusals": object{
			"level": "INFO", "include": []string{"http.handlers.concors.refusals"}, "writer": object{"output": "stderr"}, "encoder": encoder(),
		},
		// What is left is Caddy's own life: that it starts, that it stops, what is off.
		"process": object{
			"level": "ERROR", "exclude": append(parts, "http.log.access"), "writer": object{"output": "stderr"}, "encoder": encoder(),
		},
	}
	if to := b.file.Gateway.AccessLog; to != "" {
		writer := object{"output": "file", "filename": to}
		if to == "stdout" || to == "stderr" {
			writer = object{"output": to}
		}
		logs["access"] = object{"include": []string{"http.log.access"}, "writer": writer, "encoder": encoder()}
	}
	return object{"logs": logs}
}

// encoder leaves out what may be secret: no list of header names would be complete. Looking for it takes its time, so nothing is
// encoded before there is a line to write.
func encoder() object {
	const secretInQuery = `(?i)([?&][^=&]*(?:token|secret|passw|api_?key|access_?key|session|jwt|signature|credential|auth|csrf|xsrf|otp|pwd|sid|sig|key)[^=&]*=)[^&]*`
	return object{
		"format": "concors",
		"wrap": object{
			"format": "filter",
			"fields": object{
				"request>headers": object{"filter": "delete"},
				"resp_headers":    object{"filter": "delete"},
				"request>uri":     object{"filter": "regexp", "regexp": secretInQuery, "value": "${1}***"},
			},
		},
	}
}
