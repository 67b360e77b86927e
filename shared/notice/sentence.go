package notice

import (
	"fmt"
	"strings"
	"time"

	"preau/shared/calendar"
)

// french writes an end as people read it: vendredi 20 novembre à 9 h; midnight is the end of the day before, inclus. The
// year is said only where it is not that of the day asked for.
func french(t time.Time, asked calendar.Date, zone *time.Location) string {
	if clock := t.In(zone).Format("15:04"); clock != "00:00" {
		return frenchFrom(t, asked, zone)
	}
	return frenchDay(calendar.DateOf(t, zone).AddDays(-1), asked) + " inclus"
}

// frenchFrom writes a beginning: midnight needs no hour.
func frenchFrom(t time.Time, asked calendar.Date, zone *time.Location) string {
	local := t.In(zone)
	day := frenchDay(calendar.DateOf(t, zone), asked)
	switch {
	case local.Hour() == 0 && local.Minute() == 0:
		return day
	case local.Minute() == 0:
		return fmt.Sprintf("%s à %d h", day, local.Hour())
	}
	return fmt.Sprintf("%s à %d h %02d", day, local.Hour(), local.Minute())
}

func frenchDay(d, asked calendar.Date) string {
	if d[:4] == asked[:4] {
		return strings.TrimSuffix(d.French(), " "+string(d[:4]))
	}
	return d.French()
}
