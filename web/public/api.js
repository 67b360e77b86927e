// One wrapper around fetch. What the API refuses, and what did not reach it, comes as a Refusal with a French sentence.

const patience = 35_000; // ms; the service itself answers within 29 s

/** A no, with its reasons. */
export class Refusal extends Error {
  /**
   * @param {string} code stable, for programs; "network" and "unavailable" are ours
   * @param {string} detail French, for the person
   * @param {{field: string, detail: string}[]} fields what is wrong with which input
   */
  constructor(code, detail, fields = []) {
    super(detail);
    this.code = code;
    this.fields = fields;
  }

  /** Nothing is wrong with what was sent: the same again may succeed. */
  get passing() {
    return ['network', 'unavailable', 'internal_error', 'try_again', 'too_many'].includes(this.code);
  }
}

/**
 * Calls the API and gives the answer's body, or throws a Refusal.
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {string} [token] access token
 */
export async function call(method, path, body, token) {
  const headers = {};
  if (body) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patience);
  let response;
  let text;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal: limit.signal });
    text = await response.text();
  } catch {
    throw new Refusal('network', 'Le service est injoignable. Rien n’est perdu : vérifiez votre connexion, puis réessayez.');
  } finally {
    clearTimeout(timer);
  }
  const answer = read(text);
  if (response.ok && answer) return answer;
  throw refusal(response, answer ?? {});
}

function read(text) {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return undefined;
  }
}

// The gateway's own refusals have no code: its status says what they are.
function refusal(response, { code, detail, errors = [], correlationId }) {
  if (code && correlationId) return new Refusal(code, `${detail} Numéro : ${correlationId}`);
  if (code) return new Refusal(code, detail, errors);
  if (response.status === 401) return new Refusal('session_ended', 'Votre session est terminée. Reconnectez-vous.');
  if (response.status === 429) return new Refusal('too_many', 'Trop d’essais à la fois. Rien n’est perdu : réessayez dans une minute.');
  return new Refusal('unavailable', 'Le service ne répond pas pour l’instant. Rien n’est perdu : réessayez dans quelques instants.');
}
