package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/jsii-runtime-go"
)

// sender is the SES identity that mails come from and the configuration set that they are sent through.
type sender struct {
	identity awsses.EmailIdentity
	set      awsses.ConfigurationSet
}

func newSender(stack awscdk.Stack, c Config) sender {
	set := awsses.NewConfigurationSet(stack, jsii.String("MailConfig"), &awsses.ConfigurationSetProps{
		ConfigurationSetName: jsii.String(c.name("mail")),
		TlsPolicy:            awsses.ConfigurationSetTlsPolicy_REQUIRE, // mails carry links that open accounts
		ReputationMetrics:    jsii.Bool(true),
		SuppressionReasons:   awsses.SuppressionReasons_BOUNCES_AND_COMPLAINTS,
	})
	return sender{identity: newIdentity(stack, c), set: set}
}

// newIdentity makes the domain's identity, with DKIM and a MAIL FROM domain of its own so that SPF and DMARC align; or,
// for a stage without a domain, the one address, which its owner confirms by a mail.
func newIdentity(stack awscdk.Stack, c Config) awsses.EmailIdentity {
	if c.Domain == (Domain{}) {
		return awsses.NewEmailIdentity(stack, jsii.String("MailIdentity"), &awsses.EmailIdentityProps{
			Identity: awsses.Identity_Email(jsii.String(c.Mail.From)),
		})
	}
	return awsses.NewEmailIdentity(stack, jsii.String("MailIdentity"), &awsses.EmailIdentityProps{
		Identity:                    awsses.Identity_PublicHostedZone(c.Domain.zone(stack)),
		MailFromDomain:              jsii.String("retour." + c.Domain.Zone),
		MailFromBehaviorOnMxFailure: awsses.MailFromBehaviorOnMxFailure_REJECT_MESSAGE,
		FeedbackForwarding:          jsii.Bool(false), // bounces come as events
	})
}

// zone is the hosted zone as seen from a stack, by its id: a synthesis asks AWS nothing.
func (d Domain) zone(stack awscdk.Stack) awsroute53.IPublicHostedZone {
	return awsroute53.PublicHostedZone_FromPublicHostedZoneAttributes(stack, jsii.String("Zone"), &awsroute53.PublicHostedZoneAttributes{
		HostedZoneId: jsii.String(d.ZoneID), ZoneName: jsii.String(d.Zone),
	})
}
