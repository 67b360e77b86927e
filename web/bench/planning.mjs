// Measures the planning as a parent's phone meets it, against an API that answers after 100 ms: what its first load weighs,
// when its largest part is painted and how long the page is deaf while it loads (4 × slowed, 1.6 Mbit/s, 150 ms a trip), and
// how long a month of 4 children × 4 activities takes to show, from the click to the picture.
//
//   make bench, or for this alone: make site && go run ./infra/bench -only site
//
// It prints one line of JSON per figure: what, value, unit, and most, the aim if there is one.

import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const dist = new URL('../dist', import.meta.url).pathname;
const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml' };
const apiWait = 100; // ms
const states = ['enrolled', 'booked', 'requested', 'absent', 'waitlisted'];

const children = ['Léa', 'Noé', 'Inès', 'Tom'].map((firstName, i) => ({ id: `child-${i}`, firstName, colour: ['#0072B2', '#D55E00', '#009E73', '#CC79A7'][i] }));
const activities = ['Cantine', 'Accueil du matin', 'Accueil du soir', 'Étude'].map((name, i) => ({ id: `activity-${i}`, name, options: [] }));

function planning(from, to) {
  const days = [];
  for (let d = new Date(from); d <= new Date(to); d = new Date(+d + 86_400_000)) {
    for (const [i, c] of children.entries()) {
      for (const [j, a] of activities.entries()) {
        const state = states[(d.getUTCDate() * 3 + i + j * 2) % states.length];
        days.push({ date: d.toISOString().slice(0, 10), child: c.id, activity: a.id, state, actions: state === 'enrolled' ? ['book'] : ['absent'], rule: 'Réservable jusqu’au lundi 30 novembre à 10 h.', until: '2026-11-30T09:00:00Z' });
      }
    }
  }
  return { from, to, children, activities, days, legend: states.map((state) => ({ state, label: state })) };
}

const text = { version: '1', text: 'Texte.' };
const answers = {
  '/v1/collectivities/ville': () => ({ slug: 'ville', name: 'Ville', fullName: 'Ville', colours: { primary: '#1F5C99', accent: '#B4431E' }, contact: { service: 'Service enfance', email: 'a@b.fr' }, terms: text, privacy: text, dpo: 'dpo', legal: text, accessibility: text, modules: ['family', 'documents', 'planning', 'requests', 'calendar', 'reminders'], timezone: 'Europe/Paris' }),
  '/v1/sessions/refresh': () => ({ accessToken: 'a.e30.c', expiresIn: 900 }),
  '/v1/me': () => ({ id: 'me', lastName: 'Martin', firstName: 'Anne', email: 'a@b.fr', createdAt: '2026-01-01T00:00:00Z', termsVersion: '1' }),
  '/v1/me/subscriptions': () => ({ items: [{ family: 'f', guardian: 'g', collectivity: { slug: 'ville', name: 'Ville' }, label: 'Famille Martin', since: '2026-01-01T00:00:00Z' }] }),
  '/v1/families/f/planning': (query) => planning(query.get('from'), query.get('to')),
};

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://x');
  const answer = answers[url.pathname];
  if (answer) {
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify(answer(url.searchParams))));
    }, apiWait);
    return;
  }
  const path = extname(url.pathname) ? url.pathname : '/index.html';
  const file = join(dist, path);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream', 'content-encoding': 'gzip', 'cache-control': path.startsWith('/assets/') ? 'max-age=31536000' : 'no-cache' });
  return createReadStream(file).pipe(createGzip()).pipe(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const portal = `http://localhost:${server.address().port}`;

const browser = await chromium.launch({ executablePath: process.env.PREAU_BROWSER ?? '/usr/bin/chromium', args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] });

async function slowed(context, page, network) {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  if (network) await devtools.send('Network.emulateNetworkConditions', { offline: false, ...network });
}

const observe = () => {
  globalThis.seen = { lcp: 0, blocking: 0, first: 0 };
  new PerformanceObserver((list) => { for (const e of list.getEntries()) globalThis.seen.lcp = e.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) globalThis.seen.blocking += Math.max(0, e.duration - 50); }).observe({ type: 'longtask', buffered: true });
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const times = Number(process.env.TIMES ?? 5);

async function load() {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, locale: 'fr-FR' });
  const page = await context.newPage();
  await page.addInitScript(observe);
  await page.addInitScript(() => { localStorage.setItem('preau.session', '1'); localStorage.setItem('preau.family.ville', 'f'); });
  const files = new Set();
  page.on('response', (r) => { const { pathname } = new URL(r.url()); if (/\.(js|css)$/.test(pathname)) files.add(pathname); });
  await slowed(context, page, { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 });
  await page.goto(`${portal}/ville/planning?date=2026-12-01`);
  await page.locator('td .sign').first().waitFor({ timeout: 60_000 });
  const shown = await page.evaluate(() => performance.now());
  await page.waitForTimeout(1500);
  const seen = await page.evaluate('seen');
  await context.close();
  return { ...seen, shown, bytes: [...files].reduce((sum, f) => sum + gzipSync(readFileSync(dist + f), { level: 9 }).length, 0), files: files.size };
}

async function month(viewport) {
  const context = await browser.newContext({ viewport, locale: 'fr-FR' });
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem('preau.family.ville', 'f'));
  await page.goto(`${portal}/ville/planning?date=2026-12-01`);
  await page.locator('td .cell-line, td .sign').first().waitFor();
  await page.waitForTimeout(1000); // the next month is at hand
  await slowed(context, page);
  const took = [];
  const whole = [];
  for (const name of ['Mois suivant', 'Mois précédent']) {
    for (let i = 0; i < 3; i++) {
      await page.getByRole('button', { name }).evaluate(() => 0);
      const [first, all] = await page.evaluate((label) => new Promise((done) => {
        const from = performance.now();
        let first;
        document.querySelector(`[aria-label="${label}"]`).click();
        const drawn = () => requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => {
            first ??= performance.now() - from;
            if (document.querySelector('.entries:empty')) drawn();
            else done([first, performance.now() - from]);
          };
          channel.port2.postMessage(0);
        });
        drawn();
      }), name);
      took.push(first);
      whole.push(all);
      await page.waitForTimeout(1200); // read again and the next one at hand
    }
  }
  const nodes = await page.locator('table *').count();
  await context.close();
  return { took: median(took), whole: median(whole), nodes };
}

const loads = [];
for (let i = 0; i < times; i++) loads.push(await load());
const of = (name) => Math.round(median(loads.map((l) => l[name])));
const line = (what, value, unit, most) => console.log(JSON.stringify({ what, value, unit, most }));
line('first load of the planning: script and style, gzipped', Math.round(of('bytes') / 100) / 10, 'kB', 150);
line('slow phone: largest contentful paint', of('lcp'), 'ms', 1500);
line('slow phone: total blocking time', of('blocking'), 'ms', 100);
line('slow phone: the month is there', of('shown'), 'ms');
for (const [device, viewport] of Object.entries({ phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } })) {
  const { took, whole, nodes } = await month(viewport);
  line(`month of 4 children × 4 activities on a slowed ${device}, ${nodes} elements`, Math.round(took), 'ms', 100);
  line('until its last week is filled, week by week', Math.round(whole), 'ms');
}
await browser.close();
server.close();
