package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// newKeyring makes the table of wrapped data keys. It is a plain table, not a global one: a copy in another region would have
// to be erased too. For the same reason it has neither stream nor recovery.
func newKeyring(stack awscdk.Stack, c Config, key awskms.Key) awsdynamodb.Table {
	table := awsdynamodb.NewTable(stack, jsii.String("Keyring"), &awsdynamodb.TableProps{
		TableName:     jsii.String(c.name("keyring")),
		PartitionKey:  text(catalog.Keyring.PartitionKey),
		BillingMode:   awsdynamodb.BillingMode_PAY_PER_REQUEST,
		Encryption:    awsdynamodb.TableEncryption_CUSTOMER_MANAGED,
		EncryptionKey: key,
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(false),
		},
		DeletionProtection: jsii.Bool(c.Keep),
		RemovalPolicy:      c.removal(),
	})
	accept(table, accepted{
		"AwsSolutions-DDB3",
		"A restored keyring would give back keys that a collectivity had erased, and with them all that they open in every backup.",
	})
	return table
}
