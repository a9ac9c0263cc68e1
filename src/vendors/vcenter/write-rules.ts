import type { UserErrorCode, WriteRefusal } from '../../domain/backup-operation.ts';
import type { Recurrence } from '../../domain/schedule.ts';
import type { Secret } from '../../domain/secret.ts';
import {
  VCENTER_DAYS,
  type SecretChoice,
  type VCenterDay,
  type VCenterScheduleRequest,
} from '../../domain/write-request.ts';
import type { ScheduleMark } from './write-mark.ts';
import type { PartWire } from './wire-writes.ts';

/** Where broken rules are gathered, so that a caller sees all of them together. */
export type Refusals = WriteRefusal[];

export function refuse(
  refusals: Refusals,
  code: UserErrorCode,
  field: readonly string[],
  rule: string,
  message: string,
): undefined {
  refusals.push({ code, message, field, rule });
  return undefined;
}

/** The secret that was written out or named; undefined when there is none or it is refused. */
export function secretOf(
  choice: SecretChoice | undefined,
  field: readonly string[],
  secrets: Readonly<Record<string, Secret>>,
  refusals: Refusals,
): Secret | undefined {
  if (choice === undefined) return undefined;
  const { value, ref } = choice;
  if ((value === undefined) === (ref === undefined))
    return refuse(refusals, 'EXACTLY_ONE_REQUIRED', field, 'secret-choice', 'Give the value or the ref, and not both.');
  if (ref === undefined) return value;
  if (Object.hasOwn(secrets, ref)) return secrets[ref];
  const message = 'The configuration of this source has no secret of that name.';
  return refuse(refusals, 'NOT_FOUND', [...field, 'ref'], 'secret-name', message);
}

/** The vendor's six rules for the password that encrypts a backup. */
export function checkBackupPassword(password: Secret, field: readonly string[], refusals: Refusals): void {
  const text = password.reveal();
  for (const { rule, keeps, message } of PASSWORD_RULES)
    if (!keeps(text)) refuse(refusals, 'INVALID_VALUE', field, `backup-password-${rule}`, message);
}

const PASSWORD_RULES: readonly {
  readonly rule: string;
  readonly keeps: (text: string) => boolean;
  readonly message: string;
}[] = [
  {
    rule: 'length',
    keeps: (text) => text.length >= 8 && text.length <= 20,
    message: 'A backup password has 8 to 20 characters.',
  },
  { rule: 'upper', keeps: (text) => /[A-Z]/.test(text), message: 'A backup password has an upper-case letter.' },
  { rule: 'lower', keeps: (text) => /[a-z]/.test(text), message: 'A backup password has a lower-case letter.' },
  { rule: 'digit', keeps: (text) => /[0-9]/.test(text), message: 'A backup password has a digit.' },
  {
    // Of what may stand there at all: blanks and accented letters would be refused by the next rule.
    rule: 'special',
    keeps: (text) => /[!-/:-@[-`{-~]/.test(text),
    message: 'A backup password has a visible ASCII character that is neither letter nor digit.',
  },
  {
    rule: 'characters',
    keeps: (text) => /^[!-~]*$/.test(text),
    message: 'A backup password has only visible ASCII characters, and no blanks.',
  },
];

/** The parts to be backed up: those asked for, or those that the appliance selects by default. */
export function partsOf(
  wanted: readonly string[] | undefined,
  known: readonly PartWire[],
  refusals: Refusals,
): readonly string[] {
  if (wanted === undefined) return known.filter((part) => part.selected_by_default).map(({ id }) => id);
  const ids = new Set(known.map(({ id }) => id));
  for (const [index, part] of wanted.entries()) {
    const field = ['parts', String(index)];
    if (!ids.has(part)) refuse(refusals, 'INVALID_VALUE', field, 'part-unknown', 'The appliance has no such part.');
    else if (wanted.indexOf(part) < index)
      refuse(refusals, 'INVALID_VALUE', field, 'part-repeated', 'This part is named before.');
  }
  return wanted;
}

/** What of a schedule is to be changed, and to what; undefined when a rule is broken. */
export function scheduleChange(
  wanted: VCenterScheduleRequest,
  present: Recurrence | undefined,
  refusals: Refusals,
): Omit<ScheduleMark, 'kind' | 'schedule'> | undefined {
  const { enabled, days, hour, minute, keep } = wanted;
  const before = refusals.length;
  if ([enabled, days, hour, minute, keep].every((one) => one === undefined))
    refuse(refusals, 'MISSING_VALUE', [], 'schedule-change', 'Give at least one thing that is to be changed.');
  if (hour !== undefined && !isWithin(hour, 0, 23))
    refuse(refusals, 'INVALID_VALUE', ['hour'], 'schedule-hour', 'An hour is 0 to 23.');
  if (minute !== undefined && !isWithin(minute, 0, 59))
    refuse(refusals, 'INVALID_VALUE', ['minute'], 'schedule-minute', 'A minute is 0 to 59.');
  if (keep !== undefined && !isWithin(keep, 1, Infinity))
    refuse(refusals, 'INVALID_VALUE', ['keep'], 'schedule-keep', 'At least one backup is kept.');
  checkDays(days ?? [], refusals);
  const recurrence = recurrenceOf(wanted, present, refusals);
  return refusals.length > before ? undefined : { enable: enabled ?? null, recurrence, keep: keep ?? null };
}

/** Days that are asked for, in the order of the week; none means every day, for there is no documented way to clear them. */
function allDaysWhenNone(days: readonly VCenterDay[]): readonly VCenterDay[] {
  return days.length === 0 ? VCENTER_DAYS : VCENTER_DAYS.filter((day) => days.includes(day));
}

function checkDays(days: readonly VCenterDay[], refusals: Refusals): void {
  for (const [index, day] of days.entries()) {
    const field = ['days', String(index)];
    if (!VCENTER_DAYS.includes(day))
      refuse(refusals, 'INVALID_VALUE', field, 'schedule-day', 'This is no day of the week.');
    else if (days.indexOf(day) < index)
      refuse(refusals, 'INVALID_VALUE', field, 'schedule-day-repeated', 'This day is named before.');
  }
}

/** The vendor takes time and days only together: what is left out is taken from the present schedule. Null: nothing of it is asked for. */
function recurrenceOf(
  { days, hour, minute }: VCenterScheduleRequest,
  present: Recurrence | undefined,
  refusals: Refusals,
): ScheduleMark['recurrence'] {
  if (days === undefined && hour === undefined && minute === undefined) return null;
  const known = present?.form === 'WEEKLY' ? present : undefined;
  const whole = {
    hour: hour ?? known?.at.hour,
    minute: minute ?? known?.at.minute,
    days: days ?? known?.days.map((day) => VCENTER_DAYS[(day + 6) % 7] ?? 'SUNDAY'),
  };
  for (const name of ['hour', 'minute', 'days'] as const) {
    const message = 'The schedule has no recurrence that this could be taken from.';
    if (whole[name] === undefined) refuse(refusals, 'MISSING_VALUE', [name], `schedule-${name}-missing`, message);
  }
  const { hour: atHour = 0, minute: atMinute = 0, days: onDays = [] } = whole;
  return { hour: atHour, minute: atMinute, days: allDaysWhenNone(onDays) };
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
