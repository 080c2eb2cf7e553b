package origin

import "github.com/concors/concors/cors/weburl"

// Of returns the origin of a URL. An opaque one is new each time, as the Standard has it.
//
// A blob URL has the origin of the http or https URL in its path; what made it is unknown here. A file URL's origin is
// opaque, as it is in all three engines.
//
// DIFFERS: the Standard gives every scheme that it does not know an opaque origin. Chrome, Firefox and Safari give
// the schemes of their extensions, and web views those of app frameworks, an origin of scheme and host, and send it.
// https://developer.chrome.com/docs/extensions/develop/concepts/network-requests
//
// https://url.spec.whatwg.org/#concept-url-origin
func Of(u *weburl.URL) Origin {
	switch {
	case u.Scheme == "blob":
		inner, err := weburl.Parse(u.Path, nil)
		if err != nil || inner.Scheme != "http" && inner.Scheme != "https" {
			return NewOpaque()
		}
		return New(inner.Scheme, inner.Host, inner.Port)
	case u.Scheme == "file":
		return NewOpaque()
	case u.IsSpecial(), isRegistered(u.Scheme) && u.Host != "":
		return New(u.Scheme, u.Host, u.Port)
	}
	return NewOpaque()
}

// FromURL parses raw as a browser does and returns its origin. The error is a [*weburl.Error].
func FromURL(raw string) (Origin, error) {
	u, err := weburl.Parse(raw, nil)
	if err != nil {
		return Origin{}, err
	}
	return Of(u), nil
}

// isRegistered reports whether browsers, or the web views of app frameworks, give the scheme tuple origins.
func isRegistered(scheme string) bool {
	switch scheme {
	case "capacitor", "ionic", "tauri", "app":
		return true
	}
	return isExtension(scheme)
}

func isExtension(scheme string) bool {
	switch scheme {
	case "chrome-extension", "moz-extension", "safari-web-extension":
		return true
	}
	return false
}
