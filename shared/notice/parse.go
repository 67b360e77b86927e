package notice

import (
	"slices"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// How much a document may hold; enough for a table by weekday for each holiday of a year.
const (
	mostRules = 100
	mostItems = 20
	mostBytes = 64 << 10
)

// Parse reads a settings document. A refusal names the path of each mistake: rules[0].closes.steps[1].
func Parse(document []byte) (Rules, error) {
	var r reader
	if len(document) > mostBytes {
		return Rules{}, refusal.OfField("$", "too_long", "Ces règles sont trop longues.")
	}
	root, err := r.document(document)
	if err != nil {
		return Rules{}, refusal.OfField("$", "not_json", "Ces règles ne sont pas du JSON : "+err.Error())
	}
	rules := r.rules(root)
	if len(r.wrong) > 0 {
		return Rules{}, refusal.OfFields(r.wrong)
	}
	return rules, nil
}

// Note is what the settings say of themselves: the article of the town's own regulation, say.
func (r Rules) Note() string { return r.note }

func (r *reader) rules(n *node) (rules Rules) {
	if !r.of(n, "$schema", "note", "rules", "weeks") {
		return rules
	}
	if n.has("$schema") {
		r.text(n.fields["$schema"])
	}
	rules.note = r.note(n)
	if !n.has("rules") && !n.has("weeks") {
		r.add("rules", "missing", "Indiquez au moins une règle.")
	}
	if n.has("rules") {
		for _, item := range r.list(n.fields["rules"], mostRules) {
			rules.rules = append(rules.rules, r.rule(item))
			r.reached(item, rules.rules)
		}
	}
	if n.has("weeks") {
		for _, item := range r.list(n.fields["weeks"], mostRules) {
			rules.weeks = append(rules.weeks, r.week(item))
		}
	}
	return rules
}

func (r *reader) note(n *node) string {
	if !n.has("note") {
		return ""
	}
	return r.text(n.fields["note"])
}

// reached refuses a rule that stands behind one that takes all of its requests.
func (r *reader) reached(n *node, rules []rule) {
	last := rules[len(rules)-1]
	for _, before := range rules[:len(rules)-1] {
		all := before.kind == "" || before.kind == last.kind
		residents := before.residents == nil || last.residents != nil && *before.residents == *last.residents
		if all && residents && len(before.ifs) == 0 {
			r.add(n.path, "unreachable", "Une règle sans condition placée avant décide déjà de ces demandes.")
			return
		}
	}
}

func (r *reader) rule(n *node) (rule rule) {
	if !r.of(n, "note", "kind", "residents", "if", "never", "opens", "closes", "late") {
		return rule
	}
	r.note(n)
	if n.has("kind") {
		rule.kind = Kind(r.oneOf(n.fields["kind"], string(Booking), string(Absence)))
	}
	if n.has("residents") {
		residents := r.boolean(n.fields["residents"])
		rule.residents = &residents
	}
	rule.ifs = r.conditions(n)
	r.limits(n, &rule)
	return rule
}

func (r *reader) limits(n *node, rule *rule) {
	if n.has("never") {
		rule.never = r.yes(n.fields["never"])
		for _, other := range []string{"opens", "closes", "late"} {
			if n.has(other) {
				r.add(joined(n.path, other), "contradiction", "« never » exclut toute limite.")
			}
		}
		return
	}
	if !n.has("opens") && !n.has("closes") {
		r.add(joined(n.path, "closes"), "missing", "Indiquez quand la demande ouvre (opens) ou ferme (closes), ou « never ».")
	}
	if n.has("opens") {
		rule.opens = r.moment(n.fields["opens"], 0, 0)
	}
	if n.has("closes") {
		rule.closes = r.moment(n.fields["closes"], endOfDay, 0)
	}
	if n.has("late") {
		rule.late = r.late(n)
	}
}

func (r *reader) late(rule *node) *late {
	n, l := rule.fields["late"], late{}
	if !rule.has("closes") {
		r.add(n.path, "contradiction", "Sans fermeture (closes), rien n’est tardif.")
	}
	if !r.of(n, "until", "surcharge") {
		return &l
	}
	if n.has("until") {
		l.until = r.moment(n.fields["until"], endOfDay, 0)
	}
	if n.has("surcharge") {
		l.surcharge = r.text(n.fields["surcharge"])
	}
	return &l
}

func (r *reader) week(n *node) (week weekRule) {
	if !r.of(n, "note", "if", "whole", "minimumDays") {
		return week
	}
	r.note(n)
	week.ifs = r.conditions(n)
	switch whole, minimum := n.has("whole"), n.has("minimumDays"); {
	case whole && minimum:
		r.add(joined(n.path, "minimumDays"), "contradiction", "Une semaine entière n’a pas de minimum.")
	case whole:
		week.whole = r.yes(n.fields["whole"])
	case minimum:
		week.minimum = r.number(n.fields["minimumDays"], 1, 7)
	default:
		r.add(joined(n.path, "whole"), "missing", "Indiquez « whole » ou « minimumDays ».")
	}
	return week
}

func (r *reader) conditions(n *node) (ifs []condition) {
	if !n.has("if") {
		return nil
	}
	for _, item := range r.list(n.fields["if"], mostItems) {
		ifs = append(ifs, r.condition(item))
	}
	return ifs
}

func (r *reader) condition(n *node) (c condition) {
	if !r.of(n, "from", "steps", "is", "not", "between") {
		return c
	}
	c.from, c.steps = r.anchor(n), r.steps(n)
	if c.from == fromService {
		r.add(joined(n.path, "from"), "not_allowed", "Une condition porte sur un jour : « day » plutôt que « service ».")
	}
	for i, s := range c.steps {
		if s.move == "hours" || s.move == "minutes" {
			r.add(n.fields["steps"].items[i].path, "not_allowed", "Une condition porte sur un jour, pas sur une heure.")
		}
	}
	c.is, c.not = r.sortsOf(n, "is"), r.sortsOf(n, "not")
	if n.has("between") {
		c.between = r.between(n.fields["between"])
	}
	if !n.has("is") && !n.has("not") && !n.has("between") {
		r.add(joined(n.path, "is"), "missing", "Indiquez « is », « not » ou « between ».")
	}
	return c
}

func (r *reader) between(n *node) *calendar.Period {
	p := &calendar.Period{From: firstDay, To: lastDay}
	if !r.of(n, "from", "to") {
		return p
	}
	for key, day := range map[string]*calendar.Date{"from": &p.From, "to": &p.To} {
		if n.has(key) {
			*day = r.day(n.fields[key], *day)
		} else {
			r.add(joined(n.path, key), "missing", "Une période a un premier (from) et un dernier (to) jour.")
		}
	}
	if p.To < p.From {
		r.add(joined(n.path, "to"), "period_reversed", "La période finit avant de commencer.")
	}
	return p
}

// day reads a date, or keeps another where it is none.
func (r *reader) day(n *node, otherwise calendar.Date) calendar.Date {
	d, err := calendar.ParseDate(r.text(n))
	switch {
	case n.value == nil:
	case err != nil:
		r.add(n.path, "not_a_day", "Une date s’écrit 2026-11-23.")
	case d < firstDay || d > lastDay:
		r.add(n.path, "out_of_range", "Une date va de %s à %s.", firstDay, lastDay)
	default:
		return d
	}
	return otherwise
}

func (r *reader) sortsOf(n *node, key string) (list []sort) {
	if !n.has(key) {
		return nil
	}
	for _, item := range r.list(n.fields[key], len(sortNames)) {
		s := sort(r.text(item))
		switch {
		case !slices.Contains(sortNames, s):
			r.add(item.path, "not_allowed", "« %s » n’est pas une sorte de jour.", s)
		case slices.Contains(list, s):
			r.add(item.path, "duplicate", "« %s » figure deux fois.", s)
		}
		list = append(list, s)
	}
	return list
}
