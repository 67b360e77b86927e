package views

import (
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/store"
)

// DocumentLabel is the French name of a type of document.
func DocumentLabel(kind string) string { return documentLabels[kind] }

// StateLabel is a day's state as families read it.
func StateLabel(state string) string {
	i := slices.IndexFunc(labels, func(l api.Legend) bool { return l.State == state })
	if i < 0 {
		return state
	}
	return labels[i].Label
}

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
