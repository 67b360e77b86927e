package calendar

import (
	"io/fs"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// TestOurZonesAreGosOwn fails when Go's tz database has moved: copy the zone again out of $GOROOT/lib/time/zoneinfo.zip.
func TestOurZonesAreGosOwn(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(zones, "zones", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimPrefix(path, "zones/")
		ours, err := Zone(name)
		if err != nil {
			return err
		}
		theirs, err := time.LoadLocation(name)
		if err != nil {
			return err
		}
		for at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2040; at = at.Add(7 * time.Hour) {
			if _, a := at.In(ours).Zone(); a != offset(at, theirs) {
				t.Errorf("%s differs at %s", name, at)
				break
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func offset(at time.Time, zone *time.Location) int { _, o := at.In(zone).Zone(); return o }

func TestAZoneThatNoFrenchTownLivesInIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Europe/Berlin", "../zone.go", "Local"} {
		if _, err := Zone(name); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
}
