package faults_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"preau/infra/faults"
	"preau/infra/local/emulators"
	"preau/infra/local/lambda"
	"preau/infra/testkit"
)

// How many kills a run makes at least, and the seed that chooses them: make soak raises the one and repeats the other.
const (
	envKills = "PREAU_KILLS"
	envSeed  = "PREAU_SEED"
)

// TestAProcessMayDieAtAnyWrite kills functions, by SIGKILL, at a random write of theirs: before the table hears of it, or after
// the table has served it. Whatever that leaves must be sound once the workers have gone through it, and what it is in the end
// must be what it would have been without the kill: nothing lost, nothing done or mailed twice.
func TestAProcessMayDieAtAnyWrite(t *testing.T) {
	t.Parallel()
	kills, seed := number(t, envKills, 100), number(t, envSeed, rand.Uint64())
	l := openLab(t)
	l.watch()
	rounds := (int(kills) + len(scenarios) - 1) / len(scenarios)
	t.Logf("%d kills, chosen by %s=%d", rounds*len(scenarios), envSeed, seed)
	for n := range rounds {
		t.Run(fmt.Sprintf("round %d", n+1), func(t *testing.T) {
			t.Parallel()
			l.round(t, rand.New(rand.NewPCG(seed, uint64(n))))
		})
	}
}

func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(value, 10, 64)
	must(t, err)
	return n
}

// A lab is what all rounds share.
type lab struct {
	t        *testing.T
	programs string // folder of the functions' programs
	lanes    chan *lane
	days     map[string][]string // by activity: dates that can be booked, the same in every town
	calm     map[string]calm     // by what a scenario says
}

// calm is a scenario that nothing cut short: how many writes it takes, and what they leave.
type calm struct {
	writes int
	left   string
}

// openLab makes as many lanes as rounds run at the same time.
func openLab(t *testing.T) *lab {
	t.Helper()
	testkit.Stack(t)
	dir, err := programs()
	must(t, err)
	l := &lab{t: t, programs: dir, calm: map[string]calm{}, lanes: make(chan *lane, runtime.GOMAXPROCS(0))}
	for range cap(l.lanes) {
		l.lanes <- l.newLane()
	}
	return l
}

// programs builds the functions where the platform keeps them: what has not changed is there.
var programs = sync.OnceValues(func() (dir string, err error) {
	root, err := emulators.Root()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(root, ".local", "functions")
	return dir, lambda.Build(context.Background(), root, dir)
})

// watch goes through every scenario once without a kill.
func (l *lab) watch() {
	on := <-l.lanes
	defer func() { l.lanes <- on }()
	v := l.newVillage(l.t, on)
	l.days = v.free("cantine", "mercredi", "periscolaire")
	for _, s := range scenarios {
		h := v.home(s)
		writes := on.written(s.function)
		h.send(s)
		if writes = on.written(s.function) - writes; writes == 0 {
			l.t.Fatalf("%s: it writes nothing", s.says)
		}
		l.calm[s.says] = calm{writes, h.left(h.finish(s.says))}
	}
}

// A chance is what the dice decide of a kill.
type chance struct {
	write  int
	when   faults.When
	atOnce bool // the caller sends the same again before the workers come
}

func (c calm) throw(dice *rand.Rand) chance {
	return chance{1 + dice.IntN(c.writes), []faults.When{faults.Before, faults.After}[dice.IntN(2)], dice.IntN(2) == 0}
}

// round makes a town and kills once in each scenario.
func (l *lab) round(t *testing.T, dice *rand.Rand) {
	on := <-l.lanes
	defer func() { l.lanes <- on }()
	v := l.newVillage(t, on)
	for _, n := range dice.Perm(len(scenarios)) {
		v.survive(scenarios[n], l.calm[scenarios[n].says].throw(dice))
		if t.Failed() {
			return // what follows would be in the same town
		}
	}
}

// survive kills a scenario's call and has everybody go on who would.
func (v village) survive(s scenario, c chance) {
	t := v.town.T
	t.Helper()
	calm := v.calm[s.says]
	says := fmt.Sprintf("%s, killed %s write %d of %d", s.says, c.when, c.write, calm.writes)
	h := v.home(s)
	if !v.kill(t, s.function, s.event(h), c.write, c.when) {
		t.Errorf("%s: it lived", says)
	}
	if c.atOnce {
		says += ", sent again at once"
		h.send(s)
	}
	h.finish(says)
	h.send(s)
	if left := h.left(h.finish(says + ", sent again")); left != calm.left {
		t.Errorf("%s: what is left differs by\n%s", says, difference(calm.left, left))
	}
}

// difference lists the lines that one text has more of than another: those to be missed and those too many.
func difference(want, got string) string {
	surplus := map[string]int{}
	for line := range strings.Lines(got) {
		surplus[strings.TrimSpace(line)]++
	}
	for line := range strings.Lines(want) {
		surplus[strings.TrimSpace(line)]--
	}
	var all []string
	for _, line := range slices.Sorted(maps.Keys(surplus)) {
		if n := surplus[line]; n != 0 {
			all = append(all, fmt.Sprintf("%+d × %s", n, line))
		}
	}
	return strings.Join(all, "\n")
}
