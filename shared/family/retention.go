package family

import "preau/shared/calendar"

// Class says how long a field is kept once its member has left, and why.
type Class string

// The retention classes.
const (
	// Record: the file's own data. Archives of a public service, erased only under the collectivity's recorded archive
	// agreement and after its duration (Code du patrimoine, L212-2 and L212-3).
	Record Class = ""
	// SchoolYear: health, consents, contacts, photos. They serve the care of a year: erased with the end of the school year in
	// which the child left.
	SchoolYear Class = "school_year"
	// Billing: what a price was computed from: ten years after the year of leaving, as accounting records are kept
	// (Code de commerce, L123-22).
	Billing Class = "billing"
	// Bank: bank details and mandates: 14 months after leaving, one more than an unauthorised debit may be contested
	// (Code monétaire et financier, L133-24).
	Bank Class = "bank"
	// UntilQuotient: the tax reference: erased once the quotient that it proves is accepted, at the latest at the end of the
	// school year.
	UntilQuotient Class = "until_quotient"
	// Paper: a document: with the end of the school year in which it ends, or its member left.
	Paper Class = "paper"
)

// KeptUntil is the last day on which a field of the class is kept for a member who left on a day. archive is the number of years
// of the town's archive agreement, 0: it has none, so that what is Record stays; ok is false then.
func (c Class) KeptUntil(left calendar.Date, archive int) (last calendar.Date, ok bool) {
	switch c {
	case SchoolYear, UntilQuotient, Paper:
		return EndOfSchoolYear(left), true
	case Bank:
		return left.AddMonths(14), true
	case Billing:
		return left.AddYears(10)[:4] + "-12-31", true
	}
	return left.AddYears(archive), archive > 0
}

// EndOfSchoolYear is the 31st of August that ends the school year of a day.
func EndOfSchoolYear(d calendar.Date) calendar.Date {
	if d[5:7] >= "09" {
		d = d.AddYears(1)
	}
	return d[:4] + "-08-31"
}
