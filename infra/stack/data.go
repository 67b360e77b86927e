package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// data is what the other stacks need of the data stack.
type data struct {
	key     awskms.Key // encrypts everything at rest
	mac     awskms.Key // root of the service's secrets
	seal    awskms.Key // wraps the collectivities' data keys
	table   awsdynamodb.TableV2
	keyring awsdynamodb.Table // of wrapped data keys
	pool    awscognito.UserPool
	clients clients
	secrets awssecretsmanager.Secret // of the clients
	sender  sender
	files   awss3.Bucket // photos, documents and exports
	ledger  awss3.Bucket // digests of the audit, written once
	alarms  awssns.Topic
}

func newData(stack awscdk.Stack, c Config) data {
	d := data{key: newKey(stack, c), mac: newMacKey(stack, c), seal: newSealKey(stack, c)}
	d.table = newTable(stack, c, d.key)
	d.keyring = newKeyring(stack, c, d.key)
	d.pool = newPool(stack, c)
	d.clients = newClients(d.pool)
	d.secrets = newClientSecrets(stack, c, d.clients)
	d.sender = newSender(stack, c)
	d.alarms = newAlarmTopic(stack, c, d.key)
	d.files = newFiles(stack, c, d.key)
	d.ledger = newLedger(stack, c, d.key)
	watchTable(stack, c, d)
	watchAccount(stack, c, d)
	output(stack, "TableName", d.table.TableName())
	output(stack, "PoolId", d.pool.UserPoolId())
	output(stack, "MacKeyId", d.mac.KeyId())
	output(stack, "KeyringName", d.keyring.TableName())
	output(stack, "SealKeyId", d.seal.KeyId())
	return d
}

// output shows a value after a deployment, for the commands of README.md.
func output(stack awscdk.Stack, name string, value *string) {
	awscdk.NewCfnOutput(stack, jsii.String(name), &awscdk.CfnOutputProps{Value: value})
}
