package fetch

import (
	"strconv"

	"github.com/concors/concors/cors/internal/spec"
)

// allowedPort reports whether the URL's port is not a bad one.
//
// https://fetch.spec.whatwg.org/#should-be-blocked-due-to-a-bad-port
func (f *fetcher) allowedPort() bool {
	// 1. The current URL.
	u := f.req.url()

	// 2. A bad port of an http(s) URL blocks it.
	if (u.Scheme == "http" || u.Scheme == "https") && isBadPort(u.Port) {
		return f.fail(spec.MainFetch, "7", Failure{ID: BadPort, URL: u.String(), Got: strconv.Itoa(u.Port)})
	}

	// 3. Any other is allowed.
	return true
}

// isBadPort reports whether browsers refuse the port.
//
// https://fetch.spec.whatwg.org/#bad-port
func isBadPort(port int) bool {
	switch port {
	case 0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
		111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
		540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
		6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080:
		return true
	}
	return false
}
