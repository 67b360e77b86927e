package api

// SubscriberCode is POST /v1/me/subscriptions and its preview.
type SubscriberCode struct {
	Code string `json:"code" required:"true" max:"40" secret:"true"`
}

// SubscriptionPreview says what a code opens before it is confirmed.
type SubscriptionPreview struct {
	Collectivity CollectivityName `json:"collectivity"`
	Family       FamilyGlimpse    `json:"family"`
}

// FamilyGlimpse is what may be shown of a family to whoever holds a code.
type FamilyGlimpse struct {
	Label    string `json:"label"` // masked: Famille M•••••
	Children int    `json:"children"`
}

// Subscription links the caller to a family file.
type Subscription struct {
	Family       string           `json:"family"`   // id
	Guardian     string           `json:"guardian"` // id
	Name         string           `json:"name"`     // of that guardian, as the file has it
	Collectivity CollectivityName `json:"collectivity"`
	Label        string           `json:"label"`
	Since        string           `json:"since"`
	Suspended    bool             `json:"suspended,omitempty"` // the collectivity's portal is: nothing of the family can be seen
	TermsDue     *TermsDue        `json:"termsDue,omitempty"`  // terms that wait for the caller's consent
}

// TermsDue are terms that wait for a subscriber's consent. PATCH /v1/me gives it.
type TermsDue struct {
	Version string `json:"version"` // as show-collectivity shows them
	Until   string `json:"until"`   // from this instant on, the family is refused as terms_due
}

// Subscriptions is GET /v1/me/subscriptions.
type Subscriptions struct {
	Items  []Subscription `json:"items"`
	Notice *Notice        `json:"notice,omitempty"` // why the code given at sign-up opened nothing
}

// Notice tells something that needs no answer.
type Notice struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// FamilyPath names a family in the path.
type FamilyPath struct {
	Family string `path:"family" json:"-" max:"40"`
}
