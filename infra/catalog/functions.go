package catalog

import "time"

// Sizes. 512 MB is where the bill of a 100-ms Go function stops falling: more CPU shortens it by as much.
const (
	usual   = 512
	small   = 256
	quick   = 10 * time.Second
	patient = 28 * time.Second // waits for places under contention; answers before the gateway's 29 s
	worker  = 2 * time.Minute
	lengthy = 3 * time.Minute // copies hundreds of files; no longer, or a data key that was erased would be used for too long
)

// What Cognito lets our functions do; names as in its API.
const (
	poolAuth     = "AdminInitiateAuth"
	poolCreate   = "AdminCreateUser"
	poolPassword = "AdminSetUserPassword"
	poolDelete   = "AdminDeleteUser"
)

// Functions is every Lambda of the service.
var Functions = []Function{
	{Name: NotFound, Does: "Answers unknown routes and methods with a problem.", Stack: Citizen, Memory: small, Timeout: quick},

	{
		Name: "show-collectivity", Does: "Shows what anyone may know of a collectivity.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Query},
	},
	{
		Name: "show-logo", Does: "Shows a collectivity's logo.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Query},
	},
	{Name: "issue-captcha", Does: "Issues a proof-of-work challenge.", Stack: Citizen, Memory: usual, Timeout: quick, Secret: true},

	{
		Name: "sign-up", Does: "Takes a sign-up and has the activation link mailed.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Query, Put, Update}, Pool: []string{poolCreate, poolPassword}, Secret: true,
	},
	{
		Name: "activate-account", Does: "Turns a sign-up into an account and signs its person in.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete}, Pool: []string{poolAuth}, Sessions: true, Secret: true,
	},
	{
		Name: "resend-activation", Does: "Has the activation link mailed again.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Query, Put, Update}, Secret: true,
	},
	{
		Name: "request-password-reset", Does: "Has a link for a new password mailed.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update}, Secret: true,
	},
	{
		Name: "reset-password", Does: "Sets a new password by a mailed link and ends all sessions.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Put, Update, Delete}, Pool: []string{poolCreate, poolPassword, poolDelete, poolAuth}, Sessions: true, Secret: true,
	},
	{
		Name: "sign-in", Does: "Opens a session.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update}, Pool: []string{poolAuth}, Sessions: true, Secret: true,
	},
	{
		Name: "refresh-session", Does: "Gives a new access token for the session's cookie.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch}, Pool: []string{poolAuth}, Sessions: true,
	},
	{Name: "sign-out", Does: "Ends a session.", Stack: Citizen, Memory: usual, Timeout: quick, Table: []Operation{Get, Delete}, Sessions: true},

	{Name: "show-me", Does: "Shows the caller's account.", Stack: Citizen, Memory: usual, Timeout: quick, Table: []Operation{Get, Batch, Query}},
	{
		Name: "update-me", Does: "Changes the caller's name and civility, and takes their consent to terms.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Update},
	},
	{
		Name: "change-password", Does: "Changes the caller's password and ends the other sessions.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Put, Update, Delete}, Pool: []string{poolCreate, poolPassword, poolDelete, poolAuth}, Sessions: true,
	},
	{
		Name: "change-email", Does: "Has a link mailed to the caller's new address.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Put, Update}, Pool: []string{poolAuth}, Sessions: true,
	},
	{
		Name: "confirm-email", Does: "Makes the confirmed address the account's.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Put, Update, Delete}, Secret: true,
	},
	{
		Name: "list-subscriptions", Does: "Lists the caller's subscriptions.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "preview-subscription", Does: "Shows what a subscriber code opens.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update}, Secret: true,
	},
	{
		Name: "subscribe", Does: "Attaches the caller to a family file by a subscriber code.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check}, Secret: true,
	},
	{
		Name: "unsubscribe", Does: "Detaches the caller from a family file.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Put, Update, Delete},
	},

	{
		Name: "show-family-file", Module: "family", Does: "Shows a family file as its guardian may see it.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Seals: true, Files: []FileRight{GetFile}, Folders: []string{Kept},
	},
	{
		Name: "update-family-file", Module: "family", Does: "Proposes a change of a family file: of one section, or of who is in it.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete}, Seals: true,
	},
	{
		Name: "list-changes", Module: "family", Does: "Lists a family's changes, newest first.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Index: true, Seals: true,
	},
	{
		Name: "confirm-family-file", Module: "family", Does: "Takes a guardian's word that the file is still exact.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Update}, Seals: true,
	},
	{
		Name: "request-upload", Module: "documents", Does: "Makes a signed link to send a photo or a document to.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Seals: true, Files: []FileRight{PutFile}, Folders: []string{Incoming},
	},
	{
		Name: "show-upload", Module: "documents", Does: "Says what became of a photo or document that was sent.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch},
	},
	{
		Name: "show-document", Module: "documents", Does: "Gives a guardian a short-lived link to a document.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Seals: true, Files: []FileRight{GetFile}, Folders: []string{Kept},
	},
	{
		Name: "show-bank-details", Module: "family", Does: "Shows a guardian their own bank details unmasked.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Seals: true,
	},
	{
		Name: "list-consultations", Module: "family", Does: "Lists who of the town read a family's health data.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "request-export", Does: "Has everything about the caller and their families put together.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Query, Put, Check},
	},
	{
		Name: "export-me", Does: "Says how far the caller's export is, and gives a short-lived link to it.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch}, Files: []FileRight{GetFile}, Folders: []string{Exports},
	},
	{
		Name: "close-account", Does: "Closes the caller's account.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Query, Put, Update, Delete, Check}, Pool: []string{poolAuth, poolDelete}, Sessions: true, Secret: true,
	},
	{
		Name: "withdraw-change", Module: "family", Does: "Withdraws a pending change.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "show-planning", Module: "planning", Does: "Shows a family's days between two dates.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "request-booking", Module: "requests", Does: "Takes a request for bookings or absences.", Stack: Citizen, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check},
	},
	{
		Name: "preview-request", Module: "requests", Does: "Says what would become of a request, without taking it.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "list-requests", Module: "requests", Does: "Lists a family's requests, newest first.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Index: true,
	},
	{
		Name: "show-request", Module: "requests", Does: "Shows one request with each of its days.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "cancel-request", Module: "requests", Does: "Withdraws the pending days of a request.", Stack: Citizen, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check},
	},

	{
		Name: "create-calendar-link", Module: "calendar", Does: "Makes the caller's link to a calendar feed of a family's days, in place of any before.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Update}, Secret: true,
	},
	{
		Name: "show-calendar-link", Module: "calendar", Does: "Shows the caller's link to a calendar feed of a family's days.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch}, Secret: true,
	},
	{
		Name: "revoke-calendar-link", Module: "calendar", Does: "Ends the caller's link to a calendar feed at once.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Update},
	},
	{
		Name: "show-calendar-feed", Module: "calendar", Does: "Gives a family's days to calendars that know a secret link.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Secret: true,
	},

	{
		Name: "set-reminders", Module: "reminders", Does: "Has the caller reminded of booking limits by mail, or no more.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Update},
	},
	{
		Name: "show-reminders", Module: "reminders", Does: "Shows how many days ahead the caller is reminded of booking limits.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch},
	},

	{
		Name: "show-desk", Does: "Shows an agent what they may do, what opens today, and how much waits.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Index: true,
	},
	{
		Name: "list-pending-changes", Does: "Lists the changes that wait for a decision, oldest first.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Index: true, Seals: true, Files: []FileRight{GetFile}, Folders: []string{Kept},
	},
	{
		Name: "decide-changes", Does: "Accepts or refuses changes.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete}, Seals: true,
	},
	{
		Name: "search-families", Does: "Finds families by name, child or subscriber code.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Secret: true,
	},
	{
		Name: "open-family-file", Does: "Shows a family file as an agent's role lets them see it.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Seals: true, Files: []FileRight{GetFile}, Folders: []string{Kept},
	},
	{
		Name: "list-family-changes", Does: "Lists a family's changes to agents, newest first.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Index: true, Seals: true,
	},
	{
		Name: "open-document", Does: "Gives an agent a short-lived link to a family's document.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Seals: true, Files: []FileRight{GetFile}, Folders: []string{Kept},
	},
	{
		Name: "reveal-bank-details", Does: "Shows a guardian's bank details unmasked to an agent who says why.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Seals: true,
	},
	{
		Name: "write-note", Does: "Adds a note of the town to a family file.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "remove-note", Does: "Removes a note of the town from a family file.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete},
	},
	{
		Name: "record-court-order", Does: "Records what a court decided about a family, in force at once.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "lift-court-order", Does: "Ends what a court had decided about a family.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "share-child", Does: "Puts a child into the file of its other household too.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "unshare-child", Does: "Takes a child out of the file of its other household.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete},
	},
	{
		Name: "record-departure", Does: "Records that children, guardians or a whole family have left.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete}, Seals: true,
	},
	{
		Name: "preview-merge", Does: "Says what would become of two files of one family if they were merged.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Seals: true,
	},
	{
		Name: "merge-families", Does: "Merges two files of one family.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete}, Seals: true,
	},
	{
		Name: "show-care-sheet", Does: "Shows carers what to know of the children of a day: health, consents, who may collect them.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Seals: true, Files: []FileRight{GetFile}, Folders: []string{Kept},
	},
	{
		Name: "list-audit", Does: "Lists who did and read what.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "list-pending-requests", Does: "Lists the requests that wait for a decision, oldest first.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Index: true,
	},
	{
		Name: "decide-requests", Does: "Accepts or refuses requested days.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check},
	},

	{
		Name: "book-for-family", Does: "Takes what a family asks an agent for: bookings or absences.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check},
	},

	{
		Name: "show-attendance", Does: "Shows who comes to an activity, as data and as lists to take away.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put}, Seals: true,
	},
	{
		Name: "record-attendance", Does: "Records who was there.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete},
	},
	{
		Name: "justify-absence", Does: "Accepts the reasons of absences.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},

	{
		Name: "list-activities", Does: "Lists the activities that an agent has.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "create-activity", Does: "Adds an activity.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "update-activity", Does: "Changes an activity and the places of its days to come.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "simulate-rule", Does: "Tries notice rules on days.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "list-schools", Does: "Lists the town's schools with their classes.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "create-school", Does: "Adds a school.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "update-school", Does: "Changes a school and its classes.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "preview-rollover", Does: "Says what would become of each child in the move to the next school year.", Stack: Agent, Memory: 1024, Timeout: patient,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "roll-over", Does: "Has the town moved to the next school year.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "show-calendar", Does: "Shows the town's calendar and what days are.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "update-calendar", Does: "Sets the town's calendar.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "declare-event", Does: "Declares a closure, a strike or an outing.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "list-events", Does: "Lists the town's closures, strikes and outings.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "revoke-event", Does: "Takes a closure, a strike or an outing back.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "list-enrolments", Does: "Lists the enrolments at an activity, of a family or of a class.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "create-enrolments", Does: "Enrols children, each for itself.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "update-enrolment", Does: "Sets the last day and the weekdays of an enrolment.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},

	{
		Name: "show-settings", Does: "Shows the town's settings to its managers.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "update-settings", Does: "Sets the town's settings.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "list-settings-history", Does: "Lists who set what in the town's settings.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "restore-settings", Does: "Brings earlier settings of the town back.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "preview-mails", Does: "Shows samples of the town's mails.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "list-agents", Does: "Lists the town's agents and invitations.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "invite-agent", Does: "Invites an agent by mail.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update}, Secret: true,
	},
	{
		Name: "update-agent", Does: "Sets an agent's role and scopes.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Check},
	},
	{
		Name: "remove-agent", Does: "Ends an agent's right, or an invitation, at once.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check},
	},
	{
		Name: "reset-authenticator", Does: "Lets an agent who lost their authenticator enrol another one.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete},
	},
	{
		Name: "accept-invitation", Does: "Makes an invited person an agent.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete}, Pool: []string{poolAuth, poolCreate, poolPassword}, Sessions: true, Secret: true,
	},
	{
		Name: "preview-invitation", Does: "Says what an invitation gives, and whether its address has an account.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Secret: true,
	},
	{
		Name: "enrol-authenticator", Does: "Gives an agent whose authenticator was lost the secret of another one.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete}, Pool: []string{poolAuth}, Sessions: true, Secret: true,
	},
	{
		Name: "list-sessions", Does: "Lists the caller's open sessions.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "end-session", Does: "Ends one of the caller's sessions.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Delete},
	},

	{
		Name: "list-jobs", Does: "Lists long work that the town's agents asked for.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Index: true,
	},
	{
		Name: "show-job", Does: "Says how far long work is, and gives a short-lived link to what it made.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update}, Files: []FileRight{GetFile}, Folders: []string{Exports},
	},
	{
		Name: "issue-codes", Does: "Has subscriber codes issued and their letters made, for families or a selection.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put},
	},
	{
		Name: "list-codes", Does: "Lists subscriber codes and counts letters, codes used and families without a subscriber.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "revoke-code", Does: "Closes a subscriber code.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "request-list", Does: "Has a list made to take away: families, children, subscriptions, bookings, attendance.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put},
	},
	{
		Name: "create-import", Does: "Makes a signed link to send a file to, to be imported.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Put}, Files: []FileRight{PutFile}, Folders: []string{Exports},
	},
	{
		Name: "list-imports", Does: "Lists imports.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "show-import", Does: "Shows an import with its report.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch},
	},
	{
		Name: "check-import", Does: "Has an import read and held against what is there, without writing.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Put},
	},
	{
		Name: "apply-import", Does: "Has a checked import written.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put},
	},
	{
		Name: "undo-import", Does: "Has an import taken back while nobody has touched what it wrote.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put},
	},

	{
		Name: "send-mail", Does: "Sends the outbox: new items from the stream, due ones on a schedule.", Stack: Background, Memory: usual, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Update}, Index: true, Mail: true, Secret: true, Seals: true,
		Trigger: Trigger{Stream: "MAIL", Every: 5 * time.Minute},
	},
	{
		Name: "remind-limits", Does: "Has subscribers who asked for it reminded of booking limits that close soon.", Stack: Background, Memory: usual, Timeout: worker,
		Table: []Operation{Get, Query, Put, Update}, Index: true, Trigger: Trigger{Every: time.Hour},
	},
	{
		Name: "record-mail-event", Does: "Marks addresses that bounced or complained.", Stack: Background, Memory: small, Timeout: quick,
		Table: []Operation{Update}, Secret: true, Trigger: Trigger{MailEvents: true},
	},
	{
		Name: "advance-bookings", Does: "Goes on with what bookings leave to be done: large and contended requests, places for those who wait, events of towns.", Stack: Background, Memory: usual, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check}, Index: true, Trigger: Trigger{Marked: Wake, Every: 5 * time.Minute},
	},
	{
		Name: "adjust-places", Does: "Brings the places of activities to days that were booked while they changed.", Stack: Background, Memory: usual, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Update}, Index: true, Trigger: Trigger{Every: 5 * time.Minute},
	},
	{
		Name: "check-slots", Does: "Holds the counters of places against what is booked, and repairs what is wrong.", Stack: Background, Memory: usual, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Update}, Index: true, Trigger: Trigger{Every: time.Hour},
	},
	{
		Name: "process-upload", Does: "Looks at a file that a family sent, cleans it and proposes it to the town.", Stack: Background, Memory: 1024, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Put, Update}, Seals: true, Files: []FileRight{GetFile, PutFile, DeleteFile, ListFiles}, Folders: []string{Incoming, Kept}, Trigger: Trigger{Uploads: true},
	},
	{
		Name: "build-exports", Does: "Puts together what persons asked to have exported.", Stack: Background, Memory: usual, Timeout: lengthy,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check}, Index: true, Seals: true, Files: []FileRight{GetFile, PutFile, DeleteFile, ListFiles}, Folders: []string{Kept, Exports}, Trigger: Trigger{Every: time.Minute},
	},
	{
		Name: "run-jobs", Does: "Does long work that agents asked for: letters, lists to take away, imports, the move to a school year.", Stack: Background, Memory: 1024, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check}, Index: true, Secret: true, Seals: true, Portal: true, Files: []FileRight{GetFile, PutFile, ListFiles}, Folders: []string{Exports}, Trigger: Trigger{Every: time.Minute},
	},
	{
		Name: "seal-audit", Does: "Seals a day's audit of each town into a chain of digests.", Stack: Background, Memory: usual, Timeout: worker,
		Table: []Operation{Query}, Index: true, Ledger: true, Trigger: Trigger{Every: time.Hour},
	},
	{
		Name: "erase-expired", Does: "Erases what the towns may no longer keep of those who left, and reminds families of documents that end.", Stack: Background, Memory: usual, Timeout: worker,
		Table: []Operation{Get, Query, Put, Update, Delete}, Index: true, Files: []FileRight{DeleteFile, ListFiles}, Folders: []string{Kept, Exports}, Trigger: Trigger{Every: time.Hour},
	},
	{
		Name: "erase-users", Does: "Erases sign-ups never activated and credentials no longer used.", Stack: Background, Memory: small, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Delete}, Index: true, Pool: []string{poolDelete}, Trigger: Trigger{Every: time.Hour},
	},
}
