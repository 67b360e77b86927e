package bucket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
)

// ErrExists is told of a digest that was written before: it stays.
var ErrExists = errors.New("it is written already")

// Ledger is the bucket of the audit's digests: each is written once, and neither replaced nor deleted by anybody.
type Ledger struct{ bucket *Bucket }

// OpenLedger connects to the bucket named by PREAU_LEDGER.
func OpenLedger() *Ledger { return &Ledger{open(os.Getenv("PREAU_LEDGER"))} }

// PutOnce writes a digest under a key that is free. ErrExists says that it is not; of two writers at once, one hears it.
func (l *Ledger) PutOnce(ctx context.Context, key string, body []byte) error {
	in, err := l.bucket.put(key, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	in.IfNoneMatch = aws.String("*")
	_, err = l.bucket.api.PutObject(ctx, in)
	if refused := smithy.APIError(nil); errors.As(err, &refused) && refused.ErrorCode() == "PreconditionFailed" {
		err = ErrExists
	}
	if err != nil {
		return fmt.Errorf("write %s into the ledger: %w", key, err)
	}
	return nil
}

// mostDigest is how many bytes a digest may have.
const mostDigest = 1 << 20

// Get reads a digest; ErrNotFound says that there is none.
func (l *Ledger) Get(ctx context.Context, key string) ([]byte, error) {
	f, err := l.bucket.Get(ctx, key, mostDigest)
	return f.Content, err
}

// List gives the keys of the digests that begin so, in their order.
func (l *Ledger) List(ctx context.Context, prefix string) ([]string, error) {
	return l.bucket.List(ctx, prefix)
}
