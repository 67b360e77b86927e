// Package ledger chains the days of a collectivity's audit. Each day's digest holds that of the day before, so that nobody can
// change, remove or add a record of any day without all later digests being others. Pure rules.
package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"preau/shared/calendar"
)

// Day is a day's seal, as it is written once. Hashes are SHA-256 in hexadecimal.
type Day struct {
	Date     calendar.Date `json:"day"` // UTC
	Count    int           `json:"count"`
	Records  string        `json:"records"`  // hash of the day's records
	Previous string        `json:"previous"` // digest of the day before; "": the chain begins here
	Digest   string        `json:"digest"`   // hash of all that
}

// Seal closes a day behind the one whose digest is previous.
func Seal(previous string, date calendar.Date, count int, records string) Day {
	d := Day{Date: date, Count: count, Records: records, Previous: previous}
	d.Digest = d.digest()
	return d
}

func (d Day) digest() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d|%s", d.Previous, d.Date, d.Count, d.Records))
	return hex.EncodeToString(sum[:])
}

// Broken says what is wrong with a seal that is to lie behind the one whose digest is previous; nil: nothing.
func (d Day) Broken(previous string) error {
	switch {
	case d.Digest != d.digest():
		return errors.New("its digest is not that of what it says")
	case d.Previous != previous:
		return errors.New("it does not hold the digest of the day before")
	}
	return nil
}

// Prefix begins the keys of a collectivity's days.
func Prefix(slug string) string { return "audit/" + slug + "/" }

// Key is where a day lies.
func Key(slug string, date calendar.Date) string { return Prefix(slug) + string(date) + ".json" }

// DateOf is the day that lies under a key.
func DateOf(slug, key string) (calendar.Date, error) {
	return calendar.ParseDate(strings.TrimSuffix(strings.TrimPrefix(key, Prefix(slug)), ".json"))
}

// Bytes are a seal as it is written.
func (d Day) Bytes() []byte {
	b, _ := json.Marshal(d) // strings and a number
	return append(b, '\n')
}

// Read reads a seal.
func Read(b []byte) (d Day, err error) {
	err = json.Unmarshal(b, &d)
	return d, err
}
