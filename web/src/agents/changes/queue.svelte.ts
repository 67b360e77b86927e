// The queue of changes as an agent goes through it: decided ones leave a moment later, so that the last one can be taken back; what
// was not taken comes back and says why.

import { get, post } from '../../api/client';
import { Refusal } from '../../api/refusal';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';
import { beforeSignOut } from '../../session/session.svelte';
import { french } from '../../texts/typeset';
import { desk } from '../desk.svelte';
import { a } from '../texts';

export type Change = Api<'PendingChange'>;
type Decision = Api<'ChangeDecision'>;
type Outcome = Api<'Outcome'>;

export interface Entry {
  change: Change;
  state: 'waits' | 'held' | 'sent' | 'done' | 'gone' | 'failed'; // gone: somebody else was first
  told: string; // what became of it
  tone: 'right' | 'wrong' | 'amber' | '';
  moved: Outcome | undefined; // a field that changed in the file meanwhile
}

/** What an agent decides of a change: all that waits, or some fields refused. */
export interface Verdict {
  refused: string[]; // fields; none: all is accepted
  whole: boolean; // all is refused
  reason: string;
}

const patience = 5000; // ms in which the last decision can be taken back
const ahead = 10; // entries left at which more are read

const entryOf = (change: Change): Entry => ({ change, state: 'waits', told: '', tone: '', moved: undefined });

export class Queue {
  entries = $state.raw<Entry[]>([]);
  cursor = $state('');
  read = $state(false); // the first page is there
  failed = $state.raw<unknown>(undefined);
  held = $state.raw<{ id: string; decisions: Decision[]; told: string } | undefined>(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy: Promise<void> | undefined;
  #sending = new Set<Promise<boolean>>();
  #done: (() => void) | undefined; // nothing is to be sent any more

  waiting = $derived(this.entries.filter((e) => e.state === 'waits' || e.state === 'failed'));
  treated = $derived(this.entries.length - this.waiting.length);

  of(id: string): Entry | undefined {
    return this.entries.find((e) => e.change.id === id);
  }

  /** Reads the next page, once for all who ask. */
  more(): Promise<void> {
    this.#busy ??= this.#more().finally(() => (this.#busy = undefined));
    return this.#busy;
  }

  async #more(): Promise<void> {
    this.failed = undefined;
    try {
      const before = this.entries.length;
      do {
        const page = await get('/v1/collectivities/{slug}/changes', { path: { slug: route.slug }, query: { cursor: this.cursor } });
        const known = new Set(this.entries.map((e) => e.change.id));
        this.entries = [...this.entries, ...page.items.filter((c) => !known.has(c.id)).map(entryOf)];
        this.cursor = page.cursor ?? '';
        this.read = true;
      } while (this.cursor && this.entries.length === before);
    } catch (error) {
      this.failed = error;
    }
  }

  /** Reads on while little is left to be decided. */
  keepAhead(): void {
    if (this.cursor && this.waiting.length < ahead) void this.more();
  }

  /** The entry that waits next after one, or the first that waits. */
  after(id: string): Entry | undefined {
    const at = this.entries.findIndex((e) => e.change.id === id);
    const waits = (e: Entry) => e.state === 'waits' || e.state === 'failed';
    return this.entries.slice(at + 1).find(waits) ?? this.entries.find((e) => waits(e) && e.change.id !== id);
  }

  /** The neighbour of an entry in the list, decided or not. */
  beside(id: string, step: 1 | -1): Entry | undefined {
    return this.entries[this.entries.findIndex((e) => e.change.id === id) + step];
  }

  /** Decides: what was held goes at once, this one in a moment. */
  decide(entry: Entry, verdict: Verdict): void {
    this.flush();
    const id = entry.change.id;
    this.held = { id, decisions: decisionsOf(entry.change, verdict), told: a.changes.decided(verdictName(verdict), titleOf(entry.change)) };
    this.#set(id, { state: 'held', told: a.changes.states[verdictName(verdict)] ?? '', tone: verdictName(verdict) === 'accepted' ? 'right' : verdictName(verdict) === 'refused' ? 'wrong' : 'amber', moved: undefined });
    this.#timer = setTimeout(() => this.flush(), patience);
    this.#done ??= beforeSignOut(() => this.#settle());
    this.keepAhead();
  }

  /** Takes the held decision back, and names the change. */
  undo(): string {
    const id = this.held?.id ?? '';
    clearTimeout(this.#timer);
    this.held = undefined;
    if (id) this.#set(id, { state: 'waits', told: '', tone: '' });
    this.#rest();
    return id;
  }

  /** Sends what is held. */
  flush(): void {
    const held = this.held;
    clearTimeout(this.#timer);
    this.held = undefined;
    if (!held) return;
    const sent = this.#send(held.id, held.decisions).finally(() => {
      this.#sending.delete(sent);
      this.#rest();
    });
    this.#sending.add(sent);
  }

  // rest ends what signing out waits for, once nothing is held or under way.
  #rest(): void {
    if (this.held || this.#sending.size > 0) return;
    this.#done?.();
    this.#done = undefined;
  }

  // settle sends what is held, and throws where a decision did not get through.
  async #settle(): Promise<void> {
    this.flush();
    const taken = await Promise.all(this.#sending);
    if (taken.includes(false)) throw new Refusal('not_sent', a.changes.unsent);
  }

  onproblem: (entry: Entry) => void = () => undefined;

  // What failed on its way may have been done: who sends again is told that it was, and that is right.
  async #send(id: string, decisions: Decision[], again = false): Promise<boolean> {
    this.#set(id, { state: 'sent' });
    try {
      const { outcomes } = await post('/v1/collectivities/{slug}/changes/decisions', { path: { slug: route.slug }, body: { decisions }, keepalive: true });
      return this.#take(id, outcomes, again);
    } catch (error) {
      if (error instanceof Refusal && error.passing && !again) {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return this.#send(id, decisions, true);
      }
      this.#problem(id, { state: 'failed', tone: 'wrong', told: error instanceof Refusal ? error.message : a.changes.unexpected });
      return false;
    }
  }

  // take shows what became of a decision, and says whether it stands.
  #take(id: string, outcomes: Outcome[], again: boolean): boolean {
    const last = outcomes.at(-1);
    const no = outcomes.find((o) => o.code);
    if (!no || (again && no.code === 'change_decided')) {
      desk.decided('changes', 1);
      this.#set(id, last?.state === 'pending' ? { state: 'waits' } : { state: 'done' });
      return true;
    }
    if (no.code === 'change_decided' || no.code === 'change_not_found') {
      desk.decided('changes', 1);
      this.#problem(id, { state: 'gone', tone: 'amber', told: a.changes.gone(no.state) });
      return false;
    }
    this.#problem(id, { state: 'failed', tone: 'wrong', told: french(no.detail ?? ''), moved: no.field ? no : undefined });
    return false;
  }

  #problem(id: string, how: Partial<Entry>): void {
    this.#set(id, how);
    const entry = this.of(id);
    if (entry) this.onproblem(entry);
  }

  #set(id: string, how: Partial<Entry>): void {
    this.entries = this.entries.map((e) => (e.change.id === id ? { ...e, ...how } : e));
  }
}

const verdictName = (v: Verdict): 'accepted' | 'refused' | 'partly' => (v.whole ? 'refused' : v.refused.length > 0 ? 'partly' : 'accepted');

function decisionsOf(change: Change, { refused, whole, reason }: Verdict): Decision[] {
  if (whole) return [{ change: change.id, decision: 'refuse', reason }];
  if (refused.length === 0) return [{ change: change.id, decision: 'accept' }];
  const accepted = change.fields.filter((f) => f.state === 'pending' && !refused.includes(f.field)).map((f) => f.field);
  return [
    ...(accepted.length > 0 ? [{ change: change.id, decision: 'accept' as const, fields: accepted }] : []),
    { change: change.id, decision: 'refuse', fields: refused, reason },
  ];
}

/** A change in short: of whom, and what. */
export function titleOf(change: Change): string {
  const section = french(change.about.label);
  return change.member ? `${change.member}, ${section}` : section;
}
