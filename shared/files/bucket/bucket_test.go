package bucket_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"preau/infra/testkit"
	"preau/shared/files/bucket"
)

func folder() string { return "kept/test/" + rand.Text() + "/" }

func TestAFileIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	b, key := bucket.Open(), folder()+"a b+é"
	for _, content := range []string{"first", "second, in its place", ""} {
		if err := b.Put(t.Context(), key, "image/jpeg", strings.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		f, err := b.Get(t.Context(), key, 100)
		if err != nil || string(f.Content) != content || f.Type != "image/jpeg" || f.Length != int64(len(content)) || f.At.IsZero() {
			t.Errorf("got %+v, %v", f, err)
		}
	}
}

func TestAFileIsReadUpToItsLimit(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	b, key := bucket.Open(), folder()+"a"
	if err := b.Put(t.Context(), key, "text/plain", strings.NewReader("12345")); err != nil {
		t.Fatal(err)
	}
	for most, want := range map[int64]error{4: bucket.ErrTooLarge, 0: bucket.ErrTooLarge, 5: nil, 6: nil} {
		f, err := b.Get(t.Context(), key, most)
		if !errors.Is(err, want) || want != nil && len(f.Content) > 0 {
			t.Errorf("up to %d: %q, %v", most, f.Content, err)
		}
	}
}

func TestAFileIsCopiedWithoutBeingHeld(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	b, key := bucket.Open(), folder()+"large"
	content := bytes.Repeat([]byte("photo"), 1<<20)
	if err := b.Put(t.Context(), key, "image/jpeg", bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if f, err := b.Copy(t.Context(), &out, key, 1<<30); err != nil || !bytes.Equal(out.Bytes(), content) || f.Content != nil {
		t.Errorf("copied %d bytes, %v", out.Len(), err)
	}
}

func TestAMissingFileIsNotFound(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	if _, err := bucket.Open().Get(t.Context(), folder(), 10); !errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestDeletedFilesAreGoneAndOthersStay(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	b, in := bucket.Open(), folder()
	var all []string
	for i := range 5 {
		all = append(all, fmt.Sprintf("%s%d é&<", in, i))
		if err := b.Put(t.Context(), all[i], "text/plain", strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Delete(t.Context(), all[1], all[3], in+"missing"); err != nil {
		t.Fatal(err)
	}
	left, err := b.List(t.Context(), in)
	if err != nil || !slices.Equal(left, []string{all[0], all[2], all[4]}) {
		t.Errorf("left %q, %v", left, err)
	}
	if err := b.Delete(t.Context()); err != nil {
		t.Errorf("nothing to delete: %v", err)
	}
}

func TestAFoldersFilesGoTogether(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	b, in, beside := bucket.Open(), folder(), folder()
	for i := range 1003 { // more than S3 deletes at once
		if err := b.Put(t.Context(), fmt.Sprintf("%sx/%d", in, i), "text/plain", strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Put(t.Context(), beside+"y", "text/plain", strings.NewReader("y")); err != nil {
		t.Fatal(err)
	}
	if n, err := b.DeletePrefix(t.Context(), in); n != 1003 || err != nil {
		t.Errorf("deleted %d, %v", n, err)
	}
	if n, err := b.DeletePrefix(t.Context(), in); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
	if _, err := b.Get(t.Context(), beside+"y", 10); err != nil {
		t.Error(err)
	}
	if _, err := b.DeletePrefix(t.Context(), ""); err == nil {
		t.Error("an empty prefix deletes everything")
	}
}

type broken struct{ io.ReadSeeker }

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }

func TestWhatCanNotBeReadIsNotPut(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	if err := bucket.Open().Put(t.Context(), folder()+"a", "text/plain", broken{}); err == nil {
		t.Error("put")
	}
}

func TestADigestIsWrittenOnce(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	l, key := bucket.OpenLedger(), "test/"+rand.Text()
	if _, err := l.Get(t.Context(), key); !errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	if err := l.PutOnce(t.Context(), key, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := l.PutOnce(t.Context(), key, []byte("second")); !errors.Is(err, bucket.ErrExists) {
		t.Errorf("again: %v", err)
	}
	if got, err := l.Get(t.Context(), key); err != nil || string(got) != "first" {
		t.Errorf("read %q, %v", got, err)
	}
	if keys, err := l.List(t.Context(), key); err != nil || !slices.Equal(keys, []string{key}) {
		t.Errorf("listed %q, %v", keys, err)
	}
}

func TestOfTwoWritersAtOnceOneHearsThatTheDigestExists(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	l, key := bucket.OpenLedger(), "test/"+rand.Text()
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = l.PutOnce(t.Context(), key, fmt.Append(nil, i)) })
	}
	all.Wait()
	written := 0
	for i, err := range errs {
		switch {
		case err == nil:
			written++
			if got, _ := l.Get(t.Context(), key); string(got) != fmt.Sprint(i) {
				t.Errorf("writer %d wrote, the ledger holds %s", i, got)
			}
		case !errors.Is(err, bucket.ErrExists):
			t.Error(err)
		}
	}
	if written != 1 {
		t.Errorf("%d writers wrote", written)
	}
}

func TestATestsOwnBucketIsEmptyAndItsOwn(t *testing.T) {
	t.Parallel()
	var own *bucket.Bucket
	variables := testkit.OwnBucket(t)
	testkit.Within(t, variables, func() { own = bucket.Open() })
	if keys, err := own.List(t.Context(), ""); err != nil || len(keys) > 0 {
		t.Errorf("holds %q, %v", keys, err)
	}
	if err := own.Put(t.Context(), "incoming/a", "text/plain", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	if keys := testkit.Keys(t, variables["PREAU_FILES"], "incoming/"); !slices.Equal(keys, []string{"incoming/a"}) {
		t.Errorf("holds %q", keys)
	}
}

func TestAnotherFailureIsNoMissingFile(t *testing.T) {
	t.Parallel()
	var b *bucket.Bucket
	var l *bucket.Ledger
	front := testkit.Front(t, testkit.Stack(t).S3, func(operation string, _ []byte) string {
		if strings.HasPrefix(operation, "GET ") || strings.HasPrefix(operation, "PUT /ledger") {
			return "AccessDenied"
		}
		return ""
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_S3": front}, func() { b, l = bucket.Open(), bucket.OpenLedger() })
	if err := b.Put(t.Context(), folder()+"a", "text/plain", strings.NewReader("x")); err != nil {
		t.Errorf("what passes the front: %v", err)
	}
	if _, err := b.Get(t.Context(), folder()+"a", 10); err == nil || errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := b.DeletePrefix(t.Context(), folder()); err == nil {
		t.Error("a folder that can not be listed is deleted")
	}
	if err := l.PutOnce(t.Context(), "test/"+rand.Text(), nil); err == nil || errors.Is(err, bucket.ErrExists) {
		t.Errorf("written: %v", err)
	}
}
