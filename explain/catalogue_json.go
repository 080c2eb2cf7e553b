package explain

// A Catalogue is what explain --list --json prints, documented in docs/json.md.
type Catalogue struct {
	Failures []EntryResult `json:"failures"`
	Warnings []EntryResult `json:"warnings"`
	Messages []EntryResult `json:"messages"`
}

// An EntryResult is one entry of a [Catalogue]; explain --about --json prints one.
type EntryResult struct {
	ID        string    `json:"id"`
	Kind      EntryKind `json:"kind"`
	Title     string    `json:"title"`
	Step      *StepRef  `json:"step"` // null for what is no failure of the model
	What      string    `json:"what"`
	Fix       Fix       `json:"fix"`
	Console   Console   `json:"console"` // templates
	Reference string    `json:"reference"`
}

// NewCatalogue makes the whole catalogue.
func NewCatalogue() Catalogue {
	c := Catalogue{Failures: []EntryResult{}, Warnings: []EntryResult{}, Messages: []EntryResult{}}
	for _, e := range Entries() {
		list := &c.Failures
		switch e.Kind {
		case KindWarning:
			list = &c.Warnings
		case KindMessage:
			list = &c.Messages
		}
		*list = append(*list, NewEntryResult(&e))
	}
	return c
}

// NewEntryResult makes the result of one entry.
func NewEntryResult(e *Entry) EntryResult {
	r := EntryResult{
		ID: e.ID, Kind: e.Kind, Title: e.Title, What: e.What, Fix: anyFix(e.FixTitle, e.Fix),
		Console: e.Templates(), Reference: e.ReferenceURL(),
	}
	if e.Algorithm != "" {
		r.Step = &StepRef{e.Algorithm, e.Number, specURL(e.Algorithm)}
	}
	return r
}
