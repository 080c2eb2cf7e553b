package browser

import (
	"encoding/json"
	"fmt"
)

// pageCall wraps the body of an async function, and its arguments, in an expression that is a promise of a string of
// JSON: {"value": ...} or {"thrown": "..."}. A string means the same in every protocol, while each has its own ideas
// of how to carry values and exceptions.
func pageCall(js string, args []any) (string, error) {
	if args == nil {
		args = []any{}
	}
	list, err := json.Marshal(args)
	if err != nil {
		return "", fmt.Errorf("encode the arguments: %w", err)
	}
	return fmt.Sprintf(`(async () => {
	try {
		const value = await (async function () {
%s
		}).apply(undefined, %s);
		return JSON.stringify({ value: value === undefined ? null : value });
	} catch (e) {
		return JSON.stringify({ thrown: String(e) });
	}
})()`, js, list), nil
}

// pageResult takes apart what the promise of pageCall gave.
func pageResult(text string) (json.RawMessage, error) {
	var result struct {
		Value  json.RawMessage `json:"value"`
		Thrown *string         `json:"thrown"`
	}
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		return nil, fmt.Errorf("decode %q from the page: %w", text, err)
	}
	if result.Thrown != nil {
		return nil, &ThrownError{Text: *result.Thrown}
	}
	return result.Value, nil
}
