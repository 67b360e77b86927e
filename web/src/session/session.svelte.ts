// The person's session. The access token lives in this module's memory and nowhere else; the refresh token is in a cookie that
// scripts never see. Tabs of one browser share what they learn: a new token, and that the session has ended. A page is one person's:
// when the session turns out to be somebody else's, all is forgotten and the page is loaded anew.

import { Refusal, refusalOf, unreachable } from '../api/refusal';
import type { Api } from '../api/types';
import { anew } from '../router/router.svelte';
import { t } from '../texts';
import { subjectOf } from './token';

interface Token {
  access: string;
  until: number; // ms since the epoch
}

type Word = { said: 'opened'; token: Token; was?: string | undefined } | { said: 'ended' }; // was: see replaced

const early = 60_000; // ms before its end at which a token is renewed
const patience = 35_000; // ms; the service itself answers within 29 s
const hint = 'preau.session'; // in localStorage: somebody signed in on this browser. It opens nothing.

let token: Token | undefined;
let epoch = 0; // grows when the session ends: what was asked before opens nothing
let leaving = false; // the page is being loaded anew for somebody else
let timer: ReturnType<typeof setTimeout> | undefined;

class State {
  open = $state(false);
  asking = $state(false); // the session has ended under way: the person is asked to sign in again
}

/** What pages see of the session. */
export const session = new State();

let answered: ((again: boolean) => void) | undefined; // who waits for the person to sign in again

export type End = 'out' | 'other'; // signed out, or somebody else is signed in

/** Called when another tab, or this one, ends the session or opens that of somebody else. */
const ends = new Set<(how: End) => void>();
export const onEnd = (then: (how: End) => void): void => void ends.add(then);

const unsent = new Set<() => Promise<void>>();

/** Signing out first does this work, and does not sign out where it throws. It gives what ends that. */
export function beforeSignOut(work: () => Promise<void>): () => void {
  unsent.add(work);
  return () => void unsent.delete(work);
}

const others = new BroadcastChannel('preau-session');
others.onmessage = ({ data }: MessageEvent<Word>) => {
  if (data.said === 'ended') forget('out');
  else {
    keep(data.token, data.was);
    heard?.();
  }
};

/**
 * Takes the session that signing in, activating or a new password has opened.
 *
 * @param to where the page is loaded anew if it is not the session of who was signed in; where it is, unless said
 */
export function opened(session: Api<'Session'>, to?: string): void {
  take(session, undefined, to);
}

/** Takes the session that who is signed in has got with another password: the name in its token is another one too. */
export function replaced(session: Api<'Session'>): void {
  take(session, token && subjectOf(token.access));
}

function take({ accessToken, expiresIn }: Api<'Session'>, was?: string, to?: string): void {
  const fresh = { access: accessToken, until: Date.now() + expiresIn * 1000 };
  tell({ said: 'opened', token: fresh, was });
  keep(fresh, was, to);
}

// answer ends the question whether the person signs in again.
function answer(again: boolean): void {
  const waiting = answered;
  answered = undefined;
  session.asking = false;
  waiting?.(again);
}

// keep takes a token, and lets those go on who wait for one: never with another person's.
function keep(fresh: Token, was?: string, to?: string): void {
  if (leaving) return;
  if (token && ![subjectOf(fresh.access), was].includes(subjectOf(token.access))) {
    leaving = true;
    forget('other');
    remember(true);
    anew(to);
    return;
  }
  token = fresh;
  session.open = true;
  remember(true);
  clearTimeout(timer);
  timer = setTimeout(() => void renew().catch(() => undefined), Math.max(0, fresh.until - Date.now() - early));
  answer(true);
}

function forget(how: End): void {
  const was = session.open;
  epoch++;
  token = undefined;
  session.open = false;
  clearTimeout(timer);
  remember(false);
  if (how === 'out') answer(false);
  session.asking = false;
  if (was) for (const then of ends) then(how);
}

const tell = (word: Word): void => others.postMessage(word);

/** Says whether there is a session, renewing it by the cookie. Where nobody signed in here before, it does not ask unless it must. */
export async function resume(must: boolean): Promise<boolean> {
  if (session.open || !(must || remembered())) return session.open;
  try {
    await renew();
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
  }
  return session.open;
}

/** The access token for a call, renewed when it is about to end. */
export async function bearer(): Promise<string> {
  if (token && token.until - Date.now() > early / 2) return token.access;
  try {
    return await renew(token?.access);
  } catch (error) {
    return ask(error);
  }
}

/** Another token than the one that was refused: by the cookie, else by asking the person to sign in again. */
export async function reopen(refused: string): Promise<string> {
  if (token && token.access !== refused) return token.access;
  try {
    return await renew(refused);
  } catch (error) {
    return ask(error);
  }
}

let asked: Promise<boolean> | undefined;

// ask lets the person sign in over the page, so that nothing typed is lost. Giving up is the refusal that led here. A page that is
// being loaded anew gets no answer: what it was about to do is the affair of the person before.
async function ask(refusal: unknown): Promise<string> {
  if (leaving) return new Promise(() => undefined);
  if (!(refusal instanceof Refusal) || refusal.status !== 401 || !session.open) throw refusal;
  session.asking = true;
  asked ??= new Promise<boolean>((resolve) => {
    answered = resolve;
  }).finally(() => {
    asked = undefined;
  });
  if ((await asked) && token) return token.access;
  throw refusal;
}

/** The person does not sign in again. */
export const giveUp = (): void => forget('out');

let renewing: Promise<string> | undefined;

// renew gets a token by the cookie, one tab at a time: the one that comes second finds what the first was told.
function renew(stale?: string): Promise<string> {
  const began = epoch;
  const fresher = () => (token && token.access !== stale && token.until - Date.now() > early ? token.access : undefined);
  renewing ??= alone(async (waited) => {
    if (!fresher()) await word(waited ? 500 : 0);
    const known = fresher();
    if (known) return known;
    if (epoch !== began || leaving) throw over();
    const fresh = await refresh();
    if (epoch === began) opened(fresh);
    if (epoch !== began) throw over(); // signed out meanwhile, or it is somebody else's
    return fresh.accessToken;
  }).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

let heard: (() => void) | undefined; // another tab has told of a token

// word waits for another tab's: the one that held the lock has just renewed the session, most likely, and its word is on its way.
function word(atMost: number): Promise<void> {
  return new Promise<void>((resolve) => {
    heard = resolve;
    setTimeout(resolve, atMost); // ms
  }).finally(() => {
    heard = undefined;
  });
}

const over = (): Refusal => refusalOf(401, undefined, null);

// alone does its work in one tab at a time, and tells it whether it had to wait for another.
async function alone<T>(work: (waited: boolean) => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work(false);
  const name = 'preau-session';
  const first = (await navigator.locks.request(name, { ifAvailable: true }, async (lock) => (lock ? { done: await work(false) } : undefined))) as { done: T } | undefined;
  return first ? first.done : ((await navigator.locks.request(name, () => work(true))) as T);
}

// refresh asks without the client, which would ask for a session first.
async function refresh(): Promise<Api<'Session'>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch('/v1/sessions/refresh', { method: 'POST', signal: AbortSignal.timeout(patience) });
    text = await response.text();
  } catch {
    throw unreachable();
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (response.ok && body) return body as Api<'Session'>;
  if (response.status === 401) remember(false);
  throw refusalOf(response.status, body, null);
}

/**
 * Ends the session here and in all tabs, after what is still to be sent, and after a renewal that is under way. It throws where that
 * could not be sent or the service was not reached: then the session still lives.
 */
export async function signOut(): Promise<void> {
  await Promise.all([...unsent].map((work) => work()));
  await alone(async () => {
    let response: Response;
    try {
      response = await fetch('/v1/sessions', { method: 'DELETE', signal: AbortSignal.timeout(patience) });
    } catch {
      throw unreachable();
    }
    if (!response.ok) throw new Refusal('unavailable', t.problems.unavailable, [], response.status);
    ended();
  });
}

/** The session is over, as after closing the account. */
export function ended(): void {
  tell({ said: 'ended' });
  forget('out');
}

function remembered(): boolean {
  try {
    return localStorage.getItem(hint) !== null;
  } catch {
    return false; // a browser that keeps nothing
  }
}

function remember(yes: boolean): void {
  try {
    if (yes) localStorage.setItem(hint, '1');
    else localStorage.removeItem(hint);
  } catch {
    // a browser that keeps nothing
  }
}

// Timers sleep with the device: a tab that comes back looks at its token itself.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && token && token.until - Date.now() < early) void renew(token.access).catch(() => undefined);
});
