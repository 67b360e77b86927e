package api

// Export is how far the caller's export is: GET and POST /v1/me/export.
type Export struct {
	State       string `json:"state"` // none, preparing, ready, expired
	RequestedAt string `json:"requestedAt,omitempty"`
	ReadyAt     string `json:"readyAt,omitempty"`
	Until       string `json:"until,omitempty"` // the file's end
	URL         string `json:"url,omitempty"`   // to the file, for five minutes
}

// AccountClosing is DELETE /v1/me.
type AccountClosing struct {
	Password string `json:"password" required:"true" max:"512" secret:"true"`
}
