package emulators

import (
	"fmt"
	"net/http"
	"os"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3afero"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/spf13/afero"
)

// newS3 serves an S3 with one bucket. Objects live in dir, or in memory when it is empty. It checks no signature.
func newS3(dir, bucket string) (http.Handler, error) {
	backend, err := s3Backend(dir)
	if err != nil {
		return nil, fmt.Errorf("open the object store: %w", err)
	}
	exists, err := backend.BucketExists(bucket)
	if err == nil && !exists {
		err = backend.CreateBucket(bucket)
	}
	if err != nil {
		return nil, fmt.Errorf("create the bucket: %w", err)
	}
	return gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server(), nil
}

func s3Backend(dir string) (gofakes3.Backend, error) {
	if dir == "" {
		return s3mem.New(), nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return s3afero.MultiBucket(afero.NewBasePathFs(afero.NewOsFs(), dir))
}
