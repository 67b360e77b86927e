package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/seed/samples"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/id"
	"preau/shared/importing"
	"preau/shared/store"
)

// What a job of letters is measured on: a letter for each of two guardians.
const lettered = 500 // families

// Days that a list is measured on, for each of those families.
const listedDays = 20

// jobs has codes issued to a thousand guardians and their letters printed, then lists of the same families made, and a file imported: the memory and
// time of run-jobs, in a process of its own for each.
func (l *lab) jobs() table {
	say("Making " + strconv.Itoa(lettered) + " families for letters and lists…")
	f := catalog.Functions[slices.IndexFunc(catalog.Functions, func(f catalog.Function) bool { return f.Name == "run-jobs" })]
	out := table{
		title:  fmt.Sprintf("Jobs for %d families: codes and letters for %d guardians, lists; an import", lettered, 2*lettered),
		header: []string{"job", "made", "time", "CPU", "peak memory", fmt.Sprintf("figure: ≤ %d MB, ≤ %s", f.Memory, f.Timeout), ""},
		notes: []string{
			"Against emulators that take their time to write: it is most of the time that is measured. CPU at 1,024 MB is 58 % of a processor.",
		},
	}
	t := l.found("l-ecole", "L’École")
	t.families(lettered)
	right := must(t.Env.Store.AgentOf(l.ctx, account.CallerOf(t.manager.User, true), t.slug, collectivity.Manager))
	for _, j := range []struct {
		says  string
		kind  string
		about map[string]string
		want  int // of what it makes
	}{
		{"codes and letters", store.JobCodes, map[string]string{"codes": "all"}, 2 * lettered},
		{"families, CSV", store.JobList, map[string]string{"list": "families", "format": "csv"}, 2 * lettered},
		{"families, XLSX", store.JobList, map[string]string{"list": "families", "format": "xlsx"}, 2 * lettered},
		{"bookings, CSV", store.JobList, t.bookings("csv"), lettered * listedDays},
		{"bookings, XLSX", store.JobList, t.bookings("xlsx"), lettered * listedDays},
	} {
		say("Doing " + j.says + "…")
		made := t.work(right, store.Job{ID: id.New(time.Now()), Kind: j.kind, Role: collectivity.Manager, About: j.about, CreatedAt: time.Now().UTC()})
		kept := made.count == j.want && made.peak <= f.Memory<<20 && made.took <= f.Timeout
		out.add(j.says, strconv.Itoa(made.count), seconds(made.took), seconds(made.cpu), megabytes(made.peak), "", verdict(kept))
	}
	t.imports(right, f, &out)
	return out
}

// importedFamilies make a file of about 20,000 rows, the most that is taken.
const importedFamilies = 10_000

// imports has a file of families checked, applied, checked again and undone, over as many ticks as that takes.
func (t *town) imports(right store.AgentRight, f catalog.Function, out *table) {
	i := must(right.AddImport(t.ctx, store.Import{ID: id.New(time.Now()), Of: importing.Families, Name: "familles.csv", CreatedAt: time.Now().UTC()}))
	content := samples.Families(importedFamilies)
	check(bucket.Open().Put(t.ctx, t.store.ImportFile(i.ID), "text/csv", bytes.NewReader(content)))
	rows := bytes.Count(content, []byte("\r\n")) - 1
	for _, step := range []struct {
		says, kind  string
		state, then store.ImportState
		want        func(importing.Counts) bool
	}{
		{"check of an import", store.JobCheckImport, store.ImportChecking, store.ImportChecked, func(c importing.Counts) bool { return c.Created == rows && c.NewFamilies == importedFamilies }},
		{"the import", store.JobApplyImport, store.ImportApplying, store.ImportApplied, func(c importing.Counts) bool { return c.NewFamilies == importedFamilies && c.Left == 0 }},
		{"its undoing", store.JobUndoImport, store.ImportUndoing, store.ImportUndone, func(importing.Counts) bool { return true }},
	} {
		say("Doing " + step.says + "…")
		i = must(t.store.Import(t.ctx, i.ID))
		i.State = step.state
		j := i.Task(id.New(time.Now()), step.kind, step.says, time.Now().UTC())
		must(right.StartImport(t.ctx, i, j))
		made := t.done(j.ID)
		i = must(t.store.Import(t.ctx, i.ID))
		kept := i.State == step.then && step.want(i.Counts) && made.peak <= f.Memory<<20 // in several ticks, each in its time
		out.add(fmt.Sprintf("%s, %d rows", step.says, rows), strconv.Itoa(i.Counts.NewFamilies), seconds(made.took), seconds(made.cpu), megabytes(made.peak), "", verdict(kept))
	}
}

// bookings is what a list of the days that families wrote is about.
func (t *town) bookings(format string) map[string]string {
	from := t.activities[0].Season.From
	return map[string]string{"list": "bookings", "format": format, "from": string(from), "to": string(from.AddDays(365))}
}

// families makes families of two guardians with an address, each with a child and some days that are booked, quickly.
func (t *town) families(n int) {
	children := make([][2]string, n)
	check(store.Each(n, func(i int) error {
		file := family.File{ID: id.New(time.Now()), Label: fmt.Sprintf("Famille Leroy-Beaulieu %04d", i)}
		child := family.Member{ID: id.New(time.Now()), Target: family.Child, Values: map[string]map[string]any{
			"identity": {"firstName": "Anaïs", "lastName": "Leroy-Beaulieu", "birthDate": "2018-05-04"}, "school": {"school": "École Jules-Verne", "class": "CE2 B"},
		}}
		file.Children = []family.Member{child}
		for n, name := range []string{"Maëlle", "François-Xavier"} {
			file.Guardians = append(file.Guardians, family.Member{ID: id.New(time.Now()), Target: family.Guardian, Household: "h", Values: map[string]map[string]any{
				"identity":  {"civility": []string{"mme", "m"}[n], "firstName": name, "lastName": fmt.Sprintf("Leroy-Beaulieu %04d", i)},
				"relations": {child.ID: []string{"mother", "father"}[n]},
				"address":   {"street": fmt.Sprint(i+1, " rue de la République"), "complement": "Bâtiment B, appartement 12", "postcode": "35140", "city": "Saint-Aubin-du-Cormier"},
				"phones":    {"mobile": "+33612345678", "email": "parent@example.org"},
			}})
		}
		f, err := t.store.CreateFamily(t.ctx, file)
		if err != nil {
			return err
		}
		children[i] = [2]string{file.ID, child.ID}
		return f.Enrol(t.ctx, booking.Enrolment{ID: f.EnrolmentID("cantine"), Child: child.ID, Activity: "cantine", Period: t.activities[0].Season})
	}))
	t.book(children)
}

// book writes days that children are booked, as they are: asking for each would take longer than what is measured.
func (t *town) book(children [][2]string) {
	r := t.stack.Resources
	w := writer{db: emulators.DynamoDB(r.DynamoDB), table: r.Table, town: t}
	for _, of := range children {
		for n := range listedDays {
			date := string(t.activities[0].Season.From.AddDays(n))
			w.add(must(json.Marshal(object{
				"PK": textual(t.partition(of[0])), "SK": textual("DAY#" + date + "#" + of[1] + "#cantine"), "Date": textual(date), "Child": textual(of[1]),
				"Activity": textual("cantine"), "State": textual(string(booking.Booked)), "Held": object{"BOOL": true}, "Rev": object{"N": "1"},
			})))
		}
	}
	w.flush()
}

// A made is what a job made, and what it took.
type made struct {
	count     int // of what its largest file holds
	took, cpu time.Duration
	peak      int // bytes of memory
}

// work has run-jobs do a job, in a process of its own.
func (t *town) work(right store.AgentRight, j store.Job) made {
	must(right.AddJob(t.ctx, j))
	return t.done(j.ID)
}

// done has run-jobs work until a job is done.
func (t *town) done(job string) made {
	w := t.runtime.start(t.program("run-jobs", filepath.Join(t.functions(), "run-jobs"), t.wire.plain))
	w.life = 10 * time.Minute
	event := must(os.ReadFile(filepath.Join(t.root, "events", "run-jobs.json")))
	var out made
	for began := time.Now(); ; {
		w.call(event)
		done := must(t.store.Job(t.ctx, job))
		if done.State == store.JobFailed {
			w.fail("gave up on the job: %s", done.Code)
		}
		if done.State == store.JobDone {
			out.took = time.Since(began)
			for _, f := range done.Files {
				out.count = max(out.count, f.Count)
			}
			break
		}
	}
	out.peak = peak(w.cmd.Process.Pid)
	out.cpu = w.end()
	return out
}

// peak is the most memory that a process has had at a time, in bytes.
func peak(pid int) int {
	for line := range strings.Lines(string(must(os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))))) {
		if kilobytes, is := strings.CutPrefix(line, "VmHWM:"); is {
			return must(strconv.Atoi(strings.Fields(kilobytes)[0])) << 10
		}
	}
	return 0
}
