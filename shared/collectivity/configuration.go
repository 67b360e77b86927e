package collectivity

import "slices"

// Configuration is all that a tenant has set, at one version.
type Configuration struct {
	Version int
	Settings
	Activities []Activity
	Schools    []School
	Events     []Event // oldest first
}

// Activity finds one of the tenant's activities.
func (c Configuration) Activity(id string) (Activity, bool) {
	i := slices.IndexFunc(c.Activities, func(a Activity) bool { return a.ID == id })
	if i < 0 {
		return Activity{}, false
	}
	return c.Activities[i], true
}
