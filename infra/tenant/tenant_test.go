package tenant_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/tenant"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/files/bucket"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
)

// A place is a table and a bucket of its own: what only the operator does reads all of them.
type place struct {
	env   map[string]string
	host  tenant.Host
	files *bucket.Bucket
}

func newPlace(t *testing.T) (p place) {
	t.Helper()
	p.env = testkit.OwnTable(t)
	maps.Copy(p.env, testkit.OwnBucket(t))
	testkit.Within(t, p.env, func() { p.host, p.files = tenant.Open(), bucket.Open() })
	return p
}

// settle makes a town with something of everything: a family with sealed data, changes that wait, papers, bookings, agents, an
// earlier setting and a logo.
func (p place) settle(t *testing.T) (h town.Home, agent account.Account) {
	t.Helper()
	testkit.Within(t, p.env, func() {
		w := town.New(t)
		h = w.NewHome("Léa", "Noé")
		agent = w.Agent(collectivity.Manager)
		h.Give(h.Guardians[0], "bank", map[string]any{"holder": "Anne Martin", "iban": "FR1420041010050500013M02606"})
		h.Give(h.Children[0], "health", map[string]any{"allergies": []any{map[string]any{"allergen": "Arachide"}}})
		h.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
		h.ProposeOf(h.Env.Now, h.Children[1], "health", map[string]any{"advice": "Lunettes"})
		h.Papers("insurance", h.Children[0], "%PDF-1.7")
		h.Day(booking.Booking, -1, "cantine", "", "2026-11-24")
		h.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
		h.Narrow("periscolaire", 1)
		h.Day(booking.Booking, -1, "periscolaire", "", "2026-11-24")
		seen, err := w.Store.Configuration(t.Context())
		must(t, err)
		next := seen.Settings
		next.Logo, next.DPO = "logo", "dpo@example.org"
		must(t, w.Right(agent).SetSettings(t.Context(), seen, next, &store.Logo{ID: "logo", Type: "image/png", Picture: []byte("\x89PNG")}, "update-settings", []string{"logo"}, town.Now))
	})
	return h, agent
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// export writes a town into a new folder.
func (p place) export(t *testing.T, slug string) (dir string, taken tenant.Taken) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "export")
	taken, err := p.host.Export(t.Context(), slug, dir, town.Now)
	must(t, err)
	return dir, taken
}

// lines of an export by what they are of, whatever its town is called, but for what an import changes: rights, its own record, and
// the version.
func lines(t *testing.T, dir string, slugs ...string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "town.jsonl"))
	must(t, err)
	content := string(raw)
	for _, slug := range slugs {
		content = strings.ReplaceAll(content, slug, "TOWN")
	}
	all := map[string]any{}
	for _, text := range strings.Split(strings.TrimSpace(content), "\n") {
		var l struct {
			Item *struct {
				In, At string
				Values map[string]any
			}
			File any
		}
		must(t, json.Unmarshal([]byte(text), &l))
		switch {
		case l.File != nil:
			all[text] = true
		case l.Item == nil, l.Item.At == "VERSION", strings.HasPrefix(l.Item.At, "AGENT#"), strings.Contains(text, "import-collectivity"):
		default:
			if strings.HasPrefix(l.Item.At, "FILE#GUARDIAN#") {
				delete(l.Item.Values, "Account")
			}
			all[l.Item.In+" "+l.Item.At] = l.Item.Values
		}
	}
	return all
}

func TestATownThatIsTakenElsewhereIsTheSameThere(t *testing.T) {
	t.Parallel()
	here, there := newPlace(t), newPlace(t)
	h, _ := here.settle(t)
	dir, taken := here.export(t, h.Slug)
	if taken.Items < 40 || taken.Files != 1 || taken.Subscriptions != 1 {
		t.Errorf("took %+v", taken)
	}
	as := testkit.Collectivity(t)
	brought, err := there.host.Import(t.Context(), dir, as, town.Now)
	must(t, err)
	if brought.Left != 2 || brought.Subscriptions != 0 || brought.Files != 1 {
		t.Errorf("brought %+v", brought)
	}
	again, _ := there.export(t, as)
	before, after := lines(t, dir, h.Slug), lines(t, again, as, h.Slug)
	if d := cmp.Diff(before, after); d != "" || len(before) < 40 {
		t.Errorf("%d lines (-here +there)\n%s", len(before), d)
	}
	open := opened(t, dir)
	for _, said := range []string{"Arachide", "FR1420041010050500013M02606", "Lunettes"} {
		if !strings.Contains(open, said) {
			t.Errorf("%s is not in the export", said)
		}
	}
}

// opened is all that an export holds as bytes: what was sealed.
func opened(t *testing.T, dir string) (all string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "town.jsonl"))
	must(t, err)
	for _, found := range regexp.MustCompile(`"B":"([^"]+)"`).FindAllStringSubmatch(string(raw), -1) {
		text, err := base64.StdEncoding.DecodeString(found[1])
		must(t, err)
		all += string(text) + "\n"
	}
	return all
}

// TestWhatWasSealedOpensUnderTheOtherTownsKeys and nothing of it lies open in the table.
func TestWhatWasSealedOpensUnderTheOtherTownsKeys(t *testing.T) {
	t.Parallel()
	here, there := newPlace(t), newPlace(t)
	h, _ := here.settle(t)
	dir, _ := here.export(t, h.Slug)
	as := testkit.Collectivity(t)
	_, err := there.host.Import(t.Context(), dir, as, town.Now)
	must(t, err)
	agent := there.appoint(t, as)
	household, err := agent.Family(h.ID).SealedHousehold(t.Context())
	must(t, err)
	lea, _ := household.Member(h.Children[0])
	anne, _ := household.Member(h.Guardians[0])
	if got := anne.Text("bank", "iban"); got != "FR1420041010050500013M02606" || len(lea.Values["health"]["allergies"].([]any)) != 1 {
		t.Errorf("opened %q, %v", got, lea.Values["health"])
	}
	if anne.Account != "" {
		t.Errorf("%s still names an account that is not here", anne.ID)
	}
	if all := there.everything(t); strings.Contains(all, "Arachide") || strings.Contains(all, "FR14200410") {
		t.Error("the table says it openly")
	}
	if _, err := there.host.Store.EraseKeys(t.Context(), as); err != nil {
		t.Errorf("it has no keys of its own: %v", err)
	}
}

// appoint gives a town a manager, and answers their right.
func (p place) appoint(t *testing.T, slug string) (right store.AgentRight) {
	t.Helper()
	testkit.Within(t, p.env, func() {
		w := town.New(t)
		a := w.Citizen()
		must(t, p.host.Store.Operated(slug).AppointAgent(t.Context(), collectivity.Agent{Account: a.ID, Name: "Odile Test", Role: collectivity.Manager, Health: true}))
		var err error
		right, err = store.Open().Sealing(keys.Vault()).AgentOf(t.Context(), account.CallerOf(a.User, true), slug, collectivity.Manager)
		must(t, err)
	})
	return right
}

// everything is the whole table as JSON.
func (p place) everything(t *testing.T) string {
	t.Helper()
	var out struct{ Items []json.RawMessage }
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "Scan", map[string]string{"TableName": p.env[catalog.EnvTable]}, &out))
	all, err := json.Marshal(out.Items)
	must(t, err)
	return string(all)
}

// put writes an item of texts past all of the service's code.
func (p place) put(t *testing.T, table string, texts map[string]string) {
	t.Helper()
	name := p.env[table]
	if name == "" {
		name = os.Getenv(table)
	}
	item := map[string]any{}
	for attribute, v := range texts {
		item[attribute] = map[string]string{"S": v}
	}
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "PutItem", map[string]any{"TableName": name, "Item": item}, nil))
}

func TestATownThatComesBackGivesItsPeopleTheirRightsAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	h, agent := p.settle(t)
	parent := account.CallerOf(h.Account.User, false)
	dir, _ := p.export(t, h.Slug)
	p.erase(t, h.Slug)
	if _, err := p.host.Store.FamilyOf(t.Context(), parent, h.ID); refusal.Code(err) != "family_not_found" {
		t.Errorf("the parent, after the erasure: %v", err)
	}
	brought, err := p.host.Import(t.Context(), dir, "", town.Now)
	must(t, err)
	if brought.Left != 0 || brought.Subscriptions != 1 || brought.Slug != h.Slug {
		t.Errorf("brought %+v", brought)
	}
	right, err := p.host.Store.FamilyOf(t.Context(), parent, h.ID)
	must(t, err)
	household, err := right.Store.SealedHousehold(t.Context())
	must(t, err)
	if anne, _ := household.Member(h.Guardians[0]); anne.Account != h.Account.ID || anne.Text("bank", "iban") == "" {
		t.Errorf("the guardian is %+v", anne)
	}
	office, err := p.host.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), h.Slug, collectivity.Manager)
	must(t, err)
	if queue, _, err := office.Store.QueuedRequests(t.Context(), "", 10); err != nil || len(queue) != 1 {
		t.Errorf("%d requests wait, %v", len(queue), err)
	}
	seen, err := office.Store.Configuration(t.Context())
	must(t, err)
	next := seen.Settings
	next.DPO = "autre@example.org"
	if err := office.SetSettings(t.Context(), seen, next, nil, "update-settings", []string{"dpo"}, town.Now); err != nil {
		t.Errorf("its settings can not be set any more: %v", err)
	}
	if keys, err := p.files.List(t.Context(), "kept/"+h.Slug+"/"); err != nil || len(keys) != 1 {
		t.Errorf("files %v, %v", keys, err)
	}
}

func (p place) erase(t *testing.T, slug string) tenant.Erased {
	t.Helper()
	p.suspend(t, slug)
	erased, err := p.host.Erase(t.Context(), slug, later)
	must(t, err)
	return erased
}

func (p place) suspend(t *testing.T, slug string) {
	t.Helper()
	_, err := p.host.Store.Govern(t.Context(), slug, "suspend", town.Now, func(s *collectivity.Settings) { s.Suspended = true })
	must(t, err)
}

// later nobody holds a lease that was taken at the tests' hour.
var later = town.Now.Add(time.Hour)

func TestAnErasedTownLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	h, agent := p.settle(t)
	neighbour, _ := p.settle(t)
	must(t, p.files.Put(t.Context(), "exports/towns/"+h.Slug+"/job/list.csv", "text/csv", strings.NewReader("x")))
	must(t, p.files.Put(t.Context(), store.ExportFolder(h.Account.ID)+"data.zip", "application/zip", strings.NewReader("x")))
	before, _ := p.export(t, neighbour.Slug)
	erased := p.erase(t, h.Slug)
	if erased.Items < 40 || erased.Rights != 2 || erased.Codes != 2 || erased.Mails < 4 || erased.Files != 2 || erased.Accounts != 2 {
		t.Errorf("erased %+v", erased)
	}
	if all := p.everything(t); strings.Contains(all, h.Slug) || strings.Contains(all, h.ID) {
		t.Errorf("the table still tells of %s", h.Slug)
	}
	for _, key := range testkit.Keys(t, p.env[catalog.EnvFiles], "") {
		if strings.Contains(key, h.Slug) || strings.Contains(key, h.Account.ID) {
			t.Errorf("the bucket still holds %s", key)
		}
	}
	if _, err := p.host.Store.EraseKeys(t.Context(), h.Slug); err != store.ErrNoKeys {
		t.Errorf("its keys are still there: %v", err)
	}
	after, ok, err := p.host.Store.Account(t.Context(), agent.ID)
	if err != nil || !ok || after.Agent || after.Collectivity != "" || after.Email != agent.Email {
		t.Errorf("its agent's account is %+v, %v", after, err)
	}
	again, _ := p.export(t, neighbour.Slug)
	if d := cmp.Diff(lines(t, before, neighbour.Slug), lines(t, again, neighbour.Slug)); d != "" {
		t.Errorf("its neighbour is another (-before +after)\n%s", d)
	}
	if _, err := p.host.Store.Tenant(t.Context(), h.Slug); refusal.Code(err) != "collectivity_not_found" {
		t.Errorf("its public page: %v", err)
	}
}

func TestATownIsNotErasedWhileSomebodyWorksThere(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	h, _ := p.settle(t)
	if erased, err := p.host.Erase(t.Context(), h.Slug, later); err == nil {
		t.Errorf("erased %+v", erased)
	}
}

func TestATownIsNotErasedWhileAJobMayWrite(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	h, agent := p.settle(t)
	j, err := h.Right(agent).AddJob(t.Context(), store.Job{ID: "job", Kind: store.JobList, Title: "Familles, CSV", CreatedAt: town.Now})
	must(t, err)
	j, claimed, err := h.Town.Store.ClaimJob(t.Context(), j.ID, town.Now)
	must(t, err)
	p.suspend(t, h.Slug)
	before := p.everything(t)
	_, err = p.host.Erase(t.Context(), h.Slug, town.Now.Add(90*time.Second))
	var busy tenant.Busy
	if !claimed || !errors.As(err, &busy) || !busy.Until.Equal(town.Now.Add(2*time.Minute)) || busy.With != "Familles, CSV" {
		t.Errorf("claimed %v, the erasure says %v", claimed, err)
	}
	if after := p.everything(t); after != before {
		t.Error("something is erased")
	}
	if _, err := p.host.Store.EraseKeys(t.Context(), h.Slug); err != nil {
		t.Errorf("its keys: %v", err)
	}
	must(t, h.Town.Store.PauseJob(t.Context(), j, town.Now.Add(90*time.Second)))
	if erased, err := p.host.Erase(t.Context(), h.Slug, town.Now.Add(90*time.Second)); err != nil || erased.Items == 0 {
		t.Errorf("given back, the job is in the way: %+v, %v", erased, err)
	}
}

// TestWhatComesDuringAnErasureIsErasedToo: an item, a file and a data key of a process that was there before.
func TestWhatComesDuringAnErasureIsErasedToo(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	h, _ := p.settle(t)
	p.suspend(t, h.Slug)
	var once sync.Once
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) string {
		if operation == "BatchWriteItem" && strings.Contains(string(body), "C#"+h.Slug) {
			once.Do(func() {
				must(t, p.files.Put(t.Context(), "exports/towns/"+h.Slug+"/late/list.csv", "text/csv", strings.NewReader("x")))
				p.put(t, catalog.EnvTable, map[string]string{"PK": "C#" + h.Slug + "#F#late", "SK": "FILE"})
				p.put(t, catalog.EnvKeyring, map[string]string{"collectivity": h.Slug})
			})
		}
		return ""
	})
	env := maps.Clone(p.env)
	env["AWS_ENDPOINT_URL_DYNAMODB"] = front
	var host tenant.Host
	testkit.Within(t, env, func() { host = tenant.Open() })
	_, err := host.Erase(t.Context(), h.Slug, later)
	must(t, err)
	if all := p.everything(t); strings.Contains(all, h.Slug) {
		t.Errorf("the table still tells of %s", h.Slug)
	}
	for _, key := range testkit.Keys(t, p.env[catalog.EnvFiles], "") {
		if strings.Contains(key, h.Slug) {
			t.Errorf("the bucket still holds %s", key)
		}
	}
	if _, err := p.host.Store.EraseKeys(t.Context(), h.Slug); err != store.ErrNoKeys {
		t.Errorf("it has keys again: %v", err)
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	h, _ := p.settle(t)
	dir, _ := p.export(t, h.Slug)
	if _, err := p.host.Export(t.Context(), h.Slug, dir, town.Now); err == nil {
		t.Error("an export was written over another")
	}
	before := lines(t, dir, h.Slug)
	if _, err := p.host.Import(t.Context(), dir, "", town.Now); err == nil || !strings.Contains(err.Error(), "slug_taken") {
		t.Errorf("a town was written over itself: %v", err)
	}
	again, _ := p.export(t, h.Slug)
	if d := cmp.Diff(before, lines(t, again, h.Slug)); d != "" {
		t.Errorf("(-before +after)\n%s", d)
	}
	for _, as := range []string{"Saint Aubin", "a#b"} {
		if _, err := p.host.Import(t.Context(), dir, as, town.Now); err == nil {
			t.Errorf("%q is a slug", as)
		}
	}
}

func TestAnImportThatIsCutShortLeavesTheTownSuspended(t *testing.T) {
	t.Parallel()
	here, there := newPlace(t), newPlace(t)
	h, _ := here.settle(t)
	dir, _ := here.export(t, h.Slug)
	raw, err := os.ReadFile(filepath.Join(dir, "town.jsonl"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "town.jsonl"), raw[:len(raw)*2/3], 0o600))
	as := testkit.Collectivity(t)
	if _, err := there.host.Import(t.Context(), dir, as, town.Now); err == nil {
		t.Fatal("half an export is taken for a whole one")
	}
	if asleep, err := there.host.Store.Operated(as).Asleep(t.Context()); err != nil || !asleep {
		t.Errorf("it is open: %v", err)
	}
	must(t, os.WriteFile(filepath.Join(dir, "town.jsonl"), raw, 0o600))
	there.erase(t, as)
	if _, err := there.host.Import(t.Context(), dir, as, town.Now); err != nil {
		t.Errorf("a second time: %v", err)
	}
}

func TestTownsAreCounted(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	h, _ := p.settle(t)
	var empty *town.Town
	testkit.Within(t, p.env, func() { empty = town.New(t) })
	all, err := p.host.Figures(t.Context())
	must(t, err)
	got := *all[h.Slug]
	if got.ItemBytes < 5_000 || got.Items < 40 || got.FileBytes != int64(len("%PDF-1.7")) || got.Mails < 4 {
		t.Errorf("got %+v", got)
	}
	got.ItemBytes, got.Items, got.FileBytes, got.Mails = 0, 0, 0, 0
	if want := (tenant.Figures{Slug: h.Slug, Families: 1, Accounts: 1, Agents: 1, Requests: 3, Files: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if none := *all[empty.Slug]; none.Families+none.Accounts+none.Requests+none.Files+none.Mails != 0 || none.Items != 5 {
		t.Errorf("the empty one: %+v", none)
	}
	if slugs := slices.Sorted(maps.Keys(all)); len(slugs) != 2 {
		t.Errorf("counted %v", slugs)
	}
}
