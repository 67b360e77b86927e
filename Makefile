# Préau. `make help` lists what there is.
STAGE ?= dev
SITE  := web/dist

export CGO_ENABLED := 0
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.DEFAULT_GOAL := help
.PHONY: help run reset test soak check fmt openapi bench pictures site build synth diff deploy

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .local/preau site ## Run the whole of Préau here and say where to click (PORT=8080, the mailbox on the next one; Ctrl-C ends it)
	@.local/preau

reset: .local/preau ## Forget all local data
	@.local/preau reset

# check has vetted all; programs of tests are linked in half the time without what debuggers need.
test: check .local/preau site ## Check and test everything against the real emulators
	@.local/preau test -timeout 20m -vet=off -ldflags='-s -w' ./...

soak: .local/preau ## Kill functions at 1,000 random writes and check what is left (KILLS=…, SEED=…)
	@kills=$${KILLS:-1000}; seed=$${SEED:-$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}; \
	echo "make soak KILLS=$$kills SEED=$$seed repeats this"; \
	PREAU_KILLS=$$kills PREAU_SEED=$$seed .local/preau test -count=1 -timeout 2h -run '^TestAProcessMayDieAtAnyWrite$$' ./infra/faults

check: node_modules web/node_modules ## Format, vet, lint and check types
	@unformatted=$$(go tool gofumpt -l functions infra shared web); if [ -n "$$unformatted" ]; then echo "make fmt is due:" $$unformatted; exit 1; fi
	@go vet ./...
	@go tool staticcheck ./...
	@cd web && npm run --silent types >/dev/null && npm run --silent check

fmt: ## Format the Go sources
	@go tool gofumpt -w functions infra shared web

openapi: ## Write web/public/openapi.json from the catalog and shared/api
	@go run ./infra/openapi

bench: site ## Measure cold start, warm CPU, sizes, round trips, capacity units, and the planning on a slow phone
	@go run ./infra/bench

pictures: site .local/preau ## Take the README's pictures of the site again
	@PREAU_PICTURES=$(CURDIR)/docs PREAU_WEB_TESTS=support/pictures .local/preau test -count=1 ./web

site: $(SITE)/index.html ## Build the site into web/dist, where its sources have changed

build: ## Build every function for Lambda (arm64) into bin/lambda
	@go run ./infra/stack/build

synth: node_modules build ## Make and check the templates of both stages in cdk.out
	@for stage in dev prod; do npx cdk synth --quiet --no-lookups -c stage=$$stage -o cdk.out/$$stage || exit 1; done
	@if command -v cfn-lint >/dev/null; then cfn-lint --ignore-checks W3005 --template cdk.out/*/*.template.json; else echo "cfn-lint is not installed: templates not linted"; fi
	@node infra/stack/nag.mjs cdk.out/dev cdk.out/prod
	@echo "The templates of both stages are in cdk.out."

diff: node_modules build ## Show what a deployment of STAGE would change
	@npx cdk diff --all -c stage=$(STAGE) -o cdk.out/$(STAGE)

outputs = $$(node -p "require('./cdk.out/$(STAGE).outputs.json')['preau-$(STAGE)-edge'].$(1)")

deploy: node_modules build site ## Deploy STAGE (dev or prod), then its site
	@npx cdk deploy --all -c stage=$(STAGE) -o cdk.out/$(STAGE) --outputs-file cdk.out/$(STAGE).outputs.json
	@aws s3 sync $(SITE)/assets "s3://$(call outputs,SiteBucketName)/assets" --cache-control 'public, max-age=31536000, immutable'
	@aws s3 sync $(SITE) "s3://$(call outputs,SiteBucketName)" --exclude 'assets/*' --delete --cache-control no-cache
	@aws cloudfront create-invalidation --distribution-id "$(call outputs,DistributionId)" --paths '/*'

# The local platform; Go's cache knows whether there is anything to do.
.local/preau: .FORCE
	@mkdir -p .local
	@[ -e $@ ] || echo "Compiling Préau: the first time takes a minute or two…"
	@go build -o $@ ./infra/local
.FORCE:

node_modules: package-lock.json
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@

web/node_modules: web/package-lock.json
	@cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules

$(SITE)/index.html: web/node_modules web/index.html $(wildcard web/*.ts web/*.js web/package.json) $(shell find web/src web/public -type f -not -name schema.d.ts)
	@cd web && npm run --silent build -- --logLevel warn
