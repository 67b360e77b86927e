package notice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"preau/shared/refusal"
)

// A node is one value of the document with its path: rules[0].closes.at. It keeps what a Go struct would lose: which keys
// were written, which of them twice, and where.
type node struct {
	path   string
	keys   []string // of an object, in their order
	fields map[string]*node
	items  []*node
	value  any // string, json.Number, bool, nil; or '{' or '[' as json.Delim
}

// reader reads nodes and collects what is wrong with them.
type reader struct {
	tokens *json.Decoder
	wrong  []refusal.Field
}

func (r *reader) add(path, code, detail string, args ...any) {
	if path == "" {
		path = "$"
	}
	r.wrong = append(r.wrong, refusal.Field{Field: path, Code: code, Detail: fmt.Sprintf(detail, args...)})
}

// document reads the whole text as one value.
func (r *reader) document(text []byte) (*node, error) {
	r.tokens = json.NewDecoder(bytes.NewReader(text))
	r.tokens.UseNumber()
	n, err := r.node("", 0)
	if err != nil {
		return nil, err
	}
	if _, err := r.tokens.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the document")
	}
	return n, nil
}

const deepest = 12 // levels; the language needs no more

func (r *reader) node(path string, depth int) (*node, error) {
	token, err := r.tokens.Token()
	if err != nil {
		return nil, err
	}
	if depth > deepest {
		return nil, errors.New("too deep")
	}
	n := &node{path: path, value: token}
	switch token {
	case json.Delim('{'):
		err = r.object(n, depth)
	case json.Delim('['):
		err = r.array(n, depth)
	}
	return n, err
}

func (r *reader) object(n *node, depth int) error {
	n.fields = map[string]*node{}
	for r.tokens.More() {
		token, err := r.tokens.Token()
		if err != nil {
			return err
		}
		key := token.(string) // the decoder takes nothing else for a key
		field, err := r.node(joined(n.path, key), depth+1)
		if err != nil {
			return err
		}
		if n.fields[key] != nil {
			r.add(field.path, "duplicate_key", "« %s » figure deux fois.", key)
		}
		n.keys, n.fields[key] = append(n.keys, key), field
	}
	_, err := r.tokens.Token()
	return err
}

func joined(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (r *reader) array(n *node, depth int) error {
	for r.tokens.More() {
		item, err := r.node(fmt.Sprintf("%s[%d]", n.path, len(n.items)), depth+1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := r.tokens.Token()
	return err
}

// has says whether the node is an object that has a key. A node may be nil: then it has nothing.
func (n *node) has(key string) bool { return n != nil && n.fields[key] != nil }

// of says whether the node is an object and has no keys but these.
func (r *reader) of(n *node, keys ...string) bool {
	if n.fields == nil {
		r.add(n.path, "wrong_type", "Un objet { … } est attendu ici.")
		return false
	}
	for _, key := range n.keys {
		if !slices.Contains(keys, key) {
			r.add(joined(n.path, key), "unknown_key", "« %s » n’existe pas ici.", key)
		}
	}
	return true
}

// list is the items of an array of at least one and at most a number of items.
func (r *reader) list(n *node, most int) []*node {
	switch {
	case n.value != json.Delim('['):
		r.add(n.path, "wrong_type", "Une liste [ … ] est attendue ici.")
	case len(n.items) == 0:
		r.add(n.path, "missing", "Cette liste est vide.")
	case len(n.items) > most:
		r.add(n.path, "out_of_range", "Cette liste a plus de %d éléments.", most)
	default:
		return n.items
	}
	return nil
}

func (r *reader) text(n *node) string {
	s, ok := n.value.(string)
	if !ok {
		r.add(n.path, "wrong_type", "Un texte est attendu ici.")
	}
	return s
}

func (r *reader) oneOf(n *node, choices ...string) string {
	s := r.text(n)
	if s != "" && !slices.Contains(choices, s) || s == "" && n.value == "" {
		r.add(n.path, "not_allowed", "« %s » n’existe pas ici.", s)
	}
	return s
}

func (r *reader) boolean(n *node) bool {
	b, ok := n.value.(bool)
	if !ok {
		r.add(n.path, "wrong_type", "true ou false est attendu ici.")
	}
	return b
}

// yes reads a mark that is either true or left out.
func (r *reader) yes(n *node) bool {
	if _, is := n.value.(bool); is && n.value != true {
		r.add(n.path, "not_allowed", "Retirez cette clé plutôt que d’écrire false.")
	}
	return r.boolean(n)
}

// number reads a whole number between two bounds, not nought.
func (r *reader) number(n *node, least, most int) int {
	written, ok := n.value.(json.Number)
	if !ok {
		r.add(n.path, "wrong_type", "Un nombre est attendu ici.")
		return least
	}
	i, err := written.Int64()
	if err != nil || int(i) < least || int(i) > most || i == 0 {
		r.add(n.path, "out_of_range", "Un nombre entier de %d à %d, non nul, est attendu ici.", least, most)
		return least
	}
	return int(i)
}
