package main

import (
	"errors"
	"os"
	"testing"

	"preau/infra/catalog"
	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/shared/keys"
	"preau/shared/seal"
	"preau/shared/store"
)

// ring is a town's data keys as a process has them that starts now.
func ring(t *testing.T, slug string) seal.Ring {
	t.Helper()
	town, err := store.Open().Sealing(keys.Vault()).CreateCollectivity(t.Context(), seed.DefaultSettings(slug, "Ville"))
	if err != nil && !errors.Is(err, store.ErrSlugTaken) {
		t.Fatal(err)
	}
	r, err := town.Ring(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAKeyIsRotatedAndWhatItSealedOpens(t *testing.T) {
	testkit.Stack(t)
	slug := testkit.Collectivity(t)
	before := ring(t, slug)
	sealed := before.Seal("iban", []byte("FR76"))
	for range 2 {
		if err := run(t.Context(), []string{"rotate-key", "-slug", slug}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := ring(t, slug).Open("iban", sealed); err != nil || string(got) != "FR76" {
		t.Errorf("what was sealed before opens as %q, %v", got, err)
	}
	if k, err := store.Open().Sealing(keys.Vault()).EraseKeys(t.Context(), slug); err != nil || len(k.Keys) != 3 {
		t.Errorf("%d keys after two rotations, %v", len(k.Keys), err)
	}
}

func TestAnErasedKeyOpensNothing(t *testing.T) {
	testkit.Stack(t)
	slug := testkit.Collectivity(t)
	sealed := ring(t, slug).Seal("iban", []byte("FR76"))
	for _, hesitant := range [][]string{{"-slug", slug}, {"-slug", slug, "-confirm", "autre-ville"}} {
		if err := run(t.Context(), append([]string{"erase-key"}, hesitant...)); err == nil {
			t.Errorf("%v erases", hesitant)
		}
	}
	if _, err := ring(t, slug).Open("iban", sealed); err != nil {
		t.Fatalf("it does not open before the erasure: %v", err)
	}
	if err := run(t.Context(), []string{"erase-key", "-slug", slug, "-confirm", slug}); err != nil {
		t.Fatal(err)
	}
	if _, err := ring(t, slug).Open("iban", sealed); !errors.Is(err, seal.ErrKeyGone) {
		t.Errorf("after it: %v", err)
	}
}

func TestOrdersAboutKeysThatMakeNoSense(t *testing.T) {
	testkit.Stack(t)
	for says, args := range map[string][]string{
		"to rotate what is not there": {"rotate-key", "-slug", testkit.Collectivity(t)},
		"to rotate nobody's":          {"rotate-key"},
		"to erase what is not there":  {"erase-key", "-slug", "nowhere", "-confirm", "nowhere"},
		"to erase nobody's":           {"erase-key"},
		"a flag that is unknown":      {"rotate-key", "-all"},
	} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%s was taken", says)
		}
	}
}

func TestWithoutTheKeyringsNameNothingIsDone(t *testing.T) {
	for _, name := range []string{catalog.EnvKeyring, catalog.EnvSealKey} {
		testkit.Within(t, map[string]string{name: ""}, func() {
			if err := run(t.Context(), []string{"rotate-key", "-slug", "x"}); err == nil || err.Error() != name+" is not set" {
				t.Errorf("got %v with %s=%q", err, name, os.Getenv(name))
			}
		})
	}
}
