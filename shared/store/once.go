package store

import (
	"crypto/rand"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// once makes a conditional write alone safe for the SDK to repeat. When the answer to a write that landed is lost, the
// repetition meets its own work and its condition fails: the mark that the item then bears tells it from anybody else's.
// Transactions need none of it, they carry a token. Only puts and updates that begin with SET can be marked.
func (w write) once() write {
	w.mark = rand.Text()
	if w.put != nil {
		w.put = maps.Clone(w.put)
		w.put[markName] = text(w.mark)
		return w
	}
	w.update = "SET #mark = :mark, " + strings.TrimPrefix(w.update, "SET ")
	w.names, w.values = with(w.names, "#mark", markName), with(w.values, ":mark", text(w.mark))
	return w
}

const markName = "mark"

func with[V any](all map[string]V, name string, v V) map[string]V {
	out := map[string]V{name: v}
	maps.Copy(out, all)
	return out
}

// asks says what a failed condition has to show.
func (w write) asks() types.ReturnValuesOnConditionCheckFailure {
	if w.mark == "" {
		return types.ReturnValuesOnConditionCheckFailureNone
	}
	return types.ReturnValuesOnConditionCheckFailureAllOld
}

// landed says whether what made the condition fail is this very write.
func (w write) landed(failed *types.ConditionalCheckFailedException) bool {
	mark, ok := failed.Item[markName].(*types.AttributeValueMemberS)
	return ok && w.mark != "" && mark.Value == w.mark
}
