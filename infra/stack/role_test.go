package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/catalog"
)

// rights is the actions that a role has, sorted, by what they may touch.
type rights map[string][]string

func (r rights) grant(resource string, actions ...string) {
	r[resource] = append(r[resource], actions...)
	slices.Sort(r[resource])
}

// rightsOf reads all policies of a function's role.
func rightsOf(t *testing.T, a assembly, f catalog.Function, fn resource) rights {
	t.Helper()
	part := string(f.Stack)
	id, _ := at(fn.Properties["Role"], "Fn::GetAtt", 0).(string)
	role := a[part].Resources[id]
	if role.Type != "AWS::IAM::Role" || role.Properties["ManagedPolicyArns"] != nil {
		t.Fatalf("%s: role %q is %s with managed policies %v", f.Name, id, role.Type, role.Properties["ManagedPolicyArns"])
	}
	got := rights{}
	for _, policy := range list(role.Properties["Policies"]) {
		for _, statement := range list(at(policy, "PolicyDocument", "Statement")) {
			if at(statement, "Sid") == "AppendOnly" {
				continue // takes, and is held to its own test
			}
			if at(statement, "Effect") != "Allow" || at(statement, "NotAction") != nil || at(statement, "NotResource") != nil {
				t.Errorf("%s: a statement that is not a plain Allow: %v", f.Name, statement)
			}
			for _, resource := range list(at(statement, "Resource")) {
				for _, action := range list(at(statement, "Action")) {
					got.grant(a.text(part, resource), fmt.Sprint(action))
				}
			}
		}
	}
	return got
}

// list reads what IAM writes as one value or as several.
func list(value any) []any {
	if many, ok := value.([]any); ok {
		return many
	}
	return []any{value}
}

// granted is what the catalog gives a function, told without the stack's code.
func granted(stage string, f catalog.Function) rights {
	const table = "AWS::DynamoDB::GlobalTable"
	want := rights{}
	want.grant("AWS::Logs::LogGroup(/preau/"+stage+"/"+f.Name+").Arn", "logs:CreateLogStream", "logs:PutLogEvents")
	for _, op := range f.Table {
		want.grant(table+".Arn", "dynamodb:"+string(op))
	}
	if f.Index {
		for _, i := range slices.Concat(catalog.Table.Local, catalog.Table.Global) {
			want.grant(table+".Arn/index/"+i.Name, "dynamodb:Query")
		}
	}
	for _, op := range f.Pool {
		want.grant("AWS::Cognito::UserPool.Arn", "cognito-idp:"+op)
	}
	if f.Secret {
		want.grant("AWS::KMS::Key(HMAC_256).Arn", "kms:GenerateMac")
	}
	if f.Seals {
		want.grant("AWS::DynamoDB::Table.Arn", "dynamodb:GetItem", "dynamodb:PutItem")
		want.grant("AWS::KMS::Key(SYMMETRIC_DEFAULT).Arn", "kms:Decrypt", "kms:GenerateDataKey")
	}
	for _, right := range f.Files {
		if of := "AWS::S3::Bucket(Files).Arn"; right == catalog.ListFiles {
			want.grant(of, "s3:ListBucket")
		} else {
			for _, folder := range f.Folders {
				want.grant(of+"/"+folder+"*", "s3:"+string(right))
			}
		}
	}
	if f.Ledger {
		want.grant("AWS::S3::Bucket(Ledger).Arn/*", "s3:GetObject", "s3:PutObject")
		want.grant("AWS::S3::Bucket(Ledger).Arn", "s3:ListBucket")
	}
	if f.Mail {
		want.grant("arn:aws:ses:eu-west-3:AWS::AccountId:identity/AWS::SES::EmailIdentity", "ses:SendEmail")
		want.grant("arn:aws:ses:eu-west-3:AWS::AccountId:configuration-set/AWS::SES::ConfigurationSet", "ses:SendEmail")
	}
	if f.Mail && stage == "dev" {
		want.grant("arn:aws:ses:eu-west-3:AWS::AccountId:identity/*", "ses:SendEmail") // the sandbox
	}
	if f.Trigger.Streams() {
		want.grant(table+".StreamArn", "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")
	}
	if f.Trigger != (catalog.Trigger{}) {
		want.grant("AWS::SQS::Queue(preau-"+stage+"-"+f.Name+"-failed).Arn", "sqs:SendMessage")
	}
	return want
}

func TestEveryRoleMayDoExactlyWhatTheCatalogGrants(t *testing.T) {
	t.Parallel()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		functions := lambdas(a, stage)
		for _, f := range catalog.Functions {
			t.Run(stage+" "+f.Name, func(t *testing.T) {
				t.Parallel()
				if diff := cmp.Diff(granted(stage, f), rightsOf(t, a, f, functions[f.Name])); diff != "" {
					t.Errorf("rights (-catalog +role):\n%s", diff)
				}
			})
		}
	}
}

func TestEveryFunctionHasARoleOfItsOwn(t *testing.T) {
	t.Parallel()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		owner := map[string]string{}
		for name, r := range lambdas(a, stage) {
			role := fmt.Sprint(r.Properties["Role"])
			if other := owner[role]; other != "" {
				t.Errorf("%s and %s share a role", name, other)
			}
			owner[role] = name
		}
		if roles := len(a.of("", "AWS::IAM::Role")); roles != len(catalog.Functions) {
			t.Errorf("%s has %d roles for %d functions", stage, roles, len(catalog.Functions))
		}
		for _, kind := range []string{"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"} {
			if extra := a.of("", kind); len(extra) > 0 {
				t.Errorf("%s grants rights beside the roles: %v", stage, extra)
			}
		}
	}
}

func TestNoRoleHasAWildcardActionOrScans(t *testing.T) {
	t.Parallel()
	forEachRight(t, func(f catalog.Function, resource, action string) {
		if strings.Contains(action, "*") || strings.HasSuffix(action, ":Scan") || strings.Contains(action, "PartiQL") {
			t.Errorf("%s may %s on %s", f.Name, action, resource)
		}
		if resource == "*" {
			t.Errorf("%s may %s on everything", f.Name, action)
		}
	})
}

func TestOnlyFunctionsThatTheCatalogLetsMailMayMail(t *testing.T) {
	t.Parallel()
	forEachRight(t, func(f catalog.Function, _, action string) {
		if strings.HasPrefix(action, "ses:") && !f.Mail {
			t.Errorf("%s may %s", f.Name, action)
		}
	})
}

func TestMailLeavesUnderTheConfiguredDomainOrAddressOnly(t *testing.T) {
	t.Parallel()
	prodAsDomain, devAsAddress := 0, 0
	each := func(s assembly, may func(part string, statement any)) {
		for part, role := range s.of("", "AWS::IAM::Role") {
			for _, statement := range list(role.at("Policies", 0, "PolicyDocument", "Statement")) {
				if at(statement, "Action") == "ses:SendEmail" {
					may(part, statement)
				}
			}
		}
	}
	each(prod(), func(part string, statement any) {
		prodAsDomain++
		if at(statement, "Condition", "StringLike", "ses:FromAddress") != "*@preau.example" {
			t.Errorf("%s may send under any address", part)
		}
	})
	each(dev(), func(part string, statement any) {
		devAsAddress++
		if at(statement, "Condition", "StringEquals", "ses:FromAddress") != "dev@preau.example" {
			t.Errorf("%s may send under another address than the one that was verified", part)
		}
	})
	if prodAsDomain == 0 || devAsAddress == 0 {
		t.Error("nobody sends")
	}
}

func TestDataKeysAreMadeAndUnwrappedForOneNamedTownOnly(t *testing.T) {
	t.Parallel()
	found := 0
	for part, role := range prod().of("", "AWS::IAM::Role") {
		for _, statement := range list(role.at("Policies", 0, "PolicyDocument", "Statement")) {
			if !slices.Contains(list(at(statement, "Action")), any("kms:Decrypt")) {
				continue
			}
			found++
			named := at(statement, "Condition", "Null", "kms:EncryptionContext:collectivity") == "false"
			nothingElse := at(statement, "Condition", "ForAllValues:StringEquals", "kms:EncryptionContextKeys") == "collectivity"
			if !named || !nothingElse {
				t.Errorf("%s unwraps whatever it likes: %v", part, at(statement, "Condition"))
			}
		}
	}
	if found == 0 {
		t.Error("nobody unwraps anything")
	}
}

func TestNobodyErasesDataKeys(t *testing.T) {
	t.Parallel()
	forEachRight(t, func(f catalog.Function, resource, action string) {
		if strings.HasPrefix(resource, "AWS::DynamoDB::Table.") && (!f.Seals || action != "dynamodb:GetItem" && action != "dynamodb:PutItem") {
			t.Errorf("%s may %s in the keyring", f.Name, action)
		}
	})
}

func TestAFunctionThatOnlyReadsCannotWrite(t *testing.T) {
	t.Parallel()
	reading := []catalog.Operation{catalog.Get, catalog.Batch, catalog.Query}
	forEachRight(t, func(f catalog.Function, resource, action string) {
		if strings.HasPrefix(resource, "AWS::DynamoDB::Table.") {
			return // the keyring: whoever first reads something sealed makes the town's key
		}
		writes := slices.ContainsFunc(f.Table, func(op catalog.Operation) bool { return !slices.Contains(reading, op) })
		operation, onTable := strings.CutPrefix(action, "dynamodb:")
		if onTable && !writes && !f.Trigger.Streams() && !slices.Contains(reading, catalog.Operation(operation)) {
			t.Errorf("%s only reads in the catalog, but may %s", f.Name, action)
		}
	})
}

func TestNoRoleChangesOrDeletesARecordOfTheAudit(t *testing.T) {
	t.Parallel()
	want := map[string]any{
		"Sid": "AppendOnly", "Effect": "Deny", "Action": []any{"dynamodb:UpdateItem", "dynamodb:DeleteItem"},
		"Condition": map[string]any{"ForAnyValue:StringLike": map[string]any{"dynamodb:LeadingKeys": "C#*#A#*"}},
	}
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		functions := lambdas(a, stage)
		for _, f := range catalog.Functions {
			id, _ := at(functions[f.Name].Properties["Role"], "Fn::GetAtt", 0).(string)
			found := 0
			for _, s := range list(a[string(f.Stack)].Resources[id].at("Policies", 0, "PolicyDocument", "Statement")) {
				statement, _ := s.(map[string]any)
				if statement["Sid"] != "AppendOnly" {
					continue
				}
				found++
				got := maps.Clone(statement)
				delete(got, "Resource")
				if resource := a.text(string(f.Stack), statement["Resource"]); resource != "AWS::DynamoDB::GlobalTable.Arn" || !cmp.Equal(got, want) {
					t.Errorf("%s %s: of %s it may not %v", stage, f.Name, resource, got)
				}
			}
			if denied := found > 0; denied != (len(f.Table) > 0) {
				t.Errorf("%s %s reaches the table: %v, and is kept from the audit: %v", stage, f.Name, len(f.Table) > 0, denied)
			}
		}
	}
}

func TestNobodyDeletesADigestOfTheAudit(t *testing.T) {
	t.Parallel()
	forEachRight(t, func(f catalog.Function, resource, action string) {
		if strings.Contains(resource, "Bucket(Ledger)") && (!f.Ledger || strings.Contains(action, "Delete") || strings.Contains(action, "Bypass")) {
			t.Errorf("%s may %s", f.Name, action)
		}
	})
}

func forEachRight(t *testing.T, see func(f catalog.Function, resource, action string)) {
	t.Helper()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		functions := lambdas(a, stage)
		for _, f := range catalog.Functions {
			for resource, actions := range rightsOf(t, a, f, functions[f.Name]) {
				for _, action := range actions {
					see(f, resource, action)
				}
			}
		}
	}
}
