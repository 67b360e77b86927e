package views

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/store"
)

// How long links live: a page shows photos for a while, a document is opened at once.
const (
	photoLife    = 15 * time.Minute
	documentLife = time.Minute
)

// Sizes of a photo, in pixels of its longer side, by the end of the name that it lies under.
const (
	PhotoLarge = "-640.jpg"
	PhotoSmall = "-160.jpg"
)

// Photos makes the links of children's photos. They are signed where they are made, without a call.
func Photos(ctx context.Context, links *files.Files, town store.Collectivity, now time.Time) func(family.Member) *api.Photo {
	return func(m family.Member) *api.Photo {
		name := m.Text("photo", "photo")
		if name == "" {
			return nil
		}
		shown := func(size string) string {
			link, err := links.GetLink(ctx, town.KeptFile(name+size), files.Shown{Type: "image/jpeg"}, now, photoLife)
			if err != nil {
				return ""
			}
			return link.URL
		}
		return &api.Photo{Small: shown(PhotoSmall), Large: shown(PhotoLarge)}
	}
}

// WithFiles gives changes that wait the links to the photos and documents that they bring, so that nobody decides on what they
// have not seen.
func WithFiles(ctx context.Context, links *files.Files, town store.Collectivity, now time.Time, shown *api.Change, c family.Change) error {
	section, _ := c.About()
	for i, f := range shown.Fields {
		field, _ := section.Field(f.Field)
		at := slices.IndexFunc(c.Fields, func(d family.FieldChange) bool { return d.Field == f.Field })
		if field.Kind != family.Attached || at < 0 || c.Fields[at].State != family.Pending {
			continue
		}
		name, _ := c.Fields[at].New.(string)
		kind, end := "image/jpeg", PhotoLarge
		if c.Of == family.Document {
			kind, end = mediaTypes[path.Ext(name)], ""
		}
		link, err := links.GetLink(ctx, town.KeptFile(name+end), files.Shown{Type: kind}, now, photoLife)
		if err != nil {
			return err
		}
		shown.Fields[i].File = link.URL
	}
	return nil
}

// mediaTypes of documents, by the end of the name that they lie under.
var mediaTypes = map[string]string{".pdf": "application/pdf", ".jpg": "image/jpeg"}

// DocumentLink makes the link of a document, whose name says what it is.
func DocumentLink(ctx context.Context, links *files.Files, town store.Collectivity, m family.Member, now time.Time) (api.DocumentLink, error) {
	kept := m.Text("document", "file")
	extension := path.Ext(kept)
	kind := mediaTypes[extension]
	name := strings.ReplaceAll(strings.ToLower(documentLabels[m.Text("document", "type")]), " ", "-") + extension
	link, err := links.GetLink(ctx, town.KeptFile(kept), files.Shown{Type: kind, Name: name}, now, documentLife)
	return api.DocumentLink{URL: link.URL, Name: name, Type: kind, Until: Instant(link.Until)}, err
}

// Upload shows how far an upload is.
func Upload(u family.Upload) api.Upload {
	out := api.Upload{Upload: u.ID, State: string(u.State), Change: u.Change, Code: u.Code}
	if u.Code != "" {
		out.Detail = uploadDetails[u.Code]
	}
	return out
}

// uploadDetails says in French why a file was refused.
var uploadDetails = map[string]string{
	"file_type_unknown": "Ce fichier n’est ni une photo (JPEG, PNG) ni un PDF.",
	"file_type_differs": "Ce fichier n’est pas du type annoncé.",
	"file_broken":       "Ce fichier est abîmé. Envoyez-le de nouveau.",
	"file_mixed":        "Ce fichier en cache un autre. Enregistrez-le de nouveau, ou prenez-en une photo.",
	"file_too_large":    "Ce fichier est trop lourd.",
	"picture_too_large": "Cette image est trop grande : 25 millions de pixels au plus, et 12 000 de côté.",
	"pdf_encrypted":     "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection.",
	"pdf_active":        "Ce PDF contient du code ou des fichiers joints. Imprimez-le en PDF, puis envoyez cette copie.",
	"pdf_too_long":      "Ce PDF compte trop de pages.",
	"member_gone":       "Cette personne ne fait plus partie du dossier.",
	"member_unknown":    "Cette personne ne fait plus partie du dossier.",
	"section_not_yours": "Vous ne pouvez plus envoyer de document pour cette personne.",
	"guardian_required": "Ce document concerne un adulte : indiquez de quel responsable il s’agit.",
	"field_pending":     "Une photo de cet enfant attend déjà une décision de la collectivité.",
	"file_full":         "Ce dossier compte trop de personnes ou de documents. Contactez votre collectivité.",
}
