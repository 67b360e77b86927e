package journey

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
)

// file is the family file as its subscriber sees it now.
func (p subscriber) file() api.FamilyFile {
	p.t.Helper()
	return want[api.FamilyFile](p.browser, 200, "GET", "/v1/families/"+p.ID, nil)
}

// give proposes values of a section of a member, as the file is now.
func (p subscriber) give(member, section string, values map[string]any) api.Change {
	p.t.Helper()
	return want[api.Change](p.browser, 202, "POST", "/v1/families/"+p.ID+"/changes", map[string]any{
		"target": member, "section": section, "version": p.file().Version, "values": values,
	})
}

// send announces a file, puts it where the link leads, and waits until it was looked at.
func (p subscriber) sendFile(upload api.NewUpload, content []byte) api.Upload {
	p.t.Helper()
	sum := sha256.Sum256(content)
	upload.Length, upload.SHA256 = int64(len(content)), base64.StdEncoding.EncodeToString(sum[:])
	link := want[api.UploadLink](p.browser, 201, "POST", "/v1/families/"+p.ID+"/uploads", upload)
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPut, link.URL, bytes.NewReader(content))
	if err != nil {
		p.t.Fatal(err)
	}
	for name, v := range link.Headers {
		req.Header.Set(name, v)
	}
	if r := p.do(req); r.status != 200 {
		p.t.Fatalf("the bucket answers %d %s", r.status, r.body)
	}
	for range 300 {
		if u := want[api.Upload](p.browser, 200, "GET", "/v1/families/"+p.ID+"/uploads/"+link.Upload, nil); u.State != "awaited" {
			return u
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatal("nobody looks at the file")
	return api.Upload{}
}

func portrait(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 800, 600)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// office is an agent of the town in a browser.
func office(t *testing.T, w *town.Town, a account.Account) *browser {
	t.Helper()
	b := newBrowser(t)
	b.signInAgent(a.Email, town.Password, w.Secret.TOTP(a.ID))
	return b
}

// acceptAll accepts whatever waits, as an agent does who went through the queue.
func acceptAll(b *browser, slug string) (accepted int) {
	b.t.Helper()
	queue := want[api.List[api.PendingChange]](b, 200, "GET", "/v1/collectivities/"+slug+"/changes", nil)
	var all api.ChangeDecisions
	for _, c := range queue.Items {
		all.Decisions = append(all.Decisions, api.ChangeDecision{Change: c.ID, Decision: "accept"})
	}
	for _, o := range want[api.Decided](b, 200, "POST", "/v1/collectivities/"+slug+"/changes/decisions", all).Outcomes {
		if o.State != "accepted" {
			b.t.Errorf("%s: %+v", o.ID, o)
		}
	}
	return len(queue.Items)
}

// TestTheFamilyFileInFull goes through every section of the guide's "Gérer votre dossier de famille": proposed by a parent, accepted
// by an agent with the right to health, seen again by both; a photo and a document by signed links; what a carer sees; who read what;
// and all of it taken away in the end.
func TestTheFamilyFileInFull(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	p := newSubscriber(t, w, "Léa")
	you, child := p.Guardians[0], p.Children[0]

	// The screen of the guardians: identity, address, telephones, fiscal and bank data.
	p.give(you, "identity", map[string]any{"birthName": "Lefèvre", "situation": "married"})
	p.give(you, "address", map[string]any{"street": "4 rue des Lilas", "postcode": "35200", "city": "Saint-Aubin"})
	p.give(you, "phones", map[string]any{"mobile": "06 12 34 56 78", "email": "anne.martin@example.fr"})
	p.give(you, "fiscal", map[string]any{"scheme": "caf", "beneficiary": "1234567", "quotient": 842, "quotientDate": "2026-01-15", "taxReference": "2612345678901", "consent": true})
	p.give(you, "bank", map[string]any{"holder": "Anne Martin", "iban": "FR14 2004 1010 0505 0001 3M02 606", "bic": "PSSTFRPPREN"})

	// The screen of a child: general, authorisations, health, contacts, photo.
	p.give(child, "identity", map[string]any{"birthPlace": "Rennes", "sex": "f"})
	p.give(child, "authorisations", map[string]any{"image": true, "outings": true, "leavesAlone": false})
	p.give(child, "health", map[string]any{
		"doctor": "Dr Roux", "pai": true, "diet": []any{"no_pork"}, "vaccinations": []any{map[string]any{"name": "DTPolio", "date": "2023-03-20"}},
		"allergies": []any{map[string]any{"allergen": "Arachide", "consequence": "Urticaire", "treatment": "Antihistaminique"}},
	})
	want[api.Change](p.browser, 202, "POST", "/v1/families/"+p.ID+"/changes", map[string]any{
		"add": "contact", "version": p.file().Version,
		"values": map[string]any{"firstName": "Jeanne", "lastName": "Martin", "link": "Grand-mère", "phone": "06 11 22 33 44", "collect": true, "emergency": true, "children": []any{child}},
	})
	if u := p.sendFile(api.NewUpload{Purpose: "photo", About: child, Type: "image/jpeg"}, portrait(t)); u.State != "proposed" {
		t.Errorf("the photo: %+v", u)
	}
	if u := p.sendFile(api.NewUpload{Purpose: "document", About: child, Type: "image/jpeg", Document: "insurance", ValidFrom: "2026-09-01"}, portrait(t)); u.State != "proposed" {
		t.Errorf("the document: %+v", u)
	}
	if u := p.sendFile(api.NewUpload{Purpose: "document", About: child, Type: "image/png", Document: "insurance"}, []byte("<svg onload=alert(1)>")); u.Code == "" {
		t.Errorf("a script is taken as a picture: %+v", u)
	}
	if pending := p.file().Pending; len(pending) != 11 {
		t.Errorf("%d changes wait", len(pending))
	}

	// The town hall accepts; the parent sees it.
	agent := office(t, w, w.Carer(collectivity.Manager))
	if n := acceptAll(agent, w.Slug); n != 11 {
		t.Errorf("%d were in the queue", n)
	}
	p.sees(p.file(), child)

	// An agent finds and opens the file; a carer sees what counts on the day.
	found := want[api.List[api.FoundFamily]](agent, 200, "GET", "/v1/collectivities/"+w.Slug+"/families?q=mart", nil)
	if !slices.ContainsFunc(found.Items, func(f api.FoundFamily) bool { return f.Family == p.ID }) {
		t.Errorf("a search finds %+v", found)
	}
	opened := want[api.OpenedFile](agent, 200, "GET", "/v1/collectivities/"+w.Slug+"/families/"+p.ID, nil)
	if opened.HealthHidden || opened.Children[0].Health["doctor"] != "Dr Roux" {
		t.Errorf("the agent sees %+v", opened.Children)
	}
	day := nextWednesday(w.Activities[2].Season).AddDays(1) // a Thursday, at the canteen
	p.ask("booking", "cantine", "", day)
	sheet := want[api.CareSheet](agent, 200, "GET", "/v1/collectivities/"+w.Slug+"/care?activity=cantine&date="+string(day), nil)
	if len(sheet.Children) != 1 || sheet.Children[0].Health == nil || sheet.Children[0].Health.Allergies[0].Allergen != "Arachide" || len(sheet.Children[0].Collectors) != 1 {
		t.Errorf("the care sheet: %+v", sheet)
	}

	// What is added to an allergy counts at once; the family sees who read what.
	p.give(child, "health", map[string]any{"medication": "Un comprimé à midi"})
	sheet = want[api.CareSheet](agent, 200, "GET", "/v1/collectivities/"+w.Slug+"/care?activity=cantine&date="+string(day), nil)
	if m := sheet.Children[0].Health.Medication; len(m) != 1 || !m[0].Declared {
		t.Errorf("what was declared: %+v", m)
	}
	read := want[api.List[api.Consultation]](p.browser, 200, "GET", "/v1/families/"+p.ID+"/consultations", nil)
	if len(read.Items) < 4 || !slices.Contains(read.Items[0].Of, "Léa") {
		t.Errorf("the family sees that %+v", read)
	}

	// Everything, to take away.
	want[api.Export](p.browser, 202, "POST", "/v1/me/export", nil)
	run(p.browser, "build-exports")
	p.told("données")
	export := want[api.Export](p.browser, 200, "GET", "/v1/me/export", nil)
	if export.State != "ready" {
		t.Fatalf("the export is %+v", export)
	}
	holds(t, p.browser, export.URL, "Arachide", "FR1420041010050500013M02606", "Grand-mère")
}

// sees holds the file against what was given.
func (p subscriber) sees(file api.FamilyFile, child string) {
	p.t.Helper()
	you := file.Guardians[slices.IndexFunc(file.Guardians, func(g api.Guardian) bool { return g.You })]
	c := file.Children[0]
	for says, ok := range map[string]bool{
		"nothing waits":                len(file.Pending) == 0,
		"the birth name":               you.Identity["birthName"] == "Lefèvre",
		"the address":                  you.Address["city"] == "Saint-Aubin",
		"the telephone":                you.Phones["mobile"] == "+33612345678",
		"the quotient":                 you.Fiscal["quotient"] == 842.0,
		"the tax reference, erased":    you.Fiscal["taxReference"] == nil,
		"the IBAN, masked":             you.Bank["iban"] == "FR•• •••• 2606",
		"the birth place":              c.BirthPlace == "Rennes",
		"the outings":                  c.Authorisations["outings"].Holds,
		"the image, for want of a yes": !c.Authorisations["image"].Holds && *c.Authorisations["image"].Yours,
		"the doctor":                   c.Health["doctor"] == "Dr Roux",
		"the contact":                  len(c.Contacts) == 1 && c.Contacts[0]["link"] == "Grand-mère",
		"the photo":                    c.Photo != nil,
		"the document":                 len(file.Documents) == 1 && file.Documents[0].Type == "insurance",
	} {
		if !ok {
			p.t.Errorf("not as it was given: %s in %+v", says, file)
		}
	}
	if c.Photo != nil {
		if status, content := town.Follow(p.t, c.Photo.Small); status != 200 || http.DetectContentType([]byte(content)) != "image/jpeg" {
			p.t.Errorf("the photo is %d, %d bytes", status, len(content))
		}
	}
	bank := want[api.BankDetails](p.browser, 200, "GET", "/v1/families/"+p.ID+"/guardians/"+you.ID+"/bank", nil)
	if bank.Bank["iban"] != "FR1420041010050500013M02606" {
		p.t.Errorf("the IBAN in full: %+v", bank)
	}
}

// run fires a function's schedule.
func run(b *browser, function string) {
	b.t.Helper()
	if r := b.send("POST", "/_local/run/"+function, nil, nil); r.status != 200 {
		b.t.Fatalf("%s: %d %s", function, r.status, r.body)
	}
}

// holds looks for texts in the files of an archive behind a link.
func holds(t *testing.T, b *browser, url string, texts ...string) {
	t.Helper()
	status, content := town.Follow(t, url)
	archive, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	if status != 200 || err != nil {
		t.Fatalf("the archive: %d %v", status, err)
	}
	var all strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(r)
		all.Write(raw)
	}
	for _, text := range texts {
		if !strings.Contains(all.String(), text) {
			t.Errorf("the archive of %d files does not hold %q", len(archive.File), text)
		}
	}
}
