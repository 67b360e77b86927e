package collectivity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preau/shared/calendar"
	"preau/shared/notice"
	"preau/shared/refusal"
	"preau/shared/schooldays"
)

// How much a town may set: its configuration is read whole.
const (
	MaxActivities = 50   // that are offered
	MaxKept       = 200  // with those archived
	MaxPlaces     = 9999 // of an activity or an age group, a day
	oldest        = 25   // years, of an age group
)

// CheckActivity refuses an activity that makes no sense, alone or beside what the town has set. The refusal names the path
// of each mistake as the API has it: rules.rules[0].closes.
func (c Configuration) CheckActivity(a Activity) error {
	var m mistakes
	sound := a.check(&m)
	switch {
	case a.Archived:
		c.checkUnneeded(a, &m)
	default:
		c.checkPlace(a, &m)
		c.checkReferences(a, &m)
		c.checkCalendar(a, sound, &m)
	}
	return m.err()
}

// check is what an activity must be by itself. It answers whether the rules can be tried on its season.
func (a Activity) check(m *mistakes) bool {
	if strings.TrimSpace(a.Name) == "" {
		m.add("name", "required", "Ce champ est obligatoire.")
	}
	a.checkDays(m)
	a.checkHours(m)
	m.places("capacity", a.Capacity)
	if a.JustifyDays < 0 || a.JustifyDays > 366 {
		m.add("justifyDays", "out_of_range", "Indiquez au plus 366 jours ; 0 : sans limite.")
	}
	if a.Capacity > 0 && len(a.Groups) > 0 {
		m.add("capacity", "contradiction", "Les places se fixent par tranche d’âge.")
	}
	named(m, "options", a.Options, func(o Option) (string, string) { return o.ID, o.Name })
	a.checkGroups(m)
	return m.period("season", a.Season)
}

func (a Activity) checkDays(m *mistakes) {
	m.weekdays("weekdays", a.Weekdays)
	if len(a.Weekdays) == 0 && len(a.Opened) == 0 {
		m.add("weekdays", "required", "Indiquez les jours d’ouverture.")
	}
	for i, p := range a.Closed {
		m.period(fmt.Sprintf("closed[%d]", i), p)
	}
	for i, p := range a.Opened {
		m.period(fmt.Sprintf("opened[%d]", i), p)
	}
}

func (a Activity) checkHours(m *mistakes) {
	starts := m.hour("starts", a.Starts)
	if a.Ends != "" && m.hour("ends", a.Ends) && starts && a.Ends <= a.Starts {
		m.add("ends", "ends_before_start", "L’activité finit avant de commencer.")
	}
	if a.Promote != "" {
		m.hour("promote", a.Promote)
	}
}

func (a Activity) checkGroups(m *mistakes) {
	named(m, "groups", a.Groups, func(g Group) (string, string) { return g.ID, g.Name })
	for i, g := range a.Groups {
		at := fmt.Sprintf("groups[%d]", i)
		m.places(at+".capacity", g.Capacity)
		switch {
		case g.ID == AllAges:
			m.add(at+".id", "id_reserved", "Cet identifiant désigne tous les âges.")
		case g.From < 0 || g.To > oldest:
			m.add(at+".from", "out_of_range", "Une tranche d’âge va de 0 à %d ans.", oldest)
		case g.To < g.From:
			m.add(at+".to", "ages_reversed", "La tranche d’âge finit avant de commencer.")
		case slices.ContainsFunc(a.Groups[:i], func(o Group) bool { return o.From <= g.To && g.From <= o.To }):
			m.add(at+".from", "overlaps", "Cette tranche d’âge en recouvre une autre.")
		}
	}
}

func (m *mistakes) places(path string, n int) {
	if n < 0 || n > MaxPlaces {
		m.add(path, "out_of_range", "Indiquez de 0 (sans limite) à %d places.", MaxPlaces)
	}
}

// checkPlace is whether the town can hold one more activity of that name.
func (c Configuration) checkPlace(a Activity, m *mistakes) {
	offered, kept := 1, 1
	for _, o := range c.Activities {
		if o.ID == a.ID {
			continue
		}
		kept++
		if o.Archived {
			continue
		}
		offered++
		if strings.EqualFold(strings.TrimSpace(o.Name), strings.TrimSpace(a.Name)) {
			m.add("name", "name_taken", "Une autre activité porte ce nom.")
		}
	}
	if offered > MaxActivities || kept > MaxKept {
		m.add("name", "too_many", "Une collectivité propose au plus %d activités, et en garde au plus %d avec celles qui sont archivées.", MaxActivities, MaxKept)
	}
}

// checkUnneeded lets nothing be archived that another activity counts on.
func (c Configuration) checkUnneeded(a Activity, m *mistakes) {
	for _, o := range c.Activities {
		needs := slices.ContainsFunc(o.Options, func(option Option) bool { return slices.Contains(option.Needs, a.ID) })
		if o.ID != a.ID && !o.Archived && (needs || slices.Contains(o.Requires, a.ID)) {
			m.add("archived", "still_needed", "L’activité « %s » compte sur celle-ci.", o.Name)
		}
	}
}

func (c Configuration) checkReferences(a Activity, m *mistakes) {
	for i, o := range a.Options {
		c.checkOthers(fmt.Sprintf("options[%d].needs", i), a, o.Needs, m)
		for j, id := range o.Needs {
			if slices.Contains(a.Excludes, id) {
				m.add(fmt.Sprintf("options[%d].needs[%d]", i, j), "contradiction", "Cette activité est aussi exclue le même jour.")
			}
		}
	}
	c.checkOthers("requires", a, a.Requires, m)
	c.checkOthers("excludes", a, a.Excludes, m)
	for i, id := range a.Requires {
		switch {
		case slices.Contains(a.Excludes, id):
			m.add(fmt.Sprintf("requires[%d]", i), "contradiction", "Cette activité est aussi exclue le même jour.")
		case id != a.ID && c.requires(id, a.ID, map[string]bool{}):
			m.add(fmt.Sprintf("requires[%d]", i), "cycle", "Cette activité exige déjà celle-ci, directement ou par d’autres.")
		}
	}
	for i, id := range a.Schools {
		if !slices.ContainsFunc(c.Schools, func(s School) bool { return s.ID == id }) {
			m.add(fmt.Sprintf("schools[%d]", i), "school_unknown", "Cette école n’existe pas.")
		}
	}
}

// checkOthers checks a list of other activities: offered ones, each once.
func (c Configuration) checkOthers(path string, a Activity, ids []string, m *mistakes) {
	for i, id := range ids {
		at := fmt.Sprintf("%s[%d]", path, i)
		other, known := c.Activity(id)
		switch {
		case id == a.ID:
			m.add(at, "self_reference", "Une activité ne peut pas se désigner elle-même.")
		case !known || other.Archived:
			m.add(at, "activity_unknown", "Cette activité n’existe pas.")
		case slices.Contains(ids[:i], id):
			m.add(at, "duplicate", "Cette activité figure deux fois.")
		}
	}
}

// requires says whether an activity requires another, directly or through others.
func (c Configuration) requires(id, other string, seen map[string]bool) bool {
	a, _ := c.Activity(id)
	seen[id] = true
	return slices.ContainsFunc(a.Requires, func(next string) bool {
		return next == other || !seen[next] && c.requires(next, other, seen)
	})
}

// checkCalendar is about what only makes sense with the town's calendar.
func (c Configuration) checkCalendar(a Activity, sound bool, m *mistakes) {
	if _, kept := c.Days(""); !kept && a.During != AnyDay {
		m.add("during", "calendar_missing", calendarMissing)
	}
	if a.Rules == "" || !sound {
		return
	}
	_, err := c.ReadRules(a.Rules, a.Kind, a.Starts, "", schooldays.SchoolYear(a.Season.From))
	var no *refusal.Refusal
	if errors.As(err, &no) {
		*m = append(*m, no.Fields...)
	}
}

const calendarMissing = "Réglez d’abord le calendrier de la commune."

// ReadRules reads notice rules and refuses those that must not stand for an activity that starts at an hour, tried from a
// day on with the calendar of a school ("": of the town).
func (c Configuration) ReadRules(document string, kind Kind, starts, school string, first calendar.Date) (notice.Rules, error) {
	var m mistakes
	days, kept := c.Days(school)
	if !kept {
		m.add("rules", "calendar_missing", calendarMissing)
		return notice.Rules{}, m.err()
	}
	rules, err := notice.Parse([]byte(document))
	if err == nil {
		about := notice.Activity{PrimaryCanteen: kind == Canteen, Starts: cmp.Or(starts, "00:00")}
		err = rules.Check(about, days, first, c.Zone())
	}
	var no *refusal.Refusal
	if errors.As(err, &no) {
		m.include("rules", no)
	}
	return rules, m.err()
}

// WithIDs gives ids to the options and age groups that have none: those of the same name before keep theirs.
func (a Activity) WithIDs(before Activity, next func() string) Activity {
	a.Options = withIDs(a.Options, before.Options, func(o *Option) (*string, string) { return &o.ID, o.Name }, next)
	a.Groups = withIDs(a.Groups, before.Groups, func(g *Group) (*string, string) { return &g.ID, g.Name }, next)
	return a
}

// What is refused of activities.
var (
	ErrActivityUnknown = refusal.New(refusal.NotFound, "activity_not_found", "Cette activité n’existe pas.")
	ErrScoped          = refusal.New(refusal.Forbidden, "scope_missing", "Votre rôle se limite à certaines activités.")
)
