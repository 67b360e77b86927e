package testkit

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
)

// OwnBucket makes an empty bucket of files for one test, which Within can name. Tests of what handles uploads need it: a file
// that arrives in the stack's own bucket is handled by the running platform too.
func OwnBucket(t testing.TB) (variables map[string]string) {
	t.Helper()
	r, name := Stack(t), "test-"+unique()
	if _, err := objects(t.Context(), r, http.MethodPut, name, ""); err != nil {
		t.Fatalf("make a bucket: %v", err)
	}
	t.Cleanup(func() { removeBucket(context.WithoutCancel(t.Context()), r, name) })
	return map[string]string{catalog.EnvFiles: name}
}

// Send follows a link that files go to, with the headers that came with it, and answers the bucket's status.
func Send(t testing.TB, link string, headers map[string]string, content string) (status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, link, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range headers {
		req.Header.Set(name, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res.StatusCode
}

func removeBucket(ctx context.Context, r *Resources, name string) {
	for _, key := range keys(ctx, r, name) {
		_, _ = objects(ctx, r, http.MethodDelete, name, key)
	}
	_, _ = objects(ctx, r, http.MethodDelete, name, "")
}

// Keys lists what a bucket of the stack holds under a prefix, or one that OwnBucket made.
func Keys(t testing.TB, bucket, prefix string) (all []string) {
	t.Helper()
	for _, key := range keys(t.Context(), Stack(t), bucket) {
		if strings.HasPrefix(key, prefix) {
			all = append(all, key)
		}
	}
	return all
}

func keys(ctx context.Context, r *Resources, bucket string) (all []string) {
	body, err := objects(ctx, r, http.MethodGet, bucket, "")
	var list struct{ Contents []struct{ Key string } }
	if err != nil || xml.Unmarshal(body, &list) != nil {
		return nil
	}
	for _, c := range list.Contents {
		all = append(all, c.Key)
	}
	return all
}

// objects calls S3 as the platform.
func objects(ctx context.Context, r *Resources, method, bucket, key string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.S3+(&url.URL{Path: "/" + strings.TrimSuffix(bucket+"/"+key, "/")}).EscapedPath(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+emulators.PlatformKey+"/20260101/"+emulators.Region+"/s3/aws4_request")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	return io.ReadAll(res.Body)
}
