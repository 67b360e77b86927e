// What the tests know of the platform: its API, its mailbox and a browser. Addresses come from the environment.

import { createHash, createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const wanted = (name) => process.env[name] ?? fail(`${name} is not set: see web/README.md`);
const fail = (why) => {
  throw new Error(why);
};

export const portal = wanted('PREAU_PORTAL');
const made = JSON.parse(wanted('PREAU_TOWN'));
const mailbox = wanted('PREAU_MAILBOX');
const pictures = process.env.PREAU_PICTURES; // folder for what the pages look like

export const town = made.slug;
export const monday = made.monday; // of a week in which everything is open; the next one is in the same month
export const called = made.called; // a Monday that has come: Léa and Noé of one family were expected at the canteen
export const official = { email: made.agent.email, password: made.agent.password }; // the town's agent
export const agents = made.agents; // by what they are for: {email, password, secret}
export const desks = made.desks; // other towns by who may set them: slug, manager and reader
export const codes = (family) => made.families[family] ?? fail(`no family ${family}`);

export const password = 'quatre mots sans rapport';
export const address = () => `parent-${randomUUID()}@example.org`;
export const at = (page = '') => `${portal}/${town}${page && `/${page}`}`;

/** A date some days after another. */
export const plus = (date, days) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
/** A date as the planning names it: mardi 1er décembre. */
export const french = (date) => new Intl.DateTimeFormat('fr-FR', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(date)).replace(/ 1 /, ' 1er ');

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

/** Signs up, activates and gives an access token. With a code, the account has the family. */
export async function account(email, subscriberCode) {
  const token = new URL(await signUp(email, subscriberCode && { subscriberCode })).hash.slice(1);
  return (await api('POST', '/v1/accounts/activation', { token, password })).body.accessToken;
}

/** An account with a family: its address, calls to the API about it, and its children by name, in the order of the file. */
export async function parent(family, nth = 0) {
  const email = address();
  const token = await account(email, codes(family)[nth]);
  const [subscription] = (await api('GET', '/v1/me/subscriptions', undefined, token)).body.items;
  const call = async (method, path, body) => (await api(method, `/v1/families/${subscription.family}${path}`, body, token)).body;
  const file = await call('GET', '');
  const child = Object.fromEntries(file.children.map((c) => [c.firstName, c.id]));
  return { email, token, call, family: subscription.family, file, child, names: Object.keys(child) };
}

/** Calls the API as the town's agent. */
export async function agent(method, path, body) {
  agentToken ??= signInAgent();
  return (await api(method, `/v1/collectivities/${town}${path}`, body, await agentToken)).body;
}

let agentToken;
async function signInAgent() {
  const step = Math.floor(Date.now() / 30_000);
  for (const s of [step, step + 1, step - 1]) {
    const { status, body } = await api('POST', '/v1/sessions', { email: made.agent.email, password: made.agent.password, totp: totp(made.agent.secret, s) });
    if (status === 200) return body.accessToken;
  }
  await new Promise((resolve) => setTimeout(resolve, 15_000)); // other files have used up these codes
  return signInAgent();
}

/** The six digits of an authenticator at a step of 30 seconds. */
export function totp(secret, step = Math.floor(Date.now() / 30_000)) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
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

/** The browser that all test files share (run.mjs); closing it closes what this file has opened in it. */
export const browse = () => chromium.connect(wanted('PREAU_BROWSER_AT'));

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 800 };

/**
 * Opens a page, on a phone of 360 px unless said. It remembers what must not happen: script errors and whatever the security
 * policy blocks.
 */
export async function open(browser, url, { viewport = phone, context } = {}) {
  const page = await (context ?? (await browser.newContext({ viewport, locale: 'fr-FR', reducedMotion: 'reduce' }))).newPage();
  page.setDefaultTimeout(15_000);
  const wrong = [];
  const asked = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (m) => m.type() === 'error' && !m.text().startsWith('Failed to load resource') && wrong.push(m.text()));
  page.on('request', (r) => asked.push(`${r.method()} ${new URL(r.url()).pathname}`));
  await page.goto(url);
  return { page, wrong, asked };
}

/** Opens a page of the portal as somebody who is signed in. */
export async function openAs(browser, email, path, options = {}) {
  const opened = await open(browser, at(`connexion?retour=${encodeURIComponent(`/${town}/${path}`)}`), options);
  const { page } = opened;
  await page.getByLabel('Adresse e-mail').fill(email);
  await secret(page).fill(password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
  await page.waitForURL((url) => !url.pathname.endsWith('/connexion'));
  return opened;
}

/** The field of a password that has no other name; required, so its label ends with an asterisk. */
export const secret = (within) => within.getByLabel('Mot de passe*', { exact: true });

export const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();

/**
 * Says what is wrong with a page as it is shown: for readers by WCAG 2.2 AA, at 320 px, at 200 % of zoom, and with more space in its
 * text. Agents work at desks and on phones: their pages are read at both widths.
 */
export async function faults(page, name) {
  const size = page.viewportSize();
  const found = [];
  const widths = page.url().includes('/agents') ? [size.width, size.width === phone.width ? desktop.width : phone.width] : [size.width];
  for (const width of widths) found.push(...(await readable(page, { ...size, width }, widths.length > 1 ? `${name} at ${width} px` : name)));
  await page.setViewportSize(size);
  await picture(page, name);
  for (const narrow of [{ width: 320, height: 568 }, { width: 640, height: 400 }]) { // 640 px: 1280 at 200 %
    await page.setViewportSize(narrow);
    await settled(page);
    const width = await page.evaluate(() => Math.max(document.scrollingElement.scrollWidth, ...[...document.querySelectorAll('dialog[open]')].map((d) => d.scrollWidth)));
    if (width > narrow.width) found.push(`${name}: ${width} px wide at ${narrow.width}`);
  }
  await page.setViewportSize(size);
  const spaced = await widened(page);
  if (spaced > size.width) found.push(`${name}: ${spaced} px wide with more space in its text`);
  return found;
}

// What axe finds at a size. A page that was still being filled is read again: what it finds each time counts.
async function readable(page, size, name) {
  let found = await axed(page, size);
  for (let tries = 0; found.length > 0 && tries < 3; tries++) {
    await new Promise((r) => setTimeout(r, 500));
    found = await axed(page, size);
  }
  return found.map((f) => `${name}: ${f}`);
}

// What axe finds once, the window being as high as the page.
async function axed(page, size) {
  if (page.viewportSize().width !== size.width) {
    await page.setViewportSize(size);
    await settled(page);
  }
  const height = await page.evaluate(() => document.scrollingElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, height + 100) }); // nothing lies under what sticks to the window's edge
  await settled(page);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${axe}; 0`);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] });
    return violations.map((v) => `${v.help} (${v.nodes.map((n) => n.html).join(', ')})`);
  });
}

/** How wide a page becomes where its reader has set more space between lines, words and letters (WCAG 1.4.12). */
async function widened(page) {
  await page.evaluate(() => {
    const spacing = new CSSStyleSheet();
    spacing.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
    document.adoptedStyleSheets.push(spacing);
  });
  await settled(page);
  const width = await page.evaluate(() => Math.max(document.scrollingElement.scrollWidth, ...[...document.querySelectorAll('dialog[open]')].map((d) => d.scrollWidth)));
  await page.evaluate(() => document.adoptedStyleSheets.pop());
  return width;
}

/** Waits until the page is drawn anew. */
const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  const size = page.viewportSize();
  for (const [device, viewport] of Object.entries({ phone, desktop })) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: `${pictures}/${name}-${device}.png` });
  }
  await page.setViewportSize(size);
}

/** Presses Tab until an element has the focus. */
export async function tabTo(page, locator, most = 60) {
  let element = await locator.elementHandle(); // looked for once: names of roles cost more than a key
  for (let i = 0; i < most; i++) {
    const focused = await element.evaluate((e) => (e.isConnected ? e === document.activeElement : undefined)).catch(() => undefined);
    if (focused) return;
    if (focused === undefined) element = await locator.elementHandle();
    else await page.keyboard.press('Tab');
  }
  fail(`${locator} was not reached by ${most} tabs`);
}

export const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '');
