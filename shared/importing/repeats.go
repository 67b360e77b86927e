package importing

import (
	"cmp"
	"slices"
)

// Repeat is a note that many rows have alike: a class that the town does not know, say.
type Repeat struct {
	Note
	Rows int // that have it
}

// A note is told once for all rows when it is about this many at least; and so many of them are.
const (
	repeatedRows = 3
	mostRepeats  = 30
)

// Repeats are the errors and warnings that rows of a report have alike, those of most rows first.
func Repeats(lines []*Line) (all []Repeat) {
	rows := map[Note]int{}
	for _, l := range lines {
		for _, n := range l.Notes {
			if n.Level != Info {
				rows[n]++
			}
		}
	}
	for n, count := range rows {
		if count >= repeatedRows {
			all = append(all, Repeat{n, count})
		}
	}
	slices.SortFunc(all, func(a, b Repeat) int { return cmp.Or(b.Rows-a.Rows, cmp.Compare(a.Detail, b.Detail)) })
	return all[:min(len(all), mostRepeats)]
}
