/** Where a computer stands. Offsets are minutes; `daylightSaving` means the rule of the United States. */
export interface Zone {
  readonly offsetMinutes: number;
  readonly daylightSaving: boolean;
}

export const ZONES: readonly [Zone, Zone, Zone, Zone, Zone] = [
  { offsetMinutes: -300, daylightSaving: true }, //  New York
  { offsetMinutes: -360, daylightSaving: true }, //  Chicago
  { offsetMinutes: -300, daylightSaving: true },
  { offsetMinutes: -420, daylightSaving: false }, // Phoenix
  { offsetMinutes: 330, daylightSaving: false }, //  a branch in Kolkata
];

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

export function offsetMinutesAt(zone: Zone, instant: number): number {
  if (!zone.daylightSaving) return zone.offsetMinutes;
  const year = new Date(instant).getUTCFullYear();
  // Second Sunday of March to first Sunday of November, at 02:00 of the clock that ends.
  const begins = sunday(year, 2, 2) + 2 * 60 * MINUTE_MS - zone.offsetMinutes * MINUTE_MS;
  const ends = sunday(year, 10, 1) + 60 * MINUTE_MS - zone.offsetMinutes * MINUTE_MS;
  return zone.offsetMinutes + (instant >= begins && instant < ends ? 60 : 0);
}

/** `2026-11-20T02:00:00-05:00`: whole seconds by the zone's clock, with its offset at that instant. */
export function printLocal(zone: Zone, instant: number): string {
  const minutes = offsetMinutesAt(zone, instant);
  const text = new Date(instant + minutes * MINUTE_MS).toISOString().slice(0, 19);
  const size = Math.abs(minutes);
  return `${text}${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** The first time after `after` at which the zone's clock shows the minute of the day. */
export function nextLocalMinute(zone: Zone, minuteOfDay: number, after: number): number {
  const today = Math.floor((after + offsetMinutesAt(zone, after) * MINUTE_MS) / DAY_MS) * DAY_MS;
  for (let day = today; ; day += DAY_MS) {
    const wall = day + minuteOfDay * MINUTE_MS;
    const guess = wall - offsetMinutesAt(zone, wall - zone.offsetMinutes * MINUTE_MS) * MINUTE_MS;
    if (guess > after) return guess;
  }
}

function sunday(year: number, month: number, nth: number): number {
  const first = Date.UTC(year, month, 1);
  const toSunday = (7 - new Date(first).getUTCDay()) % 7;
  return first + (toSunday + (nth - 1) * 7) * DAY_MS;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
