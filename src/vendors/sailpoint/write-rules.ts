import type { WriteRefusal } from '../../domain/backup-operation.ts';
import type { SailPointBackupRequest, SailPointScheduleRequest } from '../../domain/write-request.ts';
import { isTimeZone } from '../../domain/zone.ts';

/**
 * How far ahead of the gateway's clock a single start must lie.
 *
 * What the vendor does with a single start that has passed is not documented, and an action that never runs would look filed all the
 * same. The allowance covers the way to the vendor and clocks that differ a little.
 */
export const START_LEAD_MS = 30_000;

const NAME_LENGTH = 50;
const CRON_LENGTH = 300;

/** The rules that a new scheduled action breaks; empty when it may be sent. */
export function brokenRulesOfCreate(backup: SailPointBackupRequest, now: Date): readonly WriteRefusal[] {
  const isRepeated = backup.cron !== undefined;
  const isDue = isRepeated || backup.startAt !== undefined;
  return [
    ...nameRules(backup.name),
    ...check(
      isDue,
      'MISSING_VALUE',
      ['startAt'],
      'start-or-cron',
      'Give a start, cron text for a repetition, or both.',
    ),
    ...scheduleRules(backup, isRepeated, now),
    ...typeRules(backup.includeTypes),
    ...includedNameRules(backup),
  ];
}

/** The rules that a change of a scheduled action breaks; `isRepeated` tells whether it has a cron text already. */
export function brokenRulesOfUpdate(
  schedule: SailPointScheduleRequest,
  isRepeated: boolean,
  now: Date,
): readonly WriteRefusal[] {
  const { startAt, cron, timeZone } = schedule;
  const isChange = startAt !== undefined || cron !== undefined || timeZone !== undefined;
  return [
    ...check(isChange, 'MISSING_VALUE', [], 'schedule-change', 'Give at least one of start, cron text and time zone.'),
    ...scheduleRules(schedule, isRepeated || cron !== undefined, now),
  ];
}

function nameRules(name: string): readonly WriteRefusal[] {
  return [
    ...valid(name.trim() !== '', ['name'], 'name-not-blank', 'The name is not blank.'),
    // Counted like the vendor's platform counts: in UTF-16 units, of which some characters take two.
    ...valid(name.length <= NAME_LENGTH, ['name'], 'name-length', `The name has at most ${NAME_LENGTH} characters.`),
    ...valid(isText(name), ['name'], 'name-characters', 'The name holds no control characters and no half characters.'),
  ];
}

function scheduleRules(
  { startAt, cron, timeZone }: SailPointScheduleRequest,
  isRepeated: boolean,
  now: Date,
): readonly WriteRefusal[] {
  return [
    ...(startAt === undefined ? [] : startRules(startAt, isRepeated, now)),
    ...(cron === undefined ? [] : cronRules(cron)),
    ...valid(
      timeZone === undefined || isTimeZone(timeZone),
      ['timeZone'],
      'time-zone-known',
      'The time zone is the name of an IANA zone, such as Europe/Berlin.',
    ),
  ];
}

function startRules(startAt: Date, isRepeated: boolean, now: Date): readonly WriteRefusal[] {
  const year = startAt.getUTCFullYear();
  // False for a date that is none, too.
  if (!(year >= 1970 && year <= 9999))
    return [invalid(['startAt'], 'start-instant', 'The start is an instant of the years 1970 to 9999.')];
  return valid(
    isRepeated || startAt.getTime() >= now.getTime() + START_LEAD_MS,
    ['startAt'],
    'start-ahead',
    `A start without cron text lies at least ${START_LEAD_MS / 1000} seconds ahead.`,
  );
}

/** The form alone: which dialect is understood is the vendor's, and not documented. */
function cronRules(cron: string): readonly WriteRefusal[] {
  const fieldCount = cron.split(' ').filter((field) => field !== '').length;
  const field = ['cron'];
  return [
    ...valid(fieldCount >= 5 && fieldCount <= 7, field, 'cron-fields', 'Cron text has five to seven fields.'),
    ...valid(/^[\u0020-\u007e]*$/.test(cron), field, 'cron-characters', 'Cron text is of printable ASCII characters.'),
    ...valid(cron.length <= CRON_LENGTH, field, 'cron-length', `Cron text has at most ${CRON_LENGTH} characters.`),
  ];
}

/** Types are the vendor's words, of which no list is complete. */
function typeRules(includeTypes: readonly string[] | undefined): readonly WriteRefusal[] {
  if (includeTypes === undefined) return [];
  const message = 'The list of types is not empty; leave it out for all types.';
  return [
    ...valid(includeTypes.length > 0, ['includeTypes'], 'include-types-not-empty', message),
    ...includeTypes.flatMap((type, index) => typeForm(type, ['includeTypes', String(index)])),
  ];
}

function includedNameRules({ includedNames = [], includeTypes }: SailPointBackupRequest): readonly WriteRefusal[] {
  const seen = new Set<string>();
  return includedNames.flatMap(({ type, names }, index) => {
    const path = ['includedNames', String(index)];
    const isFirst = !seen.has(type);
    seen.add(type);
    const isIncluded = includeTypes === undefined || includeTypes.length === 0 || includeTypes.includes(type);
    const typePath = [...path, 'type'];
    return [
      ...typeForm(type, typePath),
      ...valid(isFirst, typePath, 'included-names-type-once', 'Each type is named once.'),
      ...valid(isIncluded, typePath, 'included-names-type-included', 'The type is one of the included types.'),
      ...valid(names.length > 0, [...path, 'names'], 'included-names-not-empty', 'The list of names is not empty.'),
      ...names.flatMap((name, position) =>
        valid(
          name.trim() !== '' && isText(name),
          [...path, 'names', String(position)],
          'included-name-form',
          'A name is not blank, and holds no control characters and no half characters.',
        ),
      ),
    ];
  });
}

function typeForm(type: string, field: readonly string[]): readonly WriteRefusal[] {
  const message = 'A type is a word of the vendor: 1 to 100 printable ASCII characters without blanks.';
  return valid(/^[\u0021-\u007e]{1,100}$/.test(type), field, 'object-type-form', message);
}

function isText(value: string): boolean {
  return value.isWellFormed() && !/\p{Cc}/u.test(value);
}

function valid(isSound: boolean, field: readonly string[], rule: string, message: string): readonly WriteRefusal[] {
  return check(isSound, 'INVALID_VALUE', field, rule, message);
}

function invalid(field: readonly string[], rule: string, message: string): WriteRefusal {
  return { code: 'INVALID_VALUE', message, field, rule };
}

function check(
  isSound: boolean,
  code: WriteRefusal['code'],
  field: readonly string[],
  rule: string,
  message: string,
): readonly WriteRefusal[] {
  return isSound ? [] : [{ code, message, field, rule }];
}
