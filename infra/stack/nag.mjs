// Checks synthesised templates against cdk-nag's AwsSolutions rules: node infra/stack/nag.mjs cdk.out/dev cdk.out/prod
// Findings that stand are noted, with their reason, beside the resource in Go (accept.go) and so in its metadata.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';

process.env.CDK_VALIDATION = 'false'; // only the rules asked for

const suffix = '.template.json';
const exported = /^(.+):ExportsOutput(?:FnGetAtt|Ref)(\w+?)[0-9A-F]{8}(\w*?)[0-9A-F]{8}$/;
const templates = process.argv.slice(2).flatMap((folder) =>
  readdirSync(folder).filter((file) => file.endsWith(suffix)).map((file) => join(folder, file)));
if (templates.length === 0) throw new Error('no templates: say the folders that cdk synth wrote');

const outdir = mkdtempSync(join(tmpdir(), 'nag-'));
try {
  const app = new App({ outdir });
  for (const file of templates) include(app, file);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  app.synth();
} finally {
  rmSync(outdir, { recursive: true });
}

function include(app, file) {
  const { Resources, Mappings } = JSON.parse(readFileSync(file), knownFunctions);
  const copy = join(outdir, basename(file));
  writeFileSync(copy, JSON.stringify({ Resources, Mappings }));
  const stack = new Stack(app, basename(file, suffix));
  const template = new CfnInclude(stack, 'T', { templateFile: copy });
  for (const [id, { Metadata }] of Object.entries(Resources)) {
    for (const rule of Metadata?.cdk_nag?.rules_to_suppress ?? []) {
      Validations.of(template.getResource(id)).acknowledge(rule);
    }
  }
}

// CfnInclude does not know Fn::GetStackOutput; no rule depends on what it yields. What another stack exports is told by that
// stack's name for it, "preau-dev-data.Files.Arn", so that a finding can be accepted without the hashes of its export.
function knownFunctions(key, value) {
  const output = value?.['Fn::GetStackOutput'];
  if (output) return `${output.StackName}.${output.OutputName}`;
  const [, stack, resource, attribute] = exported.exec(value?.['Fn::ImportValue'] ?? '') ?? [];
  return stack ? `${stack}.${resource}.${attribute}` : value;
}
