package catalog

import "time"

// Sizes. 512 MB is where the bill of a 100-ms Go function stops falling: more CPU shortens it by as much.
const (
	usual   = 512
	small   = 256
	quick   = 10 * time.Second
	patient = 28 * time.Second // waits for places under contention; answers before the gateway's 29 s
	worker  = 2 * time.Minute
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
	{Name: "sign-out", Does: "Ends a session.", Stack: Citizen, Memory: usual, Timeout: quick, Sessions: true},

	{Name: "show-me", Does: "Shows the caller's account.", Stack: Citizen, Memory: usual, Timeout: quick, Table: []Operation{Get, Batch}},
	{
		Name: "update-me", Does: "Changes the caller's name and civility.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Update},
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
		Table: []Operation{Get, Batch, Query, Put, Update, Delete}, Secret: true,
	},
	{
		Name: "unsubscribe", Does: "Detaches the caller from a family file.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Put, Update, Delete},
	},

	{
		Name: "show-family-file", Does: "Shows a family file as its guardian may see it.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "update-family-file", Does: "Proposes a change of one section of a family file.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "list-changes", Does: "Lists a family's changes, newest first.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Index: true,
	},
	{
		Name: "withdraw-change", Does: "Withdraws a pending change.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},
	{
		Name: "show-planning", Does: "Shows a family's days between two dates.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "request-booking", Does: "Takes a request for bookings or absences.", Stack: Citizen, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check},
	},
	{
		Name: "preview-request", Does: "Says what would become of a request, without taking it.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "list-requests", Does: "Lists a family's requests, newest first.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Index: true,
	},
	{
		Name: "show-request", Does: "Shows one request with each of its days.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query},
	},
	{
		Name: "cancel-request", Does: "Withdraws the pending days of a request.", Stack: Citizen, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update, Delete, Check},
	},

	{
		Name: "create-calendar-link", Does: "Makes the caller's link to a calendar feed of a family's days, in place of any before.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Update}, Secret: true,
	},
	{
		Name: "show-calendar-link", Does: "Shows the caller's link to a calendar feed of a family's days.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch}, Secret: true,
	},
	{
		Name: "revoke-calendar-link", Does: "Ends the caller's link to a calendar feed at once.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Update},
	},
	{
		Name: "show-calendar-feed", Does: "Gives a family's days to calendars that know a secret link.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Secret: true,
	},

	{
		Name: "set-reminders", Does: "Has the caller reminded of booking limits by mail, or no more.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query, Update},
	},
	{
		Name: "show-reminders", Does: "Shows how many days ahead the caller is reminded of booking limits.", Stack: Citizen, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch},
	},

	{
		Name: "list-pending-changes", Does: "Lists the changes that wait for a decision, oldest first.", Stack: Agent, Memory: usual, Timeout: quick,
		Table: []Operation{Get, Batch, Query}, Index: true,
	},
	{
		Name: "decide-changes", Does: "Accepts or refuses changes.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update},
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
		Table: []Operation{Get, Batch, Query, Put},
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
		Name: "import-enrolments", Does: "Enrols the children of a CSV file, or tells what would become of each.", Stack: Agent, Memory: usual, Timeout: patient,
		Table: []Operation{Get, Batch, Query, Put, Update},
	},

	{
		Name: "send-mail", Does: "Sends the outbox: new items from the stream, due ones on a schedule.", Stack: Background, Memory: usual, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Update}, Index: true, Mail: true, Secret: true,
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
		Name: "erase-users", Does: "Erases sign-ups never activated and credentials no longer used.", Stack: Background, Memory: small, Timeout: worker,
		Table: []Operation{Get, Batch, Query, Delete}, Index: true, Pool: []string{poolDelete}, Trigger: Trigger{Every: time.Hour},
	},
}
