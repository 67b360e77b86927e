// Does what was confirmed of days: shown at once, told when it is so, taken back when it is not.

import { Refusal } from '../api/refusal';
import { t } from '../texts';
import { dated } from '../texts/dates';
import { askingOf, expectedOf, told, undoOf, whyNot, type Act } from './act';
import { placeOf, type Asking, type Day, type Outcome, type Shown, type State } from './model';

interface Answer {
  days: Outcome[];
}

/** What acting needs of the page and the API. */
export interface Means {
  days(): readonly Shown[]; // as the planning shows them now
  childOf(id: string): string;
  activityOf(id: string): string;
  ask(asking: Asking, key: string): Promise<Answer>;
  withdraw(request: string): Promise<Answer>;
  expecting<T>(places: readonly Day[], state: (day: Day) => State, work: () => Promise<T>): Promise<T>;
  refresh(): Promise<void>;
  tell(text: string, action?: { label: string; run: () => void }): void;
  warn(text: string, action?: { label: string; run: () => void }): void;
}

/** Does an act. Tried again with its key, nothing is taken twice. */
export async function carry(a: Act, by: Means, key: string = crypto.randomUUID(), undoing = false): Promise<void> {
  const refresh = () => by.refresh().catch(() => undefined);
  try {
    const outcomes = await by.expecting(concerned(a, by.days()), (d) => expectedOf(a, d), async () => {
      const done = await answered(a, by, key);
      await refresh();
      return done;
    });
    const { text, whole } = told(outcomes, by.childOf, by.activityOf(a.days[0]?.activity ?? ''), a.also?.length);
    if (!whole) by.warn(text);
    else if (undoing) by.tell(undone(a, by));
    else by.tell(text, undo(a, by));
  } catch (error) {
    const { text, passing } = whyNot(error);
    by.warn(text, passing ? { label: t.ui.retry, run: () => void carry(a, by, key, undoing) } : undefined);
    void refresh(); // an answer that was lost may have been a yes
  }
}

const undone = ({ days }: Act, by: Means) => t.planning.done(t.planning.undone, days.map((d) => by.childOf(d.child)), by.activityOf(days[0]?.activity ?? ''), dated(days[0]?.date ?? '', 'day'));

// The days of an act, and those that go with them as far as they are shown.
function concerned(a: Act, shown: readonly Shown[]): Day[] {
  const also = new Set(a.also?.map(placeOf));
  return [...a.days, ...shown.filter((d) => also.has(placeOf(d)))];
}

const answered = async (a: Act, by: Means, key: string): Promise<Outcome[]> => (a.action === 'cancel' ? withdrawn(a, by) : (await by.ask(askingOf(a), key)).days);

// Requests are withdrawn one by one: where one was decided meanwhile, its days say so and the others go.
async function withdrawn(a: Act, by: Means): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let refused: unknown;
  for (const request of new Set(a.days.map((d) => d.request ?? ''))) {
    const days = a.days.filter((d) => (d.request ?? '') === request).map(({ date, child, activity }): Outcome => ({ date, child, activity, state: 'withdrawn' }));
    try {
      const answer = await by.withdraw(request);
      outcomes.push(...days.map((d) => answer.days.find((one) => placeOf(one) === placeOf(d)) ?? d));
    } catch (error) {
      if (!(error instanceof Refusal) || error.passing || error.code === 'session_ended') throw error;
      refused = error;
      outcomes.push(...days.map((d) => ({ ...d, code: error.code, detail: error.message })));
    }
  }
  if (outcomes.every((d) => d.code)) throw refused;
  return outcomes;
}

function undo(a: Act, by: Means) {
  const now = a.days.map((d) => by.days().find((one) => placeOf(one) === placeOf(d)));
  const back = a.action === 'cancel' ? undefined : undoOf(now, a.days);
  return back && { label: back.label, run: () => void carry(back, by, crypto.randomUUID(), true) };
}
