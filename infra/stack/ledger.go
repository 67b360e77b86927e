package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

// How long a digest of the audit can neither be changed nor deleted, and when it goes: its records are kept for 12 months.
const (
	ledgerLocked  = 396 // days, 13 months
	ledgerExpires = 427 // days, 14 months
)

// newLedger makes the bucket of the audit's digests, each written once. In a stage that is kept nobody can delete one before
// its time, not even the account's root user.
func newLedger(stack awscdk.Stack, c Config, key awskms.Key) awss3.Bucket {
	bucket := awss3.NewBucket(stack, jsii.String("Ledger"), &awss3.BucketProps{
		BlockPublicAccess:          awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:            awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Encryption:                 awss3.BucketEncryption_KMS,
		EncryptionKey:              key,
		BucketKeyEnabled:           jsii.Bool(true),
		EnforceSSL:                 jsii.Bool(true),
		MinimumTLSVersion:          jsii.Number(1.2),
		Versioned:                  jsii.Bool(true),
		ObjectLockEnabled:          jsii.Bool(true),
		ObjectLockDefaultRetention: c.lock(),
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Expiration:                  awscdk.Duration_Days(jsii.Number(ledgerExpires)),
			NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(1)),
		}},
		RemovalPolicy: c.removal(),
	})
	bucket.AddToResourcePolicy(onlyNew(bucket))
	accept(bucket, accepted{"AwsSolutions-S1", "One function writes here, and CloudTrail can tell of it."})
	output(stack, "LedgerBucketName", bucket.BucketName())
	return bucket
}

// lock is how digests are held. A stage that is not kept can be removed by whoever may bypass governance.
func (c Config) lock() awss3.ObjectLockRetention {
	days := awscdk.Duration_Days(jsii.Number(ledgerLocked))
	if c.Keep {
		return awss3.ObjectLockRetention_Compliance(days)
	}
	return awss3.ObjectLockRetention_Governance(days)
}

// onlyNew refuses what would lay a new version over a digest: a put must ask S3 whether the key is free.
func onlyNew(bucket awss3.Bucket) awsiam.PolicyStatement {
	statement := awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("OnlyNew"),
		Effect:     awsiam.Effect_DENY,
		Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Actions:    texts("s3:PutObject"),
		Resources:  &[]*string{bucket.ArnForObjects(jsii.String("*"))},
	})
	statement.AddCondition(jsii.String("Null"), map[string]any{"s3:if-none-match": "true"})
	return statement
}
