package family

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"preau/shared/refusal"
)

// Merge is what becomes of a file that is merged into another one.
type Merge struct {
	Members []Merged // all of the file, in its order
	Gone    []Member // who left it, as they are in the other file: until they are erased
	Forbids []*refusal.Refusal
	ids     map[string]string // of its members, as they are called in the other file
}

// Merged is what becomes of one member.
type Merged struct {
	Member        // as it was
	Same   bool   // the other file has it already: it is there with what it lacked
	Into   Member // as it is in the other file
	Takes  []Said // what it lacked there
	Drops  []Said // what both files say, and not the same: the other file's stays
}

// Said is one field of a section.
type Said struct{ Section, Field string }

// As is how a member of the file is called in the other one.
func (m Merge) As(id string) string { return cmp.Or(m.ids[id], id) }

// PlanMerge says what would become of the file from if it were merged into another; gone are those who left it. What is sealed of
// all is opened. Children and
// guardians of the same names and birth date are the same, so are guardians of one account, and contacts of the same names and
// phone; fold writes a name as it is compared. Where both files say something, into's stays, but for what safety is about: of
// consents and of who may collect, the later word and the no; health is never chosen for anybody.
func PlanMerge(from, gone, into File, fold func(string) string) Merge {
	p := merging{Merge: Merge{ids: map[string]string{}}, from: from, into: into, fold: fold}
	for _, m := range from.Members() {
		p.Members = append(p.Members, p.match(m))
	}
	for i, m := range p.Members {
		if !m.Same {
			p.Members[i].Into = p.moved(m.Member)
			continue
		}
		p.complete(&p.Members[i])
	}
	for _, m := range gone.Members() {
		p.Gone = append(p.Gone, p.moved(m))
	}
	p.check()
	return p.Merge
}

type merging struct {
	Merge
	from, into File
	fold       func(string) string
}

// match finds a member in the other file.
func (p *merging) match(m Member) Merged {
	out := Merged{Member: m}
	for _, other := range p.into.Members() {
		if other.Target == m.Target && p.same(m, other) && !slices.Contains(slices.Collect(maps.Values(p.ids)), other.ID) {
			out.Same, out.Into = true, other
			p.ids[m.ID] = other.ID
			return out
		}
	}
	return out
}

func (p *merging) same(a, b Member) bool {
	if a.Account != "" && a.Account == b.Account {
		return true
	}
	if p.fold(a.Name()) != p.fold(b.Name()) {
		return false
	}
	switch a.Target {
	case Guardian, Child:
		born := a.Text("identity", "birthDate")
		return born != "" && born == b.Text("identity", "birthDate")
	case Contact:
		phone := a.Text("contact", "phone")
		return phone != "" && phone == b.Text("contact", "phone")
	}
	return false
}

// moved is a member as it goes over: whom its values name are named as there. Its household is its own: that two files used the
// same name for theirs does not make one of them.
func (p *merging) moved(m Member) Member {
	m = p.renamed(m)
	if m.Household != "" {
		m.Household = p.from.ID + "-" + m.Household
	}
	m.Kept, m.Versions, m.Pending = nil, nil, nil
	return m
}

// renamed is a member whose values name others as the other file does.
func (p *merging) renamed(m Member) Member {
	values := map[string]map[string]any{}
	for section, fields := range m.Values {
		values[section] = map[string]any{}
		for field, v := range fields {
			values[section][p.field(m.Target, section, field)] = p.value(section, field, v)
		}
	}
	m.Values = values
	return m
}

// field is the name of a field: relations are named by children, consents by who gave them.
func (p *merging) field(of Target, section, field string) string {
	base, guardian, consent := strings.Cut(field, "@")
	switch {
	case of == Guardian && section == "relations":
		return p.As(field)
	case consent:
		return ConsentOf(base, p.As(guardian))
	}
	return field
}

func (p *merging) value(section, field string, v any) any {
	id, isText := v.(string)
	list, isList := v.([]any)
	switch {
	case isText && (section == "address" && field == "sameAs" || section == "document" && field == "about"):
		return p.As(id)
	case isList && section == "contact" && field == "children":
		all := make([]any, len(list))
		for i, child := range list {
			id, _ := child.(string)
			all[i] = p.As(id)
		}
		return all
	}
	return v
}

// joint are the sections of which a half makes no sense: an IBAN with another account's BIC, a street with another town. They go
// over whole, where the other file has none of it.
var joint = map[string]bool{"guardian.address": true, "guardian.work": true, "guardian.fiscal": true, "guardian.bank": true, "child.school": true, "child.photo": true}

// complete gives a member of the other file what it lacks.
func (p *merging) complete(m *Merged) {
	was := p.renamed(m.Member)
	into := m.Into
	into.Values = map[string]map[string]any{}
	for section, fields := range m.Into.Values {
		into.Values[section] = maps.Clone(fields)
	}
	for _, section := range was.sections() {
		s, _ := SectionOf(m.Target, section)
		none := len(m.Into.fields(section)) == 0
		for _, field := range was.fields(section) {
			f, _ := s.Field(field)
			here, there := was.Value(section, field), m.Into.Value(section, field)
			takes, value := f.merged(here, there)
			if joint[s.Key()] {
				takes = none
			}
			said := Said{section, field}
			switch {
			case takes:
				if into.Values[section] == nil {
					into.Values[section] = map[string]any{}
				}
				into.Values[section][field] = value
				m.Takes = append(m.Takes, said)
			case !Same(here, there):
				m.Drops = append(m.Drops, said)
			}
		}
	}
	m.Into = into
}

// merged is what becomes of a field with a value in both files: whether the other file takes a new one, and which.
func (f Field) merged(here, there any) (takes bool, value any) {
	switch {
	case there == nil:
		return true, here
	case Same(here, there):
		return false, nil
	case f.Kind == Consent:
		return givenAt(here) > givenAt(there), here
	case f.Safety == Withdrawal:
		return plain(there) == true, here
	case f.Kind == OfChildren:
		mine, _ := here.([]any)
		theirs, _ := there.([]any)
		all := slices.Clone(theirs)
		for _, child := range mine {
			if !holds(all, child) {
				all = append(all, child)
			}
		}
		return len(all) > len(theirs), all
	}
	return false, nil
}

func givenAt(consent any) string {
	v, _ := consent.(map[string]any)
	at, _ := v["at"].(string)
	return at
}

// check finds what forbids the merge.
func (p *merging) check() {
	forbid := func(no *refusal.Refusal, when bool) {
		if when && !slices.Contains(p.Forbids, no) {
			p.Forbids = append(p.Forbids, no)
		}
	}
	forbid(ErrMergePending, len(p.from.Adding) > 0)
	for _, m := range p.Members {
		forbid(ErrMergePending, m.waits())
		forbid(ErrMergeShared, m.Other != "" || m.Same && m.Into.Other != "")
		forbid(ErrMergeAccounts, m.Same && m.Account != "" && m.Into.Account != "" && m.Account != m.Into.Account)
		forbid(ErrMergeHealth, slices.ContainsFunc(m.Drops, func(s Said) bool { return careful(m.Target, s) }))
		for _, g := range p.into.Guardians {
			forbid(ErrMergeTwice, m.Account != "" && m.Account == g.Account && p.As(m.ID) != g.ID)
		}
	}
}

// waits says whether a change of the member waits for a decision.
func (m Member) waits() bool {
	for _, fields := range m.Pending {
		if len(fields) > 0 {
			return true
		}
	}
	return false
}

// careful says whether nobody but the family chooses between two values of a field.
func careful(of Target, s Said) bool {
	section, _ := SectionOf(of, s.Section)
	f, _ := section.Field(s.Field)
	return f.Safety == Addition
}

// Why two files are not merged.
var (
	ErrMergeSelf       = refusal.OfField("from", "same_family", "Indiquez deux dossiers différents.")
	ErrMergePending    = refusal.New(refusal.Conflict, "merge_pending_changes", "Des modifications du dossier attendent une décision. Traitez-les d’abord.")
	ErrMergeShared     = refusal.New(refusal.Conflict, "merge_shared_child", "Un enfant du dossier est aussi dans celui d’un autre foyer.")
	ErrMergeAccounts   = refusal.New(refusal.Conflict, "merge_accounts", "Un même responsable a deux comptes abonnés, un par dossier. L’un des deux doit d’abord se désabonner.")
	ErrMergeTwice      = refusal.New(refusal.Conflict, "merge_account_twice", "Un même compte est abonné aux deux dossiers pour deux responsables différents.")
	ErrMergeHealth     = refusal.New(refusal.Conflict, "merge_health_differs", "Les deux dossiers disent autre chose de la santé d’un enfant. Faites-les d’abord concorder.")
	ErrMergeDays       = refusal.New(refusal.Conflict, "merge_days_ahead", "Le dossier a des journées réservées, demandées ou dues à partir d’aujourd’hui.")
	ErrMergeRequests   = refusal.New(refusal.Conflict, "merge_requests_open", "Des demandes du dossier attendent une décision ou sont en cours d’enregistrement.")
	ErrMergeStanding   = refusal.New(refusal.Conflict, "merge_standing_enrolment", "Une inscription à l’année du dossier est en cours. Terminez-la d’abord.")
	ErrMergeEnrolments = refusal.New(refusal.Conflict, "merge_enrolments_overlap", "Un enfant est inscrit à la même activité dans les deux dossiers sur la même période.")
	ErrMergeTooLarge   = refusal.New(refusal.Conflict, "merge_too_large", "Ces dossiers contiennent trop d’éléments pour être fusionnés en une fois.")
)
