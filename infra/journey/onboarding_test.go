package journey

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"preau/infra/seed/samples"
	"preau/infra/testkit"
	"preau/infra/testkit/paper"
	"preau/shared/api"
	"preau/shared/calendar"
)

// sampled is how many families the manager brings: go test ./infra/journey -run Letters -families 500 brings as many as a small town
// has, which takes half a minute on two cores.
var sampled = flag.Int("families", 100, "that a manager brings")

// works has a job done, as its schedule would within a minute, and answers it. A tick also meets the jobs that other tests left,
// some of which nobody can do: that it failed is theirs to say.
func (b *browser) works(town string, j api.Job) api.Job {
	b.t.Helper()
	for range 100 {
		if r := b.send("POST", "/_local/run/run-jobs", nil, nil); r.status != 200 && r.status != 502 {
			b.t.Fatalf("run-jobs: got %d %s", r.status, r.body)
		}
		if j = want[api.Job](b, 200, "GET", town+"/jobs/"+j.ID, nil); j.State == "failed" {
			b.t.Fatalf("the job is %+v", j)
		}
		if j.State == "done" {
			return j
		}
	}
	b.t.Fatalf("the job is %+v", j)
	return j
}

// fetch follows a signed link, as a page does.
func fetch(t *testing.T, method, url string, headers map[string]string, body []byte) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range headers {
		req.Header.Set(name, v)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s a file: %d %s, %v", method, res.StatusCode, answer, err)
	}
	return answer
}

// imports brings a file to the town: sent, held against what is there, applied.
func (b *browser) imports(town, of string, content []byte) api.Import {
	b.t.Helper()
	sum := sha256.Sum256(content)
	link := want[api.ImportLink](b, 201, "POST", town+"/imports", api.NewImport{Of: of, Name: of + ".csv", Length: int64(len(content)), SHA256: base64.StdEncoding.EncodeToString(sum[:])})
	fetch(b.t, http.MethodPut, link.URL, link.Headers, content)
	path := town + "/imports/" + link.Import
	b.works(town, want[api.Job](b, 202, "POST", path+"/check", struct{}{}))
	checked := want[api.Import](b, 200, "GET", path, nil)
	if checked.State != "checked" || checked.Counts == nil || checked.Counts.Errors > 0 {
		b.t.Fatalf("the import: %+v %+v %+v", checked.State, checked.Counts, checked.Rows)
	}
	b.works(town, want[api.Job](b, 202, "POST", path+"/application", map[string]string{"report": checked.Report}))
	return want[api.Import](b, 200, "GET", path, nil)
}

// letters are the codes that a file of letters brings, by the line above the address.
func letters(t *testing.T, file []byte) map[string]string {
	t.Helper()
	codes := map[string]string{}
	for _, page := range paper.Read(t, file) {
		code, to := "", ""
		for _, text := range page {
			if text.Size > 20 {
				code = text.Text
			}
			if text.X > 290 && text.Size == 10 && to == "" {
				to = text.Text
			}
		}
		codes[to] = code
	}
	return codes
}

// TestAManagerBringsFamiliesPrintsLettersAndAParentSubscribesWithTheirs is the whole of a town's first day, without the host but for
// its first command.
func TestAManagerBringsFamiliesPrintsLettersAndAParentSubscribesWithTheirs(t *testing.T) {
	t.Parallel()
	slug, email, password := testkit.Collectivity(t), testkit.Address(t), "le préau ouvre à l'aube"
	operate(t, "create", "-slug", slug, "-name", "Saint-Aubin", "-zone", "B", "-manager", email, "-first", "Claire", "-last", "Petit")
	manager, town := join(t, email, password), "/v1/collectivities/"+slug

	// The town is set up: where letters come from, and an activity.
	document := want[map[string]any](manager, 200, "GET", town+"/settings", nil)
	delete(document, "choices")
	document["contact"] = map[string]string{"service": "Service enfance", "email": "enfance@saint-aubin.example", "phone": "02 99 00 00 00", "address": "1 place de la Mairie\n35140 Saint-Aubin"}
	want[api.Settings](manager, 200, "PUT", town+"/settings", document)
	today := calendar.DateOf(calendar.Now(), calendar.Now().Location())
	want[api.Activity](manager, 201, "POST", town+"/activities", api.ActivitySettings{
		Name: "Cantine", Kind: "canteen", Weekdays: []string{"mon", "tue", "thu", "fri"}, Season: api.Period{From: string(today.AddYears(-1)), To: string(today.AddYears(2))}, Starts: "11:45", Decision: "auto",
	})

	// Its schools and families come from another program.
	manager.imports(town, "schools", samples.Schools())
	imported := manager.imports(town, "families", samples.Families(*sampled))
	if imported.State != "applied" || imported.Counts.Families != *sampled {
		t.Fatalf("imported %s: %+v", imported.State, imported.Counts)
	}
	school := want[api.List[api.School]](manager, 200, "GET", town+"/schools", nil).Items[0]
	year := want[api.Rollover](manager, 200, "POST", town+"/schools/rollover/preview", api.RolloverChoices{Year: thisSchoolYear()})
	i := slices.IndexFunc(year.Classes, func(c api.RolloverClassCount) bool { return c.From.School == school.ID && c.From.Class != "" })
	if i < 0 || len(year.Children) != imported.Counts.Children {
		t.Fatalf("the move to a school year is about %d of %d children: %+v", len(year.Children), imported.Counts.Children, year.Classes)
	}
	class := year.Classes[i]

	// Codes go out by post, to a class.
	job := manager.works(town, want[api.Job](manager, 202, "POST", town+"/codes", map[string]any{"selection": map[string]any{"school": school.ID, "class": class.From.Class, "withoutSubscriber": true}}))
	posted := map[string]string{}
	for _, f := range job.Files {
		if f.Type == "application/pdf" {
			for to, code := range letters(t, fetch(t, http.MethodGet, f.URL, nil, nil)) {
				posted[to] = code
			}
		}
	}
	if len(posted) < class.Children {
		t.Fatalf("%d letters for %d children", len(posted), class.Children)
	}

	// A parent reads theirs, signs up, and subscribes.
	to := slices.Sorted(maps.Keys(posted))[0]
	parent, theirs, secret := newBrowser(t), testkit.Address(t), "le préau sous la pluie"
	public := want[api.Collectivity](parent, 200, "GET", town, nil)
	want[api.Accepted](parent, 202, "POST", "/v1/accounts", api.SignUp{
		Collectivity: slug, Civility: "mme", LastName: "Aubry", FirstName: "Anne", Email: theirs, Password: secret, AcceptTerms: true, TermsVersion: public.Terms.Version, Captcha: parent.captcha(),
	})
	_, token := linkIn(t, testkit.AwaitMails(t, theirs, 1)[0], "activation")
	parent.open(want[api.Session](parent, 200, "POST", "/v1/accounts/activation", api.Activation{Token: token, Password: secret}))
	sub := want[api.Subscription](parent, 201, "POST", "/v1/me/subscriptions", api.SubscriberCode{Code: posted[to]})
	file := want[api.FamilyFile](parent, 200, "GET", "/v1/families/"+sub.Family, nil)
	you := slices.IndexFunc(file.Guardians, func(g api.Guardian) bool { return g.You })
	if you < 0 || !strings.HasSuffix(to, fmt.Sprint(file.Guardians[you].Identity["lastName"])) || !slices.ContainsFunc(file.Children, func(c api.Child) bool { return c.School == school.Name }) {
		t.Errorf("the letter to %s opened %+v", to, file)
	}
	if counts := want[api.Codes](manager, 200, "GET", town+"/codes", nil).Counts; counts == nil || counts.Used != 1 || counts.FamiliesWithoutSubscriber != *sampled-1 {
		t.Errorf("the town counts %+v", counts)
	}
}

func thisSchoolYear() int {
	year, err := strconv.Atoi(thisYear())
	if err != nil {
		panic(err)
	}
	return year
}
