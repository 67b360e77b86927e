// Package catalog says what Préau is made of, as plain data: functions, routes, triggers and the table.
//
// It imports nothing. The CDK stack, the local platform, the OpenAPI document and the tests all read it, so that
// a use case is declared in one place and a role, a route or an alarm can not drift from it.
package catalog

import "time"

// Stack names the CDK stack that holds a function; a function belongs to those who call it.
type Stack string

// The app stacks.
const (
	Citizen    Stack = "citizen"
	Agent      Stack = "agent"
	Background Stack = "background"
)

// A Function is one Lambda: the folder functions/<Name>, its size and all that it may touch.
type Function struct {
	Name     string
	Does     string // one English sentence for the console, the map and the alarms
	Stack    Stack
	Module   string        // of the portal, which a town may not offer: to families the function is then not there
	Memory   int           // MB; Lambda gives CPU in proportion
	Timeout  time.Duration // at most 29 s behind the HTTP API
	Table    []Operation   // what it may do to the table; nothing else is granted
	Index    bool          // may query the table's indexes
	Pool     []string      // what it may do to the user pool, as Cognito's API names it
	Sessions bool          // opens, renews or ends sessions, for which it knows the app clients' secrets
	Mail     bool          // may send through SES
	Secret   bool          // may derive the service's secret from the KMS HMAC key (keys.Open)
	Seals    bool          // may seal and open sealed fields: unwraps the collectivities' data keys (keyring table and KMS key)
	Files    []FileRight   // what it may do to the bucket of photos, documents and exports
	Folders  []string      // of that bucket, under which it may
	Portal   bool          // writes addresses of the portal, though no route leads to it and it sends no mail
	Ledger   bool          // may add the audit's digests to the write-once bucket, and read them
	Trigger  Trigger       // what starts it besides routes
}

// Operation is one item-level DynamoDB permission, as IAM names it behind "dynamodb:".
// Transactions need no permission of their own: each of their items needs its own operation.
type Operation string

// The operations that a function may be granted. Scan is not among them: no use case scans.
const (
	Get    Operation = "GetItem"
	Batch  Operation = "BatchGetItem"
	Query  Operation = "Query"
	Put    Operation = "PutItem"
	Update Operation = "UpdateItem"
	Delete Operation = "DeleteItem"
	Check  Operation = "ConditionCheckItem"
)

// FileRight is one object-level S3 permission, as IAM names it behind "s3:".
type FileRight string

// The rights to files. A function that makes signed links needs the right that the link gives.
const (
	GetFile    FileRight = "GetObject"
	PutFile    FileRight = "PutObject"
	DeleteFile FileRight = "DeleteObject"
	ListFiles  FileRight = "ListBucket" // lists keys; without it S3 says of a missing file that it is forbidden
)

// Prefixes of keys whose files go by themselves, and after how long.
const (
	Incoming     = "incoming/" // files as families send them, before they are looked at
	IncomingLife = 24 * time.Hour
	Exports      = "exports/" // what persons asked to have put together, and what agents send to be imported
	Kept         = "kept/"    // photos and documents of families; these stay
	ExportsLife  = 7 * 24 * time.Hour
)

// What a page of the portal may ask the bucket of files for, by signed links: its CORS rule.
var (
	FileMethods = []string{"GET", "PUT"}
	FileHeaders = []string{"content-type", "x-amz-checksum-sha256"}
)

// Trigger is what starts a background function. Zero means: only routes.
type Trigger struct {
	// Stream names the sort-key prefix of the inserted items that the function reads from the table's stream.
	Stream string
	// Marked names the attribute that items bear, when inserted or changed, for the function to read them from the stream.
	Marked string
	// Every is the period of the function's schedule.
	Every time.Duration
	// MailEvents subscribes the function to SES's bounces and complaints.
	MailEvents bool
	// Uploads starts the function for each file that arrives under Incoming, with EventBridge's event "Object Created".
	Uploads bool
}

// Streams says whether the function reads the table's stream.
func (t Trigger) Streams() bool { return t.Stream != "" || t.Marked != "" }

// Wake is the attribute of items that have something left to be done at once: requests to be worked off, slots with a free
// place that somebody waits for, events to be carried out.
const Wake = "wake"

// Caller says who may call a route.
type Caller string

// The callers of a route. The gateway's JWT authorizer stands in front of all but Anyone.
const (
	Anyone    Caller = "anyone"
	Citizens  Caller = "citizen"    // a signed-in account
	Families  Caller = "subscriber" // a signed-in account with a subscription to the family in the path
	Reviewers Caller = "reviewer"   // an agent of the collectivity in the path, role reviewer or manager
	Readers   Caller = "reader"     // an agent of the collectivity in the path, any role
	Managers  Caller = "manager"    // an agent of the collectivity in the path, role manager
)

// A Route is one method and path of the HTTP API.
type Route struct {
	Method   string
	Path     string // API Gateway's form: /v1/families/{family}
	Function string
	Caller   Caller
	Status   int // of a success
}

// NotFound is the function behind the HTTP API's $default route.
const NotFound = "not-found"

// Limits of the HTTP API, the same locally.
const (
	MaxBody       = 1 << 20  // bytes; the functions refuse more, with a problem
	GatewayBody   = 10 << 20 // bytes; API Gateway itself refuses more, with its own body
	GatewayWait   = 29 * time.Second
	MaxConcurrent = 32 // processes of one function on the local platform
)

// How the table's stream is read.
const (
	StreamBatch   = 20 // records at most
	StreamRetries = 5  // of a record that fails, before it is set aside
)

// ContentPolicy is the site's content security policy: nothing but its own files, no inline script, no frame. Photos come from
// the bucket of files, whose origin it is given, and families send theirs there.
func ContentPolicy(files string) string {
	return "default-src 'self'; " +
		"script-src 'self'; " +
		"worker-src 'self'; " + // the captcha's worker
		"img-src 'self' data: " + files + "; " +
		"connect-src 'self' " + files + "; " +
		"object-src 'none'; " +
		"frame-ancestors 'none'; " +
		"base-uri 'none'; " +
		"form-action 'self'"
}

// SiteHeaders are what the edge says besides, on every answer: the site uses no camera, microphone, place or payment of the device,
// and shares its windows with no other site.
var SiteHeaders = map[string]string{
	"Permissions-Policy":         "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
	"Cross-Origin-Opener-Policy": "same-origin",
}

// Environment lists the variables that a function reads: each follows from what the function may touch.
func (f Function) Environment() []string {
	env := []string{EnvStage}
	if len(f.Table) > 0 {
		env = append(env, EnvTable)
	}
	if len(f.Pool) > 0 {
		env = append(env, EnvPool)
	}
	if f.Sessions {
		env = append(env, EnvCitizenClient, EnvCitizenSecret, EnvAgentSecret)
	}
	if f.Secret {
		env = append(env, EnvMacKey)
	}
	if f.Seals {
		env = append(env, EnvKeyring, EnvSealKey)
	}
	if len(f.Files) > 0 {
		env = append(env, EnvFiles)
	}
	if f.Ledger {
		env = append(env, EnvLedger)
	}
	if f.Mail {
		env = append(env, EnvMailFrom, EnvMailConfig)
	}
	if f.HTTP() {
		env = append(env, EnvOriginSecret, EnvAgentClient)
	}
	if f.Mail || f.Portal || f.HTTP() {
		env = append(env, EnvPortal)
	}
	return env
}

// HTTP says whether a route, or the $default route, leads to the function.
func (f Function) HTTP() bool {
	for _, r := range Routes {
		if r.Function == f.Name {
			return true
		}
	}
	return f.Name == NotFound
}

// Names of the environment variables.
const (
	EnvStage         = "PREAU_STAGE"                 // dev, prod; "local" on a laptop
	EnvTable         = "PREAU_TABLE"                 // the table's name
	EnvPool          = "PREAU_POOL"                  // the user pool's id
	EnvCitizenClient = "PREAU_CLIENT_CITIZEN"        // the app client whose sessions last 30 days
	EnvAgentClient   = "PREAU_CLIENT_AGENT"          // the app client whose sessions last 12 hours
	EnvCitizenSecret = "PREAU_CLIENT_CITIZEN_SECRET" // of that client
	EnvAgentSecret   = "PREAU_CLIENT_AGENT_SECRET"   // of that client
	EnvMacKey        = "PREAU_MAC_KEY"               // id of the KMS HMAC key
	EnvKeyring       = "PREAU_KEYRING"               // the table of the collectivities' wrapped data keys
	EnvSealKey       = "PREAU_SEAL_KEY"              // id of the KMS key that wraps them
	EnvFiles         = "PREAU_FILES"                 // bucket of photos, documents and exports
	EnvLedger        = "PREAU_LEDGER"                // write-once bucket of the audit's digests
	EnvPortal        = "PREAU_PORTAL"                // origin of site and API, no slash at its end
	EnvMailFrom      = "PREAU_MAIL_FROM"             // the address that mails come from
	EnvMailConfig    = "PREAU_MAIL_CONFIG"           // SES configuration set
	EnvOriginSecret  = "PREAU_ORIGIN_SECRET"         // what CloudFront's secret header may be, with a comma between two; empty locally
)

// Headers that the edge adds and the functions trust only together with the origin secret.
const (
	HeaderOrigin = "x-preau-origin" // the origin secret
	HeaderViewer = "x-preau-viewer" // the viewer's address
)

// Lifetimes of what the pool issues.
const (
	AccessTokenLife    = 15 * time.Minute
	CitizenSessionLife = 30 * 24 * time.Hour
	AgentSessionLife   = 12 * time.Hour
)
