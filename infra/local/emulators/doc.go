// Package emulators runs the AWS services that Préau uses on one laptop.
//
// DynamoDB Local, cognito-local and aws-ses-v2-local are programs of others, pinned in package-lock.json and
// installed on first use. KMS and S3 run inside this process. Nothing talks to a program directly: a proxy in
// front of each asks the catalog whether the calling function may do what it asks, as IAM does, so that a missing
// right shows here and not in production. The proxy in front of Cognito also corrects what cognito-local does
// differently from AWS; the type shim lists each correction.
package emulators
