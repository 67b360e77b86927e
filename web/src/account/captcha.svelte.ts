// The anti-robot check (ALTCHA): the device finds the number whose hash the service asks for. No third party has a part.

import { get } from '../api/client';
import { Refusal } from '../api/refusal';
import { t } from '../texts';

const tries = 3;
const life = 15 * 60_000; // ms; the service takes a solution for 20 minutes

/** A check that is done while the person types. */
export class Captcha {
  state = $state<'idle' | 'working' | 'done'>('idle');
  #found: Promise<string> | undefined;
  #until = 0;

  /** Begins, unless it has begun. */
  start(): void {
    void this.solution().catch(() => undefined);
  }

  /** The solution, as the API takes it; found when it is first needed. */
  solution(): Promise<string> {
    if (!this.#found || Date.now() > this.#until) {
      this.state = 'working';
      this.#until = Date.now() + life;
      this.#found = solve();
      this.#found.then(
        () => (this.state = 'done'),
        () => this.spend(),
      );
    }
    return this.#found;
  }

  /** A solution works once. */
  spend(): void {
    this.#found = undefined;
    this.state = 'idle';
  }
}

/** Gives a solution that works once. */
export async function solve(): Promise<string> {
  for (let i = 0; i < tries; i++) {
    const { algorithm, challenge, maxnumber, salt, signature } = await get('/v1/captcha', {});
    const number = await find({ challenge, maxnumber, salt });
    // 0 is what an unsolved form would send, so the service does not take it.
    if (number) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  }
  throw failed();
}

function find(challenge: { challenge: string; maxnumber: number; salt: string }): Promise<number | null> {
  const worker = new Worker(new URL('./captcha-worker.ts', import.meta.url), { type: 'module' });
  const found = new Promise<number | null>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<number | null>) => resolve(data);
    worker.onerror = () => reject(failed());
  });
  worker.postMessage(challenge);
  return found.finally(() => worker.terminate());
}

const failed = () => new Refusal('captcha_failed', t.problems.captcha);
