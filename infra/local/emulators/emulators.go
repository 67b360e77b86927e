package emulators

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"preau/infra/catalog"
)

// Options of a stack.
type Options struct {
	Modules     string             // folder of package.json
	Dir         string             // where state is kept; empty: nothing outlives the stack
	Logs        string             // folder of the programs' logs; empty: with the state
	Portal      string             // origin that links in mails lead to
	MailboxPort int                // of the mailbox page; 0: any
	Functions   []catalog.Function // who may call; nil: the catalog's
	Progress    io.Writer          // told what takes long; nil: nobody
	Report      func(line string)  // told of a function that lacks a right; nil: nobody
}

// A Stack is every service that Préau uses, running.
type Stack struct {
	Resources Resources
	Fresh     bool   // the table was made just now
	Logs      string // folder of the programs' logs
	Guard     *Guard
	Objects   *Objects

	programs []*program
	servers  []*server
	scratch  string // removed on Close
	ended    chan error
	closing  atomic.Bool
}

const (
	tableName   = "preau-local"
	keyringName = "preau-local-keyring"
	startLimit  = time.Minute // a laptop under load takes long to start Java
)

// Start installs what is missing, starts everything and creates tables, pool and bucket. It returns when all
// answers. The programs end with this process, however that ends.
func Start(ctx context.Context, o Options) (*Stack, error) {
	if o.Functions == nil {
		o.Functions = catalog.Functions
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if o.Report == nil {
		o.Report = func(string) {}
	}
	if err := checkRuntimes(ctx); err != nil {
		return nil, err
	}
	if err := Install(ctx, o.Modules, o.Progress); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	s := &Stack{}
	if err := s.start(ctx, o); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context, o Options) error {
	dirs, err := s.folders(o.Dir, o.Logs)
	if err != nil {
		return err
	}
	kept, err := readSecrets(dirs.secrets)
	if err != nil {
		return err
	}
	clients := []appClient{
		newAppClient(citizens, "citizen", kept.CitizenSecret, catalog.CitizenSessionLife),
		newAppClient(agents, "agent", kept.AgentSecret, catalog.AgentSessionLife),
	}
	if err := seedCognito(dirs.cognito, clients); err != nil {
		return fmt.Errorf("seed the user pool: %w", err)
	}
	at, err := s.run(ctx, o.Modules, dirs)
	if err != nil {
		return err
	}
	if err := s.face(o, dirs, kept, clients, at); err != nil {
		return err
	}
	s.watch()
	s.Fresh, err = createTables(ctx, DynamoDB(at.dynamodb))
	return err
}

// watch tells Ended of the first program that ends before Close.
func (s *Stack) watch() {
	s.ended = make(chan error, len(s.programs))
	for _, p := range s.programs {
		go func() {
			<-p.Done()
			if !s.closing.Load() {
				s.ended <- fmt.Errorf("%s ended by itself (%s); its log is %s", p.name, p.Ending(), p.log)
			}
		}()
	}
}

// Ended says which program ended by itself, and how. Without it the stack is of no use any more.
func (s *Stack) Ended() <-chan error { return s.ended }

// folders of one stack. dynamodb, s3 and mails are empty when they live in memory.
type folders struct{ logs, cognito, secrets, dynamodb, s3, pool, mails string }

func (s *Stack) folders(dir, logs string) (f folders, err error) {
	if dir == "" {
		if s.scratch, err = os.MkdirTemp("", "preau-"); err != nil {
			return f, err
		}
		f = folders{logs: s.scratch, cognito: s.scratch, secrets: filepath.Join(s.scratch, "secrets.json")}
	} else {
		if dir, err = filepath.Abs(dir); err != nil {
			return f, err
		}
		f = folders{
			logs: filepath.Join(dir, "logs"), cognito: dir, secrets: filepath.Join(dir, "secrets.json"),
			dynamodb: filepath.Join(dir, "dynamodb"), s3: filepath.Join(dir, "s3"), pool: poolFile(dir),
			mails: filepath.Join(dir, "mails.jsonl"),
		}
	}
	if logs != "" {
		if f.logs, err = filepath.Abs(logs); err != nil {
			return f, err
		}
	}
	s.Logs = f.logs
	for _, d := range []string{f.logs, f.dynamodb} {
		if d != "" {
			err = errors.Join(err, os.MkdirAll(d, 0o700))
		}
	}
	return f, err
}

// secrets are what a stack makes up once: they live as long as its state.
type secrets struct {
	CitizenSecret, AgentSecret string
	MacKey, SealKey            []byte
}

// readSecrets reads what is kept and makes up what is not: a folder may be from before there was a seal key.
func readSecrets(file string) (s secrets, err error) {
	body, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if s.SealKey != nil {
		return s, nil
	}
	if s.MacKey == nil {
		s = secrets{CitizenSecret: random(), AgentSecret: random(), MacKey: []byte(random())}
	}
	s.SealKey = randomBytes()
	return s, writeJSON(file, s)
}

func random() string { return hex.EncodeToString(randomBytes()) }

func randomBytes() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return b
}

// addresses of the programs themselves, behind the proxies.
type addresses struct{ dynamodb, cognito, ses string }

// run starts the three programs and waits for them together.
func (s *Stack) run(ctx context.Context, modules string, dirs folders) (at addresses, err error) {
	starts := []struct {
		address *string
		start   func(port int) (*program, error)
	}{
		{&at.dynamodb, func(port int) (*program, error) { return startDynamoDB(modules, dirs.dynamodb, dirs.logs, port) }},
		{&at.cognito, func(port int) (*program, error) { return startCognito(modules, dirs.cognito, dirs.logs, port) }},
		{&at.ses, func(port int) (*program, error) { return startSES(modules, dirs.mails, dirs.logs, port) }},
	}
	for _, p := range starts {
		port, err := freePort()
		if err != nil {
			return at, err
		}
		running, err := p.start(port)
		if err != nil {
			return at, err
		}
		s.programs = append(s.programs, running)
		*p.address = fmt.Sprintf("http://127.0.0.1:%d", port)
	}
	for i, p := range starts {
		if err := s.programs[i].ready(ctx, *p.address); err != nil {
			return at, err
		}
	}
	return at, nil
}

// face opens the proxies and in-process services and fills in Resources.
func (s *Stack) face(o Options, dirs folders, kept secrets, clients []appClient, at addresses) (err error) {
	callers := newCallers(o.Functions, o.Report)
	s.Objects, err = newObjects(dirs.s3, callers, o.Portal)
	if err != nil {
		return fmt.Errorf("open the object store: %w", err)
	}
	s.Guard = &Guard{callers: callers, next: at.dynamodb}
	pool := &shim{callers: callers, pool: dirs.pool, plain: passTo(at.cognito), clients: map[string]appClient{}}
	pool.local = DynamoDB(at.cognito)
	pool.local.Prefix = "AWSCognitoIdentityProviderService"
	for _, c := range clients {
		pool.clients[c.ClientID] = c
	}
	keys := kms{callers: callers, mac: hmacKey{macKeyID, kept.MacKey}}
	if keys.seal, err = newWrappingKey(sealKeyID, kept.SealKey); err != nil {
		return err
	}

	s.Resources = Resources{
		Table: tableName, Pool: poolID, CitizenClient: citizens, AgentClient: agents, MacKey: macKeyID, Files: filesName, Ledger: ledgerName,
		Keyring: keyringName, SealKey: sealKeyID,
		CitizenSecret: kept.CitizenSecret, AgentSecret: kept.AgentSecret,
		MailFrom: "ne-pas-repondre@preau.localhost", MailConfig: "preau-local",
		Issuer: issuer + "/" + poolID, Portal: strings.TrimSuffix(o.Portal, "/"), Streams: at.dynamodb,
	}
	r := &s.Resources
	for _, f := range []struct {
		url     *string
		port    int
		handler http.Handler
	}{
		{&r.DynamoDB, 0, s.Guard},
		{&r.Cognito, 0, pool},
		{&r.KMS, 0, keys},
		{&r.S3, 0, s.Objects},
		{&r.SES, o.MailboxPort, mailbox{callers: callers, next: passTo(at.ses)}},
	} {
		srv, err := serve(f.port, f.handler)
		if err != nil {
			return err
		}
		s.servers = append(s.servers, srv)
		*f.url = srv.URL
	}
	r.Mailbox = r.SES
	return nil
}

// Ids of the local KMS keys.
const (
	macKeyID  = "5f0c1d6e-0000-4000-8000-6c6f63616c00"
	sealKeyID = "5f0c1d6e-0000-4000-8000-6c6f63616c01"
)

// Close stops everything. Callers should be gone by then.
func (s *Stack) Close() {
	s.closing.Store(true)
	for _, srv := range s.servers {
		srv.Close()
	}
	for _, p := range s.programs {
		p.Stop(5 * time.Second)
	}
	if s.scratch != "" {
		_ = os.RemoveAll(s.scratch)
	}
}
