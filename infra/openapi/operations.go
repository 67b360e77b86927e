package main

import (
	"reflect"

	"preau/shared/api"
	"preau/shared/httpapi"
)

// operation is what a function takes and gives. httpapi.Session stands for api.Session with its cookie.
type operation struct {
	in, out reflect.Type
	none    bool     // the answer may be {} instead
	file    string   // media type of a file's answer
	or      []string // media types of the files that may come instead
}

func of[In, Out any]() operation {
	return operation{in: reflect.TypeFor[In](), out: reflect.TypeFor[Out]()}
}

// orNone says that a success may come with no session: agents still have to show their second factor.
func (o operation) orNone() operation {
	o.none = true
	return o
}

// as says which media type a file has.
func (o operation) as(mediaType string) operation {
	o.file = mediaType
	return o
}

// orAs says which files may come instead of JSON, to who asks for one.
func (o operation) orAs(mediaTypes ...string) operation {
	o.or = mediaTypes
	return o
}

// lists are the files that lists are taken away as.
var lists = []string{"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/pdf"}

// operations joins each function behind a route with the types of its handler.
var operations = map[string]operation{
	"show-collectivity": of[api.CollectivityPath, api.Collectivity](),
	"show-logo":         of[api.LogoPath, httpapi.File]().as("image/png"),
	"issue-captcha":     of[api.Nothing, api.Captcha](),

	"sign-up":                of[api.SignUp, api.Accepted](),
	"activate-account":       of[api.Activation, httpapi.Session](),
	"resend-activation":      of[api.MailAgain, api.Accepted](),
	"request-password-reset": of[api.MailAgain, api.Accepted](),
	"reset-password":         of[api.NewPassword, httpapi.Session]().orNone(),
	"sign-in":                of[api.SignIn, httpapi.Session](),
	"refresh-session":        of[api.SessionCookie, httpapi.Session](),
	"sign-out":               of[api.SessionCookie, httpapi.Session](),

	"show-me":              of[api.Nothing, api.Me](),
	"update-me":            of[api.MePatch, api.Me](),
	"change-password":      of[api.PasswordChange, httpapi.Session](),
	"change-email":         of[api.EmailChange, api.Accepted](),
	"confirm-email":        of[api.EmailConfirmation, api.Me](),
	"close-account":        of[api.AccountClosing, httpapi.Session](),
	"request-export":       of[api.Nothing, api.Export](),
	"export-me":            of[api.Nothing, api.Export](),
	"list-subscriptions":   of[api.Nothing, api.Subscriptions](),
	"preview-subscription": of[api.SubscriberCode, api.SubscriptionPreview](),
	"subscribe":            of[api.SubscriberCode, api.Subscription](),
	"unsubscribe":          of[api.FamilyPath, api.Nothing](),

	"show-family-file":    of[api.FamilyPath, api.FamilyFile](),
	"request-upload":      of[api.NewUpload, api.UploadLink](),
	"show-upload":         of[api.UploadPath, api.Upload](),
	"show-document":       of[api.DocumentPath, api.DocumentLink](),
	"open-document":       of[api.AgentDocumentPath, api.DocumentLink](),
	"update-family-file":  of[api.NewChange, api.Change](),
	"list-changes":        of[api.ChangesQuery, api.List[api.Change]](),
	"confirm-family-file": of[api.ConfirmFile, api.Confirmation](),
	"list-consultations":  of[api.ConsultationsQuery, api.List[api.Consultation]](),
	"withdraw-change":     of[api.ChangePath, api.Nothing](),
	"show-planning":       of[api.PlanningQuery, api.Planning](),
	"request-booking":     of[api.NewRequest, api.Request](),
	"preview-request":     of[api.NewRequest, api.RequestPreview](),
	"list-requests":       of[api.RequestsQuery, api.List[api.Request]](),
	"show-request":        of[api.RequestPath, api.Request](),
	"cancel-request":      of[api.RequestPath, api.Request](),

	"create-calendar-link": of[api.FamilyPath, api.CalendarLink](),
	"show-calendar-link":   of[api.FamilyPath, api.CalendarLink](),
	"revoke-calendar-link": of[api.FamilyPath, api.Nothing](),
	"show-calendar-feed":   of[api.CalendarPath, httpapi.File]().as("text/calendar"),

	"set-reminders":  of[api.RemindersUpdate, api.Reminders](),
	"show-reminders": of[api.FamilyPath, api.Reminders](),

	"search-families":     of[api.FamilySearch, api.List[api.FoundFamily]](),
	"open-family-file":    of[api.AgentFamilyPath, api.OpenedFile](),
	"list-family-changes": of[api.FamilyChangesQuery, api.List[api.FamilyChange]](),
	"show-bank-details":   of[api.GuardianPath, api.BankDetails](),
	"reveal-bank-details": of[api.BankReveal, api.BankDetails](),
	"show-care-sheet":     of[api.CareQuery, api.CareSheet](),

	"show-desk":             of[api.CollectivityPath, api.Desk](),
	"list-pending-changes":  of[api.PendingQuery, api.List[api.PendingChange]](),
	"decide-changes":        of[api.ChangeDecisions, api.Decided](),
	"record-court-order":    of[api.NewOrder, api.CourtOrder](),
	"lift-court-order":      of[api.OrderPath, api.CourtOrder](),
	"write-note":            of[api.NewNote, api.Note](),
	"remove-note":           of[api.NotePath, api.Nothing](),
	"share-child":           of[api.ShareChild, api.SharedChild](),
	"unshare-child":         of[api.SharedChildPath, api.UnsharedChild](),
	"record-departure":      of[api.Departure, api.Departed](),
	"preview-merge":         of[api.MergePreviewQuery, api.Merge](),
	"merge-families":        of[api.MergeOrder, api.Merge](),
	"list-audit":            of[api.AuditQuery, api.AuditList](),
	"list-pending-requests": of[api.PendingRequestsQuery, api.List[api.PendingRequest]](),
	"decide-requests":       of[api.RequestDecisions, api.Decided](),

	"book-for-family": of[api.RequestForFamily, api.Request](),

	"show-attendance":   of[api.AttendanceQuery, httpapi.OrFile[api.Attendance]]().orAs(lists...),
	"record-attendance": of[api.AttendanceRecord, api.AttendanceRecorded](),
	"justify-absence":   of[api.Justifications, api.AttendanceRecorded](),

	"list-activities": of[api.CollectivityPath, api.List[api.Activity]](),
	"create-activity": of[api.NewActivity, api.Activity](),
	"update-activity": of[api.ActivityUpdate, api.Activity](),
	"simulate-rule":   of[api.Simulation, api.Simulated](),
	"list-schools":    of[api.CollectivityPath, api.List[api.School]](),
	"create-school":   of[api.NewSchool, api.School](),
	"update-school":   of[api.SchoolUpdate, api.School](),

	"preview-rollover": of[api.RolloverPreview, api.Rollover](),
	"roll-over":        of[api.RolloverOrder, api.Job](),

	"show-calendar":   of[api.TownCalendarQuery, api.TownCalendar](),
	"update-calendar": of[api.TownCalendarUpdate, api.TownCalendar](),

	"show-settings":         of[api.CollectivityPath, api.Settings](),
	"update-settings":       of[api.SettingsUpdate, api.Settings](),
	"list-settings-history": of[api.SettingsHistoryQuery, api.List[api.SettingsEdit]](),
	"restore-settings":      of[api.SettingsRestoration, api.Settings](),
	"list-agents":           of[api.CollectivityPath, api.List[api.Agent]](),
	"invite-agent":          of[api.NewInvitation, api.Agent](),
	"update-agent":          of[api.AgentUpdate, api.Agent](),
	"remove-agent":          of[api.AgentPath, api.Nothing](),
	"reset-authenticator":   of[api.AgentPath, api.Accepted](),
	"accept-invitation":     of[api.InvitationAccepted, api.AgentAccess](),
	"preview-invitation":    of[api.InvitationToken, api.InvitationPreview](),
	"enrol-authenticator":   of[api.AuthenticatorEnrolment, api.AgentAccess](),
	"list-sessions":         of[api.SessionCookie, api.List[api.OpenSession]](),
	"end-session":           of[api.SessionPath, api.Nothing](),
	"preview-mails":         of[api.MailPreview, api.List[api.SampleMail]](),

	"list-jobs":    of[api.JobsQuery, api.List[api.Job]](),
	"show-job":     of[api.JobPath, api.Job](),
	"issue-codes":  of[api.CodeIssue, api.Job](),
	"list-codes":   of[api.CodesQuery, api.Codes](),
	"revoke-code":  of[api.CodePath, api.Nothing](),
	"request-list": of[api.ListRequest, api.Job](),

	"create-import": of[api.NewImport, api.ImportLink](),
	"list-imports":  of[api.ImportsQuery, api.List[api.Import]](),
	"show-import":   of[api.ImportPath, api.Import](),
	"check-import":  of[api.ImportCheck, api.Job](),
	"apply-import":  of[api.ImportApplication, api.Job](),
	"undo-import":   of[api.ImportUndo, api.Job](),

	"declare-event": of[api.NewEvent, api.Event](),
	"list-events":   of[api.EventsQuery, api.List[api.Event]](),
	"revoke-event":  of[api.EventPath, api.Event](),

	"list-enrolments":   of[api.EnrolmentsQuery, api.List[api.Enrolment]](),
	"create-enrolments": of[api.NewEnrolments, api.EnrolmentOutcomes](),
	"update-enrolment":  of[api.EnrolmentUpdate, api.UpdatedEnrolment](),
}
