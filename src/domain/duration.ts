import { GatewayError } from './errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time-units.ts';

const NUMBER = String.raw`(\d+(?:[.,]\d+)?)`;
const ISO_DURATION = new RegExp(
  `^P(?=[\\dT])(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?=\\d)(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`,
);
const ISO_UNITS_MS = [7 * DAY_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS];

/**
 * Milliseconds of an ISO 8601 duration; undefined when the text is none.
 *
 * Weeks, days, hours, minutes and seconds; a day is 24 hours. Years and months have no fixed length and are refused, as are signs.
 * A fraction, by point or comma, may stand in the last part only.
 */
export function parseIsoDuration(text: string): number | undefined {
  const parts = ISO_DURATION.exec(text)?.slice(1);
  if (parts === undefined) return undefined;
  const given = parts.filter((part) => part !== undefined);
  if (given.slice(0, -1).some((part) => /[.,]/.test(part))) return undefined;
  let totalMs = 0;
  for (const [index, unitMs] of ISO_UNITS_MS.entries())
    totalMs += Number((parts[index] ?? '0').replace(',', '.')) * unitMs;
  return safeMs(Math.round(totalMs));
}

/**
 * ISO 8601 text of so many seconds, such as `PT1H10M42S`.
 *
 * Hours are the largest unit, because elapsed time knows no calendar days; fractions go to the millisecond; a negative span, from
 * a vendor whose clock went backwards, carries a minus sign in front.
 * @throws INVALID_INPUT for a number that is not finite.
 */
export function formatIsoDuration(seconds: number): string {
  if (!Number.isFinite(seconds))
    throw new GatewayError('INVALID_INPUT', 'A duration is not a finite number of seconds.');
  const totalMs = Math.round(Math.abs(seconds) * SECOND_MS);
  const hours = Math.floor(totalMs / HOUR_MS);
  const minutes = Math.floor((totalMs % HOUR_MS) / MINUTE_MS);
  const rest = (totalMs % MINUTE_MS) / SECOND_MS;
  const text = [[hours, 'H'] as const, [minutes, 'M'] as const, [rest, 'S'] as const]
    .filter(([amount]) => amount !== 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join('');
  return `${seconds < 0 && totalMs > 0 ? '-' : ''}PT${text === '' ? '0S' : text}`;
}

const SHORT_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
};

/** Milliseconds of a configuration value: whole digits and one unit, `250ms`, `15s`, `5m`, `24h`, `7d`; undefined for other text. */
export function parseShortDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return safeMs(Number(amount) * (SHORT_UNITS_MS[unit] ?? Number.NaN));
}

function safeMs(ms: number): number | undefined {
  return Number.isSafeInteger(ms) ? ms : undefined;
}
