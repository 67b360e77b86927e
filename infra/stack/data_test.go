package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/catalog"
)

func TestTheTableIsAsTheCatalogSays(t *testing.T) {
	t.Parallel()
	table := prod().the(t, "data", "AWS::DynamoDB::GlobalTable")
	table.wants(t, map[string]any{
		"TableName": "preau-prod-table", "BillingMode": "PAY_PER_REQUEST", "StreamSpecification.StreamViewType": "NEW_IMAGE",
		"TimeToLiveSpecification.AttributeName": catalog.Table.TimeToLive, "TimeToLiveSpecification.Enabled": true,
		"SSESpecification.SSEType":             "KMS",
		"Replicas.0.Region":                    "eu-west-3",
		"Replicas.0.DeletionProtectionEnabled": true,
		"Replicas.0.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": true,
		"Replicas.0.PointInTimeRecoverySpecification.RecoveryPeriodInDays":       35,
	})
	if n := len(list(table.Properties["Replicas"])); n != 1 {
		t.Errorf("the table lives in %d regions", n)
	}
	schema := catalog.Table
	checkKeys(t, "table", table.Properties["KeySchema"], schema.PartitionKey, schema.SortKey)
	checkIndexes(t, table.Properties["LocalSecondaryIndexes"], schema.Local)
	checkIndexes(t, table.Properties["GlobalSecondaryIndexes"], schema.Global)
	for _, attribute := range list(table.Properties["AttributeDefinitions"]) {
		if at(attribute, "AttributeType") != "S" {
			t.Errorf("key %v is no text", attribute)
		}
	}
}

// The figures are the design's rush, in the same second: 1,000 parents, at most 12 write units each, 30 % of the attempts
// made again.
func TestProdsTableIsWarmForARushAndDevsCostsNothing(t *testing.T) {
	t.Parallel()
	table := prod().the(t, "data", "AWS::DynamoDB::GlobalTable")
	warm, _ := table.Properties["WarmThroughput"].(map[string]any)
	within(t, resource{Properties: warm}, "WriteUnitsPerSecond", 1000*12*1.3, 40000)
	within(t, resource{Properties: warm}, "ReadUnitsPerSecond", 12000, 40000)
	for _, index := range list(table.Properties["GlobalSecondaryIndexes"]) {
		if at(index, "WarmThroughput") == nil {
			t.Errorf("index %v is cold: it would hold the table's writes back", at(index, "IndexName"))
		}
	}
	cold := dev().the(t, "data", "AWS::DynamoDB::GlobalTable")
	if cold.Properties["WarmThroughput"] != nil || cold.at("GlobalSecondaryIndexes", 0, "WarmThroughput") != nil {
		t.Error("dev pays for warm throughput")
	}
}

func checkKeys(t *testing.T, of string, keys any, want ...string) {
	t.Helper()
	var got []string
	for _, k := range list(keys) {
		got = append(got, fmt.Sprint(at(k, "AttributeName")))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys of %s (-catalog +template):\n%s", of, diff)
	}
}

func checkIndexes(t *testing.T, indexes any, want []catalog.Index) {
	t.Helper()
	got := map[string]any{}
	for _, index := range list(indexes) {
		got[fmt.Sprint(at(index, "IndexName"))] = index
	}
	if len(got) != len(want) {
		t.Errorf("%d indexes, want %d", len(got), len(want))
	}
	for _, i := range want {
		projection := map[bool]string{true: "KEYS_ONLY", false: "ALL"}[i.KeysOnly]
		if is := at(got[i.Name], "Projection", "ProjectionType"); is != projection {
			t.Errorf("index %s projects %v, want %s", i.Name, is, projection)
		}
		checkKeys(t, i.Name, at(got[i.Name], "KeySchema"), i.PartitionKey, i.SortKey)
	}
}

func TestNobodySignsUpOrRecoversByThePoolItself(t *testing.T) {
	t.Parallel()
	pool := prod().the(t, "data", "AWS::Cognito::UserPool")
	pool.wants(t, map[string]any{
		"AdminCreateUserConfig.AllowAdminCreateUserOnly": true, "AccountRecoverySetting.RecoveryMechanisms.0.Name": "admin_only",
		"MfaConfiguration": "OFF", "UserPoolTier": "LITE", "AliasAttributes": nil, "UsernameAttributes": nil, "AutoVerifiedAttributes": nil,
		"LambdaConfig": nil, "DeletionProtection": "ACTIVE",
	})
	for rule, want := range map[string]any{"MinimumLength": 12, "RequireLowercase": false, "RequireUppercase": false, "RequireNumbers": false, "RequireSymbols": false} {
		if got := pool.at("Policies", "PasswordPolicy", rule); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("password policy: %s is %v, want %v", rule, got, want)
		}
	}
	if domains := prod().of("", "AWS::Cognito::UserPoolDomain"); len(domains) > 0 {
		t.Errorf("the pool has sign-in pages of its own: %v", domains)
	}
}

func TestBothClientsAreConfidentialAndDifferByTheirSessions(t *testing.T) {
	t.Parallel()
	sessions := map[string]float64{"PoolCitizen": catalog.CitizenSessionLife.Minutes(), "PoolAgent": catalog.AgentSessionLife.Minutes()}
	found := prod().of("data", "AWS::Cognito::UserPoolClient")
	if len(found) != len(sessions) {
		t.Errorf("%d clients", len(found))
	}
	for id, client := range found {
		name := strings.TrimPrefix(id, "data/")
		client.wants(t, map[string]any{
			"GenerateSecret": true, "ExplicitAuthFlows": "[ALLOW_ADMIN_USER_PASSWORD_AUTH ALLOW_REFRESH_TOKEN_AUTH]",
			"PreventUserExistenceErrors": "ENABLED", "EnableTokenRevocation": true,
			"AllowedOAuthFlowsUserPoolClient": false, "AllowedOAuthFlows": nil, "CallbackURLs": nil,
			"AccessTokenValidity": catalog.AccessTokenLife.Minutes(), "RefreshTokenValidity": sessions[strings.TrimRight(name, "0123456789ABCDEF")],
			"TokenValidityUnits": "map[AccessToken:minutes IdToken:minutes RefreshToken:minutes]",
		})
	}
}

// Cognito reads an empty list as "every attribute", so there has to be one, and it has to be immutable.
func TestNoClientCanWriteAnyAttributeOfAUser(t *testing.T) {
	t.Parallel()
	immutable := map[any]bool{}
	for _, attribute := range list(prod().the(t, "data", "AWS::Cognito::UserPool").Properties["Schema"]) {
		immutable[at(attribute, "Name")] = at(attribute, "Mutable") == false
	}
	for id, client := range prod().of("data", "AWS::Cognito::UserPoolClient") {
		writable, _ := client.Properties["WriteAttributes"].([]any)
		if len(writable) == 0 {
			t.Errorf("%s may write every attribute", id)
		}
		for _, name := range writable {
			if !immutable[name] {
				t.Errorf("%s may write %v", id, name)
			}
		}
	}
}

func TestBucketsArePrivateEncryptedAndTLSOnly(t *testing.T) {
	t.Parallel()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		buckets := a.of("", "AWS::S3::Bucket")
		for id, bucket := range buckets {
			bucket.wants(t, map[string]any{
				"PublicAccessBlockConfiguration":            "map[BlockPublicAcls:true BlockPublicPolicy:true IgnorePublicAcls:true RestrictPublicBuckets:true]",
				"OwnershipControls.Rules.0.ObjectOwnership": "BucketOwnerEnforced", "WebsiteConfiguration": nil,
			})
			if bucket.at("BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", "SSEAlgorithm") == nil {
				t.Errorf("%s %s is not encrypted", stage, id)
			}
		}
		policies := a.of("", "AWS::S3::BucketPolicy")
		if len(policies) != len(buckets) {
			t.Errorf("%s: %d policies for %d buckets", stage, len(policies), len(buckets))
		}
		for id, policy := range policies {
			first := policy.at("PolicyDocument", "Statement", 0)
			if at(first, "Effect") != "Deny" || at(first, "Condition", "Bool", "aws:SecureTransport") != "false" {
				t.Errorf("%s %s takes plain HTTP", stage, id)
			}
		}
	}
}

// bucket finds a bucket of the data stack by its name in the code.
func bucket(t *testing.T, a assembly, name string) resource {
	t.Helper()
	for id, r := range a.of("data", "AWS::S3::Bucket") {
		if strings.HasPrefix(id, "data/"+name) {
			return r
		}
	}
	t.Fatalf("no bucket %s", name)
	return resource{}
}

func TestAnErasedFileIsGoneWhenTheTableCanNotBeRestoredToIt(t *testing.T) {
	t.Parallel()
	for stage, days := range map[string]float64{"dev": 1, "prod": 35} {
		a := map[string]assembly{"dev": dev(), "prod": prod()}[stage]
		files := bucket(t, a, "Files")
		files.wants(t, map[string]any{
			"VersioningConfiguration.Status":                                            "Enabled",
			"LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration.NoncurrentDays": days,
			"LifecycleConfiguration.Rules.0.ExpiredObjectDeleteMarker":                  true,
			"LifecycleConfiguration.Rules.0.Prefix":                                     nil,
			"LifecycleConfiguration.Rules.0.Status":                                     "Enabled",
		})
		recovery := a.the(t, "data", "AWS::DynamoDB::GlobalTable").at("Replicas", 0, "PointInTimeRecoverySpecification", "RecoveryPeriodInDays")
		if recovery != days {
			t.Errorf("%s: the table is restored to %v days ago, files to %v", stage, recovery, days)
		}
	}
}

func TestUploadsAndExportsGoByThemselves(t *testing.T) {
	t.Parallel()
	bucket(t, prod(), "Files").wants(t, map[string]any{
		"LifecycleConfiguration.Rules.1.Prefix": "incoming/", "LifecycleConfiguration.Rules.1.ExpirationInDays": 1,
		"LifecycleConfiguration.Rules.1.NoncurrentVersionExpiration.NoncurrentDays": 1,
		"LifecycleConfiguration.Rules.2.Prefix":                                     "exports/", "LifecycleConfiguration.Rules.2.ExpirationInDays": 7,
		"LifecycleConfiguration.Rules.2.NoncurrentVersionExpiration.NoncurrentDays": 1,
	})
}

func TestOnlyThePortalsPagesUseLinksToFiles(t *testing.T) {
	t.Parallel()
	for stage, origin := range map[string]string{"dev": "[https://*.cloudfront.net]", "prod": "[https://portail.preau.example]"} {
		a := map[string]assembly{"dev": dev(), "prod": prod()}[stage]
		bucket(t, a, "Files").wants(t, map[string]any{
			"CorsConfiguration.CorsRules.0.AllowedOrigins": origin, "CorsConfiguration.CorsRules.0.AllowedMethods": "[GET PUT]",
			"CorsConfiguration.CorsRules.0.AllowedHeaders": "[content-type x-amz-checksum-sha256]", "CorsConfiguration.CorsRules.1": nil,
		})
	}
}

func TestTheLedgerIsWrittenOnce(t *testing.T) {
	t.Parallel()
	for stage, mode := range map[string]string{"dev": "GOVERNANCE", "prod": "COMPLIANCE"} {
		a := map[string]assembly{"dev": dev(), "prod": prod()}[stage]
		ledger := bucket(t, a, "Ledger")
		ledger.wants(t, map[string]any{
			"ObjectLockEnabled": true, "VersioningConfiguration.Status": "Enabled", "CorsConfiguration": nil,
			"ObjectLockConfiguration.Rule.DefaultRetention.Mode": mode, "ObjectLockConfiguration.Rule.DefaultRetention.Days": 396,
		})
		if expires, _ := ledger.at("LifecycleConfiguration", "Rules", 0, "ExpirationInDays").(float64); expires <= 396 {
			t.Errorf("%s: digests expire after %v days, and are locked for longer", stage, expires)
		}
		refused := false
		for id, policy := range a.of("data", "AWS::S3::BucketPolicy") {
			for _, s := range list(policy.at("PolicyDocument", "Statement")) {
				refused = refused || strings.HasPrefix(id, "data/Ledger") && at(s, "Effect") == "Deny" && at(s, "Action") == "s3:PutObject" &&
					at(s, "Condition", "Null", "s3:if-none-match") == "true" && at(s, "Principal", "AWS") == "*"
			}
		}
		if !refused {
			t.Errorf("%s: a new version may be laid over a digest", stage)
		}
	}
}

// A copy of the keyring of any kind would outlive the erasure of a key in it.
func TestTheKeyringHasNoCopyAndIsNotDeletedByMistake(t *testing.T) {
	t.Parallel()
	for stage, a := range map[string]assembly{"dev": dev(), "prod": prod()} {
		keyring := a.the(t, "data", "AWS::DynamoDB::Table")
		keyring.wants(t, map[string]any{
			"TableName": "preau-" + stage + "-keyring", "BillingMode": "PAY_PER_REQUEST",
			"PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": false, "StreamSpecification": nil, "KinesisStreamSpecification": nil,
			"SSESpecification.SSEType": "KMS", "DeletionProtectionEnabled": stage == "prod", "TimeToLiveSpecification": nil,
		})
		if key := a.text("data", keyring.at("SSESpecification", "KMSMasterKeyId")); key != "AWS::KMS::Key.Arn" {
			t.Errorf("%s: encrypted with %s", stage, key)
		}
		checkKeys(t, "keyring", keyring.Properties["KeySchema"], catalog.Keyring.PartitionKey)
		if backups := a.of("", "AWS::Backup::BackupPlan"); len(backups) > 0 {
			t.Errorf("%s: a backup plan may copy the keyring: %v", stage, backups)
		}
	}
}

func TestTheSealKeyRotatesAndIsUsedByRolesAlone(t *testing.T) {
	t.Parallel()
	found := 0
	for _, key := range prod().of("data", "AWS::KMS::Key") {
		if key.Properties["KeySpec"] != "SYMMETRIC_DEFAULT" {
			continue
		}
		found++
		key.wants(t, map[string]any{"EnableKeyRotation": true, "PendingWindowInDays": 30, "MultiRegion": nil})
		if policy := list(key.at("KeyPolicy", "Statement")); len(policy) != 1 || !strings.Contains(fmt.Sprint(at(policy[0], "Principal")), ":root") {
			t.Errorf("its policy lets more in than the account's roles: %v", policy)
		}
	}
	if found != 1 {
		t.Errorf("%d keys that wrap", found)
	}
}

func TestTheMacKeyOnlyMakesMacsAndTheDataKeyRotates(t *testing.T) {
	t.Parallel()
	macs := 0
	for _, key := range prod().of("data", "AWS::KMS::Key") {
		key.wants(t, map[string]any{"PendingWindowInDays": 30})
		if key.Properties["KeySpec"] == "HMAC_256" {
			macs++
			key.wants(t, map[string]any{"KeyUsage": "GENERATE_VERIFY_MAC", "EnableKeyRotation": nil})
		} else {
			key.wants(t, map[string]any{"EnableKeyRotation": true})
		}
	}
	if macs != 1 {
		t.Errorf("%d HMAC keys", macs)
	}
}

func TestTheDataKeyIsReachedThroughDynamoDBAndS3OrBySenders(t *testing.T) {
	t.Parallel()
	for _, key := range prod().of("data", "AWS::KMS::Key") {
		for _, statement := range list(key.at("KeyPolicy", "Statement")) {
			if at(statement, "Principal", "AWS") == "*" && fmt.Sprint(at(statement, "Condition", "StringEquals", "kms:ViaService")) != "[dynamodb.eu-west-3.amazonaws.com s3.eu-west-3.amazonaws.com]" {
				t.Errorf("anybody may %v", at(statement, "Action"))
			}
			if at(statement, "Principal", "Service") != nil && at(statement, "Condition", "StringEquals", "aws:SourceAccount") == nil {
				t.Errorf("%v may use the key for any account", at(statement, "Principal", "Service"))
			}
		}
	}
}

func TestProdOutlivesItsStacksAndDevDoesNot(t *testing.T) {
	t.Parallel()
	precious := []string{"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::KMS::Key", "AWS::S3::Bucket"}
	for _, kind := range precious {
		for id, r := range prod().of("data", kind) {
			if r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain" {
				t.Errorf("prod %s: %s on deletion, %s on replacement", id, r.DeletionPolicy, r.UpdateReplacePolicy)
			}
		}
		for id, r := range dev().of("data", kind) {
			if r.DeletionPolicy != "Delete" {
				t.Errorf("dev %s: %s on deletion", id, r.DeletionPolicy)
			}
		}
	}
	dev().the(t, "data", "AWS::DynamoDB::GlobalTable").wants(t, map[string]any{"Replicas.0.DeletionProtectionEnabled": false})
	dev().the(t, "data", "AWS::Cognito::UserPool").wants(t, map[string]any{"DeletionProtection": "INACTIVE"})
}

func TestMailIsSignedSentOverTLSAndItsReputationWatched(t *testing.T) {
	t.Parallel()
	prod().the(t, "data", "AWS::SES::ConfigurationSet").wants(t, map[string]any{
		"DeliveryOptions.TlsPolicy": "REQUIRE", "ReputationOptions.ReputationMetricsEnabled": true, "SuppressionOptions.SuppressedReasons": "[BOUNCE COMPLAINT]", "TrackingOptions": nil,
	})
	prod().the(t, "data", "AWS::SES::EmailIdentity").wants(t, map[string]any{
		"EmailIdentity": "preau.example", "MailFromAttributes.MailFromDomain": "retour.preau.example", "FeedbackAttributes.EmailForwardingEnabled": false,
	})
	dev().the(t, "data", "AWS::SES::EmailIdentity").wants(t, map[string]any{"EmailIdentity": "dev@preau.example"})
	kinds := map[any]int{}
	for _, record := range prod().of("data", "AWS::Route53::RecordSet") {
		kinds[record.Properties["Type"]]++
	}
	if diff := cmp.Diff(map[any]int{"CNAME": 3, "MX": 1, "TXT": 1}, kinds); diff != "" {
		t.Errorf("DKIM and MAIL FROM records (-want +got):\n%s", diff)
	}
}
