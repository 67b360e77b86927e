package emulators

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

// The functions that tests call as.
var (
	reader  = catalog.Function{Name: "test-reader", Table: []catalog.Operation{catalog.Get, catalog.Batch, catalog.Query}}
	writer  = catalog.Function{Name: "test-writer", Table: []catalog.Operation{catalog.Put, catalog.Update, catalog.Delete, catalog.Check}}
	finder  = catalog.Function{Name: "test-finder", Table: []catalog.Operation{catalog.Query}, Index: true}
	signer  = catalog.Function{Name: "test-signer", Pool: []string{"AdminInitiateAuth"}, Secret: true}
	sealer  = catalog.Function{Name: "test-sealer", Table: []catalog.Operation{catalog.Get, catalog.Delete}, Seals: true}
	mailer  = catalog.Function{Name: "test-mailer", Mail: true}
	linker  = catalog.Function{Name: "test-linker", Files: []catalog.FileRight{catalog.GetFile, catalog.PutFile}, Folders: []string{catalog.Kept, catalog.Incoming}}
	keeper  = catalog.Function{Name: "test-keeper", Files: []catalog.FileRight{catalog.GetFile, catalog.PutFile, catalog.DeleteFile, catalog.ListFiles}, Folders: []string{catalog.Kept, catalog.Incoming, catalog.Exports}}
	clerk   = catalog.Function{Name: "test-clerk", Ledger: true}
	nothing = catalog.Function{Name: "test-nothing"}
)

// stack is shared by the tests of this package: it takes seconds to start.
var stack = sync.OnceValues(func() (*Stack, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	return Start(context.Background(), Options{
		Modules:   root + "/infra/local/emulators",
		Portal:    portal,
		Functions: append([]catalog.Function{reader, writer, finder, signer, sealer, mailer, linker, keeper, clerk, nothing}, catalog.Functions...),
	})
})

func TestMain(m *testing.M) {
	code := m.Run()
	if s, err := stack(); err == nil {
		s.Close()
	}
	os.Exit(code)
}

func running(t *testing.T) *Stack {
	t.Helper()
	s, err := stack()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// call calls a service as f and gives the type of the refusal, empty when it was served.
func call(t *testing.T, url, prefix string, f catalog.Function, operation string, in, out any) string {
	t.Helper()
	c := awsjson.Client{URL: url, Prefix: prefix, Key: AccessKey(f.Name), HTTP: http.DefaultClient}
	err := c.Call(t.Context(), operation, in, out)
	if e, ok := err.(*awsjson.Error); ok {
		return e.Type
	}
	if err != nil {
		t.Fatal(fmt.Errorf("%s as %s: %w", operation, f.Name, err))
	}
	return ""
}

const portal = "http://localhost:8080"

var platform = catalog.Function{Name: "platform"}
