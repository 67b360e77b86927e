package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// newRole makes a function's role: exactly what the catalog grants, its own log group, and what its trigger needs.
func (a *audience) newRole(f catalog.Function, logs awslogs.LogGroup, queue failed) awsiam.Role {
	policy := awsiam.NewPolicyDocument(nil)
	policy.AddStatements(allow("Logs", texts("logs:CreateLogStream", "logs:PutLogEvents"), logs.LogGroupArn()))
	policy.AddStatements(a.grants(f)...)
	if queue.Queue != nil {
		policy.AddStatements(allow("Failed", texts("sqs:SendMessage"), queue.QueueArn()))
	}
	role := awsiam.NewRole(a.stack, jsii.String("Role-"+f.Name), &awsiam.RoleProps{
		AssumedBy:      awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		Description:    jsii.String(f.Name + ": " + f.Does),
		InlinePolicies: &map[string]awsiam.PolicyDocument{"catalog": policy},
	})
	if findings := a.wildcards(f); len(findings) > 0 {
		accept(role, findings...)
	}
	return role
}

// grants turns what the catalog says of a function into statements, one per thing that it may touch.
func (a *audience) grants(f catalog.Function) []awsiam.PolicyStatement {
	var all []awsiam.PolicyStatement
	if len(f.Table) > 0 {
		all = append(all, allow("Table", prefixed("dynamodb:", f.Table), a.data.table.TableArn()), a.appendOnly())
	}
	if f.Index {
		all = append(all, allow("Index", texts("dynamodb:Query"), a.indexes()...))
	}
	if f.Trigger.Streams() {
		all = append(all, allow("Stream", texts("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"),
			a.data.table.TableStreamArn()))
	}
	if len(f.Pool) > 0 {
		all = append(all, allow("Pool", prefixed("cognito-idp:", f.Pool), a.data.pool.UserPoolArn()))
	}
	if f.Secret {
		all = append(all, allow("Secret", texts("kms:GenerateMac"), a.data.mac.KeyArn()))
	}
	if f.Seals {
		all = append(all, allow("Keyring", prefixed("dynamodb:", catalog.KeyringOperations), a.data.keyring.TableArn()), a.sealing())
	}
	all = append(all, a.files(f)...)
	if f.Ledger {
		all = append(all, allow("Ledger", texts("s3:GetObject", "s3:PutObject"), a.data.ledger.ArnForObjects(jsii.String("*"))),
			allow("LedgerKeys", texts("s3:ListBucket"), a.data.ledger.BucketArn()))
	}
	if f.Mail {
		all = append(all, a.sending())
	}
	return all
}

// appendOnly keeps the audit as it was written, whatever else is allowed.
func (a *audience) appendOnly() awsiam.PolicyStatement {
	statement := awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String("AppendOnly"), Effect: awsiam.Effect_DENY,
		Actions: prefixed("dynamodb:", catalog.Rewriting), Resources: &[]*string{a.data.table.TableArn()},
	})
	statement.AddCondition(jsii.String("ForAnyValue:StringLike"), map[string]any{"dynamodb:LeadingKeys": catalog.AppendOnly})
	return statement
}

// sealing allows to make and unwrap data keys, each for one named collectivity.
func (a *audience) sealing() awsiam.PolicyStatement {
	statement := allow("Seal", texts("kms:Decrypt", "kms:GenerateDataKey"), a.data.seal.KeyArn())
	statement.AddCondition(jsii.String("Null"), map[string]any{"kms:EncryptionContext:" + catalog.SealContext: "false"})
	statement.AddCondition(jsii.String("ForAllValues:StringEquals"), map[string]any{"kms:EncryptionContextKeys": catalog.SealContext})
	return statement
}

// files allows what the catalog grants on the bucket of files. Its keys are listed on the bucket, all else is done to objects.
func (a *audience) files(f catalog.Function) (all []awsiam.PolicyStatement) {
	objects := slices.DeleteFunc(slices.Clone(f.Files), func(r catalog.FileRight) bool { return r == catalog.ListFiles })
	if len(objects) > 0 {
		var folders []*string
		for _, folder := range f.Folders {
			folders = append(folders, a.data.files.ArnForObjects(jsii.String(folder+"*")))
		}
		all = append(all, allow("Files", prefixed("s3:", objects), folders...))
	}
	if len(objects) < len(f.Files) {
		all = append(all, allow("FileKeys", prefixed("s3:", []catalog.FileRight{catalog.ListFiles}), a.data.files.BucketArn()))
	}
	return all
}

// sending allows mail by the one configuration set: from the one address, or with a domain from those of the sender's, since
// a town may have its own there (collectivity.Mail).
func (a *audience) sending() awsiam.PolicyStatement {
	set := a.arn("ses", "configuration-set/"+*a.data.sender.set.ConfigurationSetName())
	resources := []*string{a.data.sender.identity.EmailIdentityArn(), set}
	if a.config.Mail.Sandbox {
		resources = append(resources, a.arn("ses", "identity/*"))
	}
	statement := allow("Mail", texts("ses:SendEmail"), resources...)
	if _, domain, _ := strings.Cut(a.config.Mail.From, "@"); a.config.Domain != (Domain{}) {
		statement.AddCondition(jsii.String("StringLike"), map[string]any{"ses:FromAddress": "*@" + domain})
	} else {
		statement.AddCondition(jsii.String("StringEquals"), map[string]any{"ses:FromAddress": a.config.Mail.From})
	}
	return statement
}

func (a *audience) indexes() []*string {
	var arns []*string
	for _, i := range append(catalog.Table.Local, catalog.Table.Global...) {
		arns = append(arns, jsii.String(*a.data.table.TableArn()+"/index/"+i.Name))
	}
	return arns
}

// wildcards are the resources of a role that are not named one by one.
func (a *audience) wildcards(f catalog.Function) (all []accepted) {
	if f.Mail && a.config.Mail.Sandbox {
		account := cmp.Or(a.config.Account, "<AWS::AccountId>")
		all = append(all, accepted{
			"AwsSolutions-IAM5[Resource::arn:aws:ses:" + a.config.Region + ":" + account + ":identity/*]",
			"In SES's sandbox recipients are identities too; the sender is fixed by a condition.",
		})
	}
	for _, folder := range f.Folders {
		all = append(all, accepted{a.objectsOf("Files", folder), "The files of one folder of the bucket."})
	}
	if f.Ledger {
		all = append(all, accepted{a.objectsOf("Ledger", ""), "The objects of the one bucket of digests, which nobody deletes."})
	}
	return all
}

// objectsOf is cdk-nag's finding that a role may touch every object in a folder of a bucket of the data stack.
func (a *audience) objectsOf(bucket, folder string) string {
	return "AwsSolutions-IAM5[Resource::" + a.config.name("data") + "." + bucket + ".Arn/" + folder + "*]"
}

func allow(id string, actions *[]*string, resources ...*string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Sid: &id, Actions: actions, Resources: &resources})
}

func prefixed[S ~string](prefix string, names []S) *[]*string {
	actions := make([]*string, len(names))
	for i, n := range names {
		actions[i] = jsii.String(prefix + string(n))
	}
	return &actions
}
