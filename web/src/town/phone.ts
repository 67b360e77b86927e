/** A French number in pairs of digits, 02 99 00 00 00; any other as it is written. */
export function spoken(phone: string): string {
  const [, digits] = /^\+33(\d{9})$/.exec(phone) ?? [];
  return digits ? (`0${digits}`.match(/../g) ?? []).join('\u00a0') : phone;
}
