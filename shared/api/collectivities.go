package api

// CollectivityPath names a collectivity in the path.
type CollectivityPath struct {
	Slug string `path:"slug" json:"-" max:"63"`
}

// CollectivityName is a collectivity in short.
type CollectivityName struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// Collectivity is what anyone may know of a collectivity.
type Collectivity struct {
	Slug          string   `json:"slug"`
	Name          string   `json:"name"`
	FullName      string   `json:"fullName"`       // as legal texts call it
	Logo          string   `json:"logo,omitempty"` // address, on this origin
	Colours       Colours  `json:"colours"`
	Contact       Contact  `json:"contact"`
	Terms         Text     `json:"terms"`
	Privacy       Text     `json:"privacy"`
	DPO           string   `json:"dpo"` // how to reach the data protection officer
	Legal         Text     `json:"legal"`
	Accessibility Text     `json:"accessibility"`
	Modules       []string `json:"modules"`             // that families are offered
	Timezone      string   `json:"timezone"`            // IANA name, of the clocks that limits go by: Europe/Paris
	Suspended     bool     `json:"suspended,omitempty"` // its families and agents are refused as collectivity_suspended
	ClosesAt      string   `json:"closesAt,omitempty"`  // it leaves the portal then, with all of its data
}

// Colours are CSS colours.
type Colours struct {
	Primary string `json:"primary" max:"7"`
	Accent  string `json:"accent" max:"7"`
}

// Contact is the service that families write to.
type Contact struct {
	Service string `json:"service" max:"100"`
	Email   string `json:"email" max:"254"`
	Phone   string `json:"phone,omitempty" max:"40"`
	Address string `json:"address,omitempty" max:"300"`
	Hours   string `json:"hours,omitempty" max:"300"`   // when it is open, in words
	Website string `json:"website,omitempty" max:"200"` // address
}

// Text is a versioned text that people read.
type Text struct {
	Version string `json:"version" max:"40"`
	Text    string `json:"text" max:"20000"`
}
