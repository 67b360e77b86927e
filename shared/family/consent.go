package family

import "strings"

// ConsentOf names the value in which a guardian's consent is kept: image@anne. Each holder of parental authority has one.
func ConsentOf(field, guardian string) string { return field + "@" + guardian }

// Given says what a guardian consented to, and whether they said anything.
func Given(child Member, field, guardian string) (given, said bool) {
	v, ok := plain(child.Value("authorisations", ConsentOf(field, guardian))).(bool)
	return v, ok
}

// GivenAt is when they said it, RFC 3339.
func GivenAt(child Member, field, guardian string) string {
	v, _ := child.Value("authorisations", ConsentOf(field, guardian)).(map[string]any)
	at, _ := v["at"].(string)
	return at
}

// Holds says whether an authorisation of a child holds. A joint one (image, social media) needs the yes of every holder of
// parental authority; an ordinary one the yes of one, to which no other said no (Code civil, 372-1 and 372-2). A no that
// waits for an agent counts already.
func Holds(child Member, f Field, holders []string, declared map[string]any) bool {
	yes := 0
	for _, guardian := range holders {
		given, said := Given(child, f.Name, guardian)
		if v, waits := declared[ConsentOf(f.Name, guardian)]; waits {
			given, said = plain(v) == true, true
		}
		switch {
		case given:
			yes++
		case said || f.Joint:
			return false
		}
	}
	return yes > 0
}

// Holders lists the guardians of some files who hold parental authority over a child.
func Holders(child string, guardians ...[]Member) []string {
	var all []string
	for _, of := range guardians {
		for _, g := range of {
			if g.Holder(child) {
				all = append(all, g.ID)
			}
		}
	}
	return all
}

// withdrawn says whether a new value of a field takes back what its old one allowed.
func withdrawn(value any) bool { return plain(value) != true }

// Declared lists what carers already see of changes that wait for a decision: field → value. Design: safety does not wait.
func Declared(section Section, changes []Change, member string) map[string]any {
	all := map[string]any{}
	for _, c := range changes {
		if c.Target != member || c.Section != section.Name || c.Kind == Adds {
			continue
		}
		for _, f := range c.Fields {
			field, ok := section.Field(f.Field)
			if ok && f.State == Pending && field.urgent(f.Old, f.New) {
				all[f.Field] = f.New
			}
		}
	}
	return all
}

// urgent says whether carers see a change of the field before it is decided.
func (f Field) urgent(before, after any) bool {
	switch f.Safety {
	case Withdrawal:
		return withdrawn(after)
	case Addition:
		return after != nil && !within(after, before)
	}
	return false
}

// within says whether a value adds nothing to another: a shorter list, or a text that the other one holds.
func within(after, before any) bool {
	switch v := after.(type) {
	case []any:
		had, _ := before.([]any)
		for _, one := range v {
			if !holds(had, one) {
				return false
			}
		}
		return true
	case string:
		had, _ := before.(string)
		return strings.Contains(had, v)
	}
	return after != true
}

func holds(all []any, one any) bool {
	for _, v := range all {
		if Same(v, one) {
			return true
		}
	}
	return false
}
