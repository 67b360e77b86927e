package town

import (
	"maps"
	"sync/atomic"

	"preau/infra/testkit"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/store"
)

// CutShort asks as request-booking does, on the table that the variables name, and has the process die after a number of
// its writes: what it answers is a request half written.
func (h Home) CutShort(variables map[string]string, writes int32, local string, asking booking.Asking) booking.Request {
	h.T.Helper()
	var done atomic.Int32
	r := testkit.Stack(h.T)
	dying := map[string]string{}
	maps.Copy(dying, variables)
	dying["AWS_ENDPOINT_URL_DYNAMODB"] = testkit.Front(h.T, r.DynamoDB, func(operation string, _ []byte) string {
		if (operation == "TransactWriteItems" || operation == "PutItem" || operation == "UpdateItem") && done.Add(1) > writes {
			return "AccessDeniedException" // not tried again
		}
		return ""
	})
	var s *store.Store
	testkit.Within(h.T, dying, func() { s = store.Open() })
	right, err := s.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
	check(h.T, err)
	_, planning, err := right.Store.Planning(h.T.Context(), booking.WeeksOf(asking.Period))
	check(h.T, err)
	request := booking.Request{ID: right.Store.RequestID(local), Account: h.Account.ID, CreatedAt: Now, Asking: asking}
	request.Lines, err = planning.Ask(request)
	check(h.T, err)
	if _, err = right.Store.AddRequest(h.T.Context(), request, planning.Town); err == nil {
		h.T.Fatalf("the request was written whole in %d writes", done.Load())
	}
	return request
}
