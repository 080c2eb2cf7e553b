package fetch

import (
	"fmt"

	"github.com/concors/concors/cors/internal/spec"
)

// FailureID names one way in which a fetch fails. The ids are stable.
type FailureID string

// Failures of the sharing check and of the preflight.
const (
	AllowOriginMissing             FailureID = "allow-origin-missing"
	AllowOriginMismatch            FailureID = "allow-origin-mismatch"
	AllowOriginNull                FailureID = "allow-origin-null"
	AllowOriginMultiple            FailureID = "allow-origin-multiple"
	AllowOriginInvalid             FailureID = "allow-origin-invalid"
	AllowOriginWildcardCredentials FailureID = "allow-origin-wildcard-credentials"
	AllowCredentialsMissing        FailureID = "allow-credentials-missing"
	AllowCredentialsInvalid        FailureID = "allow-credentials-invalid"
	PreflightRedirect              FailureID = "preflight-redirect"
	PreflightStatus                FailureID = "preflight-status"
	PreflightAuth                  FailureID = "preflight-auth"
	PreflightNetwork               FailureID = "preflight-network"
	AllowMethodsUnparsable         FailureID = "allow-methods-unparsable"
	AllowHeadersUnparsable         FailureID = "allow-headers-unparsable"
	MethodNotAllowed               FailureID = "method-not-allowed"
	MethodCase                     FailureID = "method-case"
	MethodWildcardCredentials      FailureID = "method-wildcard-credentials"
	HeaderNotAllowed               FailureID = "header-not-allowed"
	HeaderWildcardCredentials      FailureID = "header-wildcard-credentials"
	AuthorizationNotListed         FailureID = "authorization-not-listed"
)

// Failures before anything is sent.
const (
	URLInvalid         FailureID = "url-invalid"
	URLHasCredentials  FailureID = "url-has-credentials"
	MethodForbidden    FailureID = "method-forbidden"
	MethodInvalid      FailureID = "method-invalid"
	MethodNoCORS       FailureID = "method-no-cors"
	HeaderInvalid      FailureID = "header-invalid"
	ModeNavigateGiven  FailureID = "mode-navigate"
	OptionInvalid      FailureID = "option-invalid"
	OnlyIfCachedMode   FailureID = "only-if-cached-mode"
	BodyWithGet        FailureID = "body-with-get"
	StreamKeepalive    FailureID = "stream-keepalive"
	StreamNoCORS       FailureID = "stream-no-cors"
	BadPort            FailureID = "bad-port"
	MixedContent       FailureID = "mixed-content"
	CSPConnectSrc      FailureID = "csp-connect-src"
	SameOriginMode     FailureID = "same-origin-mode"
	SchemeNotHTTP      FailureID = "scheme-not-http"
	NoCORSRedirectMode FailureID = "no-cors-redirect-mode"
	StreamUploadHTTP1  FailureID = "stream-upload-http1"
	KeepaliveQuota     FailureID = "keepalive-quota"
	CacheMiss          FailureID = "cache-miss"
)

// Failures of the network, of redirects and of the response.
const (
	NetworkFailure           FailureID = "network-failure"
	RedirectCredentialsInURL FailureID = "redirect-credentials-in-url"
	RedirectScheme           FailureID = "redirect-scheme"
	RedirectLocationInvalid  FailureID = "redirect-location-invalid"
	RedirectTooMany          FailureID = "redirect-too-many"
	RedirectModeError        FailureID = "redirect-mode-error"
	RedirectStreamBody       FailureID = "redirect-stream-body"
	RedirectAllowOrigin      FailureID = "redirect-allow-origin"
	RedirectOriginNull       FailureID = "redirect-origin-null"
	CORPBlocked              FailureID = "corp-blocked"
	COEPCORP                 FailureID = "coep-corp"
	ORBBlocked               FailureID = "orb-blocked"
	NosniffBlocked           FailureID = "nosniff-blocked"
	MIMEBlocked              FailureID = "mime-blocked"
)

// Failures of local network access.
const (
	LNAPermissionDenied   FailureID = "lna-permission-denied"
	LNAPermissionRequired FailureID = "lna-permission-required"
	LNAInsecureContext    FailureID = "lna-insecure-context"
)

// FailureIDs lists the failures that the model can come to, in the order of the catalogue. The slice is the caller's.
func FailureIDs() []FailureID {
	return []FailureID{
		AllowOriginMissing, AllowOriginMismatch, AllowOriginNull, AllowOriginMultiple, AllowOriginInvalid,
		AllowOriginWildcardCredentials, AllowCredentialsMissing, AllowCredentialsInvalid, PreflightRedirect, PreflightStatus,
		PreflightAuth, PreflightNetwork, AllowMethodsUnparsable, AllowHeadersUnparsable, MethodNotAllowed, MethodCase,
		MethodWildcardCredentials, HeaderNotAllowed, HeaderWildcardCredentials, AuthorizationNotListed,
		URLInvalid, URLHasCredentials, MethodForbidden, MethodInvalid, MethodNoCORS, HeaderInvalid, ModeNavigateGiven,
		OptionInvalid, OnlyIfCachedMode, BodyWithGet, StreamKeepalive, StreamNoCORS, BadPort, MixedContent, CSPConnectSrc,
		SameOriginMode, SchemeNotHTTP, NoCORSRedirectMode, StreamUploadHTTP1, KeepaliveQuota, CacheMiss,
		NetworkFailure, RedirectCredentialsInURL, RedirectScheme, RedirectLocationInvalid, RedirectTooMany, RedirectModeError,
		RedirectStreamBody, RedirectAllowOrigin, RedirectOriginNull, CORPBlocked, COEPCORP, ORBBlocked,
		NosniffBlocked, MIMEBlocked, LNAPermissionDenied, LNAPermissionRequired, LNAInsecureContext,
	}
}

// On is the exchange that a failure is about.
type On string

// The exchanges.
const (
	OnPage      On = "page" // nothing was sent for this hop
	OnPreflight On = "preflight"
	OnRequest   On = "request"
)

// A Failure is the step that ended a fetch, and what decided it.
type Failure struct {
	ID        FailureID
	Hop       int
	On        On
	Algorithm string // dfn id
	Number    string // the Standard's step
	URL       string // of the hop; the script's own text when it could not be parsed

	Cause  FailureID // what the sharing check found, for a failure that is told apart by where it happened
	Header string    // the field that decided; empty when none did
	Got    string    // the value that decided, as received or as asked
	Want   string    // the value that would have passed; empty when there is not one
	Status int       // of the response that failed; 0 when none came
	Lines  int       // how many lines of Header came
	Names  []string  // every unsafe name that the preflight does not allow, lower case; Want is the one that is told
}

// StepURL is the address of the algorithm in the Standard.
func (f *Failure) StepURL() string { return spec.URL(f.Algorithm) }

// String names the failure, the step that it came from, and what the step compared, bytes quoted.
func (f *Failure) String() string {
	s := fmt.Sprintf("%s (%s, step %s) on the %s of %s", f.ID, f.Algorithm, f.Number, f.On, f.URL)
	switch {
	case f.Header != "" && f.Lines == 0 && f.Got == "":
		s += ": no " + f.Header
	case f.Header != "":
		s += fmt.Sprintf(": %s is %q", f.Header, f.Got)
	case f.Got != "":
		s += fmt.Sprintf(": got %q", f.Got)
	}
	if f.Want != "" {
		s += fmt.Sprintf(", want %q", f.Want)
	}
	if f.Status != 0 {
		s += fmt.Sprintf(", status %d", f.Status)
	}
	return s
}
