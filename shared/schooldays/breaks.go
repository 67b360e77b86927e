package schooldays

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// Kind says what a break is, or that a period is none.
type Kind string

// The kinds. A bridge is days without school that are no holiday period: the Friday after Ascension Day.
const (
	Term      Kind = "term"
	Autumn    Kind = "autumn"
	Christmas Kind = "christmas"
	Winter    Kind = "winter"
	Spring    Kind = "spring"
	Summer    Kind = "summer"
	Other     Kind = "other"
	Bridge    Kind = "bridge"
)

var kinds = []Kind{Autumn, Christmas, Winter, Spring, Summer, Other, Bridge}

// Breaks are school holidays by zone.
type Breaks struct {
	Zones map[string]Zone `json:"zones"`
}

// Zone is what is known of one zone, between From and To.
type Zone struct {
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`
	Breaks []Break       `json:"breaks"`
}

// Break is days without school, from the Saturday on which they start to the eve of the return.
type Break struct {
	Kind Kind          `json:"kind"`
	From calendar.Date `json:"from"`
	To   calendar.Date `json:"to"`
}

func (z Zone) off(d calendar.Date) bool {
	return slices.ContainsFunc(z.Breaks, func(b Break) bool { return b.From <= d && d <= b.To })
}

//go:embed breaks.json
var published []byte

// Published are the breaks that the ministry has published and that come with Préau. Corsica decides its own, later.
var Published = sync.OnceValue(func() Breaks {
	breaks, err := ParseBreaks(published)
	if err != nil {
		panic(fmt.Sprintf("schooldays: breaks.json: %v", err))
	}
	return breaks
})

// ParseBreaks reads an operator's breaks, to be used in place of the published ones. A refusal names the path of each
// mistake.
func ParseBreaks(data []byte) (Breaks, error) {
	var b Breaks
	if err := json.Unmarshal(data, &b); err != nil {
		return Breaks{}, refusal.OfField("zones", "not_json", "Le calendrier scolaire n’est pas lisible : "+err.Error())
	}
	if len(b.Zones) == 0 {
		return Breaks{}, refusal.OfField("zones", "missing", "Indiquez au moins une zone.")
	}
	var wrong mistakes
	for name, zone := range b.Zones {
		zone.check("zones."+name, &wrong)
	}
	return b, wrong.err()
}

func (z Zone) check(path string, wrong *mistakes) {
	wrong.period(path, z.From, z.To)
	for i, b := range z.Breaks {
		at := fmt.Sprintf("%s.breaks[%d]", path, i)
		wrong.period(at, b.From, b.To)
		if !slices.Contains(kinds, b.Kind) {
			wrong.add(at+".kind", "not_allowed", "Ce type de vacances n’existe pas.")
		}
		if b.From < z.From || b.To > z.To {
			wrong.add(at, "out_of_range", "Ces vacances sortent des dates que la zone couvre.")
		}
		if b.Kind != Bridge && slices.ContainsFunc(z.Breaks[:i], func(o Break) bool { return o.Kind != Bridge && o.From <= b.To && b.From <= o.To }) {
			wrong.add(at, "overlaps", "Ces vacances en recouvrent d’autres.")
		}
	}
}
