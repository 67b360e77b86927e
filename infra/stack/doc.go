// Command stack is Préau on AWS: it synthesises one stage, dev or prod, as CDK stacks made from infra/catalog.
//
//	data        tables, user pool, keys, files, ledger, mail identity, alarm topic: what must outlive a mistake
//	edge        one origin for site and API: CloudFront, the site's bucket, the HTTP API and its JWT authorizer
//	citizen     the functions, routes and alarms of each audience; citizen also holds the API's stage, because
//	agent       the tighter throttles of anonymous routes can only be set once these routes exist
//	background
//	global      certificate and firewall, which CloudFront takes from us-east-1 only; made when a domain is configured
//
// Decisions that the code does not show:
//
//   - One customer-managed key encrypts the table, the files and the topics. It costs about one dollar a month, and
//     for health data it gives what AWS-owned keys do not: each use is in CloudTrail, cutting it cuts every reader at
//     once, and its deletion erases the backups too. Functions hold no right on it: they reach it only through DynamoDB and
//     S3, by the key's own policy, so that a role stays exactly what the catalog says.
//   - The HMAC key is the root of every secret that the service derives (shared/keys). Losing it voids all subscriber
//     codes and links, so it is retained with prod's data and waits 30 days before any deletion.
//   - Data keys of sealed fields lie, wrapped by a key of their own, in a second small table without recovery, stream or replica:
//     whatever copies it would bring erased keys back. The price is that nothing brings back a table lost by mistake either,
//     so prod's is protected from deletion, and no function may delete in it. Functions may put, for a collectivity's first
//     key; that they do so only where none is, a role can not say, and shared/store/keyring.go does, in its one write.
//   - The origin secret is read from Secrets Manager when CloudFormation deploys, into CloudFront's header and into the
//     functions' environment. Whoever may read a function's configuration sees it; a lookup at run time would cost every
//     cold start a call, for a value that opens nothing by itself: tokens and rights are still checked behind it.
//     Config.OriginSecret is the generation that CloudFront shows. Functions take that one and the next, so that raising
//     it by one rotates without a refused call: what CloudFront then shows, functions know since the deployment before.
//     The stacks of functions find them by outputs of edge, not by exports, which could not be removed while in use.
//   - CloudFront keeps no error. By default it keeps one for 10 s whatever no-store says, and its cache tells the API's
//     callers apart by nothing: the 503 of one parent would be everybody's.
//   - The app clients' secrets go the same way, from Cognito by Fn::GetAtt into one secret of Secrets Manager and from there
//     into the environment of the functions that handle sessions, and of no other. Asking Cognito at run time
//     (DescribeUserPoolClient) would show them to nobody, but a region takes few such calls a second, and a rush of cold
//     starts needs one each. Who reads such a function's configuration can, with the right to call AdminInitiateAuth,
//     sign in with a password that he has, and revoke a refresh token that he has; it is no way to either.
//   - A file that arrives is told of by EventBridge. A notification of the bucket's own would name the function, whose stack
//     needs the bucket's: a circle. A file's every version is kept as long as the table can be restored, so that a restored
//     table names no file that is gone; an erased file is therefore gone RecoveryDays later, as it is from the table's backups.
//     Links to files die with the credentials that signed them, which Lambda renews within hours: they are made for minutes.
//   - The ledger takes each key once. Its lock holds a digest's version, and its policy refuses a put that would lay another
//     version over it. It is locked in compliance mode where the stage is kept: until a digest's 13 months are over the bucket
//     can not be emptied by anybody, and closing the account is the one way around it.
//   - The user pool is on the Lite plan: it holds passwords and issues tokens, nothing else. Essentials adds managed
//     login, passkeys and token customisation, none of which is used, at nearly three times the price per user.
//   - No function has reserved or provisioned concurrency. Reserving takes from all others, and a Go function starts in
//     well under a second. Where measurements ask for it, it is one property in function.go.
//   - prod's table is warm for the design's rush before the first parent comes (Config.Warm): by itself an on-demand table
//     takes 4,000 writes a second at first, and grows only once it has throttled.
//   - No X-Ray: its segments cost time in each cold start, and correlation ids tell the same story in the logs.
//   - No custom resource and no function that the catalog does not name. So nothing empties a bucket, the site is copied
//     by `aws s3 sync` (CDK's BucketDeployment brings a Python function with wildcard rights), and the us-east-1 values
//     come by Fn::GetStackOutput.
package main
