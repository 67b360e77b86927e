package family

import (
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// Upload is a photo or a document on its way into a file: announced, sent to the bucket, looked at, and proposed as a change.
type Upload struct {
	ID        string
	Purpose   Purpose
	About     string // the child of the photo, or whom the document concerns
	Type      string // media type, as the sender says
	Document  string `dynamodbav:"-"` // type of a document; see DocumentTypes
	From      calendar.Date
	Until     calendar.Date
	By        string // guardian
	Account   string
	CreatedAt time.Time
	State     UploadState
	Code      string // of a refusal
	Change    string // that proposes it
}

// Purpose of an upload.
type Purpose string

// The purposes.
const (
	PhotoUpload    Purpose = "photo"
	DocumentUpload Purpose = "document"
)

// UploadState says how far an upload is.
type UploadState string

// The states of an upload. One that is never finished is forgotten after a day.
const (
	Awaited  UploadState = "awaited"
	Proposed UploadState = "proposed"
	Rejected UploadState = "refused"
)

// UploadTypes are the media types that are taken for a purpose, and the largest size in bytes.
func UploadTypes(p Purpose) (types []string, most int64) {
	if p == PhotoUpload {
		return []string{"image/jpeg", "image/png"}, 5 << 20
	}
	return []string{"application/pdf", "image/jpeg", "image/png"}, 10 << 20
}

// CheckUpload refuses what a guardian may not announce.
func CheckUpload(settings collectivity.Settings, file File, viewer Member, u Upload, size int64) error {
	var wrong []refusal.Field
	add := func(field, code, detail string) {
		wrong = append(wrong, refusal.Field{Field: field, Code: code, Detail: detail})
	}
	if code := u.closed(settings); code != "" {
		add("purpose", code, details[code])
	}
	about, ok := file.Member(u.About)
	switch {
	case !ok || about.Target != Child && (u.Purpose == PhotoUpload || about.Target != Guardian):
		add("about", "member_unknown", details["member_unknown"])
	case about.Target == Guardian && !Near(viewer, about):
		add("about", "section_not_yours", "Vous ne pouvez pas envoyer de document pour cette personne.")
	case u.Purpose == PhotoUpload && file.elsewhere(about.Pending["photo"]["photo"]):
		add("about", "field_pending", "Une photo de cet enfant, proposée par son autre foyer, attend la décision de la collectivité.")
	case u.Purpose == PhotoUpload && about.Pending["photo"]["photo"] != "":
		add("about", "field_pending", "Une photo de cet enfant attend déjà une décision. Retirez-la d’abord.")
	}
	types, most := UploadTypes(u.Purpose)
	if !slices.Contains(types, u.Type) {
		add("type", "file_type_unknown", "Formats acceptés : "+strings.Join(names(types), ", ")+".")
	}
	if size > most {
		add("length", "file_too_large", "Ce fichier est trop lourd : "+map[Purpose]string{PhotoUpload: "5", DocumentUpload: "10"}[u.Purpose]+" Mo au plus.")
	}
	if u.Purpose == DocumentUpload && !slices.Contains(DocumentTypes, u.Document) {
		add("document", "unknown_value", details["unknown_value"])
	}
	if u.Purpose == DocumentUpload && ok && AdultDocument(u.Document) && about.Target != Guardian {
		add("about", "guardian_required", details["guardian_required"])
	}
	if u.From != "" && u.Until != "" && u.Until < u.From {
		add("validUntil", "period_reversed", "La fin de validité précède son début.")
	}
	if len(wrong) > 0 {
		return refusal.OfFields(wrong)
	}
	if u.Purpose == DocumentUpload && len(file.Members())+len(file.Adding) >= mostMembers {
		return errFull
	}
	return nil
}

// closed says why a town takes no such file, "" where it does.
func (u Upload) closed(settings collectivity.Settings) string {
	section, name := First(Document), "file"
	if u.Purpose == PhotoUpload {
		section, name = sectionNamed(Child, "photo"), "photo"
	}
	field, _ := section.Field(name)
	return map[collectivity.Mode]string{collectivity.Hidden: "field_hidden", collectivity.Shown: "field_locked"}[section.Mode(settings, field)]
}

func sectionNamed(target Target, name string) Section {
	s, _ := SectionOf(target, name)
	return s
}

func names(types []string) (all []string) {
	for _, t := range types {
		all = append(all, strings.ToUpper(t[strings.Index(t, "/")+1:]))
	}
	return all
}

// Made is the change by which an upload comes into a file. kept is the name under which the file lies.
func (u Upload) Made(file File, id, kept string, now time.Time) (Change, error) {
	c := Change{ID: id, By: u.By, Body: u.ID, CreatedAt: now}
	about, ok := file.Member(u.About)
	if !ok {
		return c, ErrMemberGone
	}
	if u.Purpose == PhotoUpload {
		c.Target, c.Of, c.Section = about.ID, Child, "photo"
		if change := about.Pending["photo"]["photo"]; change != "" {
			return c, file.pending("about", change)
		}
		c.Fields = []FieldChange{{Field: "photo", Old: about.Value("photo", "photo"), New: kept, State: Pending}}
		return c, nil
	}
	c.Kind, c.Target, c.Of, c.Section = Adds, u.ID, Document, First(Document).Name
	for _, f := range []FieldChange{
		{Field: "type", New: u.Document},
		{Field: "about", New: u.About},
		{Field: "validFrom", New: string(u.From)},
		{Field: "validUntil", New: string(u.Until)},
		{Field: "file", New: kept},
	} {
		if f.New != "" {
			f.State = Pending
			c.Fields = append(c.Fields, f)
		}
	}
	return c, nil
}

// What is refused of an upload.
var (
	ErrUploadUnknown = refusal.New(refusal.NotFound, "upload_not_found", "Cet envoi n’existe pas, ou il n’a pas été terminé à temps.")
	errFull          = refusal.New(refusal.Conflict, "file_full", "Ce dossier compte trop de personnes ou de documents. Contactez votre collectivité.")
)
