package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

// newDocuments makes the private bucket of photos and supporting documents. Nothing may touch it until a function of the
// catalog is granted it; browsers will then put and get single objects by presigned links.
func newDocuments(stack awscdk.Stack, c Config, key awskms.Key) {
	bucket := awss3.NewBucket(stack, jsii.String("Documents"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Encryption:        awss3.BucketEncryption_KMS,
		EncryptionKey:     key,
		BucketKeyEnabled:  jsii.Bool(true),
		EnforceSSL:        jsii.Bool(true),
		MinimumTLSVersion: jsii.Number(1.2),
		Versioned:         jsii.Bool(true),
		LifecycleRules: &[]*awss3.LifecycleRule{{
			// As long as the table can be restored, so can the documents that it names.
			NoncurrentVersionExpiration:         awscdk.Duration_Days(jsii.Number(c.RecoveryDays)),
			AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(1)),
		}},
		Cors: &[]*awss3.CorsRule{{
			AllowedMethods: &[]awss3.HttpMethods{awss3.HttpMethods_PUT, awss3.HttpMethods_GET},
			AllowedOrigins: texts(c.uploadOrigin()),
			AllowedHeaders: texts("content-type", "x-amz-*"),
			MaxAge:         jsii.Number(3600),
		}},
		RemovalPolicy: c.removal(),
	})
	accept(bucket, accepted{"AwsSolutions-S1", "Access logs would hold parents' addresses."})
	output(stack, "DocumentsBucketName", bucket.BucketName())
}

// uploadOrigin is the page origin that browsers may upload from. CloudFront's own name is not known to this stack.
func (c Config) uploadOrigin() string {
	if c.Domain.Portal == "" {
		return "https://*.cloudfront.net"
	}
	return "https://" + c.Domain.Portal
}
