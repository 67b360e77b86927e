package town

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/id"
)

// Announce writes an upload of the family's subscriber as request-upload does.
func (h Home) Announce(u family.Upload) family.Upload {
	h.T.Helper()
	u.ID, u.By, u.Account, u.CreatedAt, u.State = id.New(h.Env.Now), h.Guardians[0], h.Account.ID, h.Env.Now, family.Awaited
	check(h.T, h.MadeFamily.Store.AddUpload(h.T.Context(), u))
	return u
}

// Arrives has the file of an upload come into the bucket, and answers the event that tells of it.
func (h Home) Arrives(u family.Upload, content []byte) events.EventBridgeEvent {
	h.T.Helper()
	key := h.MadeFamily.Store.Incoming(u.ID)
	check(h.T, bucket.Open().Put(h.T.Context(), key, u.Type, bytes.NewReader(content)))
	return Arrival(h.T, key, len(content))
}

// Arrival is the event that tells of a file, as EventBridge sends it.
func Arrival(t testing.TB, key string, size int) events.EventBridgeEvent {
	detail, err := json.Marshal(map[string]any{"object": map[string]any{"key": key, "size": size}})
	if err != nil {
		t.Fatal(err)
	}
	return events.EventBridgeEvent{Source: "aws.s3", DetailType: "Object Created", Detail: detail}
}

// Kept lists the files that the family has in the bucket.
func (h Home) Kept() []string {
	h.T.Helper()
	keys, err := bucket.Open().List(h.T.Context(), h.MadeFamily.Store.KeptFile(h.ID+"/"))
	check(h.T, err)
	return keys
}

// Papers writes a document of a member that was sent and accepted, and answers its id.
func (h Home) Papers(kind, about, content string) string {
	h.T.Helper()
	store := h.MadeFamily.Store
	u := h.Announce(family.Upload{Purpose: family.DocumentUpload, About: about, Type: "application/pdf", Document: kind, From: "2026-09-01"})
	name := store.FileName(u.ID, ".pdf")
	check(h.T, bucket.Open().Put(h.T.Context(), store.KeptFile(name), u.Type, strings.NewReader(content)))
	household := h.Household()
	change, err := u.Made(household.File, store.ChangeID(id.New(h.Env.Now)), name, h.Env.Now)
	check(h.T, err)
	check(h.T, store.ApplyChange(h.T.Context(), household, change.Accept(), h.Account.ID))
	return u.ID
}

// Remove has a member leave the file.
func (h Home) Remove(target family.Target, member string) {
	h.T.Helper()
	household := h.Household()
	m, _ := household.Member(member)
	fields, err := family.ProposeRemoval(household.File, m, h.Guardians[0])
	check(h.T, err)
	c := family.Change{
		ID: h.MadeFamily.Store.ChangeID(id.New(h.Env.Now)), Kind: family.Removes, Target: member, Of: target, Section: family.Membership,
		By: h.Guardians[0], Fields: fields, CreatedAt: h.Env.Now,
	}
	check(h.T, h.MadeFamily.Store.AddChange(h.T.Context(), household, c, h.Account.ID))
	h.Decide(c.ID, family.Verdict{Accept: true})
}

// Follow gets what a link leads to.
func Follow(t testing.TB, url string) (status int, content string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	check(t, err)
	res, err := http.DefaultClient.Do(req)
	check(t, err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	check(t, err)
	return res.StatusCode, string(raw)
}
