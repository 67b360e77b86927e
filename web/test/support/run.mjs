// Runs the test files that it is given, two at a time in one browser, and prints what came of them.

import { spec } from 'node:test/reporters';
import { run } from 'node:test';
import { chromium } from 'playwright-core';

const flags = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=fr-FR',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // as root it starts only so
];

const server = await chromium.launchServer({ host: '127.0.0.1', executablePath: process.env.PREAU_BROWSER ?? '/usr/bin/chromium', args: flags });
process.env.PREAU_BROWSER_AT = server.wsEndpoint();

const tests = run({ files: process.argv.slice(2), concurrency: Number(process.env.PREAU_WEB_AT_ONCE ?? 2) });
tests.on('test:fail', () => {
  process.exitCode = 1;
});
tests.compose(new spec()).pipe(process.stdout);
for await (const _ of tests); // until the last has ended
await server.close();
