package refusal

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"
)

func TestSeveralRefusalsOfFieldsBecomeOne(t *testing.T) {
	t.Parallel()
	fault := errors.New("disk full")
	email, name := OfField("email", "email_invalid", "Non."), OfField("lastName", "name_invalid", "Non.")
	cases := []struct {
		says   string
		errs   []error
		fields []string
		fault  error
	}{
		{"nothing wrong is no refusal", []error{nil, nil}, nil, nil},
		{"no errors at all are no refusal", nil, nil, nil},
		{"all fields are told, in their order", []error{name, nil, email}, []string{"lastName", "email"}, nil},
		{"a refusal that was wrapped is told too", []error{fmt.Errorf("read: %w", email)}, []string{"email"}, nil},
		{"a refusal of several fields keeps them", []error{OfFields([]Field{{Field: "a"}, {Field: "b"}}), email}, []string{"a", "b", "email"}, nil},
		{"a fault comes back as it is", []error{email, fault, name}, nil, fault},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			err := Join(c.errs...)
			var got []string
			var r *Refusal
			if errors.As(err, &r) {
				for _, f := range r.Fields {
					got = append(got, f.Field)
				}
			}
			if !reflect.DeepEqual(got, c.fields) {
				t.Errorf("got fields %v, want %v", got, c.fields)
			}
			if r == nil && !errors.Is(err, c.fault) {
				t.Errorf("got %v, want %v", err, c.fault)
			}
		})
	}
}

func TestTheCodeOfAnError(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says string
		err  error
		code string
	}{
		{"is the refusal's", New(Gone, "link_used", "Non."), "link_used"},
		{"is found under what wraps it", fmt.Errorf("open: %w", New(Gone, "link_used", "Non.")), "link_used"},
		{"is empty for a fault", errors.New("disk full"), ""},
		{"is empty for no error", nil, ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if got := Code(c.err); got != c.code {
				t.Errorf("got %q, want %q", got, c.code)
			}
		})
	}
}

func TestARefusalCarriesWhatItIsGiven(t *testing.T) {
	t.Parallel()
	r := New(TooMany, "too_many_codes", "Trop.").At("code").After(time.Minute).With("left", 0).With("most", 5)
	if r.Wait != time.Minute || r.More["left"] != 0 || r.More["most"] != 5 {
		t.Errorf("got %+v", r)
	}
	if want := []Field{{"code", "too_many_codes", "Trop."}}; !reflect.DeepEqual(r.Fields, want) {
		t.Errorf("got fields %v, want %v", r.Fields, want)
	}
}
