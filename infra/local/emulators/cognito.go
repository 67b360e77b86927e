package emulators

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"preau/infra/catalog"
)

// Names in the local user pool. The issuer is a name and no address: it stays the same when ports change, so
// sessions outlive a restart.
const (
	poolID   = Region + "_PreauLocal"
	citizens = "citizen00000000000000local"
	agents   = "agent0000000000000000local"
	issuer   = "http://cognito.preau.localhost"
)

// minPassword is the pool's only rule for passwords.
const minPassword = 12

// appClient is an app client as cognito-local keeps it.
type appClient struct {
	ClientID                   string `json:"ClientId"`
	ClientName                 string
	ClientSecret               string
	UserPoolID                 string `json:"UserPoolId"`
	ExplicitAuthFlows          []string
	AccessTokenValidity        int
	IDTokenValidity            int `json:"IdTokenValidity"`
	RefreshTokenValidity       int
	TokenValidityUnits         map[string]string
	EnableTokenRevocation      bool
	PreventUserExistenceErrors string
	ReadAttributes             []string
	WriteAttributes            []string
	CreationDate               time.Time
	LastModifiedDate           time.Time
}

func newAppClient(id, name, secret string, session time.Duration) appClient {
	now := time.Now().UTC()
	return appClient{
		ClientID: id, ClientName: name, ClientSecret: secret, UserPoolID: poolID,
		ExplicitAuthFlows:   []string{"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
		AccessTokenValidity: int(catalog.AccessTokenLife.Minutes()), IDTokenValidity: int(catalog.AccessTokenLife.Minutes()),
		RefreshTokenValidity:  int(session.Hours()),
		TokenValidityUnits:    map[string]string{"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
		EnableTokenRevocation: true, PreventUserExistenceErrors: "ENABLED", ReadAttributes: []string{}, WriteAttributes: []string{},
		CreationDate: now, LastModifiedDate: now,
	}
}

// seedCognito writes the pool and its clients where cognito-local looks for them. Users that are there stay.
func seedCognito(dir string, clients []appClient) error {
	db := filepath.Join(dir, ".cognito", "db")
	if err := os.MkdirAll(db, 0o700); err != nil {
		return err
	}
	byID := map[string]appClient{}
	for _, c := range clients {
		byID[c.ClientID] = c
	}
	err := errors.Join(
		writeJSON(filepath.Join(dir, ".cognito", "config.json"), map[string]any{"TokenConfig": map[string]string{"IssuerDomain": issuer}}),
		writeJSON(filepath.Join(db, "clients.json"), map[string]any{"Clients": byID}),
	)
	if err != nil {
		return err
	}
	return seedPool(poolFile(dir))
}

func poolFile(dir string) string { return filepath.Join(dir, ".cognito", "db", poolID+".json") }

// seedPool starts an empty pool, or checks the one that is there. cognito-local writes its file in place; where a
// kill hit it half-written, the copy that the shim keeps takes its place.
func seedPool(file string) error {
	for _, candidate := range []string{file, file + ".copy"} {
		body, err := os.ReadFile(candidate)
		if err == nil && json.Valid(body) {
			return os.WriteFile(file, body, 0o600)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return writeJSON(file, map[string]any{
		"Users": map[string]any{}, "Groups": map[string]any{},
		"Options": map[string]any{
			"Id": poolID, "Name": "preau-local", "Arn": "arn:aws:cognito-idp:" + Region + ":" + Account + ":userpool/" + poolID,
			"UsernameAttributes": []string{}, "AliasAttributes": []string{}, "MfaConfiguration": "OFF",
			"AdminCreateUserConfig": map[string]any{"AllowAdminCreateUserOnly": true},
			"Policies":              map[string]any{"PasswordPolicy": map[string]any{"MinimumLength": minPassword}},
		},
	})
}

// keepCopy saves the pool's file, which is whole between two writes.
func keepCopy(file string) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", body, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file+".copy")
}

func writeJSON(file string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", filepath.Base(file), err)
	}
	return os.WriteFile(file, body, 0o600)
}

func startCognito(modules, dir, logs string, port int) (*program, error) {
	cli := filepath.Join(modules, "node_modules", "cognito-local", "lib", "bin", "start.js")
	return startProgram("cognito", dir, logs, []string{"HOST=127.0.0.1", "PORT=" + strconv.Itoa(port)}, "node", cli)
}
