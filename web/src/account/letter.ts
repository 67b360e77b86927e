// The code of the letter whose address opened the portal. Who has an account already takes it along to Mes abonnements.

let code = '';

export const keepCode = (read: string): void => void (code = read);
export const hasCode = (): boolean => code !== '';

/** The code, once. */
export function takeCode(): string {
  const read = code;
  code = '';
  return read;
}
