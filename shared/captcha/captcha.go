// Package captcha issues and checks ALTCHA challenges: a proof of work that the visitor's browser does for us alone, with
// no third party. A solution works once: Spend checks it and uses it up.
package captcha

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/altcha-org/altcha-lib-go"

	"preau/shared/refusal"
)

// Life of a challenge.
const Life = 20 * time.Minute

// work is the largest number to be found: a phone of 2020 needs about a second.
const work = 50_000

// ErrWrong refuses what solves nothing, has expired or was spent.
var ErrWrong = refusal.OfField("captcha", "captcha_invalid", "La vérification anti-robot n’est plus valable. Recommencez-la.")

// Captcha issues and checks with one key.
type Captcha struct{ key string }

// Of makes a Captcha of a 256-bit key.
func Of(key []byte) Captcha { return Captcha{hex.EncodeToString(key)} }

// Challenge is what a browser has to solve.
type Challenge struct {
	Algorithm, Challenge string
	MaxNumber            int64
	Salt, Signature      string
}

// Issue makes a challenge. nonce is 12 random bytes.
//
// The salt ends with a delimiter: without it, digits could move from the number into the expiry and still give the
// same hash.
func (c Captcha) Issue(nonce []byte, now time.Time) (Challenge, error) {
	salt := hex.EncodeToString(nonce) + "?expires=" + strconv.FormatInt(now.Add(Life).Unix(), 10) + delimiter
	ch, err := altcha.CreateChallenge(altcha.ChallengeOptions{Algorithm: altcha.SHA256, MaxNumber: work, HMACKey: c.key, Salt: salt, Number: c.number(salt)})
	return Challenge{Algorithm: ch.Algorithm, Challenge: ch.Challenge, MaxNumber: work, Salt: salt, Signature: ch.Signature}, err
}

const delimiter = "&"

// number is what is to be found for a salt: 1 to work, and unknown without the key. The library takes a nought for "not
// given", so that a challenge whose number were nought could never be proven solved.
func (c Captcha) number(salt string) int64 {
	mac := hmac.New(sha256.New, []byte(c.key))
	mac.Write([]byte("number " + salt))
	return int64(binary.BigEndian.Uint64(mac.Sum(nil))%work) + 1
}

// Check verifies a solution as ALTCHA's widget sends it. id names the challenge, for spending it; until is its end.
func (c Captcha) Check(solution string, now time.Time) (id string, until time.Time, err error) {
	var p altcha.Payload
	raw, err := base64.StdEncoding.DecodeString(solution)
	if err != nil || json.Unmarshal(raw, &p) != nil || !strings.HasSuffix(p.Salt, delimiter) || p.Number <= 0 || p.Algorithm != string(altcha.SHA256) {
		return "", until, ErrWrong
	}
	expires, err := strconv.ParseInt(altcha.ExtractParams(p).Get("expires"), 10, 64)
	if err != nil || now.Unix() >= expires {
		return "", until, ErrWrong
	}
	if ok, err := altcha.VerifySolution(p, c.key, false); err != nil || !ok {
		return "", until, ErrWrong
	}
	return p.Signature, time.Unix(expires, 0), nil
}

// Spend checks a solution and uses it up with spend, which refuses a name that it has seen before.
func (c Captcha) Spend(ctx context.Context, spend func(ctx context.Context, name string, until time.Time) error, solution string, now time.Time) error {
	name, until, err := c.Check(solution, now)
	if err != nil {
		return err
	}
	return spend(ctx, name, until)
}

// Solve finds a challenge's solution: what the widget does. Tests and tools use it.
func Solve(ch Challenge) (string, error) {
	s, err := altcha.SolveChallenge(ch.Challenge, ch.Salt, altcha.SHA256, int(ch.MaxNumber), 1, nil)
	if err != nil || s == nil {
		return "", refusal.New(refusal.Invalid, "unsolvable", "Aucune solution.")
	}
	raw, err := json.Marshal(altcha.Payload{Algorithm: ch.Algorithm, Challenge: ch.Challenge, Number: int64(s.Number), Salt: ch.Salt, Signature: ch.Signature})
	return base64.StdEncoding.EncodeToString(raw), err
}
