// Command recorder is a function that answers with the event it got and keeps it in the table if it may.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"preau/infra/local/awsjson"
)

type object = map[string]any

type answer struct {
	StatusCode int    `json:"statusCode"`
	Body       string `json:"body"`
}

func main() {
	lambda.Start(func(ctx context.Context, event json.RawMessage) (answer, error) {
		if os.Getenv("PREAU_TABLE") == "" {
			return answer{200, string(event)}, nil
		}
		return answer{200, string(event)}, keep(ctx, event)
	})
}

func keep(ctx context.Context, event json.RawMessage) error {
	db := awsjson.Client{
		URL: os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), Prefix: "DynamoDB_20120810",
		Key: os.Getenv("AWS_ACCESS_KEY_ID"), HTTP: http.DefaultClient,
	}
	text := func(s string) object { return object{"S": s} }
	return db.Call(ctx, "PutItem", object{"TableName": os.Getenv("PREAU_TABLE"), "Item": object{
		"PK": text("RECORD#" + os.Getenv("AWS_LAMBDA_FUNCTION_NAME")), "SK": text(rand.Text()), "event": text(string(event)),
	}}, nil)
}
