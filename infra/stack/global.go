package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/jsii-runtime-go"
)

// CloudFront reads its certificates and firewalls here, wherever it serves from. Neither holds any data of families.
const globalRegion = "us-east-1"

// global is the stack of what CloudFront takes from us-east-1.
type global struct {
	issued awscertificatemanager.Certificate
	acl    awswafv2.CfnWebACL
}

// newGlobal makes that stack for a stage with a domain; nil for one without.
func newGlobal(app awscdk.App, c Config) *global {
	if c.Domain == (Domain{}) {
		return nil
	}
	stack := awscdk.NewStack(app, jsii.String(c.name("global")), &awscdk.StackProps{
		Env:                   c.environment(globalRegion),
		Description:           jsii.String("Préau " + c.Stage + ". Certificate and firewall of CloudFront."),
		TerminationProtection: jsii.Bool(c.Keep),
		AnalyticsReporting:    jsii.Bool(false),
	})
	return &global{
		issued: awscertificatemanager.NewCertificate(stack, jsii.String("Certificate"), &awscertificatemanager.CertificateProps{
			DomainName: jsii.String(c.Domain.Portal),
			Validation: awscertificatemanager.CertificateValidation_FromDns(c.Domain.zone(stack)),
		}),
		acl: newFirewall(stack, c),
	}
}

func (g *global) certificate(stack awscdk.Stack) awscertificatemanager.ICertificate {
	return awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), elsewhere(g.issued.CertificateArn()))
}

func (g *global) firewall() *string { return elsewhere(g.acl.AttrArn()) }

// elsewhere is a value of another region, read when CloudFormation deploys.
func elsewhere(value *string) *string {
	return awscdk.Stack_ConsumeReference(value, awscdk.ReferenceStrength_WEAK)
}
