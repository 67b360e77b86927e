// Package seed onboards collectivities, families and agents from outside the API: the demonstration town of the local
// platform, the towns of tests and benchmarks, and the operator's first collectivity on a stage.
package seed

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/code"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/identity"
	"preau/shared/keys"
	"preau/shared/store"
)

// Env is what onboarding writes to.
type Env struct {
	Store  *store.Store
	Pool   *identity.Pool
	Secret keys.Secret
	Now    time.Time
}

// Open connects as the process's environment says.
func Open(ctx context.Context, now time.Time) (Env, error) {
	secret, err := keys.Open(ctx)
	return Env{store.Open().Sealing(keys.Vault()), identity.Open(), secret, now}, err
}

// Family is a family to be made.
type Family struct {
	Name      string
	Guardians []Guardian
	Children  []Child
	Fill      func(file *family.File, newID func() string) // adds what else the file holds
}

// Guardian is an adult of a Family. Those with the same household name live together.
type Guardian struct{ Civility, FirstName, LastName, Household string }

// Child is a child of a Family and the activities that it is enrolled at.
type Child struct {
	FirstName, LastName, BirthDate, School, Level, Class string
	Activities                                           []string
}

// MadeFamily is a family as it was made.
type MadeFamily struct {
	ID        string
	Label     string
	Guardians []string // ids, in the order given
	Children  []string
	Codes     []string // one for each guardian, in groups of four
	Store     store.FamilyStore
}

// AddFamily writes a family with its enrolments over a season, and issues a code to each guardian.
func (e Env) AddFamily(ctx context.Context, town store.Collectivity, f Family, activities []collectivity.Activity) (MadeFamily, error) {
	made := MadeFamily{ID: id.New(e.Now), Label: "Famille " + f.Name}
	file := family.File{ID: made.ID, Label: made.Label}
	for _, c := range f.Children {
		m := member(family.Child, id.New(e.Now), map[string]string{"firstName": c.FirstName, "lastName": c.LastName, "birthDate": c.BirthDate})
		m.Values["school"] = map[string]any{"school": c.School, "level": c.Level, "class": c.Class}
		made.Children = append(made.Children, m.ID)
		file.Children = append(file.Children, m)
	}
	for _, g := range f.Guardians {
		m := member(family.Guardian, id.New(e.Now), map[string]string{"civility": g.Civility, "firstName": g.FirstName, "lastName": g.LastName})
		m.Household, m.Values["relations"] = g.Household, relations(g, made.Children)
		made.Guardians = append(made.Guardians, m.ID)
		file.Guardians = append(file.Guardians, m)
	}
	if f.Fill != nil {
		f.Fill(&file, func() string { return id.New(e.Now) })
	}
	var err error
	if made.Store, err = town.CreateFamily(ctx, file); err != nil {
		return made, fmt.Errorf("create family: %w", err)
	}
	if err := e.enrol(ctx, made, f.Children, activities); err != nil {
		return made, err
	}
	for _, g := range made.Guardians {
		c, err := e.IssueCode(ctx, made.Store, g)
		if err != nil {
			return made, err
		}
		made.Codes = append(made.Codes, c)
	}
	return made, nil
}

func member(target family.Target, memberID string, identity map[string]string) family.Member {
	values := map[string]any{}
	for name, v := range identity {
		if v != "" {
			values[name] = v
		}
	}
	return family.Member{ID: memberID, Target: target, Values: map[string]map[string]any{"identity": values}}
}

func relations(g Guardian, children []string) map[string]any {
	relation := "mother"
	if g.Civility == "m" {
		relation = "father"
	}
	out := map[string]any{}
	for _, c := range children {
		out[c] = relation
	}
	return out
}

func (e Env) enrol(ctx context.Context, made MadeFamily, children []Child, activities []collectivity.Activity) error {
	for i, c := range children {
		for _, name := range c.Activities {
			for _, a := range activities {
				if a.ID != name {
					continue
				}
				enrolment := booking.Enrolment{ID: made.Store.EnrolmentID(id.New(e.Now)), Child: made.Children[i], Activity: a.ID, Period: a.Season}
				if err := made.Store.Enrol(ctx, enrolment); err != nil {
					return fmt.Errorf("enrol: %w", err)
				}
			}
		}
	}
	return nil
}

// codeLife is how long a new code opens its file.
const codeLife = 365 * 24 * time.Hour

// IssueCode makes a subscriber code for a guardian. Only its keyed hash is kept: this is the one time it can be read.
func (e Env) IssueCode(ctx context.Context, f store.FamilyStore, guardian string) (string, error) {
	c, err := code.New(rand.Reader)
	if err != nil {
		return "", err
	}
	return code.Format(c), f.IssueCode(ctx, e.Secret.Code(c), guardian, e.Now, e.Now.Add(codeLife))
}

// AddAccount makes an active account without a sign-up.
func (e Env) AddAccount(ctx context.Context, slug, email, password string, p account.Person) (account.Account, error) {
	return e.openAccount(ctx, account.Account{Person: p, Email: email, Collectivity: slug}, password)
}

func (e Env) openAccount(ctx context.Context, a account.Account, password string) (account.Account, error) {
	a.ID, a.CreatedAt = id.New(e.Now), e.Now
	a.User = id.User(a.ID)
	if err := e.Pool.Create(ctx, a.User, password); err != nil {
		return a, err
	}
	return a, e.Store.OpenAccount(ctx, e.Secret.Address(a.Email), a)
}

// AddAgent makes an account with a role at a collectivity. It answers the secret to put into an authenticator app.
func (e Env) AddAgent(ctx context.Context, town store.Collectivity, email, password string, p account.Person, role collectivity.Role) (account.Account, string, error) {
	a, err := e.AddAccount(ctx, town.Slug(), email, password, p)
	if err != nil {
		return a, "", err
	}
	agent := collectivity.Agent{Account: a.ID, Name: strings.TrimSpace(p.FirstName + " " + p.LastName), Role: role, Since: e.Now}
	if err := town.AppointAgent(ctx, agent); err != nil {
		return a, "", err
	}
	typed, _ := account.Enrolment(e.Secret.TOTP(a.Authenticator()), email)
	return a, typed, nil
}
