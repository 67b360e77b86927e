package schooldays

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/fr"

	"preau/shared/calendar"
)

// Region is where public holidays are kept besides the national ones.
type Region string

// The regions. Alsace-Moselle keeps Good Friday and 26 December (in practice Good Friday only where there is a Protestant
// church); overseas, each keeps the abolition of slavery on its own day.
const (
	National        Region = ""
	AlsaceMoselle   Region = "alsace-moselle"
	Guadeloupe      Region = "guadeloupe"
	Guyane          Region = "guyane"
	Martinique      Region = "martinique"
	Mayotte         Region = "mayotte"
	Reunion         Region = "reunion"
	SaintBarthelemy Region = "saint-barthelemy"
	SaintMartin     Region = "saint-martin"
)

var regions = map[Region][]*cal.Holiday{
	National:        nil,
	AlsaceMoselle:   {named(aa.GoodFriday, "Vendredi saint"), named(aa.ChristmasDay2, "Saint-Étienne")},
	Guadeloupe:      {abolition(time.May, 27)},
	Guyane:          {abolition(time.June, 10)},
	Martinique:      {abolition(time.May, 22)},
	Mayotte:         {abolition(time.April, 27)},
	Reunion:         {abolition(time.December, 20)},
	SaintBarthelemy: {abolition(time.October, 9)},
	SaintMartin:     {abolition(time.May, 28)},
}

func named(h *cal.Holiday, name string) *cal.Holiday { return h.Clone(&cal.Holiday{Name: name}) }

func abolition(month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Name: "Abolition de l’esclavage", Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

type regionYear struct {
	region Region
	year   string
}

var computed sync.Map // regionYear → map[calendar.Date]string

// PublicHoliday is the name of the public holiday that a day is in a region, or "".
func PublicHoliday(d calendar.Date, region Region) string {
	key := regionYear{region, string(d[:4])}
	days, ok := computed.Load(key)
	if !ok {
		days = publicHolidays(d, region)
		computed.Store(key, days)
	}
	return days.(map[calendar.Date]string)[d]
}

// publicHolidays are those of a day's year. 8 May may also be Ascension: either name will do.
func publicHolidays(d calendar.Date, region Region) map[calendar.Date]string {
	noon, _ := d.At("12:00", time.UTC)
	days := map[calendar.Date]string{}
	for _, list := range [][]*cal.Holiday{fr.Holidays, regions[region]} {
		for _, h := range list {
			on, _ := h.Calc(noon.Year())
			days[calendar.DateOf(on, on.Location())] = h.Name
		}
	}
	return days
}
