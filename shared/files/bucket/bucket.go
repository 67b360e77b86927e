// Package bucket is S3: it reads and writes files in a function's own name. Links for browsers are package files', which
// needs none of this.
package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"preau/shared/awsconfig"
)

// What is told of a file that can not be had.
var (
	ErrNotFound = errors.New("no such file")
	ErrTooLarge = errors.New("the file is larger than what is read")
)

// Bucket is one bucket.
type Bucket struct {
	api  *s3.Client
	name string
}

// Open connects to the bucket of photos, documents and exports, named by PREAU_FILES.
func Open() *Bucket { return open(os.Getenv("PREAU_FILES")) }

func open(name string) *Bucket {
	return &Bucket{name: name, api: s3.NewFromConfig(awsconfig.LoadPatient(), func(o *s3.Options) {
		o.BaseEndpoint = awsconfig.Endpoint("S3")
		o.UsePathStyle = o.BaseEndpoint != nil
		// Each put brings its SHA-256; the client's own checksum would be a second one, sent in pieces.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})}
}

// A File is one file as it is kept.
type File struct {
	Type    string // media type
	Length  int64  // bytes
	At      time.Time
	Content []byte // empty where it was copied elsewhere
}

// Get reads a file of at most so many bytes. ErrNotFound and ErrTooLarge say why it can not be had; a function that may not
// list (catalog.ListFiles) hears of a missing file that it is forbidden.
func (b *Bucket) Get(ctx context.Context, key string, most int64) (File, error) {
	var content bytes.Buffer
	f, err := b.Copy(ctx, &content, key, most)
	f.Content = content.Bytes()
	return f, err
}

// Copy writes a file of at most so many bytes to w.
func (b *Bucket) Copy(ctx context.Context, w io.Writer, key string, most int64) (File, error) {
	out, err := b.api.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &key})
	if missing := (*types.NoSuchKey)(nil); errors.As(err, &missing) {
		return File{}, fmt.Errorf("get %s: %w", key, ErrNotFound)
	}
	if err != nil {
		return File{}, fmt.Errorf("get %s: %w", key, err)
	}
	defer func() { _ = out.Body.Close() }()
	f := File{Type: aws.ToString(out.ContentType), Length: aws.ToInt64(out.ContentLength), At: aws.ToTime(out.LastModified)}
	if f.Length > most {
		return f, fmt.Errorf("get %s, %d bytes: %w", key, f.Length, ErrTooLarge)
	}
	if n, err := io.Copy(w, io.LimitReader(out.Body, most)); err != nil || n != f.Length {
		return f, fmt.Errorf("get %s: %d bytes of %d came: %w", key, n, f.Length, errors.Join(err, io.ErrUnexpectedEOF))
	}
	return f, nil
}

// Put writes a file, in place of any under its key. S3 holds what it got to the SHA-256 of body, which is read twice.
func (b *Bucket) Put(ctx context.Context, key, mediaType string, body io.ReadSeeker) error {
	in, err := b.put(key, mediaType, body)
	if err != nil {
		return err
	}
	if _, err := b.api.PutObject(ctx, in); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

func (b *Bucket) put(key, mediaType string, body io.ReadSeeker) (*s3.PutObjectInput, error) {
	hash := sha256.New()
	length, err := io.Copy(hash, body)
	if err == nil {
		_, err = body.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("read what is put under %s: %w", key, err)
	}
	return &s3.PutObjectInput{
		Bucket: &b.name, Key: &key, ContentType: &mediaType, ContentLength: &length, Body: body,
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(hash.Sum(nil))),
	}, nil
}

// mostAtOnce is how many keys S3 deletes in one call.
const mostAtOnce = 1000

// Delete removes files; those that are missing are none. Their content goes for good when the table's backups do.
func (b *Bucket) Delete(ctx context.Context, keys ...string) error {
	for len(keys) > 0 {
		n := min(len(keys), mostAtOnce)
		if err := b.deleteSome(ctx, keys[:n]); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

func (b *Bucket) deleteSome(ctx context.Context, keys []string) error {
	objects := make([]types.ObjectIdentifier, len(keys))
	for i := range keys {
		objects[i].Key = &keys[i]
	}
	out, err := b.api.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &b.name, Delete: &types.Delete{Objects: objects, Quiet: aws.Bool(true)}})
	if err != nil {
		return fmt.Errorf("delete %d files: %w", len(keys), err)
	}
	if len(out.Errors) > 0 {
		return fmt.Errorf("delete %s: %s", aws.ToString(out.Errors[0].Key), aws.ToString(out.Errors[0].Code))
	}
	return nil
}

// DeletePrefix removes every file whose key begins so, and counts them. An empty prefix is refused: it would be everything.
func (b *Bucket) DeletePrefix(ctx context.Context, prefix string) (deleted int, err error) {
	if prefix == "" {
		return 0, errors.New("delete every file: refused")
	}
	keys, err := b.List(ctx, prefix)
	if err != nil {
		return 0, err
	}
	return len(keys), b.Delete(ctx, keys...)
}

// Size counts the files whose keys begin so, and their bytes.
func (b *Bucket) Size(ctx context.Context, prefix string) (files int, bytes int64, err error) {
	pages := s3.NewListObjectsV2Paginator(b.api, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, 0, fmt.Errorf("list %s: %w", prefix, err)
		}
		for _, o := range page.Contents {
			files, bytes = files+1, bytes+aws.ToInt64(o.Size)
		}
	}
	return files, bytes, nil
}

// List gives the keys that begin so, in their order.
func (b *Bucket) List(ctx context.Context, prefix string) (keys []string, err error) {
	pages := s3.NewListObjectsV2Paginator(b.api, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", prefix, err)
		}
		for _, o := range page.Contents {
			keys = append(keys, aws.ToString(o.Key))
		}
	}
	return keys, nil
}
