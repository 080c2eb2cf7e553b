package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/concors/concors/cors/header"
)

// A Layer is something that a response went through on its way, or came from, and that says so in a header.
type Layer struct {
	Name     string    `json:"layer"`
	Role     LayerRole `json:"role"`
	Evidence string    `json:"evidence"` // the header line that says so
}

// A LayerRole is what a layer is to the others.
type LayerRole string

// The roles, the outermost first.
const (
	LayerCDN       LayerRole = "cdn"
	LayerGateway   LayerRole = "gateway"
	LayerProxy     LayerRole = "proxy" // load balancers too
	LayerServer    LayerRole = "server"
	LayerFramework LayerRole = "framework"
)

// Layers tells from a response's headers which layers touched it, the outermost first as far as the headers tell: by their
// order in Via, else by role. Most layers can be told to be silent, and some are by nature, so what is not in the list may
// be there all the same; an origin can also pass on what another server told it. Nothing is guessed from a lack of headers.
func Layers(list header.List) []Layer {
	t := &teller{list: list}
	for _, sign := range telltales() {
		t.look(sign)
	}
	t.via()
	slices.SortStableFunc(t.found, func(a, b touch) int { return cmp.Compare(a.rank(), b.rank()) })
	t.orderByVia()
	layers := make([]Layer, len(t.found))
	for i, f := range t.found {
		layers[i] = f.Layer
	}
	return layers
}

// A telltale is a header by which a layer is known.
type telltale struct {
	layer   string
	role    LayerRole
	header  string // a name; one that ends in - stands for all that begin so
	product string // that must be in the value; empty for any value
}

// A touch is a layer that was found.
type touch struct {
	Layer
	hop int // its place in Via, from 1, the innermost first; 0 when it is not there
}

func (t touch) rank() int {
	return slices.Index([]LayerRole{LayerCDN, LayerGateway, LayerProxy, LayerServer, LayerFramework}, t.Role)
}

// A teller looks for layers in a header list.
type teller struct {
	list  header.List
	found []touch
}

func (t *teller) add(layer string, role LayerRole, f header.Field, hop int) {
	for i := range t.found {
		if t.found[i].Name == layer {
			t.found[i].hop = max(t.found[i].hop, hop)
			return
		}
	}
	t.found = append(t.found, touch{Layer{layer, role, f.Name + ": " + latin1(f.Value)}, hop})
}

func (t *teller) look(sign telltale) {
	for _, f := range t.list {
		name := header.Lower(f.Name)
		if name != sign.header && !(strings.HasSuffix(sign.header, "-") && strings.HasPrefix(name, sign.header)) {
			continue
		}
		if sign.product == "" || names(f.Value, sign.product) {
			t.add(sign.layer, sign.role, f, 0)
			return
		}
	}
}

// via reads the layers that name themselves in Via: each adds itself at the end.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-7.6.3
func (t *teller) via() {
	const most = 32 // a bound for hostile input
	hop := 0
	for _, f := range t.list {
		if !header.EqualFold(f.Name, "Via") {
			continue
		}
		for _, entry := range viaEntries(f.Value) {
			if hop++; hop > most {
				return
			}
			layer, role := viaLayer(entry)
			if layer == "Varnish" && slices.ContainsFunc(t.found, func(other touch) bool { return other.Name == "Fastly" }) {
				layer, role = "Fastly", LayerCDN // which names its Varnish
			}
			if layer != "" {
				t.add(layer, role, f, hop)
			}
		}
	}
}

// orderByVia puts the layers that are in Via in its order, each in a place that one of them has.
func (t *teller) orderByVia() {
	var places []int
	var inVia []touch
	for i, f := range t.found {
		if f.hop > 0 {
			places, inVia = append(places, i), append(inVia, f)
		}
	}
	slices.SortStableFunc(inVia, func(a, b touch) int { return b.hop - a.hop })
	for i, place := range places {
		t.found[place] = inVia[i]
	}
}

// viaEntries cuts a Via header at its commas; in a comment a comma is none.
func viaEntries(value string) []string {
	var entries []string
	depth, start := 0, 0
	for i := range len(value) {
		switch value[i] {
		case '(':
			depth++
		case ')':
			depth = max(depth-1, 0)
		case ',':
			if depth == 0 {
				entries = append(entries, value[start:i])
				start = i + 1
			}
		}
	}
	return append(entries, value[start:])
}

// viaLayer is the layer of an entry of Via: one that is known, or what it calls itself.
func viaLayer(entry string) (string, LayerRole) {
	fields := strings.Fields(entry)
	if len(fields) > 1 && isProtocol(fields[0]) {
		fields = fields[1:]
	}
	if len(fields) == 0 {
		return "", ""
	}
	by, whole := fields[0], strings.Join(fields, " ")
	for _, known := range []struct {
		product, layer string
		role           LayerRole
	}{
		{"CloudFront", "CloudFront", LayerCDN},
		{"AkamaiGHost", "Akamai", LayerCDN},
		{"varnish", "Varnish", LayerProxy},
		{"google", "Google Cloud", LayerProxy},
		{"vegur", "Heroku", LayerProxy},
		{"heroku-router", "Heroku", LayerProxy},
		{"fly.io", "Fly.io", LayerProxy},
		{"Caddy", "Caddy", LayerServer},
		{"kong", "Kong", LayerGateway},
		{"squid", "Squid", LayerProxy},
		{"Apache", "Apache", LayerServer},
	} {
		if names(whole, known.product) {
			return known.layer, known.role
		}
	}
	return escape(latin1(by)), LayerProxy
}

// isProtocol reports whether a field of Via is a protocol: 1.1, 2, HTTP/1.1.
func isProtocol(s string) bool {
	_, version, found := strings.Cut(s, "/")
	if !found {
		version = s
	}
	return version != "" && strings.Trim(version, "0123456789.") == ""
}

// names reports whether a value names a product: the word stands in it, in any case, and is not part of a longer one,
// unless it ends in -.
func names(value, product string) bool {
	value, product = header.Lower(value), header.Lower(product)
	for start := 0; ; {
		i := strings.Index(value[start:], product)
		if i < 0 {
			return false
		}
		i += start
		end := i + len(product)
		if (i == 0 || !isWord(value[i-1])) && (end == len(value) || !isWord(value[end]) || product[len(product)-1] == '-') {
			return true
		}
		start = i + 1
	}
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}
