package collectivity

import (
	"slices"
	"time"

	"preau/shared/refusal"
)

// Module is a part of the portal that a town offers its families, or not.
type Module string

// The modules.
const (
	FamilyModule    Module = "family"    // the family file
	DocumentsModule Module = "documents" // photos and papers, sent to the file
	PlanningModule  Module = "planning"  // what is booked, day by day
	RequestsModule  Module = "requests"  // bookings and absences
	CalendarModule  Module = "calendar"  // the planning in the family's own calendar
	RemindersModule Module = "reminders" // of limits that close soon
)

// Modules are all of them; a new town offers all.
var Modules = []Module{FamilyModule, DocumentsModule, PlanningModule, RequestsModule, CalendarModule, RemindersModule}

// moduleNeeds says without which other module one makes no sense.
var moduleNeeds = map[Module]Module{
	DocumentsModule: FamilyModule, RequestsModule: PlanningModule, CalendarModule: PlanningModule, RemindersModule: RequestsModule,
}

// Gate is what of a town's settings every request of its families and agents passes. It is kept apart from them, so that no
// request has to read them for it. The zero Gate is open.
type Gate struct {
	Name       string `dynamodbav:",omitempty"` // of the town, as lists of subscriptions show it
	Suspended  bool
	Off        []Module  `dynamodbav:",omitempty"`
	Terms      string    `dynamodbav:",omitempty"` // the version in force
	TermsSince time.Time // zero: whoever has subscribed is taken to have accepted them
}

// Gate is what the settings make of it.
func (s Settings) Gate() Gate {
	g := Gate{Name: s.Name, Suspended: s.Suspended, Terms: s.Terms.Version, TermsSince: s.TermsSince}
	for _, m := range Modules {
		if !slices.Contains(s.Modules, m) {
			g.Off = append(g.Off, m)
		}
	}
	return g
}

// Admits refuses what passes for a use case of a module ("": of none).
func (g Gate) Admits(m Module) error {
	switch {
	case g.Suspended:
		return ErrSuspended
	case m != "" && slices.Contains(g.Off, m):
		return ErrModuleOff
	}
	return nil
}

// TermsNotice is how long a subscriber may go on under terms that they have not accepted.
const TermsNotice = 30 * 24 * time.Hour

// TermsUntil is until when that is, for a subscriber since an instant: who came after the terms has the notice too. Zero: for
// ever.
func (g Gate) TermsUntil(subscribed time.Time) time.Time {
	switch {
	case g.TermsSince.IsZero():
		return time.Time{}
	case subscribed.After(g.TermsSince):
		return subscribed.Add(TermsNotice)
	}
	return g.TermsSince.Add(TermsNotice)
}

// What stands at the gate.
var (
	ErrSuspended = refusal.New(refusal.Forbidden, "collectivity_suspended", "Le portail de cette collectivité est suspendu.")
	ErrModuleOff = refusal.New(refusal.NotFound, "module_off", "Votre collectivité ne propose pas ce service sur le portail.")
	ErrTermsDue  = refusal.New(refusal.Forbidden, "terms_due", "Les conditions d’utilisation du portail ont changé. Acceptez-les pour continuer.")
)
