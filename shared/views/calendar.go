package views

import (
	"preau/shared/api"
	"preau/shared/store"
)

// CalendarLink shows a link in force: portal is the origin of the site, token its secret.
func CalendarLink(link store.CalendarLink, portal, token string) api.CalendarLink {
	return api.CalendarLink{Active: true, URL: portal + "/v1/calendar/" + token + ".ics", Since: Instant(link.Since)}
}
