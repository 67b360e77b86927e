import { t } from '../texts';
import { french } from '../texts/typeset';

/** What is wrong with one input. */
export interface Wrong {
  field: string; // path in what was sent: values.iban, items[0].child
  code: string;
  detail: string;
}

/** A no, with its reasons as people read them. */
export class Refusal extends Error {
  constructor(
    readonly code: string, // stable; network, unavailable and too_many are our own
    detail: string,
    readonly fields: Wrong[] = [],
    readonly status = 0,
    readonly more: Record<string, unknown> = {}, // further members of the problem
  ) {
    super(french(detail));
  }

  /** Nothing is wrong with what was sent: the same again may succeed. */
  get passing(): boolean {
    return this.status >= 500 || ['network', 'unavailable', 'internal_error', 'try_again', 'too_many'].includes(this.code);
  }
}

export const unreachable = (): Refusal => new Refusal('network', t.problems.network);

/** The refusal that an answer stands for. The gateway's own have no code: their status says what they are. */
export function refusalOf(status: number, body: unknown, wait: string | null): Refusal {
  const { code, detail, errors = [], correlationId, ...more } = (body ?? {}) as Record<string, unknown> & {
    code?: string;
    detail?: string;
    errors?: Wrong[];
    correlationId?: string;
  };
  if (wait) more.wait = Number(wait);
  if (code && correlationId) return new Refusal(code, `${t.problems.internal} ${t.problems.correlation(correlationId)}`, [], status, more);
  if (code) return new Refusal(code, sentence(code, detail), errors.map(worded), status, more);
  if (status === 401) return new Refusal('session_ended', t.problems.sessionEnded, [], status);
  if (status === 429) return new Refusal('too_many', t.problems.tooMany, [], status);
  if (status === 413) return new Refusal('too_large', t.problems.tooLarge, [], status);
  return new Refusal('unavailable', t.problems.unavailable, [], status);
}

const worded = (wrong: Wrong): Wrong => ({ ...wrong, detail: french(sentence(wrong.code, wrong.detail)) });

// The catalogue's sentence, or the API's own for what it does not know.
const sentence = (code: string, detail?: string): string => (t.problems.codes as Record<string, string>)[code] ?? detail ?? t.problems.unavailable;
