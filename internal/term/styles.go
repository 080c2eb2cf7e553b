package term

import "charm.land/lipgloss/v2"

// Styles are the five styles. The zero value is plain text.
type Styles struct {
	colour bool
}

// NewStyles returns styles with colour, or plain ones.
func NewStyles(colour bool) Styles { return Styles{colour} }

// Good is for what went well.
func (s Styles) Good(text string) string {
	return s.render(text, lipgloss.NewStyle().Foreground(lipgloss.Green).Bold(true))
}

// Bad is for what failed.
func (s Styles) Bad(text string) string {
	return s.render(text, lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true))
}

// Warn is for what is about to fail, or neither good nor bad.
func (s Styles) Warn(text string) string {
	return s.render(text, lipgloss.NewStyle().Foreground(lipgloss.Yellow).Bold(true))
}

// Strong is for what to look at first.
func (s Styles) Strong(text string) string { return s.render(text, lipgloss.NewStyle().Bold(true)) }

// Faint is for what can be skipped.
func (s Styles) Faint(text string) string { return s.render(text, lipgloss.NewStyle().Faint(true)) }

func (s Styles) render(text string, style lipgloss.Style) string {
	if !s.colour || text == "" {
		return text
	}
	return style.Render(text)
}
