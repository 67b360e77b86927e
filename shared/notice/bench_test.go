package notice

import "testing"

// A month of planning judges a few hundred requests: what one costs is what matters.
func BenchmarkJudge(b *testing.B) {
	for _, id := range []string{"veyras-childcare", "rontalon-canteen", "eragny-holidays", "vhb-holiday-meals"} {
		rules, cal := rulesOf(b, "testdata/"+id+".json"), school("A")
		at := local(b, "2026-10-16T09:00", paris)
		b.Run(id, func(b *testing.B) {
			for b.Loop() {
				Judge(rules, cal, Request{Kind: Booking, Day: "2026-11-02", Starts: "12:00"}, at, paris)
			}
		})
	}
}
