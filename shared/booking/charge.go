package booking

// Charge says what of a day is billed.
type Charge string

// The charges.
const (
	Normal  Charge = "normal"
	Surtax  Charge = "late" // asked for after the limit, or came without a booking
	NoneDue Charge = "none"
	Billed  Charge = "due"    // absent, but billed
	Waived  Charge = "waived" // an absence that the town accepted, or a day that it cancelled
)

// Charge of a day as it stands; "" where nothing is expected yet.
func (d Day) Charge() Charge {
	switch {
	case d.Elsewhere == BookedElsewhere: // the other household's
		return ""
	case d.State == Cancelled && d.Held:
		return Waived
	case d.Presence == Unbooked && d.State != Booked: // a booking that was accepted since is one
		return Surtax
	case d.Justified && (d.State == Absent || d.Presence == Missing):
		return Waived
	case (d.State == Absent || d.State == Refused) && d.Due, d.Presence == Missing: // asked again in vain, an absence stays due
		return Billed
	case d.State == Absent:
		return NoneDue
	case (d.State == Booked || d.State == AbsenceRequested) && d.Late:
		return Surtax
	case d.State == Booked || d.State == AbsenceRequested:
		return Normal
	}
	return ""
}
