// The anti-robot check (ALTCHA): the device finds the number whose hash the service asks for. No third party has a part.

import { call, Refusal } from './api.js';

const tries = 3;

/** Gives a solution that works once, as POST bodies carry it. */
export async function solve() {
  for (let i = 0; i < tries; i++) {
    const { algorithm, challenge, maxnumber, salt, signature } = await call('GET', '/v1/captcha');
    const number = await find({ challenge, maxnumber, salt });
    // 0 is what an unsolved form would send, so the service does not take it.
    if (number) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  }
  throw failed();
}

function find(challenge) {
  const worker = new Worker('/captcha-worker.js');
  const found = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(failed());
  });
  worker.postMessage(challenge);
  return found.finally(() => worker.terminate());
}

function failed() {
  return new Refusal('captcha_failed', 'La vérification anti-robot n’a pas abouti. Réessayez, au besoin avec un navigateur à jour.');
}
