// Package tenant does to whole collectivities what only the operator does: it counts them, takes one along to another place, and
// erases one. For all three it reads the whole table, so that nothing is missed, whatever partitions a collectivity has by then.
package tenant

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/awsconfig"
	"preau/shared/files/bucket"
	"preau/shared/keys"
	"preau/shared/store"
)

// Host is the table and the bucket that all collectivities lie in.
type Host struct {
	Store *store.Store
	db    *dynamodb.Client
	table string
	files *bucket.Bucket
}

// Open connects as the environment says: PREAU_TABLE, PREAU_FILES, PREAU_KEYRING, PREAU_SEAL_KEY.
func Open() Host {
	db := dynamodb.NewFromConfig(awsconfig.LoadPatient(), func(o *dynamodb.Options) { o.BaseEndpoint = awsconfig.Endpoint("DYNAMODB") })
	return Host{store.Open().Sealing(keys.Vault()), db, os.Getenv("PREAU_TABLE"), bucket.Open()}
}

type item = map[string]types.AttributeValue

// readers is how many parts of the table are read at the same time.
const readers = 4

// each hands every item of the table to see, one at a time, in no order.
func (h Host) each(ctx context.Context, see func(item) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wait sync.WaitGroup
	var one sync.Mutex
	for part := range readers {
		wait.Go(func() {
			err := h.part(ctx, part, func(i item) error {
				one.Lock()
				defer one.Unlock()
				return see(i)
			})
			if err != nil {
				stop(err) // the first one stands
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

func (h Host) part(ctx context.Context, part int, see func(item) error) error {
	pages := dynamodb.NewScanPaginator(h.db, &dynamodb.ScanInput{
		TableName: &h.table, Segment: aws.Int32(int32(part)), TotalSegments: aws.Int32(readers), ConsistentRead: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read the table: %w", err)
		}
		for _, i := range page.Items {
			if err := see(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// within is the part of a partition key behind a collectivity's own; ok is false for what is not the collectivity's.
func within(pk, slug string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(pk, "C#"+slug)
	return rest, ok && (rest == "" || rest[0] == '#')
}

// slugOf is the collectivity that a partition key lies under, or "".
func slugOf(pk string) string {
	rest, is := strings.CutPrefix(pk, "C#")
	if !is {
		return ""
	}
	slug, _, _ := strings.Cut(rest, "#")
	return slug
}

func text(a types.AttributeValue) string {
	s, is := a.(*types.AttributeValueMemberS)
	if !is {
		return ""
	}
	return s.Value
}

func textAttribute(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func keyOf(i item) (pk, sk string) { return text(i["PK"]), text(i["SK"]) }

// about is the collectivity that a mail is about, or "".
func about(i item) string {
	m, is := i["about"].(*types.AttributeValueMemberM)
	if !is {
		return ""
	}
	return text(m.Value["slug"])
}

// folders are where a collectivity's files lie.
func folders(slug string) []string {
	return []string{"kept/" + slug + "/", "incoming/" + slug + "/", "exports/towns/" + slug + "/"}
}
