package tenant

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/collectivity"
	"preau/shared/seal"
)

// importing is an import at work.
type importing struct {
	Host
	slug, dir string
	ring      *seal.Ring
	here      map[string]bool            // accounts of the export that are here too, under the same address
	rights    map[string]map[string]bool // families that an account is subscribed to again
	taken     Taken
}

// Import writes an exported collectivity under a slug that nobody has: nothing is ever overwritten. What is sealed is sealed anew,
// under keys of its own. Persons keep their rights where their account is here, with the same id and address; to the others codes
// and invitations are to be sent again. While it is being written the collectivity is suspended, so that nobody works on half of
// it; cut short, it stays so, and is to be erased before another attempt.
func (h Host) Import(ctx context.Context, dir, as string, now time.Time) (Taken, error) {
	f, err := os.Open(filepath.Join(dir, "town.jsonl"))
	if err != nil {
		return Taken{}, err
	}
	defer func() { _ = f.Close() }()
	lines := json.NewDecoder(bufio.NewReader(f))
	first, err := next(lines)
	if err != nil || first.Town == nil || first.Town.Format != format {
		return Taken{}, errors.Join(fmt.Errorf("%s is no export of the format %d", dir, format), err)
	}
	m := importing{Host: h, slug: as, dir: dir, here: map[string]bool{}, rights: map[string]map[string]bool{}}
	if m.slug == "" {
		m.slug = first.Town.Slug
	}
	m.taken.Slug, m.taken.Name = m.slug, first.Town.Name
	if err := m.claim(ctx, first.Town.Name); err != nil {
		return m.taken, err
	}
	for {
		l, err := next(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = m.take(ctx, l)
		}
		if err != nil {
			return m.taken, fmt.Errorf("the import of %s was cut short, and it stays suspended: %w", m.slug, err)
		}
	}
	// The gate opens as the settings say; of leaving there is no word any more.
	_, err = h.Store.Govern(ctx, m.slug, "import-collectivity", now, func(s *collectivity.Settings) { s.Leaves = time.Time{} })
	return m.taken, err
}

func next(lines *json.Decoder) (l line, err error) {
	err = lines.Decode(&l)
	return l, err
}

// claim takes the slug, suspended.
func (m *importing) claim(ctx context.Context, name string) error {
	if !collectivity.GoodSlug(m.slug) {
		return collectivity.ErrSlug
	}
	_, err := m.Store.CreateCollectivity(ctx, collectivity.Settings{Slug: m.slug, Name: name, Suspended: true})
	return err
}

func (m *importing) take(ctx context.Context, l line) error {
	switch {
	case l.Person != nil:
		return m.meet(ctx, *l.Person)
	case l.Subscription != nil:
		return m.subscribe(ctx, *l.Subscription)
	case l.Item != nil:
		return m.item(ctx, *l.Item)
	case l.File != nil:
		return m.file(ctx, *l.File)
	}
	return errors.New("a line says nothing that is known")
}

// meet looks whether a person's account is here.
func (m *importing) meet(ctx context.Context, p person) error {
	a, ok, err := m.Store.Account(ctx, p.Account)
	m.here[p.Account] = ok && !a.Closed && a.Email == p.Email
	return err
}

// subscribe gives a person the right to a family again, if they are here and have none to it.
func (m *importing) subscribe(ctx context.Context, p portable) error {
	account := strings.TrimPrefix(p.In, "ACCOUNT#")
	if !m.here[account] {
		m.taken.Left++
		return nil
	}
	i := attributesOf(p.Values)
	i["PK"], i["SK"], i["Slug"] = textAttribute(p.In), textAttribute(p.At), textAttribute(m.slug)
	err := m.put(ctx, i)
	if failed := (*types.ConditionalCheckFailedException)(nil); errors.As(err, &failed) {
		m.taken.Left++
		return nil
	}
	if m.rights[account] == nil {
		m.rights[account] = map[string]bool{}
	}
	m.rights[account][strings.TrimPrefix(p.At, "SUB#")] = true
	m.taken.Subscriptions++
	return err
}

// item writes one item of the collectivity.
func (m *importing) item(ctx context.Context, p portable) error {
	i := attributesOf(p.Values)
	i["PK"], i["SK"] = textAttribute("C#"+m.slug+p.In), textAttribute(p.At)
	switch account, agent := strings.CutPrefix(p.At, "AGENT#"); {
	case p.At == "VERSION" && p.In == "":
		return m.goOn(ctx, i["version"])
	case agent && p.In == "":
		return m.appoint(ctx, account, i)
	case p.At == "SET#COLLECTIVITY":
		i["Slug"] = textAttribute(m.slug)
		return m.replace(ctx, i)
	}
	if queue := text(i["work"]); strings.HasPrefix(queue, "C#") {
		_, behind, _ := strings.Cut(strings.TrimPrefix(queue, "C#"), "#")
		i["work"] = textAttribute("C#" + m.slug + "#" + behind)
	}
	if guarded(p) && !m.rights[text(i["Account"])][strings.TrimPrefix(p.In, "#F#")] {
		i["Account"] = textAttribute("")
	}
	if err := turn(i, m.seal(ctx)); err != nil {
		return err
	}
	m.taken.Items++
	return m.put(ctx, i)
}

// guarded says whether an item is a guardian's, which names the account that is subscribed.
func guarded(p portable) bool {
	return strings.HasPrefix(p.In, "#F#") && strings.HasPrefix(p.At, "FILE#GUARDIAN#")
}

// appoint gives an agent their role again, if they are here.
func (m *importing) appoint(ctx context.Context, account string, i item) error {
	if !m.here[account] {
		m.taken.Left++
		return nil
	}
	m.taken.Items++
	var agent collectivity.Agent
	if err := attributevalue.UnmarshalMap(i, &agent); err != nil {
		return fmt.Errorf("agent %s: %w", account, err)
	}
	return m.Store.Operated(m.slug).AppointAgent(ctx, agent)
}

func (m *importing) seal(ctx context.Context) turner {
	return func(where string, plain []byte) ([]byte, error) {
		if m.ring == nil {
			r, err := m.Store.Operated(m.slug).Ring(ctx)
			if err != nil {
				return nil, err
			}
			m.ring = &r
		}
		return m.ring.Seal(where, plain), nil
	}
}

// put writes an item that is not there.
func (m *importing) put(ctx context.Context, i item) error {
	_, err := m.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &m.table, Item: i, ConditionExpression: aws.String("attribute_not_exists(PK)")})
	return err
}

// replace writes the settings in place of those that the slug was claimed with.
func (m *importing) replace(ctx context.Context, i item) error {
	m.taken.Items++
	_, err := m.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &m.table, Item: i})
	return err
}

// goOn counts versions from where the export was: settings that were replaced lie under theirs.
func (m *importing) goOn(ctx context.Context, version types.AttributeValue) error {
	_, err := m.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &m.table, Key: item{"PK": textAttribute("C#" + m.slug), "SK": textAttribute("VERSION")},
		UpdateExpression: aws.String("SET version = :version"), ExpressionAttributeValues: item{":version": version},
	})
	return err
}

// file brings one of the families' files.
func (m *importing) file(ctx context.Context, f carried) error {
	name := filepath.FromSlash(f.Name)
	if !filepath.IsLocal(name) {
		return fmt.Errorf("the file %q lies outside of the export", f.Name)
	}
	content, err := os.ReadFile(filepath.Join(m.dir, "files", name))
	if err != nil {
		return err
	}
	m.taken.Files++
	return m.files.Put(ctx, m.Store.Operated(m.slug).KeptFile(f.Name), f.Type, bytes.NewReader(content))
}
