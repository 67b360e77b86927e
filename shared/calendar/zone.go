package calendar

import (
	"embed"
	"fmt"
	"sync"
	"time"
)

// zones are the time zones of French local authorities, out of Go's own copy of the tz database: all of it would be a
// twentieth of a function's size, and Lambda's provided.al2023 carries none. A test compares them with Go's.
//
//go:embed zones
var zones embed.FS

var loaded sync.Map // name → *time.Location

// Zone is a time zone by its name: Europe/Paris, Indian/Reunion.
func Zone(name string) (*time.Location, error) {
	if known, ok := loaded.Load(name); ok {
		return known.(*time.Location), nil
	}
	data, err := zones.ReadFile("zones/" + name)
	if err != nil {
		return nil, fmt.Errorf("%q is not the time zone of a French local authority", name)
	}
	zone, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		return nil, fmt.Errorf("read the time zone %q: %w", name, err)
	}
	loaded.Store(name, zone)
	return zone, nil
}
