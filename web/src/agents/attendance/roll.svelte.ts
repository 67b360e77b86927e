// The roll of an activity's day. What is called shows at once; what did not get there comes back and says why.

import { get, post, put } from '../../api/client';
import { Refusal } from '../../api/refusal';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';
import { french } from '../../texts/typeset';
import { warn } from '../../ui/toasts.svelte';
import { a } from '../texts';

export type Line = Api<'AttendanceLine'>;
type Outcome = Api<'AttendanceOutcome'>;
export type Mark = 'present' | 'absent' | null;

const most = 200; // lines of one call

export const nameOf = (l: { lastName: string; firstName: string }): string => `${l.lastName} ${l.firstName}`.trim();

/** What stands for a line in the roll: present also without a booking. */
export const markOf = (l: Line): Mark => (l.presence === 'present' || l.presence === 'unbooked' ? 'present' : l.presence === 'absent' ? 'absent' : null);

/** Whether a line can be called: who is expected, or is there without having been. */
export const callable = (l: Line): boolean => l.state === 'booked' || l.presence === 'unbooked';

export class Roll {
  data = $state.raw<Api<'Attendance'> | undefined>(undefined);
  failed = $state.raw<unknown>(undefined);
  sending = $state(0); // of the view
  #wanted = '';
  #view = {}; // an activity's day, from when it was gone to until another is
  #late = false; // an answer came while something was being sent: what is sent is newer

  day = $derived(this.data?.days[0]);

  async show(activity: string, date: string): Promise<void> {
    const wanted = `${activity} ${date}`;
    if (this.#wanted !== wanted) {
      this.data = undefined;
      this.#view = {};
      this.sending = 0;
    }
    this.#wanted = wanted;
    this.failed = undefined;
    const view = this.#view;
    try {
      const data = await get('/v1/collectivities/{slug}/attendance', { path: { slug: route.slug }, query: { activity, date } });
      if (this.#view !== view) return;
      this.#late = this.sending > 0;
      if (!this.#late) this.data = data;
    } catch (error) {
      if (this.#view === view) this.failed = error;
    }
  }

  again(): Promise<void> {
    const [activity = '', date = ''] = this.#wanted.split(' ');
    return this.show(activity, date);
  }

  /** Calls some lines. It says how many were taken. */
  async call(lines: Line[], mark: Mark): Promise<number> {
    const { activity, date } = this.#where();
    const before = new Map(lines.map((l) => [l.child + l.family, l]));
    const view = this.#view;
    for (const l of lines) this.#replace({ ...l, ...called(l, mark) }, view);
    let taken = 0;
    for (let at = 0; at < lines.length; at += most) {
      const some = lines.slice(at, at + most);
      const presences = some.map((l) => ({ family: l.family, child: l.child, ...(mark && { presence: mark }), ...(l.version && { version: l.version }) }));
      taken += await this.#send(some, before, view, () => put('/v1/collectivities/{slug}/attendance', { path: { slug: route.slug }, body: { activity, date, presences }, key: crypto.randomUUID() }));
    }
    if (this.#view === view && (taken > 0 || lines.length > 1)) void this.again();
    return taken;
  }

  /** Accepts the reason of an absence, or takes that back. */
  async justify(line: Line, reason: string | undefined): Promise<void> {
    const { activity, date } = this.#where();
    const absence = { family: line.family, child: line.child, date, ...(reason === undefined ? { decision: 'undo' as const } : { decision: 'justify' as const, reason }) };
    const { outcomes } = await post('/v1/collectivities/{slug}/attendance/justifications', { path: { slug: route.slug }, body: { activity, absences: [absence] } });
    const no = outcomes.find((o) => o.code);
    if (no) throw new Refusal(no.code ?? '', no.detail ?? a.attendance.notArrived);
    await this.again();
  }

  /** Gives a place to one who waits, although there may be none. */
  async give(line: Line): Promise<void> {
    const { activity, date } = this.#where();
    const decision = { request: line.request ?? '', date, child: line.child, activity, decision: 'accept' as const, overbook: true };
    const { outcomes } = await post('/v1/collectivities/{slug}/requests/decisions', { path: { slug: route.slug }, body: { decisions: [decision] } });
    const no = outcomes.find((o) => o.code);
    if (no) throw new Refusal(no.code ?? '', no.detail ?? a.attendance.notArrived);
    await this.again();
  }

  #where(): { activity: string; date: string } {
    return { activity: this.data?.activity.id ?? '', date: this.day?.date ?? '' };
  }

  async #send(lines: Line[], before: Map<string, Line>, view: object, send: () => Promise<{ outcomes: Outcome[] }>): Promise<number> {
    const counts = this.#view === view;
    if (counts) this.sending++;
    try {
      const { outcomes } = await send();
      return outcomes.filter((o, i) => this.#take(lines[i], before, view, o)).length;
    } catch (error) {
      for (const l of lines) this.#replace(before.get(l.child + l.family) ?? l, view);
      warn(error instanceof Refusal ? error.message : a.attendance.notArrived);
      return 0;
    } finally {
      if (counts && this.#view === view && --this.sending === 0 && this.#late) void this.again();
    }
  }

  #take(line: Line | undefined, before: Map<string, Line>, view: object, o: Outcome): boolean {
    if (!line) return false;
    const { presence: _, ...rest } = before.get(line.child + line.family) ?? line;
    const known = { ...rest, version: o.version, ...(o.presence && { presence: o.presence as 'present' }), ...(o.state && { state: o.state as 'booked' }) };
    this.#replace(known, view);
    if (o.code) warn(a.attendance.notSaved(nameOf(line), o.code === 'day_changed' ? a.attendance.moved : french(o.detail ?? '')));
    if (o.code === 'day_changed' && this.#view === view) void this.again();
    return !o.code;
  }

  /** Shows a line as it has become, where its day is still the one that is shown. */
  #replace(line: Line, view: object): void {
    const day = this.day;
    if (!this.data || !day || this.#view !== view) return;
    const put = (of: Line[]) => of.map((l) => (l.child === line.child && l.family === line.family ? line : l));
    const moved = { ...day, lines: put(day.lines), others: put(day.others) };
    this.data = { ...this.data, days: [{ ...moved, totals: { ...day.totals, ...counted(moved.lines) } }] };
  }
}

function called(l: Line, mark: Mark): Partial<Line> {
  if (mark === 'present') return { presence: l.state === 'booked' ? 'present' : 'unbooked' };
  return mark === 'absent' ? { presence: 'absent' } : ({ presence: undefined } as Partial<Line>);
}

const counted = (lines: Line[]) => ({
  present: lines.filter((l) => l.presence === 'present').length,
  missing: lines.filter((l) => l.presence === 'absent' && l.state === 'booked').length,
  unbooked: lines.filter((l) => l.presence === 'unbooked').length,
});
