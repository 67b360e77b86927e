package api

// CareQuery is GET /v1/collectivities/{slug}/care: a day of an activity.
type CareQuery struct {
	Slug     string `path:"slug" json:"-" max:"63"`
	Activity string `query:"activity" json:"-" required:"true" max:"40"`
	Date     string `query:"date" json:"-" required:"true" format:"date"`
}

// CareSheet is what carers have to know of the children of a day. What is declared, no agent has looked at yet.
type CareSheet struct {
	Activity     PlanningActivity `json:"activity"`
	Date         string           `json:"date"`
	HealthHidden bool             `json:"healthHidden,omitempty"` // the agent has no right to health: of nobody is there any
	Children     []CareChild      `json:"children"`               // expected, or there without a booking; by name
}

// CareChild is a child of the day.
type CareChild struct {
	Family    string `json:"family"`
	Child     string `json:"child"`
	LastName  string `json:"lastName"`
	FirstName string `json:"firstName"`
	BirthDate string `json:"birthDate,omitempty"`
	School    string `json:"school,omitempty"`
	Class     string `json:"class,omitempty"`
	Option    string `json:"option,omitempty"`
	Group     string `json:"group"` // age group
	State     string `json:"state" enum:"cancelled,enrolled,requested,booked,absence_requested,absent,waitlisted,refused"`
	Presence  string `json:"presence,omitempty" enum:"present,absent,unbooked"`
	Photo     string `json:"photo,omitempty"` // link that ends soon, 160 pixels
	Care
}

// Care is what carers have to know of a child on a day: of its health, and whom it may be given to.
type Care struct {
	Health         *CareHealth                  `json:"health,omitempty"`
	Authorisations map[string]CareAuthorisation `json:"authorisations"`
	Guardians      []CarePerson                 `json:"guardians"`  // of both households
	Collectors     []CarePerson                 `json:"collectors"` // besides the guardians
	Emergency      []CarePerson                 `json:"emergency"`  // to be called if no guardian answers
	NotToCollect   []CarePerson                 `json:"notToCollect"`
}

// CareHealth is what is known of a child's health; absent where the file says nothing.
type CareHealth struct {
	Allergies   []CareAllergy `json:"allergies,omitempty"`
	PAI         *CareMark     `json:"pai,omitempty"` // there is a projet d'accueil individualisé
	Medication  []CareText    `json:"medication,omitempty"`
	Diet        []CareText    `json:"diet,omitempty"` // no_pork, no_meat, no_fish, vegetarian, no_gluten, no_lactose, packed_lunch
	Advice      []CareText    `json:"advice,omitempty"`
	Doctor      string        `json:"doctor,omitempty"`
	DoctorPhone string        `json:"doctorPhone,omitempty"`
}

// CareAllergy is one allergy.
type CareAllergy struct {
	Allergen    string `json:"allergen"`
	Consequence string `json:"consequence,omitempty"`
	Treatment   string `json:"treatment,omitempty"`
	CareMark
}

// CareText is a text; where a longer one was declared, both stand here.
type CareText struct {
	Text string `json:"text"`
	CareMark
}

// CareMark says whether something is only declared.
type CareMark struct {
	Declared bool `json:"declared,omitempty"`
}

// CareAuthorisation says whether something is allowed; declared, that somebody has just withdrawn it.
type CareAuthorisation struct {
	Holds bool `json:"holds"`
	CareMark
}

// CarePerson is an adult around a child.
type CarePerson struct {
	ID       string   `json:"id,omitempty"` // guardian's or contact's
	Name     string   `json:"name"`
	Link     string   `json:"link,omitempty"`     // a contact's, in the family's words
	Relation string   `json:"relation,omitempty"` // a guardian's: mother, father, …
	Phones   []string `json:"phones,omitempty"`   // in the order in which to call them
	Court    bool     `json:"court,omitempty"`    // of who must not collect: by a court's order; else the family withdrew it
	CareMark
}
