import { formatIsoDuration } from './duration.ts';
import type { UpcomingRun } from './forecast.ts';
import { SECOND_MS } from './time-units.ts';

/** A coming run as an event, and what people call its source. */
export interface CalendarRun {
  readonly run: UpcomingRun;
  readonly sourceName: string;
  /** Words to filter by, such as vendor and labels. */
  readonly categories: readonly string[];
}

export interface CalendarOptions {
  /** What the calendar is called in the program that shows it. */
  readonly name: string;
  /** When it was made. */
  readonly now: Date;
}

const PRODUCT = '-//BackupGraph//Upcoming backup runs//EN';

/**
 * Coming runs as an iCalendar (RFC 5545), line by line; each line ends in CR LF, long ones are folded within the text given out.
 *
 * A run has the same UID in each edition as long as its instant stays, so that a program which reads the feed again updates it. Without
 * a known duration an event has no end: none is made up. Events block no time.
 */
export function* upcomingCalendar(runs: Iterable<CalendarRun>, options: CalendarOptions): Generator<string, void> {
  yield line('BEGIN', 'VCALENDAR');
  yield line('VERSION', '2.0');
  yield line('PRODID', PRODUCT);
  yield line('CALSCALE', 'GREGORIAN');
  yield line('METHOD', 'PUBLISH');
  yield line('X-WR-CALNAME', escaped(options.name));
  let isEmpty = true;
  for (const run of runs) {
    isEmpty = false;
    yield* eventLines(run, options.now);
  }
  // A calendar without any component is not valid.
  if (isEmpty) yield* UTC_ZONE;
  yield line('END', 'VCALENDAR');
}

function* eventLines({ run, sourceName, categories }: CalendarRun, now: Date): Generator<string, void> {
  const { job, at, basis, expectedSeconds } = run;
  yield line('BEGIN', 'VEVENT');
  yield line('UID', uidOf(run));
  yield line('DTSTAMP', instantText(now));
  yield line('DTSTART', instantText(at));
  if (expectedSeconds !== undefined && expectedSeconds > 0)
    yield line('DTEND', instantText(endOf(at, expectedSeconds)));
  yield line('SUMMARY', escaped(`${job.name ?? job.nativeId} (${sourceName})`));
  yield line('DESCRIPTION', escaped(descriptionOf(run, sourceName)));
  if (categories.length > 0) yield line('CATEGORIES', categories.map(escaped).join(','));
  yield line('STATUS', basis === 'VENDOR_ANNOUNCED' ? 'CONFIRMED' : 'TENTATIVE');
  yield line('TRANSP', 'TRANSPARENT');
  yield line('END', 'VEVENT');
}

function uidOf({ job, at }: UpcomingRun): string {
  const parts = [job.sourceKey, job.nativeId, instantText(at)];
  return `${parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/')}@backupgraph`;
}

function descriptionOf({ job, basis, insideWindow, expectedSeconds }: UpcomingRun, sourceName: string): string {
  return [
    `Source: ${sourceName} (${job.sourceKey})`,
    basis === 'VENDOR_ANNOUNCED' ? 'Announced by the vendor.' : 'Computed from the schedule.',
    expectedSeconds === undefined
      ? 'How long it takes is not known.'
      : `Expected to take ${formatIsoDuration(expectedSeconds)}, from past runs.`,
    ...(insideWindow === false ? ['The backup window is closed then.'] : []),
    ...(job.description === undefined ? [] : [job.description]),
  ].join('\n');
}

/** On a whole second, rounded up: an event that lasts must not end when it begins. */
function endOf(at: Date, seconds: number): Date {
  return new Date(Math.ceil(at.getTime() / SECOND_MS + seconds) * SECOND_MS);
}

/** `20261120T010000Z`; fractions of a second are dropped. */
function instantText(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** TEXT as RFC 5545, section 3.3.11, has it. Control characters cannot be said, and are left out. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');
}

/** Octets of a line without its end. */
const LINE_OCTETS = 75;

/** A content line, folded so that no part is longer than 75 octets and no character is torn. */
function line(name: string, value: string): string {
  let text = '';
  let octets = 0;
  for (const character of `${name}:${value}`) {
    const size = octetsOf(character);
    if (octets + size > LINE_OCTETS) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += size;
  }
  return `${text}\r\n`;
}

/** Of one character in UTF-8. */
function octetsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

const UTC_ZONE: readonly string[] = [
  line('BEGIN', 'VTIMEZONE'),
  line('TZID', 'UTC'),
  line('BEGIN', 'STANDARD'),
  line('DTSTART', '19700101T000000'),
  line('TZOFFSETFROM', '+0000'),
  line('TZOFFSETTO', '+0000'),
  line('END', 'STANDARD'),
  line('END', 'VTIMEZONE'),
];
