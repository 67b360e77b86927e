// Hours and instants of the town's clocks.

/** An hour as people read it: 11:45 is 11 h 45, 09:00 is 9 h. */
export const hourInWords = (hour: string): string => (hour ? `${Number(hour.slice(0, 2))}\u00a0h${hour.endsWith('00') ? '' : `\u00a0${hour.slice(3)}`}` : '');

/** The instant at which the clocks of a zone show a date and an hour. */
export function instantAt(date: string, hour: string, zone: string): string {
  const wanted = Date.parse(`${date}T${hour}:00Z`);
  let at = wanted;
  for (let i = 0; i < 2; i++) at = wanted - (shown(at, zone) - at); // the offset may differ on the other side of a change of clocks
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** The hour that the clocks of a zone show now: 09:41. */
export const hourNow = (zone: string): string => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date());

// shown is what a zone's clocks show at an instant, as if it were UTC.
function shown(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date(at));
  const of = (type: string) => parts.find((p) => p.type === type)?.value ?? '00';
  return Date.parse(`${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:00Z`);
}
