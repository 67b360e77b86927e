package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"preau/infra/catalog"
)

// newPool makes the user pool. Usernames are opaque and nobody signs up or recovers by Cognito itself: only the
// functions, with their own checks, create users and set passwords.
func newPool(stack awscdk.Stack, c Config) awscognito.UserPool {
	pool := awscognito.NewUserPool(stack, jsii.String("Pool"), &awscognito.UserPoolProps{
		UserPoolName:        jsii.String(c.name("pool")),
		FeaturePlan:         awscognito.FeaturePlan_LITE,
		SelfSignUpEnabled:   jsii.Bool(false),
		SignInAliases:       &awscognito.SignInAliases{Username: jsii.Bool(true)},
		SignInCaseSensitive: jsii.Bool(true),
		AccountRecovery:     awscognito.AccountRecovery_NONE,
		Mfa:                 awscognito.Mfa_OFF, // agents' TOTP is checked by sign-in
		// What clients may write, below. Once a user exists, nobody can write it.
		StandardAttributes: &awscognito.StandardAttributes{
			Timezone: &awscognito.StandardAttribute{Required: jsii.Bool(false), Mutable: jsii.Bool(false)},
		},
		PasswordPolicy: &awscognito.PasswordPolicy{
			MinLength: jsii.Number(12), RequireDigits: jsii.Bool(false), RequireLowercase: jsii.Bool(false),
			RequireSymbols: jsii.Bool(false), RequireUppercase: jsii.Bool(false),
		},
		DeletionProtection: jsii.Bool(c.Keep),
		RemovalPolicy:      c.removal(),
	})
	accept(pool,
		accepted{"AwsSolutions-COG1", "Length, not composition, makes a password strong (ANSSI, NIST 800-63B)."},
		accepted{"AwsSolutions-COG2", "Agents' second factor is a TOTP that sign-in checks itself; parents have none by design."},
		accepted{"AwsSolutions-COG8", "Threat protection needs the Plus plan and the user's own call; sign-in counts failures and asks for a captcha."})
	return pool
}

// clients are the pool's two app clients, which differ by how long their sessions last.
type clients struct{ citizen, agent awscognito.UserPoolClient }

func newClients(pool awscognito.UserPool) clients {
	return clients{
		citizen: newClient(pool, "Citizen", catalog.CitizenSessionLife),
		agent:   newClient(pool, "Agent", catalog.AgentSessionLife),
	}
}

// newClientSecrets keeps what Cognito made up for the clients where the app stacks can read it when they are deployed. A
// plain output between stacks would show it to whoever may list stacks.
func newClientSecrets(stack awscdk.Stack, c Config, of clients) awssecretsmanager.Secret {
	secret := awssecretsmanager.NewSecret(stack, jsii.String("ClientSecrets"), &awssecretsmanager.SecretProps{
		Description: jsii.String("Préau " + c.Stage + ": the secrets of the user pool's app clients"),
		SecretObjectValue: &map[string]awscdk.SecretValue{
			string(catalog.Citizen): clientSecret(of.citizen), string(catalog.Agent): clientSecret(of.agent),
		},
	})
	accept(secret, accepted{"AwsSolutions-SMG4", "Cognito makes these values and does not rotate them; a new client has new ones."})
	return secret
}

// clientSecret refers to a client's secret; the value is in no template. CDK's own way to it is a custom resource.
func clientSecret(client awscognito.UserPoolClient) awscdk.SecretValue {
	made := client.Node().DefaultChild().(awscognito.CfnUserPoolClient)
	return awscdk.SecretValue_UnsafePlainText(made.AttrClientSecret())
}

// newClient makes a confidential client that only our own calls with IAM rights can sign in through.
func newClient(pool awscognito.UserPool, name string, session time.Duration) awscognito.UserPoolClient {
	return pool.AddClient(jsii.String(name), &awscognito.UserPoolClientOptions{
		GenerateSecret:             jsii.Bool(true),
		AuthFlows:                  &awscognito.AuthFlow{AdminUserPassword: jsii.Bool(true)},
		DisableOAuth:               jsii.Bool(true),
		PreventUserExistenceErrors: jsii.Bool(true),
		EnableTokenRevocation:      jsii.Bool(true),
		AccessTokenValidity:        minutes(catalog.AccessTokenLife),
		IdTokenValidity:            minutes(catalog.AccessTokenLife),
		RefreshTokenValidity:       minutes(session),
		// Cognito takes an empty list for "all of them", so the list names the one attribute that nobody can change.
		WriteAttributes: awscognito.NewClientAttributes().WithStandardAttributes(&awscognito.StandardAttributesMask{Timezone: jsii.Bool(true)}),
	})
}

func minutes(d time.Duration) awscdk.Duration {
	return awscdk.Duration_Minutes(jsii.Number(d.Minutes()))
}
