package tenant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/store"
)

// Erased is what an erasure took.
type Erased struct{ Items, Files, Rights, Codes, Mails, Accounts int }

// rounds is how often the table is read for something left, before an erasure gives up.
const rounds = 5

// Busy refuses an erasure while a process may still write of the collectivity: a job, or a request of many days, that it has in hand.
type Busy struct {
	Until time.Time // when it has given it back, or is dead
	With  string    // French: the job's title; "" for a request
}

func (b Busy) Error() string {
	return fmt.Sprintf("something is at work on it (%s) until %s, and nothing is erased yet", cmp.Or(b.With, "a request of many days"), b.Until.Format(time.RFC3339))
}

// Erase erases a collectivity that is suspended, and that no process has anything of in hand (Busy): its data keys first, so that what
// is sealed opens nowhere any more, in no backup either; then files, rights, codes, mails and all that lies under it, and what was
// written meanwhile; last its name. Cut short, it is done again from the beginning. Accounts are their persons' and stay; those made
// at the collectivity forget that they were. The audit's digests in the write-once bucket stay too: they tell of nobody.
func (h Host) Erase(ctx context.Context, slug string, now time.Time) (e Erased, err error) {
	asleep, err := h.Store.Operated(slug).Asleep(ctx)
	if err != nil {
		return e, err
	}
	if !asleep {
		return e, fmt.Errorf("%s is not suspended: somebody may be working there", slug)
	}
	found, err := h.find(ctx, slug)
	if err != nil {
		return e, err
	}
	if now.Before(found.busy.Until) {
		return e, found.busy
	}
	for range rounds {
		before := e
		if err := h.sweep(ctx, slug, found, &e); err != nil {
			return e, err
		}
		if e == before {
			return e, h.delete(ctx, key{"C#" + slug, "VERSION"})
		}
		if found, err = h.find(ctx, slug); err != nil {
			return e, err
		}
	}
	return e, fmt.Errorf("something is written of %s again and again", slug)
}

// sweep erases the keys that a collectivity has, its files, and what was found of it.
func (h Host) sweep(ctx context.Context, slug string, found remains, e *Erased) error {
	if _, err := h.Store.EraseKeys(ctx, slug); err != nil && !errors.Is(err, store.ErrNoKeys) {
		return err
	}
	for _, folder := range folders(slug) {
		n, err := h.files.DeletePrefix(ctx, folder)
		if e.Files += n; err != nil {
			return err
		}
	}
	if found.empty() {
		return nil
	}
	return h.remove(ctx, slug, found, e)
}

type key struct{ pk, sk string }

// remains is what there is of a collectivity, by what becomes of it.
type remains struct {
	items, codes, mails, rights, moved []key
	made                               []key           // accounts and sign-ups, made there
	touched                            map[string]bool // accounts with a right there
	busy                               Busy            // what is longest in somebody's hand
}

func (r remains) empty() bool {
	return len(r.items)+len(r.codes)+len(r.mails)+len(r.rights)+len(r.made) == 0
}

// find reads what there is of a collectivity. What it leaves behind of families that were merged is known by their ids.
func (h Host) find(ctx context.Context, slug string) (r remains, err error) {
	r.touched = map[string]bool{}
	families, moves := map[string]bool{}, map[key]string{}
	err = h.each(ctx, func(i item) error {
		pk, sk := keyOf(i)
		k := key{pk, sk}
		rest, own := within(pk, slug)
		switch {
		case own:
			if id, is := strings.CutPrefix(rest, "#F#"); is {
				families[id] = true
			}
			if k.sk != "VERSION" || rest != "" {
				r.items = append(r.items, k)
			}
			if b := inHand(i); b.Until.After(r.busy.Until) {
				r.busy = b
			}
		case sk == "CODE" && text(i["Slug"]) == slug:
			r.codes = append(r.codes, k)
		case sk == "MAIL" && about(i) == slug:
			r.mails = append(r.mails, k)
		case strings.HasPrefix(sk, "SUB#") && text(i["Slug"]) == slug, strings.HasPrefix(pk, "ACCOUNT#") && sk == "AGENT#"+slug:
			r.rights = append(r.rights, k)
			r.touched[strings.TrimPrefix(pk, "ACCOUNT#")] = true
		case strings.HasPrefix(sk, "MOVED#"):
			moves[k] = strings.TrimPrefix(sk, "MOVED#")
		case (sk == "ACCOUNT" || strings.HasPrefix(sk, "ATTEMPT#")) && text(i["Collectivity"]) == slug:
			r.made = append(r.made, k)
		}
		return nil
	})
	for k, family := range moves {
		if families[family] {
			r.moved = append(r.moved, k)
		}
	}
	return r, err
}

// inHand says until when a process has an item in hand that work is left to do on; zero: none has.
func inHand(i item) (b Busy) {
	until, err := time.Parse(time.RFC3339, text(i["Lease"]))
	if err != nil || i["work"] == nil {
		return b
	}
	return Busy{until, text(i["Title"])}
}

func (h Host) remove(ctx context.Context, slug string, r remains, e *Erased) error {
	for account := range r.touched {
		if err := h.withdraw(ctx, account); err != nil {
			return err
		}
	}
	for _, some := range [][]key{r.rights, r.moved, r.codes, r.mails, r.items} {
		if err := h.deleteAll(ctx, some); err != nil {
			return err
		}
	}
	for account := range r.touched {
		if err := h.settle(ctx, account); err != nil {
			return err
		}
	}
	for _, k := range r.made {
		if err := h.forget(ctx, slug, k); err != nil {
			return err
		}
	}
	e.Items, e.Rights, e.Codes, e.Mails, e.Accounts = e.Items+len(r.items), e.Rights+len(r.rights), e.Codes+len(r.codes), e.Mails+len(r.mails), e.Accounts+len(r.made)
	return nil
}

// withdraw deletes what was put together for a person, for it may hold something of the collectivity.
func (h Host) withdraw(ctx context.Context, account string) error {
	_, err := h.files.DeletePrefix(ctx, store.ExportFolder(account))
	if err != nil {
		return err
	}
	return h.delete(ctx, key{"ACCOUNT#" + account, "EXPORT"})
}

// settle makes an account a citizen's that has no role left.
func (h Host) settle(ctx context.Context, account string) error {
	out, err := h.db.Query(ctx, &dynamodb.QueryInput{
		TableName: &h.table, KeyConditionExpression: aws.String("PK = :pk AND begins_with(SK, :role)"), ConsistentRead: aws.Bool(true), Select: types.SelectCount,
		ExpressionAttributeValues: item{":pk": textAttribute("ACCOUNT#" + account), ":role": textAttribute("AGENT#")},
	})
	if err != nil || out.Count > 0 {
		return err
	}
	no, one := &types.AttributeValueMemberBOOL{}, &types.AttributeValueMemberN{Value: "1"}
	return h.update(ctx, key{"ACCOUNT#" + account, "ACCOUNT"}, "SET #agent = :no ADD AgentRev :one", item{":no": no, ":one": one}, "attribute_exists(PK)")
}

// forget has an account, or a sign-up, not say any more where it was made.
func (h Host) forget(ctx context.Context, slug string, k key) error {
	return h.update(ctx, k, "SET Collectivity = :none", item{":none": textAttribute(""), ":slug": textAttribute(slug)}, "Collectivity = :slug")
}

func (h Host) update(ctx context.Context, k key, update string, values item, condition string) error {
	_, err := h.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &h.table, Key: item{"PK": textAttribute(k.pk), "SK": textAttribute(k.sk)},
		UpdateExpression: &update, ConditionExpression: &condition, ExpressionAttributeValues: values, ExpressionAttributeNames: namesIn(update),
	})
	if failed := (*types.ConditionalCheckFailedException)(nil); errors.As(err, &failed) {
		return nil
	}
	return err
}

// namesIn are the names that an update has to say otherwise: one is a reserved word.
func namesIn(update string) map[string]string {
	if strings.Contains(update, "#agent") {
		return map[string]string{"#agent": "Agent"}
	}
	return nil
}

func (h Host) delete(ctx context.Context, k key) error {
	_, err := h.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &h.table, Key: item{"PK": textAttribute(k.pk), "SK": textAttribute(k.sk)}})
	return err
}

// batch is how many items DynamoDB deletes in one call.
const batch = 25

func (h Host) deleteAll(ctx context.Context, keys []key) error {
	for len(keys) > 0 {
		n := min(len(keys), batch)
		var requests []types.WriteRequest
		for _, k := range keys[:n] {
			requests = append(requests, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: item{"PK": textAttribute(k.pk), "SK": textAttribute(k.sk)}}})
		}
		out, err := h.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{h.table: requests}})
		if err != nil {
			return fmt.Errorf("delete %d items: %w", n, err)
		}
		keys = keys[n:]
		for _, left := range out.UnprocessedItems[h.table] {
			keys = append(keys, key{text(left.DeleteRequest.Key["PK"]), text(left.DeleteRequest.Key["SK"])})
		}
	}
	return nil
}
