// The queue of requests by their days: which are chosen, what was decided, and what could not be.

import { get, post } from '../../api/client';
import { Refusal } from '../../api/refusal';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';
import { french } from '../../texts/typeset';
import { desk } from '../desk.svelte';
import { a } from '../texts';

type Request = Api<'PendingRequest'>;
type Decision = Api<'RequestDecision'>;
type Outcome = Api<'Outcome'>;

/** One day of a request that waits for a decision. */
export interface Line {
  id: string;
  request: string;
  date: string;
  child: string;
  activity: string;
  option: string;
  kind: 'booking' | 'absence';
  name: string; // the child's, the last name first
  family: string;
  label: string;
  at: string; // when it was asked
  comment: string;
  charge: string; // late, due
  alone: number; // how many days of its request a decision on all of it would be about
  state: 'waits' | 'sent' | 'done' | 'gone' | 'full' | 'failed';
  told: string;
}

export interface Filter {
  activity: string;
  kind: string;
  from: string;
  to: string;
}

const many = 50; // decisions that one call takes
const undecided = ['requested', 'absence_requested'];

const placeOf = (o: { date?: string; child?: string; activity?: string }): string => `${o.date}|${o.child}|${o.activity}`;

function linesOf(r: Request): Line[] {
  const alone = r.days.filter((d) => !d.code && [...undecided, 'waitlisted'].includes(d.state)).length;
  const names = new Map(r.children.map((c) => [c.id, `${c.lastName} ${c.firstName}`.trim()]));
  return r.days
    .filter((d) => undecided.includes(d.state) && !d.code)
    .map((d) => ({
      id: `${r.id}|${placeOf(d)}`,
      request: r.id,
      date: d.date,
      child: d.child,
      activity: d.activity,
      option: d.option ?? '',
      kind: r.kind === 'absence' ? 'absence' : 'booking',
      name: names.get(d.child) || a.requests.unknown,
      family: r.family,
      label: r.label,
      at: r.createdAt,
      comment: r.comment ?? '',
      charge: d.charge ?? '',
      alone,
      state: 'waits',
      told: '',
    }));
}

export class Queue {
  lines = $state.raw<Line[]>([]);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  cursor = $state('');
  read = $state(false);
  busy = $state(false); // reads on
  failed = $state.raw<unknown>(undefined);
  sending = $state.raw<{ done: number; of: number } | undefined>(undefined);
  #filter: Filter = { activity: '', kind: '', from: '', to: '' };
  #turn = 0;

  waiting = $derived(this.lines.filter((l) => l.state === 'waits' || l.state === 'full' || l.state === 'failed'));
  full = $derived(this.lines.filter((l) => l.state === 'full'));
  picked = $derived(this.lines.filter((l) => this.chosen.has(l.id) && (l.state === 'waits' || l.state === 'full' || l.state === 'failed')));

  /** Reads the whole queue, page after page, what comes first is shown first. */
  async show(filter: Filter, most = 1000): Promise<void> {
    const turn = ++this.#turn;
    this.#filter = filter;
    this.lines = [];
    this.chosen = new Set();
    this.cursor = '';
    this.read = false;
    await this.#on(turn, most);
  }

  more(): Promise<void> {
    return this.#on(this.#turn, 500);
  }

  async #on(turn: number, most: number): Promise<void> {
    this.failed = undefined;
    this.busy = true;
    let left = most;
    try {
      do {
        const { activity, kind, from, to } = this.#filter;
        const page = await get('/v1/collectivities/{slug}/requests', {
          path: { slug: route.slug },
          query: { activity, from, to, cursor: this.cursor, ...(kind && { kind: kind as 'booking' }) },
        });
        if (turn !== this.#turn) return;
        const known = new Set(this.lines.map((l) => l.id));
        const found = page.items.flatMap(linesOf).filter((l) => !known.has(l.id) && this.#asked(l));
        this.lines = [...this.lines, ...found];
        this.cursor = page.cursor ?? '';
        this.read = true;
        left -= page.items.length;
      } while (this.cursor && left > 0);
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  // The API names requests with such a day; its other days are no matter of the filter.
  #asked(l: Line): boolean {
    const { activity, from, to } = this.#filter;
    return (!activity || l.activity === activity) && (!from || l.date >= from) && (!to || l.date <= to);
  }

  choose(ids: Iterable<string>, on: boolean): void {
    const chosen = new Set(this.chosen);
    for (const id of ids) {
      if (on) chosen.add(id);
      else chosen.delete(id);
    }
    this.chosen = chosen;
  }

  /** Decides some lines, fifty at a time, and says how many went through. */
  async decide(lines: Line[], accept: boolean, { reason = '', overbook = false } = {}): Promise<{ done: number; full: number; other: number }> {
    const ids = new Set(lines.map((l) => l.id));
    this.chosen = new Set([...this.chosen].filter((id) => !ids.has(id)));
    this.#set(ids, { state: 'sent', told: '' });
    const decisions = decisionsOf(lines, { decision: accept ? 'accept' : 'refuse', ...(reason && { reason }), ...(overbook && { overbook }) });
    this.sending = { done: 0, of: decisions.length };
    for (let at = 0; at < decisions.length; at += many) {
      const some = decisions.slice(at, at + many);
      await this.#send(some, lines);
      this.sending = { done: Math.min(at + many, decisions.length), of: decisions.length };
    }
    this.sending = undefined;
    const now = this.lines.filter((l) => ids.has(l.id));
    const count = (state: Line['state']) => now.filter((l) => l.state === state).length;
    desk.decided('requests', this.#ended(now));
    return { done: count('done'), full: count('full'), other: now.length - count('done') - count('full') };
  }

  // Requests of which nothing waits any more.
  #ended(decided: Line[]): number {
    const left = new Set(this.lines.filter((l) => l.state !== 'done' && l.state !== 'gone').map((l) => l.request));
    return new Set(decided.map((l) => l.request).filter((id) => !left.has(id))).size;
  }

  async #send(decisions: Decision[], lines: Line[], again = false): Promise<void> {
    const of = lines.filter((l) => decisions.some((d) => d.request === l.request && (!d.date || placeOf(d) === placeOf(l))));
    try {
      const { outcomes } = await post('/v1/collectivities/{slug}/requests/decisions', { path: { slug: route.slug }, body: { decisions } });
      this.#take(of, outcomes, again);
    } catch (error) {
      if (error instanceof Refusal && error.passing && !again) {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return this.#send(decisions, lines, true);
      }
      const told = error instanceof Refusal ? error.message : a.requests.unexpected;
      this.#set(new Set(of.map((l) => l.id)), { state: 'failed', told });
    }
  }

  // What was sent again may have been done the first time: nothing waits any more, and that is right.
  #take(lines: Line[], outcomes: Outcome[], again: boolean): void {
    const now = new Map<string, Partial<Line>>();
    for (const line of lines) {
      const own = outcomes.filter((o) => o.id === line.request);
      const outcome = own.find((o) => placeOf(o) === placeOf(line)) ?? own.find((o) => !o.date);
      now.set(line.id, became(outcome, again));
    }
    this.lines = this.lines.map((l) => ({ ...l, ...now.get(l.id) }));
  }

  #set(ids: ReadonlySet<string>, how: Partial<Line>): void {
    this.lines = this.lines.map((l) => (ids.has(l.id) ? { ...l, ...how } : l));
  }
}

function became(outcome: Outcome | undefined, again: boolean): Partial<Line> {
  if (!outcome?.code) return { state: 'done', told: a.requests.states[outcome?.state ?? ''] ?? '' };
  if (outcome.code === 'slot_full') return { state: 'full', told: french(outcome.detail ?? '') };
  if (outcome.code === 'nothing_pending' || outcome.code === 'request_not_found') return again ? { state: 'done', told: a.requests.done } : { state: 'gone', told: a.requests.gone };
  return { state: 'failed', told: french(outcome.detail ?? '') };
}

// A request of which all is decided alike is one decision: so its family gets one mail, and the call holds more.
function decisionsOf(chosen: Line[], how: Pick<Decision, 'decision' | 'reason' | 'overbook'>): Decision[] {
  const decisions: Decision[] = [];
  for (const [request, lines] of grouped(chosen)) {
    if (lines.length === lines[0]?.alone) decisions.push({ request, ...how });
    else for (const { date, child, activity } of lines) decisions.push({ request, date, child, activity, ...how });
  }
  return decisions;
}

function grouped(lines: Line[]): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) groups.set(line.request, [...(groups.get(line.request) ?? []), line]);
  return groups;
}
