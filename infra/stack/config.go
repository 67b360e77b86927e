package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
)

// Config is all that differs between stages.
type Config struct {
	Stage   string
	Account string // twelve digits; empty: where the credentials of the deployment lead
	Region  string
	Domain  Domain // zero: the portal lives under CloudFront's own name and mails come from one verified address
	Mail    Mail
	Alarms  string // address that alarms are mailed to; it confirms its subscription once

	Keep         bool                  // data outlives its stack: retained, and protected from deletion
	RecoveryDays float64               // how far back the table can be restored, 1 to 35
	LogDays      awslogs.RetentionDays // of the functions' and the API's logs
	Warm         Warm                  // zero: what DynamoDB gives to a new table, 12,000 reads and 4,000 writes a second
	OriginSecret int                   // generation of the origin secret, from 1; raise it by one to rotate, never lower it
}

// Domain is a public Route 53 zone that the service has for itself.
type Domain struct {
	Portal string // host of site and API, the zone itself or below it
	Zone   string // mails come from it, bounces go to "retour." below it
	ZoneID string
}

// Mail is the sender.
type Mail struct {
	From    string // the address that every mail comes from
	Sandbox bool   // SES still limits this account to verified recipients, which IAM then checks as resources too
}

// Warm is how many units a second the table and each global index take from a standstill. AWS charges once for what is above
// what a table already has, nothing a month, and never lowers it again.
type Warm struct{ Reads, Writes float64 }

// regions lists where family files may be kept. They hold health data (Code de la santé publique, L1111-8): the region
// must be in the scope of the host's HDS certificate. Check the certificate and the collectivities' contracts before
// adding one here.
var regions = []string{"eu-west-3"}

// placeholder ends the names that an operator must replace by their own before anything can be deployed.
const placeholder = ".example"

var stages = []Config{
	{
		Stage:  "dev",
		Region: "eu-west-3",
		Mail:   Mail{From: "dev@preau.example", Sandbox: true},
		Alarms: "dev@preau.example",

		RecoveryDays: 1,
		LogDays:      awslogs.RetentionDays_TWO_WEEKS,
		OriginSecret: 1,
	},
	{
		Stage:  "prod",
		Region: "eu-west-3",
		Domain: Domain{Portal: "portail.preau.example", Zone: "preau.example", ZoneID: "Z0000000EXAMPLE"},
		Mail:   Mail{From: "ne-pas-repondre@preau.example", Sandbox: false},
		Alarms: "exploitation@preau.example",

		Keep:         true,
		RecoveryDays: 35,
		LogDays:      awslogs.RetentionDays_SIX_MONTHS,
		// 1,000 parents in the same second: 12 units each, read and written, and three attempts in ten made again.
		Warm:         Warm{Reads: 16_000, Writes: 16_000},
		OriginSecret: 1,
	},
}

// Load gives the configuration of a stage, with the account that the CDK command line found in the credentials.
// It refuses what must not be deployed; without credentials, templates may still be made from placeholders.
func Load(stage string, getenv func(string) string) (Config, error) {
	i := slices.IndexFunc(stages, func(c Config) bool { return c.Stage == stage })
	if i < 0 {
		return Config{}, fmt.Errorf("unknown stage %q: say -c stage=dev or -c stage=prod", stage)
	}
	c := stages[i]
	c.Account = getenv("CDK_DEFAULT_ACCOUNT")
	return c, errors.Join(c.check(), c.sameRegion(getenv), c.noPlaceholder())
}

func (c Config) check() error {
	var errs []error
	if !slices.Contains(regions, c.Region) {
		errs = append(errs, fmt.Errorf("stage %s: region %s is not among those where health data may be hosted: %v", c.Stage, c.Region, regions))
	}
	if c.RecoveryDays < 1 || c.RecoveryDays > 35 {
		errs = append(errs, fmt.Errorf("stage %s: RecoveryDays is %g, DynamoDB takes 1 to 35", c.Stage, c.RecoveryDays))
	}
	if c.OriginSecret < 1 {
		errs = append(errs, fmt.Errorf("stage %s: OriginSecret is %d, generations begin with 1", c.Stage, c.OriginSecret))
	}
	if c.Domain != (Domain{}) && !strings.HasSuffix(c.Mail.From, "@"+c.Domain.Zone) {
		errs = append(errs, fmt.Errorf("stage %s: mails come from %s, outside of the zone %s", c.Stage, c.Mail.From, c.Domain.Zone))
	}
	return errors.Join(errs...)
}

// sameRegion refuses a shell that points elsewhere: `aws` commands beside the deployment would act on another region.
func (c Config) sameRegion(getenv func(string) string) error {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if is := getenv(name); is != "" && is != c.Region {
			return fmt.Errorf("%s is %s, but stage %s lives in %s", name, is, c.Stage, c.Region)
		}
	}
	return nil
}

// noPlaceholder refuses a deployment under names that belong to nobody.
func (c Config) noPlaceholder() error {
	if c.Account == "" {
		return nil
	}
	for _, name := range []string{c.Domain.Portal, c.Domain.Zone, c.Mail.From, c.Alarms} {
		if strings.HasSuffix(name, placeholder) {
			return fmt.Errorf("stage %s still has the placeholder %s: put your own names into infra/stack/config.go", c.Stage, name)
		}
	}
	return nil
}
