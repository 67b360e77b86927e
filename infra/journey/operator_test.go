package journey

import (
	"bytes"
	"encoding/base32"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/shared/api"
)

// operate runs the host's command, as the host does.
func operate(t *testing.T, args ...string) {
	t.Helper()
	testkit.Stack(t) // sets the environment
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"run", "preau/infra/operator"}, args...)...)
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	if err := cmd.Run(); err != nil {
		t.Fatalf("operator %v: %v\n%s", args, err, &printed)
	}
}

// join accepts the invitation that came to an address, and signs in with what it gave.
func join(t *testing.T, email, password string) *browser {
	t.Helper()
	_, token := linkIn(t, testkit.AwaitMails(t, email, 1)[0], "invitation")
	b := newBrowser(t)
	preview := want[api.InvitationPreview](b, 200, "POST", "/v1/invitations/preview", api.InvitationToken{Token: token})
	if preview.Email != email || preview.HasAccount {
		t.Errorf("the invitation: %+v", preview)
	}
	access := want[api.AgentAccess](b, 200, "POST", "/v1/invitations", api.InvitationAccepted{Token: token, Password: password})
	if access.Authenticator == nil || !strings.HasPrefix(access.Authenticator.URI, "otpauth://totp/") {
		t.Fatalf("accepted: %+v", access)
	}
	if r := b.send("POST", "/v1/invitations", api.InvitationAccepted{Token: token, Password: password}, nil); r.status != 410 {
		t.Errorf("the link a second time: got %d %s", r.status, r.body)
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(access.Authenticator.Secret)
	if err != nil {
		t.Fatal(err)
	}
	b.signInAgent(email, password, secret)
	return b
}

// TestATownFromTheHostsCommandToItsAgentsAtWork makes a town as the host does, whose first manager sets it up and invites a
// colleague; the town is suspended, and goes on.
func TestATownFromTheHostsCommandToItsAgentsAtWork(t *testing.T) {
	t.Parallel()
	slug, email, password := testkit.Collectivity(t), testkit.Address(t), "le préau ouvre à l'aube"
	operate(t, "create", "-slug", slug, "-name", "Saint-Aubin", "-zone", "B", "-manager", email, "-first", "Claire", "-last", "Petit")
	manager, town := join(t, email, password), "/v1/collectivities/"+slug

	// Settings: what is wrong is refused by its path, what is right is there for everybody at once.
	document := want[map[string]any](manager, 200, "GET", town+"/settings", nil)
	delete(document, "choices")
	document["colours"] = map[string]string{"primary": "#ffcc00", "accent": "#005a9c"}
	refused := manager.send("PUT", town+"/settings", document, nil)
	if refused.status != 400 || !strings.Contains(string(refused.body), "colour_contrast") || !strings.Contains(string(refused.body), "colours.primary") {
		t.Errorf("yellow on white: got %d %s", refused.status, refused.body)
	}
	document["colours"] = map[string]string{"primary": "#7a0b3f", "accent": "#005a9c"}
	want[api.Settings](manager, 200, "PUT", town+"/settings", document)
	if r := manager.send("PUT", town+"/settings", document, nil); r.status != 409 || r.code() != "settings_moved" {
		t.Errorf("the same version again: got %d %s", r.status, r.body)
	}
	if got := want[api.Collectivity](newBrowser(t), 200, "GET", town, nil); got.Colours.Primary != "#7a0b3f" {
		t.Errorf("the public page: %+v", got.Colours)
	}

	// A colleague is invited, reads, and may not set anything up.
	colleague := testkit.Address(t)
	want[api.Agent](manager, 201, "POST", town+"/agents", api.NewInvitation{Email: colleague, FirstName: "Odile", LastName: "Garnier", AgentRight: api.AgentRight{Role: "reviewer"}})
	reviewer := join(t, colleague, password)
	want[api.List[api.PendingRequest]](reviewer, 200, "GET", town+"/requests", nil)
	if r := reviewer.send("GET", town+"/settings", nil, nil); r.status != 404 && r.status != 403 {
		t.Errorf("a reviewer reads settings: got %d %s", r.status, r.body)
	}
	agents := want[api.List[api.Agent]](manager, 200, "GET", town+"/agents", nil).Items
	theirs := agents[slices.IndexFunc(agents, func(a api.Agent) bool { return a.Email == colleague })]

	// Suspended, the town is closed; resumed, it is open.
	operate(t, "suspend", "-slug", slug)
	for _, b := range []*browser{manager, reviewer} {
		if r := b.send("GET", town+"/requests", nil, nil); r.status != 403 || r.code() != "collectivity_suspended" {
			t.Errorf("while suspended: got %d %s", r.status, r.body)
		}
	}
	operate(t, "resume", "-slug", slug)
	want[api.List[api.PendingRequest]](reviewer, 200, "GET", town+"/requests", nil)

	// Removed, the colleague is out with their next call; the manager stays.
	want[struct{}](manager, 204, "DELETE", town+"/agents/"+theirs.ID, nil)
	if r := reviewer.send("GET", town+"/requests", nil, nil); r.status != 404 {
		t.Errorf("once removed: got %d %s", r.status, r.body)
	}
	want[api.Settings](manager, 200, "GET", town+"/settings", nil)
}
