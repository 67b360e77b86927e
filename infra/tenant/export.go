package tenant

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/seal"
)

// An export is a folder: town.jsonl, and the families' files below files. A line of town.jsonl is one of these, in this order.
type line struct {
	Town         *header   `json:"town,omitempty"`
	Person       *person   `json:"person,omitempty"`       // whose account has a right there
	Subscription *portable `json:"subscription,omitempty"` // of a person
	Item         *portable `json:"item,omitempty"`
	File         *carried  `json:"file,omitempty"`
}

// header is what an export is of.
type header struct {
	Format int       `json:"format"`
	Slug   string    `json:"slug"`
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
}

const format = 1

type person struct {
	Account string `json:"account"`
	Email   string `json:"email"`
}

// portable is an item without its collectivity: its partition is what stands behind the collectivity's. What was sealed is open.
type portable struct {
	In     string           `json:"in"`
	At     string           `json:"at"`
	Values map[string]value `json:"values"`
}

// carried is a file, by its name below the collectivity's folder.
type carried struct {
	Name string `json:"name"`
	Type string `json:"type"` // media type
}

// mostFile is the largest file that is taken along, in bytes.
const mostFile = 100 << 20

// Taken is what an export or import was of.
type Taken struct {
	Slug, Name    string
	Items         int
	Files         int
	Subscriptions int
	Left          int // rights that stayed behind: their persons have no account here
}

// gathered is a collectivity as it was read.
type gathered struct {
	items, subscriptions []item
	people               map[string]string // e-mail by account
}

// Export writes a whole collectivity into a new folder: what is sealed of it lies open there. Passing things stay behind: jobs and
// what they made, uploads on their way, codes (only hashes are kept of them), and the outbox.
func (h Host) Export(ctx context.Context, slug, dir string, now time.Time) (Taken, error) {
	town, err := h.Store.Tenant(ctx, slug)
	if err != nil {
		return Taken{}, err
	}
	all, err := h.gather(ctx, slug, now)
	if err != nil {
		return Taken{}, err
	}
	if err := h.open(ctx, slug, all.items); err != nil {
		return Taken{}, err
	}
	out, err := create(dir)
	if err != nil {
		return Taken{}, err
	}
	out.write(line{Town: &header{format, slug, town.Name, now}})
	for _, account := range sortedKeys(all.people) {
		out.write(line{Person: &person{account, all.people[account]}})
	}
	for _, s := range all.subscriptions {
		out.write(line{Subscription: carry(s, "")})
	}
	for _, i := range all.items {
		out.write(line{Item: carry(i, slug)})
	}
	files, err := h.takeFiles(ctx, slug, dir, out)
	return Taken{Slug: slug, Name: town.Name, Items: len(all.items), Subscriptions: len(all.subscriptions), Files: files}, errors.Join(err, out.close())
}

// gather reads all that is taken along.
func (h Host) gather(ctx context.Context, slug string, now time.Time) (all gathered, err error) {
	all.people = map[string]string{}
	emails := map[string]string{}
	err = h.each(ctx, func(i item) error {
		pk, sk := keyOf(i)
		rest, own := within(pk, slug)
		switch {
		case own && !passing(rest, sk) && !expired(i, now):
			all.items = append(all.items, i)
			if account, is := strings.CutPrefix(sk, "AGENT#"); is {
				all.people[account] = ""
			}
		case strings.HasPrefix(sk, "SUB#") && text(i["Slug"]) == slug:
			all.subscriptions = append(all.subscriptions, i)
			all.people[strings.TrimPrefix(pk, "ACCOUNT#")] = ""
		case sk == "ACCOUNT":
			emails[strings.TrimPrefix(pk, "ACCOUNT#")] = text(i["Email"])
		}
		return nil
	})
	for account := range all.people {
		all.people[account] = emails[account]
	}
	for _, items := range [][]item{all.items, all.subscriptions} {
		slices.SortFunc(items, inOrder)
	}
	return all, err
}

func inOrder(a, b item) int {
	apk, ask := keyOf(a)
	bpk, bsk := keyOf(b)
	return cmp.Or(strings.Compare(apk, bpk), strings.Compare(ask, bsk))
}

// passing says whether an item is of its moment, and of no use elsewhere.
func passing(rest, sk string) bool {
	return rest == "#JOBS" || rest == "#CODES" || rest == "#LOOSE" || strings.HasPrefix(sk, "UPLOAD#") || strings.HasPrefix(sk, "INVITE#")
}

func expired(i item, now time.Time) bool {
	n, is := i["expires"].(*types.AttributeValueMemberN)
	if !is {
		return false
	}
	at, err := strconv.ParseInt(n.Value, 10, 64)
	return err == nil && at <= now.Unix()
}

// open opens what is sealed of items. A collectivity that has sealed nothing needs no key for it.
func (h Host) open(ctx context.Context, slug string, items []item) error {
	var ring *seal.Ring
	for _, i := range items {
		err := turn(i, func(where string, sealed []byte) ([]byte, error) {
			if ring == nil {
				r, err := h.Store.Operated(slug).Ring(ctx)
				if err != nil {
					return nil, err
				}
				ring = &r
			}
			return ring.Open(where, sealed)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// carry makes an item portable.
func carry(i item, slug string) *portable {
	pk, sk := keyOf(i)
	p := portable{In: pk, At: sk, Values: map[string]value{}}
	if slug != "" {
		p.In, _ = within(pk, slug)
	}
	for name, a := range i {
		if name != "PK" && name != "SK" {
			p.Values[name] = value{a}
		}
	}
	return &p
}

// takeFiles brings the families' files into the folder, and lists them.
func (h Host) takeFiles(ctx context.Context, slug, dir string, out *writer) (n int, err error) {
	folder := folders(slug)[0]
	names, err := h.files.List(ctx, folder)
	for _, key := range names {
		name := strings.TrimPrefix(key, folder)
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return n, fmt.Errorf("the file %s has no name to be kept under", key)
		}
		f, err := h.files.Get(ctx, key, mostFile)
		if err != nil {
			return n, err
		}
		at := filepath.Join(dir, "files", filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, f.Content, 0o600)); err != nil {
			return n, err
		}
		out.write(line{File: &carried{name, f.Type}})
		n++
	}
	return n, err
}

// writer writes lines, and remembers the first failure.
type writer struct {
	file *os.File
	to   *bufio.Writer
	json *json.Encoder
	err  error
}

// create begins an export in a folder that is not there yet: nothing is overwritten. Only its owner reads what lies there.
func create(dir string) (*writer, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "town.jsonl"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	to := bufio.NewWriter(f)
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	return &writer{file: f, to: to, json: e}, nil
}

func (w *writer) write(l line) {
	if w.err == nil {
		w.err = w.json.Encode(l)
	}
}

func (w *writer) close() error { return errors.Join(w.err, w.to.Flush(), w.file.Close()) }

func sortedKeys(m map[string]string) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
