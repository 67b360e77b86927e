package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// newFiles makes the private bucket of photos, documents and exports. Functions touch it as the catalog grants; browsers put
// and get single objects by links that functions signed, from the portal's pages alone.
func newFiles(stack awscdk.Stack, c Config, key awskms.Key) awss3.Bucket {
	bucket := awss3.NewBucket(stack, jsii.String("Files"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Encryption:        awss3.BucketEncryption_KMS, // also of what comes by a link, which says nothing of it
		EncryptionKey:     key,
		BucketKeyEnabled:  jsii.Bool(true),
		EnforceSSL:        jsii.Bool(true),
		MinimumTLSVersion: jsii.Number(1.2),
		Versioned:         jsii.Bool(true),
		LifecycleRules: &[]*awss3.LifecycleRule{
			{
				// As long as the table can be restored, so can the files that it names. Then what was erased is gone.
				NoncurrentVersionExpiration:         awscdk.Duration_Days(jsii.Number(c.RecoveryDays)),
				ExpiredObjectDeleteMarker:           jsii.Bool(true),
				AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(1)),
			},
			passing(catalog.Incoming, catalog.IncomingLife),
			passing(catalog.Exports, catalog.ExportsLife),
		},
		Cors: &[]*awss3.CorsRule{{
			AllowedMethods: methods(catalog.FileMethods),
			AllowedOrigins: texts(c.portalOrigin()),
			AllowedHeaders: texts(catalog.FileHeaders...),
			MaxAge:         jsii.Number(3600),
		}},
		RemovalPolicy: c.removal(),
	})
	tellEventBridge(bucket)
	accept(bucket, accepted{"AwsSolutions-S1", "Access logs would hold parents' addresses."})
	output(stack, "FilesBucketName", bucket.BucketName())
	return bucket
}

// passing ends files that nobody restores: raw uploads and exports leave no older version behind for more than a day.
func passing(prefix string, life time.Duration) *awss3.LifecycleRule {
	return &awss3.LifecycleRule{
		Prefix:                      jsii.String(prefix),
		Expiration:                  awscdk.Duration_Days(jsii.Number(life.Hours() / 24)),
		NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(1)),
	}
}

// tellEventBridge has the bucket's events in the account's event bus, where a rule of another stack finds them: a notification
// of the bucket's own would name the function, whose stack needs the bucket's. CDK's property would add a function of its own.
func tellEventBridge(bucket awss3.Bucket) {
	bucket.Node().DefaultChild().(awss3.CfnBucket).AddPropertyOverride(
		jsii.String("NotificationConfiguration"), map[string]any{"EventBridgeConfiguration": map[string]any{"EventBridgeEnabled": true}})
}

func methods(names []string) *[]awss3.HttpMethods {
	var all []awss3.HttpMethods
	for _, name := range names {
		all = append(all, awss3.HttpMethods(name))
	}
	return &all
}

// portalOrigin is where the pages come from that may use links to files. CloudFront's own name is not known to this stack.
func (c Config) portalOrigin() string {
	if c.Domain.Portal == "" {
		return "https://*.cloudfront.net"
	}
	return "https://" + c.Domain.Portal
}

// originOf is where a browser finds a bucket.
func originOf(bucket awss3.Bucket) string { return "https://" + *bucket.BucketRegionalDomainName() }
