package fetch

import "slices"

// Initiator is the feature of the platform that makes the request. The zero value means fetch().
type Initiator string

// The features. InitiatorLink is a hyperlink that is followed; InitiatorCSSImage is an image that CSS loads with cors
// (mask-image, shape-outside), as background-image does not.
const (
	InitiatorFetch        Initiator = "fetch"
	InitiatorXHR          Initiator = "xhr"
	InitiatorImage        Initiator = "img"
	InitiatorScript       Initiator = "script"
	InitiatorModuleScript Initiator = "module-script"
	InitiatorStyle        Initiator = "style"
	InitiatorFont         Initiator = "font"
	InitiatorMedia        Initiator = "media"
	InitiatorEventSource  Initiator = "event-source"
	InitiatorWebSocket    Initiator = "websocket"
	InitiatorWebTransport Initiator = "webtransport"
	InitiatorBeacon       Initiator = "beacon"
	InitiatorForm         Initiator = "form"
	InitiatorLink         Initiator = "link"
	InitiatorIframe       Initiator = "iframe"
	InitiatorWorker       Initiator = "worker"
	InitiatorManifest     Initiator = "manifest"
	InitiatorTrack        Initiator = "track"
	InitiatorReport       Initiator = "report"
	InitiatorCSSImage     Initiator = "css-image"
)

// Initiators lists every initiator. The slice is the caller's.
func Initiators() []Initiator {
	return []Initiator{
		InitiatorFetch, InitiatorXHR, InitiatorImage, InitiatorScript, InitiatorModuleScript, InitiatorStyle, InitiatorFont,
		InitiatorMedia, InitiatorEventSource, InitiatorWebSocket, InitiatorWebTransport, InitiatorBeacon, InitiatorForm,
		InitiatorLink, InitiatorIframe, InitiatorWorker, InitiatorManifest, InitiatorTrack, InitiatorReport, InitiatorCSSImage,
	}
}

// A feature is what a specification fixes about the requests of one initiator.
type feature struct {
	modes       []Mode      // those it can use; the first is its own
	credentials Credentials // in its own mode
	corsMode    Credentials // in mode cors, when that is not its own (the crossorigin attribute)

	fixedCredentials bool // a script cannot choose them
	scripted         bool // the unsafe-request flag: a script chooses method and headers
	method           string
	destination      string
	connectSrc       bool // its CSP directive is connect-src
}

// featureOf returns what is fixed for an initiator; an unknown one is treated as fetch().
func featureOf(i Initiator) feature {
	corsOrNot := []Mode{ModeNoCORS, ModeCORS}
	switch i {
	case InitiatorXHR:
		return feature{modes: []Mode{ModeCORS}, credentials: CredentialsSameOrigin, scripted: true, connectSrc: true}
	case InitiatorImage:
		return feature{modes: corsOrNot, credentials: CredentialsInclude, corsMode: CredentialsSameOrigin, destination: "image"}
	case InitiatorScript:
		return feature{modes: corsOrNot, credentials: CredentialsInclude, corsMode: CredentialsSameOrigin, destination: "script"}
	case InitiatorStyle:
		return feature{modes: corsOrNot, credentials: CredentialsInclude, corsMode: CredentialsSameOrigin, destination: "style"}
	case InitiatorMedia:
		return feature{modes: corsOrNot, credentials: CredentialsInclude, corsMode: CredentialsSameOrigin, destination: "video"}
	case InitiatorModuleScript:
		return feature{modes: []Mode{ModeCORS}, credentials: CredentialsSameOrigin, destination: "script"}
	case InitiatorFont:
		return feature{modes: []Mode{ModeCORS}, credentials: CredentialsSameOrigin, fixedCredentials: true, destination: "font"}
	case InitiatorCSSImage:
		return feature{modes: []Mode{ModeCORS}, credentials: CredentialsSameOrigin, fixedCredentials: true, destination: "image"}
	case InitiatorManifest:
		return feature{modes: []Mode{ModeCORS}, credentials: CredentialsSameOrigin, destination: "manifest"}
	case InitiatorTrack:
		return feature{modes: []Mode{ModeSameOrigin, ModeCORS}, credentials: CredentialsSameOrigin, corsMode: CredentialsSameOrigin, destination: "track"}
	case InitiatorWorker:
		return feature{modes: []Mode{ModeSameOrigin}, credentials: CredentialsSameOrigin, destination: "worker"}
	case InitiatorEventSource:
		return feature{modes: []Mode{ModeCORS}, credentials: CredentialsSameOrigin, connectSrc: true}
	case InitiatorWebSocket:
		return feature{modes: []Mode{ModeWebSocket}, credentials: CredentialsInclude, fixedCredentials: true, connectSrc: true}
	case InitiatorWebTransport:
		return feature{modes: []Mode{ModeWebTransport}, credentials: CredentialsOmit, fixedCredentials: true, method: "CONNECT", connectSrc: true}
	case InitiatorBeacon:
		return feature{modes: []Mode{ModeNoCORS}, credentials: CredentialsInclude, fixedCredentials: true, method: "POST", connectSrc: true}
	case InitiatorReport:
		return feature{modes: []Mode{ModeCORS}, credentials: CredentialsSameOrigin, fixedCredentials: true, method: "POST", destination: "report"}
	case InitiatorForm, InitiatorLink:
		return feature{modes: []Mode{ModeNavigate}, credentials: CredentialsInclude, fixedCredentials: true, destination: "document"}
	case InitiatorIframe:
		return feature{modes: []Mode{ModeNavigate}, credentials: CredentialsInclude, fixedCredentials: true, destination: "iframe"}
	}
	return feature{
		modes:       []Mode{ModeCORS, ModeNoCORS, ModeSameOrigin, ModeNavigate},
		credentials: CredentialsSameOrigin, corsMode: CredentialsSameOrigin, scripted: true, connectSrc: true,
	}
}

// choose returns the mode and credentials mode of a request that asked for the given ones. What the feature does not
// leave to the page is the feature's own.
func (f *feature) choose(mode Mode, credentials Credentials) (Mode, Credentials) {
	own := f.modes[0]
	if mode == "" || !slices.Contains(f.modes, mode) {
		mode = own
	}
	switch {
	case credentials != "" && !f.fixedCredentials && (mode == ModeCORS || f.scripted):
		return mode, credentials
	case mode == own:
		return mode, f.credentials
	}
	return mode, f.corsMode
}
