package testkit

import (
	"context"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	ses "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// config is how a handler reaches AWS: by what the environment says.
func config() aws.Config {
	return aws.Config{
		Region: os.Getenv("AWS_REGION"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY")}, nil
		}),
	}
}

func TestAnItemWrittenToTheStackIsReadBack(t *testing.T) {
	t.Parallel()
	r := Stack(t)
	db := dynamodb.NewFromConfig(config(), func(o *dynamodb.Options) { o.BaseEndpoint = &r.DynamoDB })
	key := map[string]ddb.AttributeValue{
		"PK": &ddb.AttributeValueMemberS{Value: Collectivity(t)},
		"SK": &ddb.AttributeValueMemberS{Value: "settings"},
	}
	if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &r.Table, Item: key}); err != nil {
		t.Fatal(err)
	}
	got, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &r.Table, Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil || len(got.Item) != 2 {
		t.Fatalf("read %v, %v", got, err)
	}
}

func TestMailsOfOneAddressAreNotMixedWithOthers(t *testing.T) {
	t.Parallel()
	r := Stack(t)
	client := sesv2.NewFromConfig(config(), func(o *sesv2.Options) { o.BaseEndpoint = &r.SES })
	address, other := Address(t), Address(t)
	for subject, to := range map[string]string{"Première": address, "Autre": other} {
		if _, err := client.SendEmail(t.Context(), mail(r, to, subject)); err != nil {
			t.Fatal(err)
		}
	}
	got := AwaitMails(t, address, 1)
	if len(got) != 1 || got[0].Subject != "Première" || got[0].HTML != "<p>Bonjour</p>" || got[0].Text != "Bonjour" {
		t.Errorf("got %+v", got)
	}
}

func mail(r *Resources, to, subject string) *sesv2.SendEmailInput {
	text := func(s string) *ses.Content { return &ses.Content{Data: &s, Charset: aws.String("UTF-8")} }
	return &sesv2.SendEmailInput{
		FromEmailAddress: &r.MailFrom,
		Destination:      &ses.Destination{ToAddresses: []string{to}},
		Content: &ses.EmailContent{Simple: &ses.Message{
			Subject: text(subject), Body: &ses.Body{Html: text("<p>Bonjour</p>"), Text: text("Bonjour")},
		}},
	}
}
