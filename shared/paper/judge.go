package paper

import (
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"preau/shared/filetype"
)

// judge refuses a document for what it does or how long it is.
func (d document) judge() error {
	active, pages := false, 0
	d.each(func(dict types.Dict) {
		active = active || d.acts(dict)
		if d.named(dict, "Type") == "Page" {
			pages++
		}
	})
	catalog, err := d.Catalog()
	if err != nil || catalog == nil {
		return filetype.ErrBroken
	}
	if active || d.opensWith(catalog) {
		return ErrActive
	}
	if err := d.EnsurePageCount(); err != nil {
		return err
	}
	switch {
	case pages == 0 || d.PageCount < 1:
		return filetype.ErrBroken
	case pages > mostPages || d.PageCount > mostPages:
		return ErrTooLong
	}
	return nil
}

var (
	// holders are members that only dictionaries have which hold a program, a form of Adobe's or another file. The lists of both
	// are none: writers leave empty ones.
	holders = []string{"JS", "AA", "XFA", "EF", "Collection", "RichMediaContent"}
	// actions are those that do more than turn to a page or open a site.
	actions = []string{
		"JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition", "Movie", "Sound", "RichMediaExecute", "GoTo3DView",
	}
	// media are annotations and objects that play, run or hold a file.
	media = []string{"FileAttachment", "RichMedia", "Screen", "Movie", "Sound", "3D", "PS"}
	// sites are how an address may begin that a reader opens after a click.
	sites = []string{"http", "https", "mailto", "tel"}
)

// acts says whether a dictionary makes its reader do something.
func (d document) acts(dict types.Dict) bool {
	for _, name := range holders {
		if _, has := dict[name]; has {
			return true
		}
	}
	action := d.named(dict, "S")
	return slices.Contains(actions, action) || slices.Contains(media, d.named(dict, "Subtype")) ||
		d.named(dict, "Type") == "EmbeddedFile" || action == "URI" && !d.leads(dict)
}

// named is the name that a dictionary has as a member, wherever it is written.
func (d document) named(dict types.Dict, member string) string {
	o, _ := d.Dereference(dict[member])
	name, _ := o.(types.Name)
	return string(name)
}

// leads says whether an action's address is one of a site, a mailbox or a telephone.
func (d document) leads(action types.Dict) bool {
	o, err := d.Dereference(action["URI"])
	if err != nil {
		return false
	}
	address, err := types.StringOrHexLiteral(o)
	if err != nil || address == nil {
		return false
	}
	scheme, _, has := strings.Cut(strings.TrimSpace(*address), ":")
	return !has || slices.Contains(sites, strings.ToLower(scheme)) || strings.ContainsAny(scheme, "./")
}

// opensWith says whether a document does something when it is opened, besides turning to a page.
func (d document) opensWith(catalog types.Dict) bool {
	o, err := d.Dereference(catalog["OpenAction"])
	action, is := o.(types.Dict)
	return err != nil || is && d.named(action, "S") != "GoTo"
}
