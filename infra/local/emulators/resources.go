package emulators

import (
	"strings"

	"preau/infra/catalog"
)

// Region is where the local platform pretends to be.
const Region = "eu-west-3"

// Account is the AWS account in local ARNs.
const Account = "000000000000"

// Resources says where everything is: what a deployed function reads from its environment, and the emulators'
// addresses. It travels as JSON from the platform to the tests.
type Resources struct {
	Table         string
	Pool          string
	CitizenClient string
	AgentClient   string
	CitizenSecret string
	AgentSecret   string
	MacKey        string
	Keyring       string
	SealKey       string
	Files         string
	Ledger        string
	MailFrom      string
	MailConfig    string

	Issuer string // of the pool's tokens
	Portal string // origin of site and API
	// Mailbox is the page that shows sent mails; Mailbox + "/store" is the same as JSON.
	Mailbox string

	// Endpoints. DynamoDB, Cognito, SES and KMS check the caller's rights.
	DynamoDB string
	Cognito  string
	SES      string
	KMS      string
	S3       string
	// Streams is DynamoDB Local itself, for the platform alone: it serves streams and checks nothing.
	Streams string
}

// EnvStack names the variable by which a running platform tells tests the path of its Resources as JSON.
const EnvStack = "PREAU_TEST_STACK"

// Variables are the values of the catalog's environment variables.
func (r Resources) Variables() map[string]string {
	return map[string]string{
		catalog.EnvStage:         "local",
		catalog.EnvTable:         r.Table,
		catalog.EnvPool:          r.Pool,
		catalog.EnvCitizenClient: r.CitizenClient,
		catalog.EnvAgentClient:   r.AgentClient,
		catalog.EnvCitizenSecret: r.CitizenSecret,
		catalog.EnvAgentSecret:   r.AgentSecret,
		catalog.EnvMacKey:        r.MacKey,
		catalog.EnvKeyring:       r.Keyring,
		catalog.EnvSealKey:       r.SealKey,
		catalog.EnvFiles:         r.Files,
		catalog.EnvLedger:        r.Ledger,
		catalog.EnvPortal:        r.Portal,
		catalog.EnvMailFrom:      r.MailFrom,
		catalog.EnvMailConfig:    r.MailConfig,
		catalog.EnvOriginSecret:  "",
	}
}

// AWS is what the AWS clients read from the environment to reach the emulators with an access key.
func (r Resources) AWS(key string) map[string]string {
	return map[string]string{
		"AWS_REGION":                                 Region,
		"AWS_DEFAULT_REGION":                         Region,
		"AWS_ACCESS_KEY_ID":                          key,
		"AWS_SECRET_ACCESS_KEY":                      secretKey,
		"AWS_ENDPOINT_URL_DYNAMODB":                  r.DynamoDB,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": r.Cognito,
		"AWS_ENDPOINT_URL_SESV2":                     r.SES,
		"AWS_ENDPOINT_URL_KMS":                       r.KMS,
		"AWS_ENDPOINT_URL_S3":                        r.S3,
	}
}

// secretKey goes with every access key: it proves nothing here, and signs links.
const secretKey = "local"

// PlatformKey is the access key of the platform itself and of tests: it may do everything.
const PlatformKey = "localplatform"

// AccessKey is the access key of one function. DynamoDB Local takes only letters and digits.
func AccessKey(function string) string {
	return "local" + strings.ReplaceAll(function, "-", "")
}
