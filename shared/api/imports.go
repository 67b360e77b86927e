package api

// An import goes like this: create-import answers a link to which the page sends the file by PUT; check-import has it read and held
// against what is there (a job, up to a minute until it begins): show-import then has the file's columns, the mapping that was used,
// and a report per row. Checking again with another mapping makes another report. apply-import has the report in force made so (a job,
// over some minutes, with progress); undo-import takes it back while nobody has touched what it made. list-imports lists them.

// NewImport is POST /v1/collectivities/{slug}/imports: a file that is about to be sent, CSV or an Excel workbook.
type NewImport struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Of     string `json:"of" required:"true" enum:"families,schools,enrolments"` // families with their guardians and children; schools with their classes; enrolments of children who are there
	Name   string `json:"name" required:"true" max:"200"`                        // of the file
	Length int64  `json:"length" required:"true"`                                // bytes, 20 MB at most
	SHA256 string `json:"sha256" required:"true" max:"44"`                       // of the file, base64
}

// ImportLink is where to send the file to: by PUT, with exactly these headers, before the link ends. Then check-import.
type ImportLink struct {
	Import  string            `json:"import"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Until   string            `json:"until"`
}

// ImportSource says where a field comes from: a column of the file, by its heading, or the same value in each row.
type ImportSource struct {
	Field  string `json:"field" required:"true" max:"40"` // of fields in show-import: child.birthDate
	Column string `json:"column,omitempty" max:"2000"`
	Value  string `json:"value,omitempty" max:"100"`
}

// ImportCheck is POST /v1/collectivities/{slug}/imports/{import}/check: has the file read and held against what is there. Nothing is
// written of families.
type ImportCheck struct {
	Slug      string         `path:"slug" json:"-" max:"63"`
	Import    string         `path:"import" json:"-" max:"40"`
	Key       string         `header:"Idempotency-Key" json:"-" format:"key"`
	Mapping   []ImportSource `json:"mapping,omitempty" max:"100"` // left out: as the town did last, and as the headings say
	Overwrite bool           `json:"overwrite,omitempty"`         // values of the file win over those that families may edit; left out: they are kept, with a warning
}

// ImportApplication is POST /v1/collectivities/{slug}/imports/{import}/application: has the report in force made so. When the settings
// were changed, or another import was applied or undone since: 409 report_out_of_date, check again.
type ImportApplication struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Import string `path:"import" json:"-" max:"40"`
	Key    string `header:"Idempotency-Key" json:"-" format:"key"`
	Report string `json:"report" required:"true" max:"40"` // that the agent has seen
}

// ImportUndo is POST /v1/collectivities/{slug}/imports/{import}/undo: takes back what it made, as a whole, while nobody has touched any of
// it, which a subscriber code that was issued is too. Otherwise the job fails with import_touched and stays names what was touched:
// nothing is taken back then.
type ImportUndo struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Import string `path:"import" json:"-" max:"40"`
	Key    string `header:"Idempotency-Key" json:"-" format:"key"`
}

// ImportPath is GET /v1/collectivities/{slug}/imports/{import}.
type ImportPath struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Import string `path:"import" json:"-" max:"40"`
}

// ImportsQuery is GET /v1/collectivities/{slug}/imports: newest first.
type ImportsQuery struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// Import is a file that an agent brought, and how far it is.
type Import struct {
	ID        string         `json:"id"`
	Of        string         `json:"of" enum:"families,schools,enrolments"`
	Name      string         `json:"name"`
	Author    string         `json:"author"`
	CreatedAt string         `json:"createdAt"`
	State     string         `json:"state" enum:"awaited,checking,refused,checked,applying,applied,undoing,undone"`
	Job       *Job           `json:"job,omitempty"`     // of show-import: that works on it, or did last; show-job has links to the files that it made, the report among them
	Code      string         `json:"code,omitempty"`    // why the file or its mapping was refused
	Detail    string         `json:"detail,omitempty"`  // French
	Errors    []ProblemField `json:"errors,omitempty"`  // of its mapping: mapping.child.lastName
	Columns   []ImportColumn `json:"columns,omitempty"` // of the file, once it was read; of show-import
	Fields    []ImportField  `json:"fields,omitempty"`  // what columns can say; of show-import
	Mapping   []ImportSource `json:"mapping,omitempty"` // that was used
	Ignored   []string       `json:"ignored,omitempty"` // fields of the mapping that are not imported: the settings hide them
	Overwrite bool           `json:"overwrite,omitempty"`
	Report    string         `json:"report,omitempty"` // names the report in force: what apply-import takes
	Counts    *ImportCounts  `json:"counts,omitempty"`
	Repeats   []ImportRepeat `json:"repeats,omitempty"` // errors and warnings that many rows have alike, those of most rows first; of show-import
	Rows      []ImportRow    `json:"rows,omitempty"`    // the first 200 of the report, worst first; all of them are in the job's file
	Stays     []ImportRow    `json:"stays,omitempty"`   // the first 200 of what the last undoing met that was touched, and why it stays; of show-import
	AppliedAt string         `json:"appliedAt,omitempty"`
	Until     string         `json:"until"` // when it is forgotten; until then it may be undone
}

// ImportColumn is a column of the file.
type ImportColumn struct {
	Name   string `json:"name"`
	Sample string `json:"sample,omitempty"` // what stands first in it
}

// ImportField is something that a column can say.
type ImportField struct {
	Name  string `json:"name"`
	Label string `json:"label"` // French
}

// ImportCounts are how many rows have each outcome, and what the import adds, or has added.
type ImportCounts struct {
	Rows       int `json:"rows"`
	Created    int `json:"created"`
	Updated    int `json:"updated"`
	Unchanged  int `json:"unchanged"`
	Left       int `json:"left"` // to the agent: whom they are about is not sure
	Errors     int `json:"errors"`
	Warnings   int `json:"warnings"` // rows with one, whatever their outcome
	Families   int `json:"families"` // that are new
	Guardians  int `json:"guardians"`
	Children   int `json:"children"`
	Enrolments int `json:"enrolments"`
	Schools    int `json:"schools"`
	Classes    int `json:"classes"`
}

// ImportRepeat is a note that many rows have alike.
type ImportRepeat struct {
	ImportNote
	Rows int `json:"rows"` // that have it
}

// ImportRow is what becomes, or became, of a row.
type ImportRow struct {
	Line    int          `json:"line"` // of the file, the first being 1
	Who     string       `json:"who,omitempty"`
	Outcome string       `json:"outcome" enum:"created,updated,unchanged,left,error"`
	Notes   []ImportNote `json:"notes"`
}

// ImportNote is something to be told about a row.
type ImportNote struct {
	Level  string `json:"level" enum:"error,warning,info"`
	Code   string `json:"code"`
	Column string `json:"column,omitempty"` // its heading
	Detail string `json:"detail"`           // French
}
