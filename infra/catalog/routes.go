package catalog

// Routes is the HTTP API. What is not here goes to the $default function.
var Routes = []Route{
	{"GET", "/v1/collectivities/{slug}", "show-collectivity", Anyone, 200},
	{"GET", "/v1/captcha", "issue-captcha", Anyone, 200},

	{"POST", "/v1/accounts", "sign-up", Anyone, 202},
	{"POST", "/v1/accounts/activation", "activate-account", Anyone, 200},
	{"POST", "/v1/accounts/activation/mail", "resend-activation", Anyone, 202},
	{"POST", "/v1/password-resets", "request-password-reset", Anyone, 202},
	{"PUT", "/v1/password-resets", "reset-password", Anyone, 200},
	{"POST", "/v1/sessions", "sign-in", Anyone, 200},
	{"POST", "/v1/sessions/refresh", "refresh-session", Anyone, 200},
	{"DELETE", "/v1/sessions", "sign-out", Anyone, 204},

	{"GET", "/v1/me", "show-me", Citizens, 200},
	{"PATCH", "/v1/me", "update-me", Citizens, 200},
	{"PUT", "/v1/me/password", "change-password", Citizens, 200},
	{"POST", "/v1/me/email", "change-email", Citizens, 202},
	{"PUT", "/v1/me/email", "confirm-email", Citizens, 200},
	{"GET", "/v1/me/subscriptions", "list-subscriptions", Citizens, 200},
	{"POST", "/v1/me/subscriptions", "subscribe", Citizens, 201},
	{"POST", "/v1/me/subscriptions/preview", "preview-subscription", Citizens, 200},
	{"DELETE", "/v1/me/subscriptions/{family}", "unsubscribe", Families, 204},

	{"GET", "/v1/families/{family}", "show-family-file", Families, 200},
	{"POST", "/v1/families/{family}/changes", "update-family-file", Families, 202},
	{"GET", "/v1/families/{family}/changes", "list-changes", Families, 200},
	{"DELETE", "/v1/families/{family}/changes/{change}", "withdraw-change", Families, 204},
	{"GET", "/v1/families/{family}/planning", "show-planning", Families, 200},
	{"POST", "/v1/families/{family}/requests", "request-booking", Families, 201},
	{"POST", "/v1/families/{family}/requests/preview", "preview-request", Families, 200},
	{"GET", "/v1/families/{family}/requests", "list-requests", Families, 200},
	{"GET", "/v1/families/{family}/requests/{request}", "show-request", Families, 200},
	{"DELETE", "/v1/families/{family}/requests/{request}", "cancel-request", Families, 200},

	{"POST", "/v1/families/{family}/calendar", "create-calendar-link", Families, 201},
	{"GET", "/v1/families/{family}/calendar", "show-calendar-link", Families, 200},
	{"DELETE", "/v1/families/{family}/calendar", "revoke-calendar-link", Families, 204},
	{"GET", "/v1/calendar/{token}", "show-calendar-feed", Anyone, 200},

	{"PUT", "/v1/families/{family}/reminders", "set-reminders", Families, 200},
	{"GET", "/v1/families/{family}/reminders", "show-reminders", Families, 200},

	{"GET", "/v1/collectivities/{slug}/changes", "list-pending-changes", Readers, 200},
	{"POST", "/v1/collectivities/{slug}/changes/decisions", "decide-changes", Reviewers, 200},
	{"GET", "/v1/collectivities/{slug}/requests", "list-pending-requests", Readers, 200},
	{"POST", "/v1/collectivities/{slug}/requests/decisions", "decide-requests", Reviewers, 200},

	{"POST", "/v1/collectivities/{slug}/families/{family}/requests", "book-for-family", Reviewers, 201},

	{"GET", "/v1/collectivities/{slug}/attendance", "show-attendance", Readers, 200},
	{"PUT", "/v1/collectivities/{slug}/attendance", "record-attendance", Reviewers, 200},
	{"POST", "/v1/collectivities/{slug}/attendance/justifications", "justify-absence", Reviewers, 200},

	{"GET", "/v1/collectivities/{slug}/activities", "list-activities", Readers, 200},
	{"POST", "/v1/collectivities/{slug}/activities", "create-activity", Managers, 201},
	{"PUT", "/v1/collectivities/{slug}/activities/{activity}", "update-activity", Managers, 200},
	{"POST", "/v1/collectivities/{slug}/activities/simulation", "simulate-rule", Readers, 200},
	{"GET", "/v1/collectivities/{slug}/schools", "list-schools", Readers, 200},
	{"POST", "/v1/collectivities/{slug}/schools", "create-school", Managers, 201},
	{"PUT", "/v1/collectivities/{slug}/schools/{school}", "update-school", Managers, 200},
	{"GET", "/v1/collectivities/{slug}/calendar", "show-calendar", Readers, 200},
	{"PUT", "/v1/collectivities/{slug}/calendar", "update-calendar", Managers, 200},
	{"GET", "/v1/collectivities/{slug}/events", "list-events", Readers, 200},
	{"POST", "/v1/collectivities/{slug}/events", "declare-event", Reviewers, 201},
	{"DELETE", "/v1/collectivities/{slug}/events/{event}", "revoke-event", Reviewers, 200},
	{"GET", "/v1/collectivities/{slug}/enrolments", "list-enrolments", Readers, 200},
	{"POST", "/v1/collectivities/{slug}/enrolments", "create-enrolments", Managers, 200},
	{"PUT", "/v1/collectivities/{slug}/enrolments/{enrolment}", "update-enrolment", Managers, 200},
	{"POST", "/v1/collectivities/{slug}/enrolments/import", "import-enrolments", Managers, 200},
}
