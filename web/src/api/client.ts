// One wrapper around fetch. What the API refuses, and what did not reach it, comes as a Refusal with a French sentence.

import { bearer, reopen } from '../session/session.svelte';
import { Refusal, refusalOf, unreachable } from './refusal';
import type { Answer, Input, Method, PathOf } from './types';

const patience = 35_000; // ms; the service itself answers within 29 s
const pauses = [700, 2000]; // ms, before what can not do harm is sent again by itself

export const get = <P extends PathOf<'get'>>(path: P, input: Input<'get', P>): Promise<Answer<'get', P>> => call('get', path, input);
export const post = <P extends PathOf<'post'>>(path: P, input: Input<'post', P>): Promise<Answer<'post', P>> => call('post', path, input);
export const put = <P extends PathOf<'put'>>(path: P, input: Input<'put', P>): Promise<Answer<'put', P>> => call('put', path, input);
export const patch = <P extends PathOf<'patch'>>(path: P, input: Input<'patch', P>): Promise<Answer<'patch', P>> => call('patch', path, input);
export const remove = <P extends PathOf<'delete'>>(path: P, input: Input<'delete', P>): Promise<Answer<'delete', P>> => call('delete', path, input);

interface Sent {
  path?: Record<string, string>;
  query?: Record<string, string | string[] | undefined>;
  body?: unknown;
  key?: string; // Idempotency-Key: the same on each try of one intention
  fresh?: boolean; // past the browser's cache
  keepalive?: boolean; // it goes on though the page is left
}

// call sends a request. A call that needs a session waits for one, and asks the person to sign in again where it has ended.
async function call<M extends Method, P extends PathOf<M>>(method: M, path: P, input: Input<M, P>): Promise<Answer<M, P>> {
  const sent = input as Sent;
  const address = addressOf(path, sent);
  const harmless = method === 'get' || sent.key !== undefined;
  for (let tries = 0; ; tries++) {
    try {
      return (await (needsSession(method, path) ? signed(method, address, sent) : send(method, address, sent))) as Answer<M, P>;
    } catch (error) {
      if (!harmless || tries >= pauses.length || !retriable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauses[tries]));
    }
  }
}

// What opens and renews a session needs none; seeing and ending one's sessions does.
const needsSession = (method: Method, path: string): boolean => path === '/v1/sessions/{id}' || (path === '/v1/sessions' && method === 'get') || /^\/v1\/(me\b|families\/|collectivities\/\{slug\}\/)/.test(path);

const retriable = (error: unknown): boolean => error instanceof Refusal && (error.code === 'try_again' || [502, 503, 504].includes(error.status) || (error.code === 'network' && navigator.onLine));

async function signed(method: Method, address: string, sent: Sent): Promise<unknown> {
  const token = await bearer();
  try {
    return await send(method, address, sent, token);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    return send(method, address, sent, await reopen(token));
  }
}

function addressOf(path: string, { path: values = {}, query = {} }: Sent): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one) search.append(name, one);
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}

/** Sends a request as it stands. */
export async function send(method: Method, address: string, { body, key, fresh, keepalive = false }: Sent, token?: string): Promise<unknown> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  if (key) headers['idempotency-key'] = key;
  const [response, text] = await reach(address, { method: method.toUpperCase(), headers, body: body === undefined ? null : JSON.stringify(body), cache: fresh ? 'reload' : 'default', keepalive });
  const answer = read(text);
  if (response.ok && answer !== null) return answer;
  throw refusalOf(response.status, answer, response.headers.get('retry-after'));
}

async function reach(address: string, init: RequestInit): Promise<[Response, string]> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  try {
    const response = await fetch(address, { ...init, signal: limit.signal });
    return [response, await response.text()];
  } catch {
    throw unreachable();
  } finally {
    clearTimeout(timer);
  }
}

// read gives a body, undefined for none, and null for what is no JSON.
function read(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
