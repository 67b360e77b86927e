package family

import (
	"slices"

	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// A Gap is something that the collectivity requires and the file does not hold.
type Gap struct {
	Member  Member
	Section Section
	Field   Field
	Kind    string // of a document
}

// Missing lists what a guardian still has to give, of what they may edit: required fields, and documents by the town's rules.
// What waits for a decision is not missing: fields by their marks, documents among the pending changes. Documents that tell of
// adults are asked for once of a household, all others of each child.
func Missing(settings collectivity.Settings, file File, viewer Member, today calendar.Date, pending ...Change) []Gap {
	var gaps []Gap
	papers := slices.Clone(file.Documents)
	for _, c := range pending {
		if c.Kind == Adds && c.Of == Document && c.State() == Pending {
			papers = append(papers, c.Added(0))
		}
	}
	for _, m := range file.Members() {
		for _, s := range SectionsOf(m.Target) {
			if m.Target == Document || !Edits(viewer, m, s) {
				continue
			}
			gaps = append(gaps, s.missing(settings, file, m, viewer)...)
		}
	}
	for _, rule := range settings.Documents {
		if AdultDocument(rule.Type) && slices.ContainsFunc(file.Children, func(c Member) bool { return asks(rule, c) }) && !file.gave(viewer, papers, rule.Type, today) {
			gaps = append(gaps, Gap{Member: viewer, Section: First(Document), Kind: rule.Type})
		}
	}
	for _, child := range file.Children {
		for _, rule := range settings.Documents {
			if !AdultDocument(rule.Type) && asks(rule, child) && !slices.ContainsFunc(papers, func(d Member) bool { return Covers(d, child.ID, rule.Type, today) }) {
				gaps = append(gaps, Gap{Member: child, Section: First(Document), Kind: rule.Type})
			}
		}
	}
	return gaps
}

// gave says whether a guardian, or another of their household, gave a document of a type that tells of adults.
func (f File) gave(viewer Member, papers []Member, kind string, today calendar.Date) bool {
	return slices.ContainsFunc(papers, func(d Member) bool {
		return f.SeesPaper(viewer, d) && Covers(d, d.Text("document", "about"), kind, today)
	})
}

func (s Section) missing(settings collectivity.Settings, file File, m, viewer Member) []Gap {
	if s.Name == "address" && file.Lives(m).ID != m.ID {
		return nil
	}
	// A section that nobody began is asked for only where the town itself requires one of its fields.
	begun := len(m.Values[s.Name])+len(m.Kept[s.Name]) > 0
	var gaps []Gap
	for _, name := range s.asked(file) {
		f, _ := s.Field(name)
		key := name
		if f.Kind == Consent {
			if !viewer.Holder(m.ID) {
				continue
			}
			key = ConsentOf(name, viewer.ID)
		}
		required := s.Mode(settings, f) == collectivity.Required && (begun || s.Mode(settings, Field{Name: f.Name}) == collectivity.Required)
		if required && !m.Has(s.Name, key) && m.Pending[s.Name][key] == "" {
			if s.PerID {
				of, _ := file.Member(name)
				f.Label += " " + of.Text("identity", "firstName")
			}
			gaps = append(gaps, Gap{Member: m, Section: s, Field: f})
		}
	}
	return gaps
}

// asked names the fields of a member's section.
func (s Section) asked(file File) (names []string) {
	if s.PerID {
		for _, c := range file.Children {
			names = append(names, c.ID)
		}
		return names
	}
	for _, f := range s.Fields {
		names = append(names, f.Name)
	}
	return names
}

// Covers says whether a document is of a type, concerns a member and is valid on a day.
func Covers(document Member, about, kind string, on calendar.Date) bool {
	until := document.Text("document", "validUntil")
	return document.Left == "" && document.Text("document", "type") == kind && document.Text("document", "about") == about &&
		document.Text("document", "validFrom") <= string(on) && (until == "" || until >= string(on))
}

// ConfirmFrom is the day from which a confirmation counts: the first of the school year around today.
func ConfirmFrom(today calendar.Date) calendar.Date {
	year := today[:4]
	if today[5:7] < "09" {
		year = today.AddYears(-1)[:4]
	}
	return year + "-09-01"
}

// asks says whether a rule asks for a document of a child.
func asks(rule collectivity.DocumentRule, child Member) bool {
	return rule.When == collectivity.ForAll || rule.When == collectivity.ForPAI && child.Value("health", "pai") == true
}
