package api

// NewUpload is POST /v1/families/{family}/uploads: a photo of a child or a document that is about to be sent.
type NewUpload struct {
	Family     string `path:"family" json:"-" max:"40"`
	Purpose    string `json:"purpose" required:"true" enum:"photo,document"`
	About      string `json:"about" required:"true" max:"40"`  // the child, or of a document the guardian or child
	Type       string `json:"type" required:"true" max:"60"`   // image/jpeg, image/png; of a document also application/pdf
	Length     int64  `json:"length" required:"true"`          // bytes: 5 MB at most for a photo, 10 MB for a document
	SHA256     string `json:"sha256" required:"true" max:"44"` // of the file, base64
	Document   string `json:"document,omitempty" max:"40"`     // type of the document
	ValidFrom  string `json:"validFrom,omitempty" format:"date"`
	ValidUntil string `json:"validUntil,omitempty" format:"date"`
}

// UploadLink is where to send the file to: by PUT, with exactly these headers, before the link ends.
type UploadLink struct {
	Upload  string            `json:"upload"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Until   string            `json:"until"`
}

// UploadPath is GET /v1/families/{family}/uploads/{upload}.
type UploadPath struct {
	Family string `path:"family" json:"-" max:"40"`
	Upload string `path:"upload" json:"-" max:"40"`
}

// Upload is how far a photo or document is: proposed to the town as a change, or refused.
type Upload struct {
	Upload string `json:"upload"`
	State  string `json:"state"`            // awaited, proposed, refused
	Change string `json:"change,omitempty"` // that proposes it
	Code   string `json:"code,omitempty"`   // of a refusal
	Detail string `json:"detail,omitempty"` // French
}

// DocumentPath is GET /v1/families/{family}/documents/{document}.
type DocumentPath struct {
	Family   string `path:"family" json:"-" max:"40"`
	Document string `path:"document" json:"-" max:"40"`
}

// AgentDocumentPath is GET /v1/collectivities/{slug}/families/{family}/documents/{document}.
type AgentDocumentPath struct {
	Slug     string `path:"slug" json:"-" max:"63"`
	Family   string `path:"family" json:"-" max:"40"`
	Document string `path:"document" json:"-" max:"40"`
}

// DocumentLink leads to a document for a minute.
type DocumentLink struct {
	URL   string `json:"url"`
	Name  string `json:"name"`
	Type  string `json:"type"` // media type
	Until string `json:"until"`
}
