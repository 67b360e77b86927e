// Command notice tries a settings document of notice rules alone: if asked at this instant for that day, what is the answer?
//
//	go run ./infra/local/notice -rules shared/notice/testdata/vailhauques-canteen.json \
//		-kind booking -day 2026-11-23 -at 2026-11-20T09:30 -zone C
//
// It needs nothing else of Préau. It ends with 1 where the document is refused and says what is wrong and where, and with 2
// where the question makes no sense.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"preau/shared/refusal"
)

func main() {
	q, err := read(os.Args[1:], os.Stderr)
	if err == nil {
		err = q.answer(os.Stdout)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		os.Exit(complain(err))
	}
}

// complain says what is wrong, one mistake a line.
func complain(err error) int {
	var no *refusal.Refusal
	if !errors.As(err, &no) {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	fmt.Fprintln(os.Stderr, "refused:")
	for _, f := range no.Fields {
		fmt.Fprintf(os.Stderr, "  %s: %s (%s)\n", f.Field, f.Detail, f.Code)
	}
	return 1
}
