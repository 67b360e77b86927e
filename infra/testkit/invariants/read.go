package invariants

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/infra/local/emulators"
)

// A Table is read past all of the service's code and rights.
type Table struct {
	DB   *dynamodb.Client
	Name string
}

// Open reaches a table of the emulator at an address.
func Open(address, name string) Table {
	return Table{Name: name, DB: dynamodb.New(dynamodb.Options{
		Region: emulators.Region, BaseEndpoint: &address,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: emulators.PlatformKey, SecretAccessKey: "local"}, nil
		}),
	})}
}

type item = map[string]types.AttributeValue

// Read reads a town: its activities' slots and the families named, by id. A family that is left out shows as places that
// nobody holds.
func (t Table) Read(ctx context.Context, slug string, families []string) (Tenant, error) {
	tenant := Tenant{Slug: slug, Mails: map[string]bool{}}
	var partitions []string
	for _, f := range families {
		partitions = append(partitions, "C#"+slug+"#F#"+f)
	}
	activities, err := t.query(ctx, "C#"+slug, "SET#ACTIVITY#")
	if err != nil {
		return tenant, err
	}
	for _, a := range activities {
		partitions = append(partitions, "C#"+slug+"#S#"+after(textOf(a, "SK"), "SET#ACTIVITY#"))
	}
	events, err := t.query(ctx, "C#"+slug, "SET#EVENT#")
	if err != nil {
		return tenant, err
	}
	for _, e := range events {
		if tenant.Events, err = with(tenant.Events, e); err != nil {
			return tenant, err
		}
	}
	for _, pk := range partitions {
		items, err := t.query(ctx, pk, "")
		if err != nil {
			return tenant, err
		}
		for _, i := range items {
			if err := tenant.add(i); err != nil {
				return tenant, fmt.Errorf("item %s %s: %w", pk, textOf(i, "SK"), err)
			}
		}
	}
	if err := tenant.join(); err != nil {
		return tenant, err
	}
	return tenant, t.mails(ctx, told(tenant.Requests), tenant.Mails)
}

// query reads a partition's items, those whose sort key begins so.
func (t Table) query(ctx context.Context, pk, prefix string) (items []item, err error) {
	in := &dynamodb.QueryInput{
		TableName: &t.Name, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: item{":pk": &types.AttributeValueMemberS{Value: pk}},
	}
	if prefix != "" {
		in.KeyConditionExpression = aws.String("PK = :pk AND begins_with(SK, :prefix)")
		in.ExpressionAttributeValues[":prefix"] = &types.AttributeValueMemberS{Value: prefix}
	}
	for {
		out, err := t.DB.Query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", pk, err)
		}
		items = append(items, out.Items...)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return items, nil
		}
	}
}

// mails looks which of the outbox items are there.
func (t Table) mails(ctx context.Context, ids []string, there map[string]bool) error {
	for some := range slices.Chunk(ids, 100) {
		ask := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
		for _, id := range some {
			ask.Keys = append(ask.Keys, item{"PK": &types.AttributeValueMemberS{Value: "MAIL#" + id}, "SK": &types.AttributeValueMemberS{Value: "MAIL"}})
		}
		for len(ask.Keys) > 0 {
			out, err := t.DB.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{t.Name: ask}})
			if err != nil {
				return fmt.Errorf("read the outbox: %w", err)
			}
			for _, i := range out.Responses[t.Name] {
				there[after(textOf(i, "PK"), "MAIL#")] = true
			}
			ask = out.UnprocessedKeys[t.Name]
		}
	}
	return nil
}

func textOf(i item, name string) string {
	s, ok := i[name].(*types.AttributeValueMemberS)
	if !ok {
		return ""
	}
	return s.Value
}

// add takes an item in by its sort key; those that say nothing of bookings are left out.
func (t *Tenant) add(i item) (err error) {
	switch kind, _, _ := strings.Cut(textOf(i, "SK"), "#"); kind {
	case "DAY":
		t.Days, err = with(t.Days, i)
	case "REQUEST":
		if strings.Count(textOf(i, "SK"), "#") > 1 {
			t.parts, err = with(t.parts, i)
			break
		}
		t.Requests, err = with(t.Requests, i)
	case "WAIT":
		t.Waits, err = with(t.Waits, i)
	case "SLOT":
		if t.Slots, err = with(t.Slots, i); err == nil {
			t.Slots[len(t.Slots)-1].Groups, err = groups(i)
		}
	}
	return err
}

// join gives large requests their lines, which lie in items of their own: REQUEST#<id>#<month>#<item>.
func (t *Tenant) join() error {
	for _, p := range t.parts {
		n := slices.IndexFunc(t.Requests, func(r Request) bool { return r.PK == p.PK && strings.HasPrefix(p.SK, r.SK+"#") })
		if n < 0 {
			return fmt.Errorf("%s %s is part of no request", p.PK, p.SK)
		}
		t.Requests[n].Lines = append(t.Requests[n].Lines, p.Lines...)
	}
	return nil
}

func with[T any](all []T, i item) ([]T, error) {
	var v T
	err := attributevalue.UnmarshalMap(i, &v)
	return append(all, v), err
}

// groups reads a slot's numbers, one attribute for each age group: taken_all, free_3-5.
func groups(i item) (map[string]Places, error) {
	all := map[string]Places{}
	for _, name := range slices.Sorted(maps.Keys(i)) {
		n, number := i[name].(*types.AttributeValueMemberN)
		what, group, named := strings.Cut(name, "_")
		if !number || !named {
			continue
		}
		value, err := strconv.Atoi(n.Value)
		if err != nil {
			return nil, err
		}
		p := all[group]
		switch what {
		case "capacity":
			p.Capacity = value
		case "taken":
			p.Taken = value
		case "free":
			p.Free = value
		case "waiting":
			p.Waiting = value
		case "next":
			p.Next = value
		}
		all[group] = p
	}
	return all, nil
}
