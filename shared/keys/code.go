package keys

import (
	"bytes"

	"preau/shared/code"
)

// IssuedCode is the subscriber code that an issue gives to a guardian, the same each time it is asked for. So a job that was cut
// short makes again the very codes whose hashes it has stored, and prints their letters, though nothing holds a code.
//
// That is as safe as to draw them: without the root secret, which never leaves this process's memory and KMS, HMAC-SHA-256 of
// parts that anybody may know can not be told from 55 random bits, and one code says nothing of another. With the root secret, links
// that reset passwords could be derived as well, so codes add nothing to what it protects. Another issue to the same guardian is
// another code; draw is 0 unless the one before it is somebody else's code already.
func (s Secret) IssuedCode(issue, guardian string, draw byte) string {
	made, err := code.New(bytes.NewReader(s.Mac("issued code", issue, guardian, string([]byte{draw}))))
	if err != nil {
		panic("keys: " + err.Error()) // only of a source that is too short
	}
	return made
}
