package store

import (
	"context"
	"fmt"
	"time"

	"preau/shared/collectivity"
)

// What is in this file only the host of the service does, who needs no right at a collectivity: the operator's command, never a
// function. Its acts are audited as the operator's.

const byOperator = "operator"

// Tenant is a tenant as the operator knows it.
type Tenant struct {
	collectivity.Settings
	Version int
}

// Tenant reads what a tenant has set; ErrUnknown where there is none.
func (s *Store) Tenant(ctx context.Context, slug string) (Tenant, error) {
	c, err := s.collectivity(slug).Configuration(ctx)
	return Tenant{c.Settings, c.Version}, err
}

// Govern changes what only the operator sets of a tenant. what tells it in the audit.
func (s *Store) Govern(ctx context.Context, slug, action string, now time.Time, change func(*collectivity.Settings)) (Tenant, error) {
	c := s.collectivity(slug)
	var after Tenant
	err := Again(ctx, func() error {
		seen, err := c.Configuration(ctx)
		if err != nil {
			return err
		}
		after = Tenant{seen.Settings, seen.Version + 1}
		change(&after.Settings)
		return c.transact(
			ctx,
			write{put: item(c.settingsKey(), after.Settings), condition: exists, or: ErrMoved},
			c.moveVersionFrom(seen).with(after.Gate()),
			c.audit(byOperator, action, "collectivity "+slug, now),
		)
	})
	return after, err
}

// InviteManager has the operator invite a manager: the first one of a tenant, or one after all others were lost.
func (s *Store) InviteManager(ctx context.Context, slug string, i collectivity.Invitation, now time.Time) (collectivity.Invitation, error) {
	i.Role = collectivity.Manager
	return s.collectivity(slug).invite(ctx, i, byOperator, now)
}

// RenewAuthenticator has the operator end the authenticator of a tenant's agent: of a manager whom no other can help.
func (s *Store) RenewAuthenticator(ctx context.Context, slug, agent string, now time.Time) error {
	c := s.collectivity(slug)
	is, err := c.IsAgent(ctx, agent)
	if err == nil && !is {
		err = collectivity.ErrAgentUnknown
	}
	if err != nil {
		return err
	}
	return c.resetAuthenticator(ctx, agent, byOperator, now)
}

// Operated is a tenant that nobody has shown a right to.
func (s *Store) Operated(slug string) Collectivity { return s.collectivity(slug) }

// CreateCollectivity onboards a tenant, with its first manager's invitation where one is given. A slug is given once.
func (s *Store) CreateCollectivity(ctx context.Context, settings collectivity.Settings, first ...collectivity.Invitation) (Collectivity, error) {
	if !collectivity.GoodSlug(settings.Slug) {
		return Collectivity{}, collectivity.ErrSlug
	}
	c := s.collectivity(settings.Slug)
	writes := []write{
		{put: item(c.settingsKey(), settings), condition: isNew, or: ErrSlugTaken},
		{put: item(c.versionKey(), versionItem{1, settings.Gate(), work{tenantsQueue, "0#" + settings.Slug}}), condition: isNew, or: ErrSlugTaken},
	}
	for _, i := range first {
		if i.At.IsZero() {
			return c, fmt.Errorf("the invitation of %s has no instant", i.ID)
		}
		i.Issue, i.Role = 1, collectivity.Manager
		writes = append(writes, c.inviting(i, byOperator)...)
	}
	return c, s.transact(ctx, writes...)
}
