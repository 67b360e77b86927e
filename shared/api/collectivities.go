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
	Logo          string   `json:"logo,omitempty"` // address
	Colours       Colours  `json:"colours"`
	Contact       Contact  `json:"contact"`
	Terms         Text     `json:"terms"`
	Privacy       Text     `json:"privacy"`
	DPO           string   `json:"dpo"` // how to reach the data protection officer
	Legal         Text     `json:"legal"`
	Accessibility Text     `json:"accessibility"`
	Modules       []string `json:"modules"`
	Timezone      string   `json:"timezone"` // IANA name, of the clocks that limits go by: Europe/Paris
}

// Colours are CSS colours.
type Colours struct {
	Primary string `json:"primary"`
	Accent  string `json:"accent"`
}

// Contact is the service that families write to.
type Contact struct {
	Service string `json:"service"`
	Email   string `json:"email"`
	Phone   string `json:"phone,omitempty"`
	Address string `json:"address,omitempty"`
}

// Text is a versioned text that people read.
type Text struct {
	Version string `json:"version"`
	Text    string `json:"text"`
}
