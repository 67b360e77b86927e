package catalog

// TableSchema describes the one table. What its keys hold is told in shared/store/doc.go.
type TableSchema struct {
	PartitionKey, SortKey string
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
