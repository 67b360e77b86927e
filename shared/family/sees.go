package family

import (
	"strings"

	"preau/shared/collectivity"
)

// Near says whether two guardians are one person, or of one household.
func Near(a, b Member) bool {
	return a.ID == b.ID || a.Household != "" && a.Household == b.Household
}

// Sees says whether a guardian may see a section of a member: their own, what all may see, and the private sections of
// guardians of the same household. Separated parents do not see each other's address, phones, work, bank and fiscal data; whom a
// court shelters is found by nobody else.
func Sees(viewer, member Member, section Section) bool {
	switch {
	case !section.Private || member.Target != Guardian || viewer.ID == member.ID:
		return true
	case member.Sheltered:
		return false
	}
	return Near(viewer, member)
}

// Edits says whether a guardian may propose a change of a section of a member: what they may see, but of other adults
// only within one household.
func Edits(viewer, member Member, section Section) bool {
	return Sees(viewer, member, section) && (member.Target != Guardian || Near(viewer, member))
}

// SeesPaper says whether a guardian may see a document of a file: of the children all, of the adults their own and those of their
// household. One that tells of an adult and is said to be about a child is shown to none: nobody knows whose it is.
func (f File) SeesPaper(viewer, document Member) bool {
	about, ok := f.Member(document.Text("document", "about"))
	if !ok || about.Target != Guardian {
		return ok && !AdultDocument(document.Text("document", "type"))
	}
	return about.ID == viewer.ID || Near(viewer, about) && !about.Sheltered
}

// Edits is Edits of a member of the file: of documents, of those only that the guardian may see.
func (f File) Edits(viewer, member Member, section Section) bool {
	return Edits(viewer, member, section) && (member.Target != Document || f.SeesPaper(viewer, member))
}

// Public says whether all guardians of a file see a field of an adult of another household: how they are called.
func Public(field string) bool {
	return field == "civility" || field == "firstName" || field == "lastName"
}

// Right is what an agent needs, besides a role, to see a section.
type Right string

// The rights. Office: a reviewer or a manager. Health: the agent's own right, whatever the role.
const (
	Office Right = "office"
	Health Right = "health"
)

// AgentSees says whether an agent may see a section of a member. Of documents, those that tell of health need that right, and
// those of money or courts an office, as do those of which nobody knows what they tell.
func AgentSees(a collectivity.Agent, m Member, section Section) bool {
	right := section.Right
	if m.Target == Document {
		switch kind := m.Text("document", "type"); {
		case kind == "": // not opened: it may be any of them
			return a.Health && a.Role.Covers(collectivity.Reviewer)
		case HealthDocument(kind):
			right = Health
		case kind == "tax_notice" || kind == "judgment" || kind == "other":
			right = Office
		}
	}
	switch right {
	case Office:
		return a.Role.Covers(collectivity.Reviewer)
	case Health:
		return a.Health
	}
	return true
}

// AgentDecides says whether an agent may decide a change of a section: who sees it, and is a reviewer.
func AgentDecides(a collectivity.Agent, m Member, section Section) bool {
	return AgentSees(a, m, section) && a.Role.Covers(collectivity.Reviewer)
}

// MaskedIBAN shows of an IBAN its country and its last four characters: FR•• •••• 1234.
func MaskedIBAN(iban string) string {
	if len(iban) < 8 {
		return strings.Repeat("•", len(iban))
	}
	return iban[:2] + "•• •••• " + iban[len(iban)-4:]
}

// Masked is a value as everybody sees it who has not asked for it in full: an IBAN by its end, a BIC and a tax reference by their
// beginning, a consent by its yes or no, all else as it is; nothing of what is still sealed.
func (f Field) Masked(value any) any {
	if _, sealed := value.([]byte); sealed {
		return nil
	}
	if f.Kind == Consent {
		return plain(value)
	}
	text, ok := value.(string)
	switch {
	case !ok:
		return value
	case f.Kind == Attached: // where a file lies says nothing to people
		return nil
	case f.Kind == IBAN:
		return MaskedIBAN(text)
	case f.Kind == BIC || f.Kind == TaxReference:
		return text[:min(2, len(text))] + strings.Repeat("•", max(0, len(text)-2))
	}
	return value
}
