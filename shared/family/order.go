package family

import (
	"time"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// OrderKind says what a court decided.
type OrderKind string

// The kinds of order.
const (
	NoAccess       OrderKind = "no_access"        // a guardian sees nothing of the file
	AddressHidden  OrderKind = "address_hidden"   // no other guardian learns where a guardian lives or how to reach them
	NoAuthority    OrderKind = "no_authority"     // a guardian holds no parental authority
	MustNotCollect OrderKind = "must_not_collect" // somebody is not given a child
)

// Order is what a court decided about a family, as an agent recorded it.
type Order struct {
	ID         string
	Kind       OrderKind
	Guardian   string `dynamodbav:",omitempty"` // whom it is about
	Person     string `dynamodbav:",omitempty"` // of MustNotCollect: whom it is about, where that is no guardian
	Child      string `dynamodbav:",omitempty"` // of MustNotCollect: who is not given to them; "": no child of the file
	From       calendar.Date
	Until      calendar.Date `dynamodbav:",omitempty"` // its last day; "": until it is lifted
	Reference  string        // court, date and number
	RecordedAt time.Time
	RecordedBy string    // the agent's account
	Recorder   string    // and name
	LiftedAt   time.Time // zero: it was not
	LiftedBy   string    `dynamodbav:",omitempty"`
}

// InForce says whether an order holds on a day.
func (o Order) InForce(today calendar.Date) bool {
	return o.LiftedAt.IsZero() && o.From <= today && (o.Until == "" || today <= o.Until)
}

// Holds is what an order does to the guardian whom it is about: at once where its first day has come.
func (o Order) Holds(today calendar.Date, zone *time.Location) Hold {
	h := Hold{Order: o.ID, Kind: o.Kind}
	if o.From > today {
		h.From = midnight(o.From, zone)
	}
	if o.Until != "" {
		h.Until = midnight(o.Until.AddDays(1), zone)
	}
	return h
}

func midnight(d calendar.Date, zone *time.Location) time.Time {
	at, _ := d.At("00:00", zone) // an hour
	return at.UTC()
}

// Hold is an order as it lies with its guardian, and with their subscription. Zero: since ever, or for good.
type Hold struct {
	Order       string
	Kind        OrderKind
	From, Until time.Time
}

// InForce says whether it counts at an instant.
func (h Hold) InForce(now time.Time) bool {
	return !now.Before(h.From) && (h.Until.IsZero() || now.Before(h.Until))
}

// Barred says whether one of some holds keeps a guardian from the file.
func Barred(holds []Hold, now time.Time) bool {
	return Member{Orders: holds}.Under(now).Barred
}

// Under is a guardian as the orders in force at an instant leave them.
func (m Member) Under(now time.Time) Member {
	m.Barred, m.Sheltered, m.NoHolder = false, false, false
	for _, h := range m.Orders {
		if !h.InForce(now) {
			continue
		}
		switch h.Kind {
		case NoAccess:
			m.Barred = true
		case AddressHidden:
			m.Sheltered = true
		case NoAuthority:
			m.NoHolder = true
		}
	}
	return m
}

// SameAs says whether another order decides the same, whoever recorded it and when.
func (o Order) SameAs(other Order) bool {
	other.ID, other.RecordedAt, other.RecordedBy, other.Recorder, other.LiftedAt, other.LiftedBy = o.ID, o.RecordedAt, o.RecordedBy, o.Recorder, o.LiftedAt, o.LiftedBy
	return o == other
}

// CheckOrder says what is wrong with an order that is to be recorded of a file.
func CheckOrder(file File, o Order, today calendar.Date) error {
	guardian, known := file.Member(o.Guardian)
	child, ofFile := file.Member(o.Child)
	switch {
	case o.Guardian != "" && (!known || guardian.Target != Guardian):
		return refusal.OfField("guardian", "guardian_unknown", "Ce responsable ne fait pas partie du dossier.")
	case o.Kind != MustNotCollect && o.Guardian == "":
		return refusal.OfField("guardian", "required", "Indiquez le responsable que la décision concerne.")
	case o.Kind != MustNotCollect && o.Person != "":
		return refusal.OfField("person", "not_of_kind", "Cette décision ne concerne qu’un responsable du dossier.")
	case o.Kind != MustNotCollect && o.Child != "":
		return refusal.OfField("child", "not_of_kind", "Cette décision vaut pour tous les enfants du dossier.")
	case o.Kind == MustNotCollect && (o.Guardian == "") == (o.Person == ""):
		return refusal.OfField("person", "one_person", "Indiquez un responsable du dossier ou le nom d’une personne.")
	case o.Child != "" && (!ofFile || child.Target != Child):
		return refusal.OfField("child", "child_unknown", "Cet enfant ne fait pas partie du dossier.")
	case o.Until != "" && (o.Until < o.From || o.Until < today):
		return refusal.OfField("until", "ended", "La décision serait déjà terminée.")
	}
	return nil
}

// What is refused of an order.
var (
	ErrOrderUnknown = refusal.New(refusal.NotFound, "order_not_found", "Cette décision de justice n’est pas enregistrée dans ce dossier.")
	ErrOrderLifted  = refusal.New(refusal.Conflict, "order_lifted", "Cette décision de justice a déjà été levée.")
)

// Note is what an agent wrote about a family, for agents only.
type Note struct {
	ID     string
	By     string // the agent's account
	Author string // and name
	At     time.Time
	Text   string
}

// ErrNoteUnknown refuses a note that is not there.
var ErrNoteUnknown = refusal.New(refusal.NotFound, "note_not_found", "Cette note n’existe pas.")
