package notice

import (
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
)

const deepestMoment = 3 // earliest of latest of …

// moment reads an instant. Without an hour it is at clock: the start of the day for an opening, its end for a closing.
func (r *reader) moment(n *node, clock, depth int) *moment {
	m := &moment{from: fromDay, clock: clock}
	if n.has("earliest") || n.has("latest") {
		return r.several(n, clock, depth)
	}
	if !r.of(n, "from", "at", "steps") {
		return m
	}
	if len(n.keys) == 0 {
		r.add(n.path, "missing", "Indiquez au moins une origine (from), une heure (at) ou des étapes (steps).")
	}
	m.from, m.steps = r.anchor(n), r.steps(n)
	switch {
	case n.has("at") && m.from == fromService:
		r.add(joined(n.path, "at"), "contradiction", "« service » donne déjà l’heure : celle du début du service.")
	case n.has("at"):
		m.clock = r.clock(n.fields["at"])
	}
	return m
}

func (r *reader) several(n *node, clock, depth int) *moment {
	key := "earliest"
	if n.has("latest") {
		key = "latest"
	}
	m := &moment{latest: key == "latest"}
	if !r.of(n, key) {
		return m
	}
	if depth == deepestMoment {
		r.add(n.path, "out_of_range", "« earliest » et « latest » sont trop imbriqués.")
		return m
	}
	for _, item := range r.list(n.fields[key], mostItems) {
		m.several = append(m.several, *r.moment(item, clock, depth+1))
	}
	if len(m.several) == 1 {
		r.add(n.fields[key].path, "missing", "« %s » choisit entre deux instants au moins.", key)
	}
	return m
}

func (r *reader) anchor(n *node) anchor {
	if !n.has("from") {
		return fromDay
	}
	from := n.fields["from"]
	text, isText := from.value.(string)
	if isText && (text == "" || text[0] < '0' || text[0] > '9') {
		if !slices.Contains(anchors, anchor(text)) {
			r.add(from.path, "not_allowed", "« %s » n’est ni une origine ni une date.", text)
		}
		return anchor(text)
	}
	if !isText {
		r.add(from.path, "wrong_type", "Un texte est attendu ici.")
		return fromDay
	}
	return anchor(r.day(from, firstDay))
}

func (r *reader) clock(n *node) int {
	text := r.text(n)
	if _, err := time.Parse("15:04", text); n.value == text && text != "24:00" && (err != nil || len(text) != len("09:00")) {
		r.add(n.path, "not_an_hour", "Une heure s’écrit 09:00, la fin du jour 24:00.")
	}
	return minutes(text)
}

func (r *reader) steps(n *node) (steps []step) {
	if !n.has("steps") {
		return nil
	}
	for _, item := range r.list(n.fields["steps"], 10) {
		steps = append(steps, r.step(item))
	}
	return steps
}

// moves are the steps, each with how far it may go; weekday and roll take a word instead.
var moves = map[string]struct{ least, most int }{
	"days": {-400, 400}, "clearDays": {-400, 400}, "weeks": {-60, 60}, "months": {-24, 24}, "periods": {-12, 12},
	"hours": {-2000, 2000}, "minutes": {-2000, 2000}, "dayOfMonth": {1, 31}, "nth": {-31, 31}, "weekday": {}, "roll": {},
}

// besides are the keys that a move may have besides its own.
var besides = map[string][]string{"days": {"of", "except"}, "nth": {"in", "of", "except"}, "roll": {"to", "except"}}

// mostCounted bounds the days that are looked at one by one.
const mostCounted = 60

func (r *reader) step(n *node) (s step) {
	s.move = r.move(n)
	if s.move == "" {
		return s
	}
	written := n.fields[s.move]
	switch bounds := moves[s.move]; s.move {
	case "weekday":
		s.weekday = calendar.Weekday(r.oneOf(written, "mon", "tue", "wed", "thu", "fri", "sat", "sun"))
	case "roll":
		s.back = r.oneOf(written, "back", "forward") == "back"
	default:
		s.n = r.number(written, bounds.least, bounds.most)
	}
	r.stepSorts(n, &s)
	return s
}

// move is the one key that says what a step does.
func (r *reader) move(n *node) string {
	if n.fields == nil {
		r.of(n)
		return ""
	}
	var found []string
	for _, key := range n.keys {
		if _, is := moves[key]; is && !slices.Contains(found, key) {
			found = append(found, key)
		}
	}
	if len(found) != 1 {
		for _, key := range n.keys {
			if _, is := moves[key]; !is && !slices.Contains([]string{"of", "except", "in", "to"}, key) {
				r.add(joined(n.path, key), "unknown_key", "« %s » n’existe pas ici.", key)
			}
		}
		r.add(n.path, "one_move", "Une étape fait un seul mouvement, pas %d (%s).", len(found), strings.Join(found, ", "))
		return ""
	}
	r.of(n, append([]string{found[0]}, besides[found[0]]...)...)
	return found[0]
}

func (r *reader) stepSorts(n *node, s *step) {
	of := "of"
	if s.move == "roll" {
		of = "to"
	}
	s.sorts = sorts{r.sortsOf(n, of), r.sortsOf(n, "except")}
	counted := n.has(of) || n.has("except")
	switch {
	case s.move == "days" && counted && (s.n < -mostCounted || s.n > mostCounted):
		r.add(joined(n.path, "days"), "out_of_range", "Au plus %d jours se comptent un à un.", mostCounted)
	case s.move == "roll" && !counted:
		r.add(joined(n.path, of), "missing", "Indiquez vers quels jours aller.")
	case s.move == "nth" && !n.has("in"):
		r.add(joined(n.path, "in"), "missing", "Indiquez « week », « month » ou « period ».")
	case s.move == "nth":
		s.in = r.oneOf(n.fields["in"], "week", "month", "period")
	}
}
