package emulators

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"

	"preau/infra/catalog"
)

// A File is one object of the bucket of files.
type File struct {
	Key  string
	Size int64
	ETag string
	At   time.Time // of its writing
}

// Files lists those whose keys begin with a prefix, in the order of their keys.
func (o *Objects) Files(prefix string) (all []File, err error) {
	list, err := o.backend.ListBucket(filesName, &gofakes3.Prefix{HasPrefix: true, Prefix: prefix}, gofakes3.ListBucketPage{})
	if err != nil {
		return nil, fmt.Errorf("list the files under %q: %w", prefix, err)
	}
	for _, c := range list.Contents {
		all = append(all, File{Key: c.Key, Size: c.Size, ETag: strings.Trim(c.ETag, `"`), At: c.LastModified.Time})
	}
	slices.SortFunc(all, func(a, b File) int { return strings.Compare(a.Key, b.Key) })
	return all, nil
}

// Expire deletes the files whose time is over at an instant, as the bucket's lifecycle does, and counts them.
func (o *Objects) Expire(now time.Time) (deleted int, err error) {
	for prefix, life := range map[string]time.Duration{catalog.Incoming: catalog.IncomingLife, catalog.Exports: catalog.ExportsLife} {
		files, err := o.Files(prefix)
		if err != nil {
			return deleted, err
		}
		for _, f := range files {
			if now.Before(f.At.Add(life)) {
				continue
			}
			if _, err := o.backend.DeleteObject(filesName, f.Key); err != nil {
				return deleted, fmt.Errorf("delete %s: %w", f.Key, err)
			}
			deleted++
		}
	}
	return deleted, nil
}
