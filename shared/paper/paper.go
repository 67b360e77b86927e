// Package paper makes clean PDFs of what families send: read, judged and written anew by pdfcpu. Nothing is kept that runs,
// leads to another file or says who made the document with what; pictures inside lose what their cameras wrote.
//
// A PDF may be made to fill the memory or to exhaust the stack of whoever reads it, and neither can be caught within a process.
// So a document is cleaned by a process of its own, the same program started once more with nothing but the document, which
// ends itself when it takes too much memory or time. What ends so is refused as broken.
package paper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"preau/shared/filetype"
	"preau/shared/refusal"
)

// mostPages is how long a document may be.
const mostPages = 50

// mostOutput is how large a cleaned document may be, in bytes: what was packed may be unpacked in it.
const mostOutput = 40 << 20

// What is refused of a PDF besides what filetype refuses of any file.
var (
	ErrEncrypted = refusal.New(refusal.Invalid, "pdf_encrypted",
		"Ce PDF est protégé. Enlevez sa protection ou imprimez-le en PDF, puis renvoyez-le.")
	ErrActive = refusal.New(refusal.Invalid, "pdf_active",
		"Ce PDF contient un programme, un formulaire qui agit ou un fichier joint. Imprimez-le en PDF, puis renvoyez-le.")
	ErrTooLong = refusal.New(refusal.Invalid, "pdf_too_long",
		"Ce PDF a plus de 50 pages. N’envoyez que celles qui sont demandées.")
)

// refusals are all that a document may be refused for, as the process that cleans it tells them: by their codes.
var refusals = []*refusal.Refusal{ErrEncrypted, ErrActive, ErrTooLong, filetype.ErrBroken, filetype.ErrMixed, filetype.ErrUnknown}

// Clean gives a clean PDF of one, or refuses it. An error that is no refusal tells of us, not of the document.
func Clean(ctx context.Context, raw []byte) ([]byte, error) {
	if err := look(raw); err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("clean a PDF: %w", err)
	}
	var out output
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = []string{apart + "=1"} // and no credentials
	cmd.Stdin, cmd.Stdout = bytes.NewReader(raw), &out
	err = cmd.Run()
	ended := (*exec.ExitError)(nil)
	switch {
	case err == nil && !out.full:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("clean a PDF: %w", ctx.Err())
	case err == nil, out.full:
		return nil, filetype.ErrBroken
	case !errors.As(err, &ended):
		return nil, fmt.Errorf("clean a PDF: %w", err)
	}
	return nil, refused(ended.ExitCode(), out.String())
}

// refused is why the process that cleans gave no document: for what it said, or for how it ended.
func refused(status int, said string) error {
	if status == exitRefused {
		for _, r := range refusals {
			if r.Code == said {
				return r
			}
		}
	}
	return filetype.ErrBroken
}

// output holds what the process writes, up to a limit.
type output struct {
	bytes.Buffer
	full bool
}

// Write takes a part of the output; the process ends when there is too much.
func (o *output) Write(p []byte) (int, error) {
	if o.Len()+len(p) > mostOutput {
		o.full = true
		return 0, errors.New("too much")
	}
	return o.Buffer.Write(p)
}

// look refuses what is no PDF from its first byte to its last.
func look(raw []byte) error {
	kind, err := filetype.Of(raw)
	switch {
	case err != nil:
		return err
	case kind != filetype.PDF:
		return filetype.ErrUnknown
	}
	const end = "%%EOF"
	at := bytes.LastIndex(raw, []byte(end))
	switch {
	case at < 0:
		return filetype.ErrBroken
	case filetype.Hides(raw[at+len(end):]):
		return filetype.ErrMixed
	}
	return nil
}
