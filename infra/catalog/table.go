package catalog

// TableSchema describes a table. What the keys of the single table hold is told in shared/store/doc.go.
type TableSchema struct {
	PartitionKey, SortKey string // no sort key: one item for each partition key
	TimeToLive            string // epoch seconds
	Local                 []Index
	Global                []Index
}

// Index is a secondary index; both of its keys are strings.
type Index struct {
	Name, PartitionKey, SortKey string
	KeysOnly                    bool // project the keys alone
}

// Table is the schema of the single table. The stream carries new images.
var Table = TableSchema{
	PartitionKey: "PK",
	SortKey:      "SK",
	TimeToLive:   "expires",
	Local: []Index{
		// A family's requests, newest first, read consistently right after asking.
		{Name: "byTime", PartitionKey: "PK", SortKey: "at"},
	},
	Global: []Index{
		// Sparse: what waits for somebody. Mails to send, users to erase, requests to settle or decide, subscribers to remind.
		{Name: "work", PartitionKey: "work", SortKey: "workAt", KeysOnly: true},
	},
}

// Keyring is the schema of the table of the collectivities' wrapped data keys: one item each, by slug. It has neither stream
// nor time to live, and no point-in-time recovery, which would give an erased key back. Form: shared/seal.Keyring.
var Keyring = TableSchema{PartitionKey: "collectivity"}

// KeyringOperations are what a function that seals may do to the keyring: read, and make a collectivity's first key. Only the
// operator erases.
var KeyringOperations = []Operation{Get, Put}

// SealContext is what wrapped keys are bound to: the one key of KMS's encryption context, whose value is the slug. Nobody may
// wrap or unwrap without it.
const SealContext = "collectivity"

// AppendOnly are the partition keys, as IAM's patterns write them, in which no function changes or deletes an item: the
// audit's. Items are added there, and expire. What a put might lay over one, the audit's digests tell.
const AppendOnly = "C#*#A#*"

// Rewriting are the operations that AppendOnly forbids.
var Rewriting = []Operation{Update, Delete}
