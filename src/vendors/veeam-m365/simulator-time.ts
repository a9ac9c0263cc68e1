/**
 * Time as the simulated server has it: it stands in Europe/Berlin, fires its schedules by that wall clock, and writes
 * instants with up to seven fraction digits.
 *
 * A wall-clock value is kept as the milliseconds that it would have if it were UTC.
 */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Berlin's distance from UTC: two hours from the last Sunday of March to the last one of October, 01:00 UTC each, else one. */
export function berlinOffsetMs(instant: number): number {
  const year = new Date(instant).getUTCFullYear();
  const summer = instant >= lastSunday(year, 2) && instant < lastSunday(year, 9);
  return summer ? 2 * HOUR_MS : HOUR_MS;
}

export function toWallClock(instant: number): number {
  return instant + berlinOffsetMs(instant);
}

/** The instant of a wall-clock value; of two the first; one inside the spring gap moves on by the gap. */
export function fromWallClock(wall: number): number {
  const summer = wall - 2 * HOUR_MS;
  return berlinOffsetMs(summer) === 2 * HOUR_MS ? summer : wall - HOUR_MS;
}

/** How an instant is printed: in UTC, or by the offset of a zone that is not the server's. */
export type InstantForm = 'utc' | 'foreign-offset';

/** Ticks of 100 ns with trailing zeros dropped, as .NET prints them: none to seven digits. */
export function printInstant(instant: number, form: InstantForm = 'utc'): string {
  const whole = Math.floor(instant / 1000);
  const milliseconds = instant - whole * 1000;
  const ticks = milliseconds === 0 ? 0 : milliseconds * 10_000 + ((Math.imul(whole, 7919) >>> 0) % 10_000);
  const digits = String(ticks).padStart(7, '0').replace(/0+$/, '');
  const shiftMs = form === 'utc' ? 0 : FOREIGN_OFFSET_HOURS * HOUR_MS;
  const seconds = new Date(whole * 1000 - shiftMs).toISOString().slice(0, 19);
  return `${seconds}${digits === '' ? '' : `.${digits}`}${form === 'utc' ? 'Z' : '-07:00'}`;
}

const FOREIGN_OFFSET_HOURS = 7;

/** The server's own clock in the date form of its country, as it stands inside log texts: `21.11.2026 03:12:44`. */
export function printLocalText(instant: number): string {
  const text = new Date(toWallClock(instant)).toISOString();
  return `${text.slice(8, 10)}.${text.slice(5, 7)}.${text.slice(0, 4)} ${text.slice(11, 19)}`;
}

function lastSunday(year: number, month: number): number {
  const lastDay = Date.UTC(year, month + 1, 0, 1);
  return lastDay - new Date(lastDay).getUTCDay() * DAY_MS;
}
