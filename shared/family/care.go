package family

import "slices"

// Known is one thing that carers know of a child, and whether it is only declared: no agent has looked at it yet.
type Known struct {
	Value    any
	Declared bool
}

// KnownOf lists what carers know of a field of a member: what the file holds and, beside it, what was declared (see Declared). What
// a declaration would take away stays, until an agent has decided.
func KnownOf(m Member, section, field string, declared map[string]any) (all []Known) {
	now := each(m.Value(section, field))
	for _, v := range now {
		all = append(all, Known{Value: v})
	}
	for _, v := range each(declared[field]) {
		if !holds(now, v) {
			all = append(all, Known{v, true})
		}
	}
	return all
}

// each lists what a value holds.
func each(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

// Urgent lists the fields of a change that carers see before an agent has decided: see Declared; and, of a contact, that it is to
// leave the file, or is no longer there for one of the children.
func Urgent(c Change) (fields []FieldChange) {
	section, ok := c.About()
	if !ok || c.Kind == Adds || c.Kind == Removes && c.Of != Contact {
		return nil
	}
	for _, d := range c.Fields {
		f, _ := section.Field(d.Field)
		urgent := c.Kind == Removes || f.urgent(d.Old, d.New) || f.Kind == OfChildren && !within(d.Old, d.New)
		if d.State == Pending && urgent {
			fields = append(fields, d)
		}
	}
	return fields
}

// Collects says whether a contact may collect a child, by the file. withdrawn says that they might, had the family not taken it
// back by one of the changes that wait.
func Collects(contact Member, child string, changes []Change) (may, withdrawn bool) {
	if contact.Value("contact", "collect") != true || !contact.About(child) {
		return false, false
	}
	withdrawn = slices.ContainsFunc(changes, func(c Change) bool {
		return c.Target == contact.ID && slices.ContainsFunc(Urgent(c), func(d FieldChange) bool {
			return d.Field != "children" || !slices.Contains(each(d.New), any(child))
		})
	})
	return !withdrawn, withdrawn
}
