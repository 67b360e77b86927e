package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/paper"
	"preau/infra/testkit/town"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

// reader reads a list as billing software does.
func reader(content []byte) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	r.Comma = ';'
	return r
}

func TestEachGuardianGetsALetterWithACodeThatOpensTheirFile(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.Settings(func(s *collectivity.Settings) { s.CodeDays = 90; s.FullName = "Commune de Saint-Aubin" })
	martin, durand := d.home("Martin", "3 rue de l’Église", child("Léa", "", "")), d.home("Durand", "", child("Noé", "", ""))
	j := d.done(d.ask(store.JobCodes, map[string]string{"codes": "all"}))
	posted, handed := d.file(j, "Courriers 2026-11-23.pdf"), d.file(j, "Courriers à remettre en main propre 2026-11-23.pdf")
	for _, c := range []struct {
		file []byte
		home town.Home
		name string
	}{{posted, martin, "Martin"}, {handed, durand, "Durand"}} {
		codes := letters(t, c.file)
		if len(codes) != 2 {
			t.Errorf("%s: letters %v", c.name, codes)
		}
		for n := range 2 {
			typed := codes[guardian(c.name, n)]
			if got := d.opens(typed); got != c.home.Guardians[n] {
				t.Errorf("the code %q of %s opens %s", typed, guardian(c.name, n), got)
			}
			if got := d.opens(c.home.Codes[n]); got != "code_unknown" || d.open(c.home, n) != 1 {
				t.Errorf("the code of before opens %s, %d are open", got, d.open(c.home, n))
			}
		}
	}
	page := paper.Read(t, posted)[0]
	for _, want := range []string{"Commune de Saint-Aubin", "3 rue de l’Église", "35140 SAINT AUBIN", "Valable jusqu’au 21 février 2027. Il ne sert qu’une fois.", "Le 23 novembre 2026"} {
		if !page.Has(want) {
			t.Errorf("no %q on it:\n%s", want, page)
		}
	}
	rows, err := reader(d.file(j, "Responsables sans adresse 2026-11-23.csv")).ReadAll()
	must(t, err)
	if len(rows) != 3 || strings.Join(rows[1], "|") != "Famille Durand|Durand|Anne|Noé||Adresse absente" {
		t.Errorf("without an address: %q", rows)
	}
	if len(j.Files) != 3 || j.Files[0].Count != 2 || j.Files[1].Count != 2 || j.Files[2].Count != 2 || j.Done != j.Total {
		t.Errorf("the job is %+v", j)
	}
	for _, c := range d.Issued(durand.MadeFamily) {
		if c.Issue == j.ID && (!c.ByHand || !c.Printed.Equal(town.Now)) || c.Issue != j.ID && !c.Printed.IsZero() {
			t.Errorf("printed %+v", c)
		}
	}
	last := time.Date(2027, 2, 21, 23, 59, 59, 0, collectivity.Settings{Timezone: "Europe/Paris"}.Zone())
	typed := letters(t, posted)[guardian("Martin", 0)]
	if *d.clock = last; d.opens(typed) != martin.Guardians[0] {
		t.Errorf("on its last day it opens %s", d.opens(typed))
	}
	if *d.clock = last.Add(time.Second); d.opens(typed) != "code_expired" {
		t.Errorf("on the next it opens %s", d.opens(typed))
	}
}

func TestWhomAJobGivesCodesTo(t *testing.T) {
	t.Parallel()
	d := opened(t)
	must(t, d.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "cp", Name: "CP A"}}}))
	homes := map[string]town.Home{
		"nobody subscribed": d.home("Aubry", "1 rue", child("Léa", "École Jules-Verne", "CP A")),
		"one subscribed":    d.home("Blanc", "1 rue", child("Tom", "verne", "CE1")),
		"expired":           d.home("Clerc", "1 rue", child("Noé", "", "")),
		"revoked":           d.home("Denis", "1 rue", child("Zoé", "", "")),
	}
	d.Subscriber(homes["one subscribed"].MadeFamily, 0)
	for n := range 2 {
		d.Revoke(homes["revoked"].MadeFamily, homes["revoked"].Codes[n])
		h := homes["expired"]
		d.Revoke(h.MadeFamily, h.Codes[n])
		must(t, h.MadeFamily.Store.IssueCode(t.Context(), fmt.Sprint("old", n, h.ID), h.Guardians[n], town.Now.Add(-time.Hour), town.Now.Add(-time.Minute)))
	}
	named := func(names ...string) string {
		var ids []string
		for _, n := range names {
			ids = append(ids, homes[n].ID)
		}
		return strings.Join(append(ids, "nobody"), ",")
	}
	for _, c := range []struct {
		says  string
		about map[string]string
		want  string
	}{
		{"all guardians", map[string]string{"codes": "all"}, "Aubry 0, Aubry 1, Blanc 1, Clerc 0, Clerc 1, Denis 0, Denis 1"},
		{"of some families", map[string]string{"codes": "all", "families": named("one subscribed", "revoked")}, "Blanc 1, Denis 0, Denis 1"},
		{"one guardian", map[string]string{"codes": "all", "families": homes["nobody subscribed"].ID, "guardian": homes["nobody subscribed"].Guardians[1]}, "Aubry 1"},
		{"of families without a subscriber", map[string]string{"codes": "all", "without": "subscriber"}, "Aubry 0, Aubry 1, Clerc 0, Clerc 1, Denis 0, Denis 1"},
		{"of a school, by its id and its name", map[string]string{"codes": "all", "school": "verne"}, "Aubry 0, Aubry 1, Blanc 1"},
		{"of a class", map[string]string{"codes": "all", "school": "verne", "class": "cp"}, "Aubry 0, Aubry 1"},
		{"of a school that is gone", map[string]string{"codes": "all", "school": "curie"}, ""},
		{"of a class that is gone", map[string]string{"codes": "all", "school": "verne", "class": "ce2"}, ""},
	} {
		t.Run(c.says, func(t *testing.T) { // one after the other: each closes the codes of the one before
			d.later(time.Second)
			j := d.done(d.ask(store.JobCodes, c.about))
			if got := d.to(t, j); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAJobThatHadNobodyToWriteToSaysWhy(t *testing.T) {
	t.Parallel()
	d := opened(t)
	h := d.home("Aubry", "1 rue", child("Léa", "", ""))
	for n := range 2 {
		d.Subscriber(h.MadeFamily, n)
	}
	for _, c := range []struct {
		says  string
		about map[string]string
		want  string
	}{
		{"all are subscribed", map[string]string{"codes": "all"}, "Aucun courrier : tous sont abonnés."},
		{"each family has a subscriber", map[string]string{"codes": "all", "without": "subscriber"}, "Aucun courrier : toutes les familles ont un abonné."},
		{"no code expired", map[string]string{"codes": "expired"}, "Aucun courrier : aucun dernier code n’a expiré sans servir."},
		{"none lacks one", map[string]string{"codes": "missing"}, "Aucun courrier : tous sont abonnés ou ont un code valable."},
		{"no such school", map[string]string{"codes": "all", "school": "curie"}, "Aucun courrier : aucune famille n’est concernée."},
	} {
		d.later(time.Second)
		if j := d.done(d.ask(store.JobCodes, c.about)); j.Detail != c.want || len(j.Files) > 0 {
			t.Errorf("%s: %q, files %v", c.says, j.Detail, j.Files)
		}
	}
}

// to are those who got a letter: "Aubry 0".
func (d desk) to(t *testing.T, j store.Job) string {
	t.Helper()
	var all []string
	for line := range letters(t, d.file(j, "Courriers 2026")) {
		line = strings.NewReplacer("Mme Anne ", "0", "M. Paul ", "1").Replace(line)
		all = append(all, line[1:]+" "+line[:1])
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestWhoHasACodeThatOpensKeepsIt(t *testing.T) {
	t.Parallel()
	d := opened(t)
	open, revoked, expired := d.home("Aubry", "1 rue"), d.home("Blanc", "1 rue"), d.home("Clerc", "1 rue")
	for n := range 2 {
		d.Revoke(revoked.MadeFamily, revoked.Codes[n])
		d.Revoke(expired.MadeFamily, expired.Codes[n])
		must(t, expired.MadeFamily.Store.IssueCode(t.Context(), fmt.Sprint("old", n, expired.ID), expired.Guardians[n], town.Now.Add(time.Second), town.Now.Add(time.Minute)))
	}
	d.later(time.Hour)
	j := d.done(d.ask(store.JobCodes, map[string]string{"codes": "expired"}))
	if got := d.to(t, j); got != "Clerc 0, Clerc 1" {
		t.Errorf("to whom it expired: %q", got)
	}
	d.later(time.Hour)
	j = d.done(d.ask(store.JobCodes, map[string]string{"codes": "missing"}))
	if got := d.to(t, j); got != "Blanc 0, Blanc 1" {
		t.Errorf("to who has none: %q", got)
	}
	for n := range 2 {
		if d.opens(open.Codes[n]) != open.Guardians[n] {
			t.Errorf("the code of before opens %s", d.opens(open.Codes[n]))
		}
	}
}

// standing says what is wrong with codes and letters once a job is done: each guardian has one code that opens, and it is the one on
// their letter.
func (d desk) standing(j store.Job, homes map[string]town.Home) {
	d.t.Helper()
	posted := map[string]string{}
	for _, f := range j.Files {
		if strings.HasPrefix(f.Name, "Courriers") {
			for to, code := range letters(d.t, d.file(j, f.Name)) {
				if posted[to] != "" {
					d.t.Errorf("%s has two letters", to)
				}
				posted[to] = code
			}
		}
	}
	for name, h := range homes {
		for n := range 2 {
			to := guardian(name, n)
			if got := d.opens(posted[to]); got != h.Guardians[n] {
				d.t.Errorf("the code %q of %s opens %s", posted[to], to, got)
			}
			if open := d.open(h, n); open != 1 {
				d.t.Errorf("%s has %d codes that open", to, open)
			}
		}
	}
	if len(posted) != 2*len(homes) {
		d.t.Errorf("%d letters for %d families", len(posted), len(homes))
	}
}

// writes says whether a call of a service writes.
func writes(operation string) bool {
	return slices.Contains([]string{"TransactWriteItems", "UpdateItem", "PutItem"}, operation) || strings.HasPrefix(operation, "PUT ") || strings.HasPrefix(operation, "POST ")
}

func TestAJobThatIsCutShortAtAnyWriteGoesOn(t *testing.T) {
	t.Parallel()
	for cut := int32(1); ; cut++ {
		d := opened(t)
		d.volume = 3 // so that there are two files
		homes := map[string]town.Home{"Aubry": d.home("Aubry", "1 rue"), "Blanc": d.home("Blanc", ""), "Clerc": d.home("Clerc", "2 rue")}
		id := d.ask(store.JobCodes, map[string]string{"codes": "all"})
		var done atomic.Int32
		r := testkit.Stack(t)
		dies := func(operation string, _ []byte) string {
			if writes(operation) && done.Add(1) > cut {
				return "AccessDeniedException" // not tried again
			}
			return ""
		}
		dying := d.within(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": testkit.Front(t, r.DynamoDB, dies), "AWS_ENDPOINT_URL_S3": testkit.Front(t, r.S3, dies)})
		failed := dying.tick() != nil
		d.later(3 * time.Minute)
		d.standing(d.done(id), homes)
		if t.Failed() {
			t.Fatalf("cut short after %d writes", cut)
		}
		if !failed {
			t.Logf("%d writes", cut)
			break
		}
	}
}

// TestAJobThatTwoProcessesHaveIsDoneOnce has a second process take the job over, its lease being over, in the middle of each write
// of the first, which goes on all the same.
func TestAJobThatTwoProcessesHaveIsDoneOnce(t *testing.T) {
	t.Parallel()
	for _, at := range []int32{2, 3, 5, 8, 9, 11} {
		t.Run(fmt.Sprint("at write ", at), func(t *testing.T) {
			t.Parallel()
			d := opened(t)
			homes := map[string]town.Home{"Aubry": d.home("Aubry", "1 rue"), "Blanc": d.home("Blanc", "")}
			id := d.ask(store.JobCodes, map[string]string{"codes": "all"})
			var done atomic.Int32
			taken := func(operation string, _ []byte) string {
				if writes(operation) && done.Add(1) == at {
					d.later(3 * time.Minute)
					if err := d.tick(); err != nil {
						t.Error(err)
					}
				}
				return ""
			}
			slow := d.within(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": testkit.Front(t, testkit.Stack(t).DynamoDB, taken)})
			if err := slow.tick(); err != nil {
				t.Errorf("the slow one: %v", err)
			}
			if done.Load() < at {
				t.Fatalf("it was never taken over: %d writes", done.Load())
			}
			d.standing(d.done(id), homes)
		})
	}
}

func TestLettersOfManyCodesLieInSeveralFiles(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.volume = 2
	homes := map[string]town.Home{}
	for _, name := range []string{"Écouves", "Blanc", "Zola", "de Sèze"} {
		homes[name] = d.home(name, "1 rue")
	}
	j := d.done(d.ask(store.JobCodes, map[string]string{"codes": "all"}))
	d.standing(j, homes)
	var names, first []string
	for _, f := range j.Files {
		names = append(names, f.Name)
		for to := range letters(t, d.file(j, f.Name)) {
			first = append(first, to[strings.LastIndex(to, " ")+1:])
		}
	}
	if strings.Join(names, ", ") != "Courriers (1 sur 4) 2026-11-23.pdf, Courriers (2 sur 4) 2026-11-23.pdf, Courriers (3 sur 4) 2026-11-23.pdf, Courriers (4 sur 4) 2026-11-23.pdf" {
		t.Errorf("files %q", names)
	}
	if got := strings.Join(first, " "); got != "Blanc Blanc Sèze Sèze Écouves Écouves Zola Zola" { // "de Sèze" is under d
		t.Errorf("in the order %s", got)
	}
}

func TestACodeThatIsOfNoUseAnyMoreHasNoLetter(t *testing.T) {
	t.Parallel()
	d := opened(t)
	used, left := d.home("Aubry", "1 rue"), d.home("Blanc", "1 rue")
	d.home("Clerc", "1 rue")
	id := d.ask(store.JobCodes, map[string]string{"codes": "all"})
	j, ok, err := d.Town.Store.ClaimJob(t.Context(), id, *d.clock)
	if must(t, err); !ok {
		t.Fatal("the job can not be had")
	}
	due, _, err := d.Env.Store.DueJobs(t.Context(), d.clock.Add(time.Hour), "")
	must(t, err)
	// All codes are issued, and no letter is printed yet.
	task := &task{app: d.app, Job: j, due: due[0], town: d.Town.Store}
	c, err := d.Town.Store.Configuration(t.Context())
	must(t, err)
	must(t, newIssuing(task, c).from(t.Context(), ""))
	account := d.Citizen()
	for _, issued := range d.Issued(used.MadeFamily) {
		if issued.Issue == id && issued.Guardian == used.Guardians[0] {
			code, err := d.Env.Store.Code(t.Context(), issued.Hash, account.ID, *d.clock)
			must(t, err)
			_, err = d.Env.Store.Subscribe(t.Context(), account, code, *d.clock)
			must(t, err)
		}
		if issued.Issue == id && issued.Guardian == used.Guardians[1] {
			must(t, d.right.RevokeCode(t.Context(), issued, *d.clock))
		}
	}
	left.Account = account
	left.Decide(left.Removal(left.Guardians[1]).ID, family.Verdict{Accept: true})
	must(t, newPrinting(task, c).from(t.Context(), 0))
	must(t, d.Town.Store.EndJob(t.Context(), task.Job, *d.clock))
	if got := d.to(t, d.job(id)); got != "Blanc 0, Clerc 0, Clerc 1" {
		t.Errorf("letters to %q", got)
	}
}
