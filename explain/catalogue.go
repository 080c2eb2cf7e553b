package explain

import "github.com/concors/concors/cors/fetch"

// An Entry is one entry of the catalogue: something that can be found in a fetch, explained without one.
type Entry struct {
	ID        string
	Kind      EntryKind
	Title     string
	Algorithm string // dfn id of the step that finds it; empty for what is no failure of the model
	Number    string
	What      string // what goes wrong, in the user's terms
	FixTitle  string
	Fix       string
	Reference string // an address; empty means the step's
}

// EntryKind tells a failure from a warning.
type EntryKind string

// The kinds.
const (
	KindFailure EntryKind = "failure"
	KindWarning EntryKind = "warning"
	KindMessage EntryKind = "message" // only found in what a browser printed
)

// Entries is the whole catalogue: the failures of [fetch.FailureIDs], the warnings of [WarningIDs], and what only messages
// tell of ([MessageIDs]), in their order. The slice is the caller's.
func Entries() []Entry {
	var entries []Entry
	for _, id := range fetch.FailureIDs() {
		if e, ok := EntryOf(string(id)); ok {
			entries = append(entries, e)
		}
	}
	for _, id := range append(WarningIDs(), MessageIDs()...) {
		if e, ok := EntryOf(id); ok {
			entries = append(entries, e)
		}
	}
	return entries
}

// EntryOf returns the entry of an id, and whether there is one.
func EntryOf(id string) (Entry, bool) {
	for _, part := range [][]Entry{sharingEntries(), preflightEntries(), requestEntries(), redirectEntries(), warningEntries(), messageEntries()} {
		for _, e := range part {
			if e.ID == id {
				return e, true
			}
		}
	}
	return Entry{}, false
}

// ReferenceURL is where to read on.
func (e *Entry) ReferenceURL() string {
	if e.Reference != "" {
		return e.Reference
	}
	return specURL(e.Algorithm)
}

func specURL(algorithm string) string { return "https://fetch.spec.whatwg.org/#" + algorithm }

// Templates are the lines that the engines print for a failure, with placeholders in braces and parts that not every line
// has in brackets; empty where the engine prints none.
func (e *Entry) Templates() Console {
	if e.Kind != KindFailure {
		return Console{}
	}
	id := fetch.FailureID(e.ID)
	return Console{
		Chromium: expandFrames(chromiumTemplate(id), nil),
		Firefox:  expandFrames(firefoxTemplate(id), nil),
		WebKit:   expandFrames(webkitTemplate(id), nil),
	}
}

func failure(id fetch.FailureID, algorithm, number, title, fixTitle, fix string) Entry {
	return Entry{
		ID: string(id), Kind: KindFailure, Title: title, Algorithm: algorithm, Number: number, What: id.What(), FixTitle: fixTitle, Fix: fix,
	}
}

func warning(id, title, what, fixTitle, fix, reference string) Entry {
	return Entry{ID: id, Kind: KindWarning, Title: title, What: what, FixTitle: fixTitle, Fix: fix, Reference: reference}
}
