package store

import (
	"fmt"
	"strings"
)

// expression builds an update of nested fields whose names come from data: each name and value gets a placeholder.
type expression struct {
	names      map[string]string
	operands   attributes
	sets       []string
	removes    []string
	conditions []string
}

func newExpression() *expression {
	return &expression{names: map[string]string{}, operands: attributes{}, conditions: []string{exists}}
}

// path names a nested field: Values, identity, lastName is #n0.#n1.#n2. Some names are reserved words.
func (e *expression) path(names ...string) string {
	var placeholders []string
	for _, n := range names {
		placeholder := fmt.Sprintf("#n%d", len(e.names))
		e.names[placeholder] = n
		placeholders = append(placeholders, placeholder)
	}
	return strings.Join(placeholders, ".")
}

func (e *expression) operand(v any) string {
	placeholder := fmt.Sprintf(":v%d", len(e.operands))
	e.operands[placeholder] = value(v)
	return placeholder
}

func (e *expression) set(path string, v any) { e.sets = append(e.sets, path+" = "+e.operand(v)) }

// add moves a number that is there.
func (e *expression) add(path string, n int) {
	e.sets = append(e.sets, path+" = "+path+" + "+e.operand(n))
}

// fill sets a field that is absent.
func (e *expression) fill(path string, v any) {
	e.sets = append(e.sets, path+" = if_not_exists("+path+", "+e.operand(v)+")")
}

func (e *expression) remove(path string)       { e.removes = append(e.removes, path) }
func (e *expression) require(condition string) { e.conditions = append(e.conditions, condition) }

// was requires the value that was read; nil is an absent field.
func (e *expression) was(path string, v any) {
	if v == nil {
		e.require("attribute_not_exists(" + path + ")")
		return
	}
	e.require(path + " = " + e.operand(v))
}

func (e *expression) write(k key, or error) write {
	var update []string
	if len(e.sets) > 0 {
		update = append(update, "SET "+strings.Join(e.sets, ", "))
	}
	if len(e.removes) > 0 {
		update = append(update, "REMOVE "+strings.Join(e.removes, ", "))
	}
	w := write{key: k, update: strings.Join(update, " "), condition: strings.Join(e.conditions, " AND "), or: or}
	if len(e.names) > 0 {
		w.names = e.names
	}
	if len(e.operands) > 0 {
		w.values = e.operands
	}
	return w
}

// unlessEmpty is the write, or none when there is nothing to write.
func (e *expression) unlessEmpty(k key) []write {
	if len(e.sets)+len(e.removes) == 0 {
		return nil
	}
	return []write{e.write(k, ErrMoved)}
}
