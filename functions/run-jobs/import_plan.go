package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"preau/shared/booking"
	"preau/shared/files/bucket"
	"preau/shared/importing"
)

// planned is a line of a plan: something that is written as a whole, or not at all.
type planned struct {
	Rows       []row                 `json:"rows"`
	Outcome    importing.Outcome     `json:"outcome"`
	Family     *importing.Step       `json:"family,omitempty"`
	School     *importing.SchoolStep `json:"school,omitempty"`
	Enrolments *enrolments           `json:"enrolments,omitempty"`
}

// row is a row of the file that a line of a plan is about.
type row struct {
	Line int    `json:"line"`
	Who  string `json:"who"`
}

// enrolments are those of a family's children.
type enrolments struct {
	Family string              `json:"family"`
	Asked  []booking.Enrolment `json:"asked"` // by row
}

const planType = "application/x-ndjson"

// planWriter writes a plan, a line as JSON after the other.
type planWriter struct {
	out io.WriteCloser
	buf *bufio.Writer
	enc *json.Encoder
	n   int
}

func newPlanWriter(out io.WriteCloser) *planWriter {
	buf := bufio.NewWriter(out)
	return &planWriter{out: out, buf: buf, enc: json.NewEncoder(buf)}
}

func (p *planWriter) add(line planned) error {
	p.n++
	return p.enc.Encode(line)
}

func (p *planWriter) close() error { return errors.Join(p.buf.Flush(), p.out.Close()) }

// mostPlan is how long a plan is at most: what rows say, and some words around it.
const mostPlan = 256 << 20

// readPlan reads a plan, which is held packed as it was written, and hands each line to take until it says stop.
func (t *task) readPlan(ctx context.Context, job string) (*json.Decoder, error) {
	f, err := t.files.Get(ctx, t.town.ImportPlan(job), mostPlan)
	if errors.Is(err, bucket.ErrNotFound) {
		return nil, errPlanGone
	}
	return json.NewDecoder(bytes.NewReader(f.Content)), err
}
