package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// partSize is how much of a stream is held at a time. S3 takes 10,000 parts: 80 GB.
const partSize = 8 << 20

// A Stream writes a file whose length nobody knows yet, part by part. It is there once Close has said so, and not before; where
// that never comes, what was sent goes by the bucket's lifecycle.
type Stream struct {
	ctx       context.Context
	bucket    *Bucket
	key       string
	mediaType string
	upload    *string // S3's name for it, once there is more than a part
	part      bytes.Buffer
	done      []types.CompletedPart
}

// Stream begins a file, in place of any under its key. It is for one goroutine.
func (b *Bucket) Stream(ctx context.Context, key, mediaType string) *Stream {
	return &Stream{ctx: ctx, bucket: b, key: key, mediaType: mediaType}
}

// Write adds to the file.
func (s *Stream) Write(p []byte) (written int, err error) {
	for len(p) > 0 {
		if s.part.Len() == partSize {
			if err := s.send(); err != nil {
				return written, err
			}
		}
		n, _ := s.part.Write(p[:min(len(p), partSize-s.part.Len())]) // a buffer takes all
		written, p = written+n, p[n:]
	}
	return written, nil
}

// Close ends the file: it is there as a whole.
func (s *Stream) Close() error {
	if s.upload == nil {
		return s.bucket.Put(s.ctx, s.key, s.mediaType, bytes.NewReader(s.part.Bytes()))
	}
	if err := s.send(); err != nil {
		return err
	}
	_, err := s.bucket.api.CompleteMultipartUpload(s.ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &s.bucket.name, Key: &s.key, UploadId: s.upload, MultipartUpload: &types.CompletedMultipartUpload{Parts: s.done},
	})
	if err != nil {
		return fmt.Errorf("end %s of %d parts: %w", s.key, len(s.done), err)
	}
	return nil
}

// send sends the part that is held.
func (s *Stream) send() error {
	if s.upload == nil {
		begun, err := s.bucket.api.CreateMultipartUpload(s.ctx, &s3.CreateMultipartUploadInput{
			Bucket: &s.bucket.name, Key: &s.key, ContentType: &s.mediaType, ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
		})
		if err != nil {
			return fmt.Errorf("begin %s: %w", s.key, err)
		}
		s.upload = begun.UploadId
	}
	number, sum := aws.Int32(int32(len(s.done)+1)), sha256.Sum256(s.part.Bytes())
	checksum := aws.String(base64.StdEncoding.EncodeToString(sum[:]))
	sent, err := s.bucket.api.UploadPart(s.ctx, &s3.UploadPartInput{
		Bucket: &s.bucket.name, Key: &s.key, UploadId: s.upload, PartNumber: number, Body: bytes.NewReader(s.part.Bytes()),
		ContentLength: aws.Int64(int64(s.part.Len())), ChecksumSHA256: checksum,
	})
	if err != nil {
		return fmt.Errorf("part %d of %s: %w", *number, s.key, err)
	}
	s.done = append(s.done, types.CompletedPart{ETag: sent.ETag, PartNumber: number, ChecksumSHA256: checksum})
	s.part.Reset()
	return nil
}
