package files

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Arrived is a file that came in by a link.
type Arrived struct {
	Key    string
	Length int64 // bytes
}

// ReadArrival reads the detail of EventBridge's event "Object Created", with which S3 tells of a file: keys are as they are, not
// escaped. The same file may be told of more than once.
func ReadArrival(detail []byte) (Arrived, error) {
	var d struct {
		Object struct {
			Key  string `json:"key"`
			Size int64  `json:"size"`
		} `json:"object"`
	}
	if err := json.Unmarshal(detail, &d); err != nil {
		return Arrived{}, fmt.Errorf("read S3's event: %w", err)
	}
	if d.Object.Key == "" {
		return Arrived{}, errors.New("read S3's event: it names no file")
	}
	return Arrived{Key: d.Object.Key, Length: d.Object.Size}, nil
}
