package input

import (
	"strings"

	"github.com/concors/concors/cors/header"
)

// isCmd reports whether a command line is written for cmd.exe: outside a POSIX shell's quotes it has a caret before a
// quotation mark or at the end of a line, as developer tools write their Windows form and people break lines there, or
// the program is curl.exe. A line without either reads the same in both, but for what people rarely type.
func isCmd(text string) bool {
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && c == '^':
			rest := strings.TrimLeft(text[i+1:], "\r")
			if strings.HasPrefix(rest, `"`) || strings.HasPrefix(rest, "\n") {
				return true
			}
		}
	}
	return isProgram(firstWord(text), "curl.exe")
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimLeft(text, " \t\r\n"), " ")
	return word
}

// isProgram reports whether a word runs the program of a name, wherever it is.
func isProgram(word, name string) bool {
	return header.EqualFold(word[strings.LastIndexAny(word, `/\`)+1:], name)
}

// cmdArguments splits a command line as cmd.exe and then the C runtime of the program do.
//
// https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments
func cmdArguments(text string) ([]argument, error) {
	line, err := cmdLine(strings.ReplaceAll(text, "\r\n", "\n"))
	if err != nil {
		return nil, err
	}
	return line.arguments(line.fromDevtools(text)), nil
}

// A windowsLine is a command line behind cmd.exe, and the line number in the text of each of its bytes.
type windowsLine struct {
	text  []byte
	lines []int
}

// cmdLine does what cmd.exe does: a caret outside quotes makes the next character an ordinary one, and joins lines at the
// end of one; the newline of an empty line behind it is then ordinary too. A caret that has a quotation mark behind it
// hides it from cmd.exe and not from the program.
func cmdLine(text string) (*windowsLine, error) {
	l := &windowsLine{}
	quoted, line := false, 1
	add := func(c byte) {
		l.text, l.lines = append(l.text, c), append(l.lines, line)
		if c == '\n' {
			line++
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '%':
			if name := percentVariable(text[i:]); name != "" {
				return nil, &Error{Line: line, Value: show(name), Reason: "the value of a variable is not known here: put it in its place"}
			}
			add(c)
		case c == '^' && !quoted:
			if i++; i < len(text) && text[i] == '\n' {
				line++
				i++
			}
			if i < len(text) {
				add(text[i])
			}
		case c == '"':
			quoted = !quoted
			add(c)
		case c == '\n' && quoted:
			return nil, &Error{Line: line, Reason: "the line ends inside quotes"}
		case c == '\n', !quoted && (c == '&' || c == '|'):
			rest := strings.TrimSpace(text[i+1:])
			if c == '|' || rest == "" || len(l.text) == 0 {
				if c == '\n' && rest != "" {
					line++
					continue
				}
				return l, nil
			}
			if c == '&' && !strings.HasPrefix(rest, "curl") {
				return nil, &Error{Line: line, Value: "&", Reason: "outside quotes it ends the command: put the URL in quotes"}
			}
			return nil, &Error{Line: line, Reason: "a second command: give one at a time"}
		case !quoted && (c == '<' || c == '>'):
			return nil, &Error{Line: line, Value: string(c), Reason: "a redirection cannot be read here: take it away"}
		default:
			add(c)
		}
	}
	return l, nil
}

// percentVariable returns the variable that s starts with. What could be an encoded byte of a URL is none: typed at a
// prompt, cmd.exe leaves the name of a variable that does not exist as it is.
func percentVariable(s string) string {
	name, _, found := strings.Cut(s[1:], "%")
	if !found || name == "" || strings.Trim(header.Lower(name), "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || '0' <= name[0] && name[0] <= '9' {
		return ""
	}
	if n, _ := digits(name, 16, 2); n == 2 {
		return ""
	}
	return "%" + name + "%"
}

// fromDevtools reports whether the line is quoted as developer tools do it. They double every backslash, while the C
// runtime takes a pair for one only in front of a quotation mark, so that curl would get two where the browser sent one.
// In front of a bracket or brace one alone keeps curl from taking it for a pattern.
func (l *windowsLine) fromDevtools(text string) bool {
	_, arguments, _ := strings.Cut(strings.TrimLeft(text, " \t\r\n"), " ")
	arguments = strings.TrimPrefix(strings.TrimLeft(arguments, " "), "--url ")
	if !strings.HasPrefix(arguments, `^"`) {
		return false
	}
	for i := 0; i < len(l.text); i++ {
		if l.text[i] != '\\' {
			continue
		}
		if i++; i == len(l.text) || strings.IndexByte(`\"[]{}`, l.text[i]) < 0 {
			return false
		}
	}
	return true
}

// arguments splits the line as the C runtime does: spaces and tabs outside quotes separate; of the backslashes in front of
// a quotation mark two make one, and an odd one makes the mark an ordinary character; so does another mark inside quotes.
// With pairs, two backslashes make one everywhere.
func (l *windowsLine) arguments(pairs bool) []argument {
	var list []argument
	var b strings.Builder
	inside, quoted := false, false
	begin := func(i int) {
		if !inside {
			list = append(list, argument{line: l.lines[i]})
		}
		inside = true
	}
	finish := func() {
		if inside {
			list[len(list)-1].text = b.String()
		}
		b.Reset()
		inside = false
	}
	for i := 0; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case (c == ' ' || c == '\t') && !quoted:
			finish()
		case c == '\\':
			begin(i)
			n := 1
			for i+n < len(l.text) && l.text[i+n] == '\\' {
				n++
			}
			i += n - 1
			mark := i+1 < len(l.text) && l.text[i+1] == '"'
			if mark || pairs {
				b.WriteString(strings.Repeat(`\`, n/2))
			} else {
				b.WriteString(strings.Repeat(`\`, n))
			}
			switch {
			case n%2 == 1 && mark:
				i++
				b.WriteByte('"')
			case n%2 == 1 && pairs:
				b.WriteByte('\\')
			}
		case c == '"':
			begin(i)
			if quoted && i+1 < len(l.text) && l.text[i+1] == '"' {
				i++
				b.WriteByte('"')
				continue
			}
			quoted = !quoted
		default:
			begin(i)
			b.WriteByte(c)
		}
	}
	finish()
	return list
}
