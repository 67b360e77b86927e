package account

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// How long a session may be renewed.
const (
	CitizenSessionLife = 30 * 24 * time.Hour
	AgentSessionLife   = 12 * time.Hour // after TOTP
)

// SessionLife is how long a session lives that was opened as an agent, or not.
func SessionLife(agent bool) time.Duration {
	if agent {
		return AgentSessionLife
	}
	return CitizenSessionLife
}

// SessionID names a session by its refresh token, which it does not tell.
func SessionID(refresh string) string {
	sum := sha256.Sum256([]byte(refresh))
	return hex.EncodeToString(sum[:16])
}

// Device is what a person knows a session's device by, in two words at most: Firefox Windows. What a browser says of itself is
// not kept.
func Device(userAgent string) string {
	return strings.TrimSpace(first(userAgent, browsers) + " " + first(userAgent, systems))
}

// The order is that of asking: most browsers say that they are others too.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"CrOS", "Chromebook"}, {"Linux", "Linux"}}
)

func first(userAgent string, signs [][2]string) string {
	for _, s := range signs {
		if strings.Contains(userAgent, s[0]) {
			return s[1]
		}
	}
	return ""
}
