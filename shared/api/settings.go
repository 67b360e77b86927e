package api

// SettingsDocument is all that managers set of their collectivity. What is left out of fields and sections is as usual.
type SettingsDocument struct {
	Name          string            `json:"name" required:"true" max:"60"`
	FullName      string            `json:"fullName,omitempty" max:"120"` // as legal texts call it; the name unless said
	Logo          string            `json:"logo,omitempty" max:"700000"`  // address of the one that is there, or data:image/png;base64,… of another (PNG or JPEG); nothing: none
	Colours       Colours           `json:"colours"`
	Contact       Contact           `json:"contact"`
	Mail          MailSettings      `json:"mail"`
	Terms         Text              `json:"terms"` // another version is accepted by each subscriber, within 30 days
	Privacy       Text              `json:"privacy"`
	DPO           string            `json:"dpo,omitempty" max:"300"` // how to reach the data protection officer
	Legal         Text              `json:"legal"`
	Accessibility Text              `json:"accessibility"`
	Modules       []string          `json:"modules" max:"20"`            // that families are offered
	Fields        map[string]string `json:"fields,omitempty" max:"300"`  // hidden, shown, editable or required, by field: guardian.work.employer
	Sections      map[string]string `json:"sections,omitempty" max:"50"` // who decides changes, agent or auto, by section: guardian.phones
	Documents     []NeededDocument  `json:"documents,omitempty" max:"20"`
	Archive       *ArchiveAgreement `json:"archive,omitempty"`
	Postcodes     []string          `json:"postcodes,omitempty" max:"50"` // of residents; none: everybody is one
	Implied       ImpliedDecision   `json:"implied"`
	CodeDays      int               `json:"codeDays,omitempty"` // life of a new subscriber code; 365 unless said
}

// MailSettings are how the collectivity's mails present themselves.
type MailSettings struct {
	SenderName string `json:"senderName,omitempty" max:"60"` // the collectivity's name unless said
	ReplyTo    string `json:"replyTo,omitempty" max:"254"`   // address of answers; the service's unless said
	Signature  string `json:"signature,omitempty" max:"500"` // lines at the end of each mail
}

// NeededDocument is a paper that families must send for each child and keep valid.
type NeededDocument struct {
	Type string `json:"type" required:"true" max:"40"`
	When string `json:"when,omitempty" enum:"pai"` // only for children with a PAI
}

// ArchiveAgreement is the departmental archives' agreement under which files of those who left are erased.
type ArchiveAgreement struct {
	Reference string `json:"reference" required:"true" max:"100"`
	SignedOn  string `json:"signedOn" required:"true" format:"date"`
	Years     int    `json:"years" required:"true"` // after leaving
}

// ImpliedDecision is what silence means, and after how many months: acceptance after two unless said.
type ImpliedDecision struct {
	Decision string `json:"decision,omitempty" enum:"accept,refuse"`
	Months   int    `json:"months,omitempty"`
}

// Settings are the collectivity's settings as managers see them: each field and section with what is in force.
type Settings struct {
	Version int `json:"version"` // of all settings together
	SettingsDocument
	Choices SettingsChoices `json:"choices"`
}

// SettingsChoices are what settings may say, and what is so where they say nothing.
type SettingsChoices struct {
	Modules       []string          `json:"modules"`
	Sections      []SettingsSection `json:"sections"`
	DocumentTypes []string          `json:"documentTypes"`
	SenderName    string            `json:"senderName"`
	ReplyTo       string            `json:"replyTo,omitempty"`
	TermsSince    string            `json:"termsSince,omitempty"` // when the terms in force came into force
	Timezone      string            `json:"timezone"`             // set by the host of the portal
	MailAddress   string            `json:"mailAddress,omitempty"`
}

// SettingsSection is a section of the family file.
type SettingsSection struct {
	Name   string          `json:"name"` // guardian.phones
	Label  string          `json:"label"`
	Fields []SettingsField `json:"fields"`
}

// SettingsField is a field of the family file.
type SettingsField struct {
	Name   string `json:"name"` // guardian.phones.mobile
	Label  string `json:"label"`
	Usual  string `json:"usual"`            // its mode where settings say nothing
	Needed bool   `json:"needed,omitempty"` // it can be neither hidden nor only shown
}

// SettingsUpdate is PUT /v1/collectivities/{slug}/settings: the whole of them, as they shall be.
type SettingsUpdate struct {
	Slug    string `path:"slug" json:"-" max:"63"`
	Version int    `json:"version" required:"true"` // that the agent saw; when it has moved, 409 settings_moved with the current ones
	SettingsDocument
}

// SettingsEdit is one writing of the settings.
type SettingsEdit struct {
	Version int      `json:"version"` // of the settings that it replaced, which restoring brings back
	At      string   `json:"at"`
	By      string   `json:"by"`     // name of the agent
	Action  string   `json:"action"` // the use case: update-settings, restore-settings
	Changed []string `json:"changed"`
}

// SettingsHistoryQuery is GET /v1/collectivities/{slug}/settings/history, newest first.
type SettingsHistoryQuery struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Cursor string `query:"cursor" json:"-" max:"1000"`
}

// SettingsRestoration is POST /v1/collectivities/{slug}/settings/restoration.
type SettingsRestoration struct {
	Slug    string `path:"slug" json:"-" max:"63"`
	Version int    `json:"version" required:"true"` // of the current settings, that the agent saw; 409 settings_moved when it has moved
	Restore int    `json:"restore" required:"true"` // version of earlier ones, as the history has it
}

// MailPreview is POST /v1/collectivities/{slug}/settings/mails. With settings, which are not kept, it shows what they would do.
type MailPreview struct {
	Slug     string            `path:"slug" json:"-" max:"63"`
	Settings *SettingsDocument `json:"settings,omitempty"`
}

// SampleMail is a mail with invented names.
type SampleMail struct {
	Kind    string `json:"kind"`
	From    string `json:"from"` // name
	ReplyTo string `json:"replyTo,omitempty"`
	Subject string `json:"subject"`
	HTML    string `json:"html"`
	Text    string `json:"text"`
}

// LogoPath is GET /v1/collectivities/{slug}/logo.
type LogoPath struct {
	Slug string `path:"slug" json:"-" max:"63"`
	Logo string `query:"logo" json:"-" max:"40"` // which one, so that caches tell it from others; the one of now is given
}
