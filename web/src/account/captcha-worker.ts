// Finds n so that SHA-256(salt + n) is the challenge, and posts it; null when there is none.

onmessage = async ({ data: { challenge, maxnumber, salt } }: MessageEvent<{ challenge: string; maxnumber: number; salt: string }>) => {
  const wanted = Uint8Array.from(challenge.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  postMessage(await search(wanted, salt, maxnumber));
};

const together = 256; // hashes under way at once: waiting for each costs more than the hash

async function search(wanted: Uint8Array, salt: string, maxnumber: number): Promise<number | null> {
  for (let from = 0; from <= maxnumber; from += together) {
    const numbers = Array.from({ length: Math.min(together, maxnumber - from + 1) }, (_, i) => from + i);
    const hashes = await Promise.all(numbers.map((n) => hash(salt + n)));
    const i = hashes.findIndex((h) => h.every((byte, at) => byte === wanted[at]));
    if (i >= 0) return numbers[i] ?? null;
  }
  return null;
}

const encoder = new TextEncoder();

async function hash(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
}

export {};
