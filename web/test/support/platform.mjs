// What the tests know of the platform: its API, its mailbox and a browser. Addresses come from the environment.

import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const wanted = (name) => process.env[name] ?? fail(`${name} is not set: see web/README.md`);
const fail = (why) => {
  throw new Error(why);
};

export const portal = wanted('PREAU_PORTAL');
export const town = wanted('PREAU_COLLECTIVITY');
export const code = process.env.PREAU_CODE; // of a guardian who has no account yet
const mailbox = wanted('PREAU_MAILBOX');
const pictures = process.env.PREAU_PICTURES; // folder for what the pages look like

export const password = 'quatre mots sans rapport';
export const address = () => `parent-${randomUUID()}@example.org`;

/** Calls the API and gives status and body. */
export async function api(method, path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(portal + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

/** Solves a captcha as a device would, one number after the other. */
export async function captcha() {
  const { algorithm, challenge, maxnumber, salt, signature } = (await api('GET', '/v1/captcha')).body;
  for (let number = 1; number <= maxnumber; number++) {
    if (createHash('sha256').update(salt + number).digest('hex') === challenge) {
      return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    }
  }
  return captcha(); // 0 solves this one, and is not taken
}

/** Signs up and gives the mailed link. */
export async function signUp(email, more = {}) {
  const termsVersion = (await api('GET', `/v1/collectivities/${town}`)).body.terms.version;
  const { status, body } = await api('POST', '/v1/accounts', {
    collectivity: town, lastName: 'Martin', firstName: 'Anne', email, password, acceptTerms: true, termsVersion, captcha: await captcha(), ...more,
  });
  if (status !== 202) fail(`sign-up: ${status} ${JSON.stringify(body)}`);
  return link(email, 'activation');
}

/** Signs up, activates and gives an access token. */
export async function account(email) {
  const token = new URL(await signUp(email)).hash.slice(1);
  return (await api('POST', '/v1/accounts/activation', { token, password })).body.accessToken;
}

/** Waits for the nth mail to an address with a link to one of the portal's pages, and gives the link. */
export async function link(email, page, nth = 1) {
  const pattern = new RegExp(`${portal}/${town}/${page}#[\\w.-]+`);
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((r) => setTimeout(r, 100))) {
    const { emails } = await (await fetch(`${mailbox}/store`)).json();
    const links = emails.filter((m) => m.destination.to.some((to) => to.includes(email))).map((m) => pattern.exec(m.body.text)?.[0]);
    const found = links.filter(Boolean)[nth - 1];
    if (found) return found;
  }
  return fail(`no link to ${page} came to ${email}`);
}

const flags = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // as root it starts only so
];

/** Starts the browser. */
export const browse = () => chromium.launch({ executablePath: process.env.PREAU_BROWSER ?? '/usr/bin/chromium', args: flags });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Opens a page on a phone of 360 px. It remembers what must not happen: script errors and whatever the security policy
 * blocks.
 */
export async function open(browser, url) {
  const page = await (await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'fr-FR' })).newPage();
  const wrong = [];
  const asked = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (m) => m.type() === 'error' && !m.text().startsWith('Failed to load resource') && wrong.push(m.text()));
  page.on('request', (r) => asked.push(`${r.method()} ${new URL(r.url()).pathname}`));
  await page.goto(url);
  return { page, wrong, asked };
}

/** Says what is wrong with a page as it is shown, in light and in dark: for readers by WCAG 2.2 AA, and on a narrow phone. */
export async function faults(page, name) {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate(`${axe}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })`);
    found.push(...violations.map((v) => `${name}, ${colorScheme}: ${v.help} (${v.nodes.map((n) => n.html).join(', ')})`));
    await picture(page, `${name}-${colorScheme}`);
  }
  const width = await page.evaluate('document.scrollingElement.scrollWidth');
  if (width > 360) found.push(`${name}: ${width} px wide on a phone of 360 px`);
  return found;
}

async function picture(page, name) {
  if (!pictures) return;
  const size = page.viewportSize();
  await page.screenshot({ path: `${pictures}/${name}-phone.png`, fullPage: true });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.screenshot({ path: `${pictures}/${name}-desktop.png` });
  await page.setViewportSize(size);
}
