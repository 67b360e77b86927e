// Package arrows holds the sources against the arrows of the design: who may import whom, what a function's folder holds,
// and the house rules that a parser can see. It has tests only.
package arrows

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// A rule says what one package of shared may import besides the standard library.
type rule struct {
	shared  []string // packages of shared
	modules []string // import paths of others, with all below them
	because string   // why, where the design's arrow alone would not allow it
}

const (
	sdk    = "github.com/aws/aws-sdk-go-v2/"
	smithy = "github.com/aws/smithy-go" // the SDK's own error types
)

var (
	domain = []string{
		"account", "booking", "calendar", "captcha", "code", "collectivity", "family", "id", "ledger", "notice", "refusal", "schooldays", "seal", "throttle",
	}
	pure     = rule{shared: domain}
	services = []string{"store", "identity", "keys", "mail", "awsconfig"}
)

func with(lists ...[]string) []string { return slices.Concat(lists...) }

// arrows is the whole of shared: a package that is not here has no arrows yet.
var arrows = map[string]rule{
	"api": {},

	"account":      pure,
	"booking":      pure,
	"calendar":     pure,
	"code":         pure,
	"collectivity": pure,
	"family":       pure,
	"ledger":       pure,
	"notice":       pure,
	"refusal":      pure,
	"seal":         {}, // what it seals, it need not know
	"throttle":     pure,
	"captcha": {
		shared: domain, modules: []string{"github.com/altcha-org/altcha-lib-go"},
		because: "the widget and its library share a protocol; ours would be a copy of it",
	},
	"schooldays": {
		shared: domain, modules: []string{"github.com/rickar/cal/v2"},
		because: "public holidays and Easter are computed by a kept library; calendar itself stays free of it",
	},
	"id": {
		shared: domain, modules: []string{"github.com/oklog/ulid/v2"},
		because: "ids are ULIDs, a published format",
	},

	"feed": {
		shared: domain, modules: []string{"github.com/arran4/golang-ical"},
		because: "iCalendar's escaping and folding are a kept library's; only the feed needs them",
	},

	"sheet": {
		shared: domain, modules: []string{"golang.org/x/text/unicode/norm"},
		because: "names stand in order whatever their accents: which letter bears them is Unicode's table",
	},
	"sheet/xlsx": {
		shared: with(domain, []string{"sheet"}), modules: []string{"github.com/xuri/excelize/v2"},
		because: "a workbook is a kept library's; it is half of a function's size, so only who makes workbooks carries it",
	},
	"glyph": {
		modules: []string{"golang.org/x/image/font", "golang.org/x/text/unicode/norm"},
		because: "what is printed is printed in a free font; which letters it lacks is for the font to say",
	},
	"sheet/pdf": {
		shared: with(domain, []string{"sheet", "glyph"}), modules: []string{"codeberg.org/go-pdf/fpdf"},
		because: "a PDF is a kept library's",
	},
	"letter": {
		shared: with(domain, []string{"glyph"}), modules: []string{"codeberg.org/go-pdf/fpdf", "github.com/skip2/go-qrcode", "golang.org/x/text/unicode/norm"},
		because: "a PDF and a QR code are kept libraries'",
	},

	"filetype": pure,
	"picture": {
		shared: with(domain, []string{"filetype"}), modules: []string{"golang.org/x/image/draw"},
		because: "scaling is a kept library's; only what looks at uploads carries it",
	},
	"paper": {
		shared: with(domain, []string{"filetype", "picture"}), modules: []string{"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"},
		because: "reading and writing PDFs is a kept library's, and it doubles a function: only what looks at uploads carries it",
	},

	// Not among the domain that others import: its library is larger than the rest of a function.
	"phone": {
		modules: []string{"github.com/nyaruka/phonenumbers"},
		because: "which telephone numbers exist is a table that changes every month",
	},

	"bank": {
		modules: []string{"github.com/jbub/banking/iban", "github.com/jbub/banking/swift"},
		because: "lengths and check digits of each country's IBANs are a published register",
	},

	"awsconfig": {modules: []string{sdk + "aws"}},
	"store": {
		shared: with(domain, []string{"awsconfig", "importing"}), modules: []string{sdk + "aws", sdk + "service/dynamodb", sdk + "feature/dynamodb", smithy, "golang.org/x/text/unicode/norm"},
		because: "the directory finds names whatever their accents: which letter bears them is Unicode's table; an import is kept with its mapping and report",
	},
	"identity": {
		shared:  with(domain, []string{"awsconfig"}),
		modules: []string{sdk + "aws", sdk + "service/cognitoidentityprovider", smithy},
	},
	"keys": {
		shared:  with(domain, []string{"awsconfig"}),
		modules: []string{sdk + "aws", sdk + "service/kms", smithy},
	},
	"files": {
		shared:  with(domain, []string{"awsconfig"}),
		modules: []string{sdk + "aws", smithy},
	},
	"files/bucket": {
		shared: with(domain, []string{"awsconfig"}), modules: []string{sdk + "aws", sdk + "service/s3", smithy},
		because: "S3's client is apart from links, which functions that start cold make without it",
	},
	"mail": {
		shared:  with(domain, []string{"awsconfig"}),
		modules: []string{sdk + "aws", sdk + "service/sesv2", smithy},
	},

	"httpapi": {shared: with(domain, []string{"api"}), modules: []string{"github.com/aws/aws-lambda-go"}},

	"background":  {shared: domain},
	"credentials": {shared: with(domain, services), because: "replaces a Cognito user and the record of it, for two use cases"},
	"tabular": {
		shared: domain, modules: []string{"golang.org/x/text/encoding/charmap"},
		because: "what French Windows writes is a published table",
	},
	"importing": {shared: with(domain, []string{"tabular"}), because: "rows of a table are what it is about; it reads none itself"},
	"enrolment": {shared: with(domain, []string{"store"}), because: "enrols many children at once, for several use cases"},
	"rollover":  {shared: with(domain, []string{"enrolment"}), because: "which enrolments go on is decided as those of any other day are"},
	"views":     {shared: with(domain, []string{"api", "store", "enrolment", "rollover", "files", "importing"}), because: "turns what the store reads into the API's outputs, links to files among them"},
}

func TestEachPackageOfSharedImportsOnlyWhatItsArrowsAllow(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t, func(f file) bool { return f.under("shared") && !f.test() }) {
		name := strings.TrimPrefix(f.folder(), "shared/")
		r, known := arrows[name]
		if !known {
			t.Errorf("%s: package %s has no arrows: say in the table what it may import", f.Path, name)
			continue
		}
		for _, p := range f.imports() {
			if !r.allows(p) {
				t.Errorf("%s imports %s", f.Path, p)
			}
		}
	}
}

func (r rule) allows(p string) bool {
	if ours, is := strings.CutPrefix(p, "shared/"); is {
		return slices.Contains(r.shared, ours)
	}
	return standard(p) || within(p, r.modules)
}

func TestARuleAllowsNoMoreThanItSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		of, imports string
		want        bool
	}{
		{"api", "time", true},
		{"api", "shared/refusal", false},
		{"booking", "shared/calendar", true},
		{"booking", "shared/store", false},
		{"family", "shared/phone", false},
		{"booking", "infra/catalog", false},
		{"store", "shared/captcha", true},
		{"store", sdk + "service/dynamodb/types", true},
		{"store", sdk + "service/kms", false},
		{"store", "shared/keys", false},
		{"keys", "shared/store", false},
		{"store", "shared/seal", true},
		{"seal", "shared/family", false},
		{"mail", "shared/store", false},
		{"files", sdk + "service/s3", false},
		{"id", "github.com/oklog/ulid/v2x", false},
		{"httpapi", "shared/store", false},
		{"httpapi", lambdaSDK + "/events", true},
	} {
		if got := arrows[c.of].allows(c.imports); got != c.want {
			t.Errorf("shared/%s may import %s: %v, want %v", c.of, c.imports, got, c.want)
		}
	}
}

// standard knows the standard library by its lack of a domain; our own folders are not part of it.
func standard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return !strings.Contains(first, ".") && !slices.Contains([]string{"preau", "infra", "functions", "shared", "web"}, first)
}

func within(p string, modules []string) bool {
	return slices.ContainsFunc(modules, func(m string) bool { return p == m || strings.HasPrefix(p, m+"/") })
}

func TestEachArrowBelongsToAPackage(t *testing.T) {
	t.Parallel()
	var there []string
	for _, f := range sources(t, func(f file) bool { return f.under("shared") }) {
		there = append(there, strings.TrimPrefix(f.folder(), "shared/"))
	}
	for name := range maps.Keys(arrows) {
		if !slices.Contains(there, name) {
			t.Errorf("the table names package %s, which is gone", name)
		}
	}
}

func TestADomainPackageHasAReasonForWhatItImportsOfOthers(t *testing.T) {
	t.Parallel()
	for _, name := range with(domain, []string{"api", "phone"}) {
		if r := arrows[name]; len(r.modules) > 0 && r.because == "" {
			t.Errorf("%s may import %s, and the table does not say why", name, r.modules)
		}
	}
}

// lambdaSDK is how a function that no route leads to talks to Lambda; the others do through httpapi.
const lambdaSDK = "github.com/aws/aws-lambda-go"

func TestFunctionsImportOnlySharedAndOnlyBackgroundOnesLambda(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t, func(f file) bool { return f.under("functions") && !f.test() }) {
		for _, p := range f.imports() {
			background := !routed(path.Base(f.folder())) && within(p, []string{lambdaSDK})
			if !standard(p) && !strings.HasPrefix(p, "shared/") && !background {
				t.Errorf("%s imports %s", f.Path, p)
			}
		}
	}
}

func TestTheCatalogImportsNothing(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t, func(f file) bool { return f.under("infra/catalog") && !f.test() }) {
		for _, p := range f.imports() {
			if !standard(p) {
				t.Errorf("%s imports %s", f.Path, p)
			}
		}
	}
}

// The test kit is all tests, whatever its files are called; nothing that is deployed may import it (above) or what it
// stands on.
func TestOnlyTestsImportTesting(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t, func(f file) bool { return !f.test() && !f.under("infra/testkit") }) {
		for _, p := range f.imports() {
			// The invariants read a table and know no test: the bench holds what it measured against them too.
			if p == "testing" || strings.HasPrefix(p, "infra/testkit") && p != "infra/testkit/invariants" {
				t.Errorf("%s imports %s", f.Path, p)
			}
		}
	}
}
