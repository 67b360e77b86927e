package views

import (
	"context"
	"fmt"
	"time"

	"preau/shared/api"
	"preau/shared/files"
	"preau/shared/store"
)

// Job shows long work, and what it made for as long as that is there.
func Job(j store.Job, now time.Time) api.Job {
	out := api.Job{
		ID: j.ID, Kind: j.Kind, Title: j.Title, Author: j.Author, State: string(j.State), Done: j.Done, Total: j.Total,
		Code: j.Code, Detail: j.Detail, CreatedAt: Instant(j.CreatedAt), Files: []api.JobFile{},
	}
	if !j.StartsAt.IsZero() {
		out.StartsAt = Instant(j.StartsAt)
	}
	if j.EndedAt.IsZero() {
		return out
	}
	out.EndedAt = Instant(j.EndedAt)
	if j.State == store.JobDone && len(j.Files) > 0 {
		out.FilesEnd = Instant(j.FilesUntil())
	}
	if j.State != store.JobDone || now.After(j.FilesUntil()) {
		return out
	}
	for _, f := range j.Files {
		out.Files = append(out.Files, api.JobFile{Name: f.Name, Type: f.Type, Count: f.Count})
	}
	return out
}

// jobFileLife is how long a link to what a job made lives: it may be large, and is fetched at once.
const jobFileLife = 5 * time.Minute

// JobWithLinks is Job with links to its files. They are signed where they are made, without a call.
func JobWithLinks(ctx context.Context, links *files.Files, j store.Job, now time.Time) (api.Job, error) {
	out := Job(j, now)
	for i := range out.Files {
		link, err := links.GetLink(ctx, j.Files[i].Key, files.Shown{Type: j.Files[i].Type, Name: j.Files[i].Name}, now, jobFileLife)
		if err != nil {
			return out, fmt.Errorf("link to what job %s made: %w", j.ID, err)
		}
		out.Files[i].URL, out.Files[i].Until = link.URL, Instant(link.Until)
	}
	return out, nil
}
