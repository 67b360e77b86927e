package tenant

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Figures of one collectivity.
type Figures struct {
	Slug      string
	Families  int
	Accounts  int // subscribed to one of its families
	Agents    int
	Requests  int
	Mails     int   // about it, of the last 30 days
	Items     int   // in the table
	ItemBytes int64 // about
	Files     int
	FileBytes int64
}

// Figures counts every collectivity, by slug, in one reading of the table.
func (h Host) Figures(ctx context.Context) (map[string]*Figures, error) {
	all, accounts := map[string]*Figures{}, map[string]map[string]bool{}
	of := func(slug string) *Figures {
		if all[slug] == nil {
			all[slug], accounts[slug] = &Figures{Slug: slug}, map[string]bool{}
		}
		return all[slug]
	}
	err := h.each(ctx, func(i item) error {
		pk, sk := keyOf(i)
		switch {
		case slugOf(pk) != "":
			of(slugOf(pk)).count(pk, sk, i)
		case strings.HasPrefix(sk, "SUB#"):
			slug := text(i["Slug"])
			of(slug)
			accounts[slug][pk] = true
		case about(i) != "":
			of(about(i)).Mails++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for slug, f := range all {
		f.Accounts = len(accounts[slug])
		for _, folder := range folders(slug) {
			n, bytes, err := h.files.Size(ctx, folder)
			if err != nil {
				return nil, err
			}
			f.Files, f.FileBytes = f.Files+n, f.FileBytes+bytes
		}
	}
	return all, nil
}

// count takes an item that lies under the collectivity.
func (f *Figures) count(pk, sk string, i item) {
	f.Items++
	f.ItemBytes += size(&types.AttributeValueMemberM{Value: i})
	switch {
	case strings.HasSuffix(pk, "#FAMILIES"):
		f.Families++
	case strings.HasPrefix(sk, "AGENT#"):
		f.Agents++
	case strings.HasPrefix(sk, "REQUEST#") && strings.Count(sk, "#") == 1: // the rest are outcomes of large ones
		f.Requests++
	}
}

// size of a value in bytes, about as DynamoDB counts.
func size(a types.AttributeValue) (bytes int64) {
	switch v := a.(type) {
	case *types.AttributeValueMemberS:
		return int64(len(v.Value))
	case *types.AttributeValueMemberB:
		return int64(len(v.Value))
	case *types.AttributeValueMemberN:
		return int64(len(v.Value)/2 + 1)
	case *types.AttributeValueMemberL:
		for _, e := range v.Value {
			bytes += 1 + size(e)
		}
		return bytes + 3
	case *types.AttributeValueMemberM:
		for name, e := range v.Value {
			bytes += 1 + int64(len(name)) + size(e)
		}
		return bytes + 3
	case *types.AttributeValueMemberSS:
		for _, s := range v.Value {
			bytes += int64(len(s))
		}
		return bytes
	}
	return 1
}
