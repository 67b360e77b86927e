package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// newTable makes the single table as the catalog says. Its name is fixed, so that a table restored under it takes its place.
func newTable(stack awscdk.Stack, c Config, key awskms.Key) awsdynamodb.TableV2 {
	schema := catalog.Table
	return awsdynamodb.NewTableV2(stack, jsii.String("Table"), &awsdynamodb.TablePropsV2{
		TableName:              jsii.String(c.name("table")),
		PartitionKey:           text(schema.PartitionKey),
		SortKey:                text(schema.SortKey),
		TimeToLiveAttribute:    jsii.String(schema.TimeToLive),
		LocalSecondaryIndexes:  localIndexes(schema.Local),
		GlobalSecondaryIndexes: globalIndexes(schema.Global, c.Warm),
		WarmThroughput:         c.Warm.throughput(),
		DynamoStream:           awsdynamodb.StreamViewType_NEW_IMAGE,
		Billing:                awsdynamodb.Billing_OnDemand(nil),
		Encryption:             awsdynamodb.TableEncryptionV2_CustomerManagedKey(key, nil),
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
			RecoveryPeriodInDays:       jsii.Number(c.RecoveryDays),
		},
		DeletionProtection: jsii.Bool(c.Keep),
		RemovalPolicy:      c.removal(),
	})
}

func localIndexes(indexes []catalog.Index) *[]*awsdynamodb.LocalSecondaryIndexProps {
	var props []*awsdynamodb.LocalSecondaryIndexProps
	for _, i := range indexes {
		props = append(props, &awsdynamodb.LocalSecondaryIndexProps{
			IndexName: jsii.String(i.Name), SortKey: text(i.SortKey), ProjectionType: projection(i),
		})
	}
	return &props
}

func globalIndexes(indexes []catalog.Index, warm Warm) *[]*awsdynamodb.GlobalSecondaryIndexPropsV2 {
	var props []*awsdynamodb.GlobalSecondaryIndexPropsV2
	for _, i := range indexes {
		props = append(props, &awsdynamodb.GlobalSecondaryIndexPropsV2{
			IndexName: jsii.String(i.Name), PartitionKey: text(i.PartitionKey), SortKey: text(i.SortKey), ProjectionType: projection(i),
			WarmThroughput: warm.throughput(), // a cold index would hold the table's writes back
		})
	}
	return &props
}

func (w Warm) throughput() *awsdynamodb.WarmThroughput {
	if w == (Warm{}) {
		return nil
	}
	return &awsdynamodb.WarmThroughput{ReadUnitsPerSecond: &w.Reads, WriteUnitsPerSecond: &w.Writes}
}

func projection(i catalog.Index) awsdynamodb.ProjectionType {
	if i.KeysOnly {
		return awsdynamodb.ProjectionType_KEYS_ONLY
	}
	return awsdynamodb.ProjectionType_ALL
}

func text(name string) *awsdynamodb.Attribute {
	return &awsdynamodb.Attribute{Name: jsii.String(name), Type: awsdynamodb.AttributeType_STRING}
}
