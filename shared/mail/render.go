package mail

import (
	"bytes"
	_ "embed"
	html "html/template"
	"sync"
	plain "text/template"
)

var (
	//go:embed layout.html
	htmlLayout string
	//go:embed layout.txt
	plainLayout string
)

// The layouts are parsed when the first letter is written, not when the process starts.
var (
	htmlTemplate  = sync.OnceValue(func() *html.Template { return html.Must(html.New("html").Parse(htmlLayout)) })
	plainTemplate = sync.OnceValue(func() *plain.Template { return plain.Must(plain.New("plain").Parse(plainLayout)) })
)

// Written is the letter, twice from the same blocks.
func (l Letter) Written() (rich, simple string, err error) {
	var h, p bytes.Buffer
	if err := htmlTemplate().Execute(&h, l); err != nil {
		return "", "", err
	}
	if err := plainTemplate().Execute(&p, l); err != nil {
		return "", "", err
	}
	return h.String(), p.String(), nil
}
