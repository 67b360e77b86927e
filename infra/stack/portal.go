package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53targets"
	"github.com/aws/jsii-runtime-go"
)

// addPortalRecords points the portal's name at CloudFront, for IPv4 and IPv6.
func addPortalRecords(stack awscdk.Stack, c Config, distribution awscloudfront.Distribution) {
	zone := c.Domain.zone(stack)
	target := awsroute53.RecordTarget_FromAlias(awsroute53targets.NewCloudFrontTarget(distribution))
	awsroute53.NewARecord(stack, jsii.String("PortalV4"), &awsroute53.ARecordProps{
		Zone: zone, RecordName: jsii.String(c.Domain.Portal + "."), Target: target,
	})
	awsroute53.NewAaaaRecord(stack, jsii.String("PortalV6"), &awsroute53.AaaaRecordProps{
		Zone: zone, RecordName: jsii.String(c.Domain.Portal + "."), Target: target,
	})
}
