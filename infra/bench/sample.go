package main

import (
	"fmt"
	"slices"
	"time"
)

// A sample is what was measured, in the order of measuring.
type sample []time.Duration

func (s sample) median() float64 { return quantile(millisOf(s), 0.5) }

// within is the time in milliseconds within which a share of the sample lies.
func (s sample) within(share float64) float64 { return quantile(millisOf(s), share) }

// spread is the range of the middle half.
func (s sample) spread() string {
	v := millisOf(s)
	return millis(quantile(v, 0.25)) + " – " + millis(quantile(v, 0.75))
}

// over is the range of the middle half of ratios to another sample, each to what was measured in the same round.
func (s sample) over(other sample) string {
	var ratios []float64
	for i := range s {
		ratios = append(ratios, float64(s[i])/float64(other[i]))
	}
	return fmt.Sprintf("%.2f – %.2f", quantile(ratios, 0.25), quantile(ratios, 0.75))
}

// quantile between the two nearest values.
func quantile(values []float64, q float64) float64 {
	v := slices.Sorted(slices.Values(values))
	at := q * float64(len(v)-1)
	low := int(at)
	high := min(low+1, len(v)-1)
	return v[low] + (v[high]-v[low])*(at-float64(low))
}

func millisOf(s sample) (all []float64) {
	for _, d := range s {
		all = append(all, float64(d)/float64(time.Millisecond))
	}
	return all
}

// millis shows milliseconds with three significant digits.
func millis(ms float64) string {
	switch {
	case ms >= 100:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms >= 1:
		return fmt.Sprintf("%.2f ms", ms)
	}
	return fmt.Sprintf("%.3f ms", ms)
}
