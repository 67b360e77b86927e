package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// A siteFigure is a line of web/bench/planning.mjs.
type siteFigure struct {
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Most  float64 `json:"most"` // 0 if nothing was promised
}

// site measures the planning in a browser that is slowed four times, behind a network of 1.6 Mbit/s with 150 ms a trip.
func (l *lab) site() table {
	say("Opening the planning on a slow phone…")
	out := table{title: "The planning on a phone (CPU slowed 4 times, fast 3G)", header: []string{"what", "measured", "figure", ""}}
	browser, err := exec.LookPath(cmp.Or(os.Getenv("PREAU_BROWSER"), "chromium"))
	if err != nil {
		out.notes = append(out.notes, "Not measured: it needs Chromium (apt install chromium, or its path in PREAU_BROWSER).")
		return out
	}
	for _, f := range l.siteFigures(browser) {
		promised, kept := "", ""
		if f.Most > 0 {
			promised, kept = "≤ "+number(f.Most)+" "+f.Unit, verdict(f.Value <= f.Most)
		}
		out.add(f.What, number(f.Value)+" "+f.Unit, promised, kept)
	}
	return out
}

func (l *lab) siteFigures(browser string) (figures []siteFigure) {
	web := filepath.Join(l.root, "web")
	if _, err := os.Stat(filepath.Join(web, "dist", "index.html")); err != nil {
		check(errors.New("the site is not built: make site"))
	}
	measured := exec.CommandContext(l.ctx, "node", filepath.Join("bench", "planning.mjs"))
	measured.Dir, measured.Stderr, measured.Env = web, os.Stderr, append(os.Environ(), "PREAU_BROWSER="+browser)
	lines := json.NewDecoder(bytes.NewReader(must(measured.Output())))
	for lines.More() {
		var f siteFigure
		check(lines.Decode(&f))
		figures = append(figures, f)
	}
	return figures
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
