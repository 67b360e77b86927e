package views

import (
	"time"

	"preau/shared/api"
	"preau/shared/store"
)

// Export shows how far an export is.
func Export(e store.Export, now time.Time) api.Export {
	if e.ID == "" || e.Parked {
		return api.Export{State: "none"}
	}
	out := api.Export{State: "preparing", RequestedAt: Instant(e.RequestedAt)}
	if e.Preparing() {
		return out
	}
	out.State, out.ReadyAt, out.Until = "expired", Instant(e.ReadyAt), Instant(e.Until)
	if e.Ready(now) {
		out.State = "ready"
	}
	return out
}
