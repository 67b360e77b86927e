package faults_test

import "preau/infra/faults"

// A scenario is a call during which a process may die.
type scenario struct {
	says     string
	function string
	setup    func(*home)        // what the call finds, by calls that nobody cuts short
	event    func(*home) []byte // what the function is sent, the same each time
}

// scenarios: one more is one more row.
var scenarios = []scenario{
	{
		says: "one day is booked", function: "request-booking",
		event: func(h *home) []byte { return h.ask("booking", h.first(1, "cantine"), h.items("cantine", 0)...) },
	},
	{
		says: "a month is booked for three siblings", function: "request-booking",
		event: func(h *home) []byte { return h.ask("booking", h.first(16, "cantine"), h.items("cantine", 0, 1, 2)...) },
	},
	{
		says: "a fortnight is asked for, of which some days are an agent's to decide", function: "request-booking",
		event: func(h *home) []byte {
			return h.ask("booking", h.first(8, "cantine"), append(h.items("cantine", 0, 1), h.items("mercredi", 0, 1)...)...)
		},
	},
	{
		says: "booked days become absences", function: "request-booking",
		setup: func(h *home) { h.asked("booking", h.first(4, "cantine"), h.items("cantine", 0, 1)...) },
		event: func(h *home) []byte { return h.ask("absence", h.first(4, "cantine"), h.items("cantine", 0, 1)...) },
	},
	{
		says: "what waits for an agent is withdrawn", function: "cancel-request",
		setup: func(h *home) { h.asked("booking", h.first(4, "mercredi"), h.items("mercredi", 0, 1, 2)...) },
		event: func(h *home) []byte { return h.raw(h.Event("cancel-request", map[string]string{"request": h.request})) },
	},
	{
		says: "an agent accepts", function: "decide-requests",
		setup: func(h *home) { h.asked("booking", h.first(4, "mercredi"), h.items("mercredi", 0, 1, 2)...) },
		event: func(h *home) []byte { return h.decide("accept", "") },
	},
	{
		says: "an agent refuses", function: "decide-requests",
		setup: func(h *home) { h.asked("booking", h.first(4, "mercredi"), h.items("mercredi", 0, 1, 2)...) },
		event: func(h *home) []byte { return h.decide("refuse", "Le groupe est complet.") },
	},
	{
		says: "a worker finishes what another process left half done", function: "advance-bookings",
		setup: func(h *home) {
			month := h.ask("booking", h.first(16, "cantine"), h.items("cantine", 0, 1, 2)...)
			h.kill(h.T, "request-booking", month, 3, faults.After)
			h.later(h.Written().Due())
		},
		event: func(h *home) []byte { return tick(h.T, "advance-bookings") },
	},
	{
		says: "a strike is declared", function: "declare-event",
		setup: func(h *home) { h.asked("booking", h.first(3, "periscolaire"), h.items("periscolaire", 0, 1)...) },
		event: func(h *home) []byte { return h.declare(h.first(3, "periscolaire"), "periscolaire") },
	},
	{
		says: "a worker carries out a strike", function: "advance-bookings",
		setup: func(h *home) {
			h.study()
			h.asked("booking", h.first(4, "periscolaire"), h.items("etude", 0, 1, 2)...)
			h.call(h.T, "declare-event", h.declare(h.first(4, "periscolaire"), "etude"))
		},
		event: func(h *home) []byte { return tick(h.T, "advance-bookings") },
	},
}
