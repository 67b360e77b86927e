package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"
)

// newKey makes the key that encrypts table, files and topics.
func newKey(stack awscdk.Stack, c Config) awskms.Key {
	key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{
		Alias:             jsii.String(c.name("data")),
		Description:       jsii.String("Préau " + c.Stage + ": encrypts table, files and topics"),
		EnableKeyRotation: jsii.Bool(true),
		PendingWindow:     awscdk.Duration_Days(jsii.Number(30)),
		RemovalPolicy:     c.removal(),
	})
	key.AddToResourcePolicy(throughServices(stack), nil)
	key.AddToResourcePolicy(byPublishers(stack), nil)
	return key
}

// throughServices lets every role of the account use the key by way of DynamoDB and S3, which ask the caller's right for each
// table and file; nobody gets plaintext of the key's data by it that table or bucket would not give.
func throughServices(stack awscdk.Stack) awsiam.PolicyStatement {
	statement := awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("ThroughServices"),
		Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Actions: texts("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo",
			"kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey", "kms:CreateGrant"),
		Resources: texts("*"), // in a key's policy: this key
	})
	statement.AddCondition(jsii.String("StringEquals"), map[string]any{
		"kms:CallerAccount": stack.Account(),
		"kms:ViaService":    texts("dynamodb."+*stack.Region()+".amazonaws.com", "s3."+*stack.Region()+".amazonaws.com"),
	})
	return statement
}

// byPublishers lets alarms and SES write to encrypted topics.
func byPublishers(stack awscdk.Stack) awsiam.PolicyStatement {
	statement := awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String("ByPublishers"),
		Principals: &[]awsiam.IPrincipal{
			awsiam.NewServicePrincipal(jsii.String("cloudwatch.amazonaws.com"), nil),
			awsiam.NewServicePrincipal(jsii.String("ses.amazonaws.com"), nil),
		},
		Actions:   texts("kms:Decrypt", "kms:GenerateDataKey"),
		Resources: texts("*"),
	})
	statement.AddCondition(jsii.String("StringEquals"), map[string]any{"aws:SourceAccount": stack.Account()})
	return statement
}

// newMacKey makes the HMAC key from which every secret of the service is derived. KMS never shows it and never rotates
// it: rotating would void every subscriber code and link at once.
func newMacKey(stack awscdk.Stack, c Config) awskms.Key {
	return awskms.NewKey(stack, jsii.String("MacKey"), &awskms.KeyProps{
		Alias:         jsii.String(c.name("mac")),
		Description:   jsii.String("Préau " + c.Stage + ": root of subscriber codes, links and captchas; its loss voids them all"),
		KeySpec:       awskms.KeySpec_HMAC_256,
		KeyUsage:      awskms.KeyUsage_GENERATE_VERIFY_MAC,
		PendingWindow: awscdk.Duration_Days(jsii.Number(30)),
		RemovalPolicy: c.removal(),
	})
}

// newSealKey makes the key that wraps the collectivities' data keys. Roles use it for one named collectivity at a time; its
// yearly rotation is KMS's own and asks nothing of anybody. Its deletion makes all that was ever sealed unreadable.
func newSealKey(stack awscdk.Stack, c Config) awskms.Key {
	return awskms.NewKey(stack, jsii.String("SealKey"), &awskms.KeyProps{
		Alias:             jsii.String(c.name("seal")),
		Description:       jsii.String("Préau " + c.Stage + ": wraps the data keys of sealed fields; its loss loses all bank, tax and health data"),
		KeySpec:           awskms.KeySpec_SYMMETRIC_DEFAULT,
		EnableKeyRotation: jsii.Bool(true),
		PendingWindow:     awscdk.Duration_Days(jsii.Number(30)),
		RemovalPolicy:     c.removal(),
	})
}
