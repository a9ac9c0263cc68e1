import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import type { BackupJob } from '../../src/domain/backup-job.ts';
import { type CalendarRun, upcomingCalendar } from '../../src/domain/icalendar.ts';
import type { UpcomingRun } from '../../src/domain/forecast.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { sampleJob } from '../support/domain-samples.ts';

const NOW = new Date('2026-11-20T12:00:00.250Z');

function coming(
  more: Partial<UpcomingRun> = {},
  job: Partial<BackupJob> = {},
  categories: readonly string[] = [],
): CalendarRun {
  const run: UpcomingRun = {
    job: sampleJob(job),
    at: new Date('2026-11-20T21:00:00Z'),
    basis: 'COMPUTED',
    insideWindow: undefined,
    expectedSeconds: 600,
    ...more,
  };
  return { run, sourceName: 'vCenter headquarters', categories };
}

function textOf(...runs: readonly CalendarRun[]): string {
  return [...upcomingCalendar(runs, { name: 'Backups', now: NOW })].join('');
}

function eventsOf(text: string): ICAL.Event[] {
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
}

describe('domain/icalendar', () => {
  it('writes a published calendar of events in UTC', () => {
    expect(textOf(coming({}, { description: 'Whole appliance' }, ['VCENTER', 'site: hq']))).toBe(
      [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//BackupGraph//Upcoming backup runs//EN',
        'CALSCALE:GREGORIAN',
        'METHOD:PUBLISH',
        'X-WR-CALNAME:Backups',
        'BEGIN:VEVENT',
        'UID:src/j1/20261120T210000Z@backupgraph',
        'DTSTAMP:20261120T120000Z',
        'DTSTART:20261120T210000Z',
        'DTEND:20261120T211000Z',
        'SUMMARY:Job 1 (vCenter headquarters)',
        'DESCRIPTION:Source: vCenter headquarters (src)\\nComputed from the schedule.',
        ' \\nExpected to take PT10M\\, from past runs.\\nWhole appliance',
        'CATEGORIES:VCENTER,site: hq',
        'STATUS:TENTATIVE',
        'TRANSP:TRANSPARENT',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    );
  });

  it('gives no end where no duration is known, and none that is the beginning', () => {
    expect(textOf(coming({ expectedSeconds: undefined }))).not.toContain('DTEND');
    expect(textOf(coming({ expectedSeconds: undefined }))).toContain('How long it takes is not known.');
    expect(textOf(coming({ expectedSeconds: 0 }))).not.toContain('DTEND');
    expect(textOf(coming({ expectedSeconds: 0.2 }))).toContain('DTEND:20261120T210001Z');
    const fraction = { at: new Date('2026-11-20T21:00:00.900Z'), expectedSeconds: 1.2 };
    expect(textOf(coming(fraction))).toContain('DTSTART:20261120T210000Z\r\nDTEND:20261120T210003Z');
  });

  it('tells an announced run from a computed one, and a window that is closed', () => {
    const text = textOf(coming({ basis: 'VENDOR_ANNOUNCED', insideWindow: false })).replaceAll('\r\n ', '');
    expect(text).toContain('STATUS:CONFIRMED');
    expect(text).toContain('Announced by the vendor.');
    expect(text).toContain('The backup window is closed then.');
  });

  it('names a run the same in each edition, and no two runs the same', () => {
    const uids = (runs: readonly CalendarRun[]): string[] => eventsOf(textOf(...runs)).map(({ uid }) => uid);
    const runs = [
      coming(),
      coming({ at: new Date('2026-11-21T21:00:00Z') }),
      coming({}, { nativeId: 'j1/x' }),
      coming({}, { nativeId: 'j1%2Fx' }),
      coming({}, { sourceKey: 'src-2' }),
      coming({}, { nativeId: 'lone \ud800, half' }),
    ];
    expect(uids(runs)).toEqual(
      uids(runs.map(({ run }) => coming({ ...run, expectedSeconds: 1, basis: 'VENDOR_ANNOUNCED' }, run.job))),
    );
    expect(new Set(uids(runs)).size).toBe(runs.length);
  });

  it('takes the native id for a name where a job has none', () => {
    expect(eventsOf(textOf(coming({}, { name: undefined })))[0]?.summary).toBe('j1 (vCenter headquarters)');
  });

  it('stays a valid calendar without any run', () => {
    const calendar = new ICAL.Component(ICAL.parse(textOf()));
    expect(calendar.getAllSubcomponents().map(({ name }) => name)).toEqual(['vtimezone']);
  });

  it('is worked out line by line, without waiting for the last run', () => {
    function* endless(): Generator<CalendarRun> {
      for (;;) yield coming();
    }
    expect(upcomingCalendar(endless(), { name: 'x', now: NOW }).take(500).toArray()).toHaveLength(500);
  });

  it('folds at 75 octets at most, tears no character, and is read back by another program, for generated texts', () => {
    const random = new SeededRandom(5545);
    for (let round = 0; round < 2000; round += 1) {
      const [name, description, category] = [generateText(random), generateText(random), generateText(random)];
      const text = textOf(coming({}, { name, description }, [category, 'two']));
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      for (const line of text.split('\r\n')) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(Buffer.from(line).toString()).toBe(line);
      }
      const [event] = eventsOf(text);
      expect(event?.summary).toBe(`${name} (vCenter headquarters)`);
      expect(event?.description.endsWith(`\n${description}`)).toBe(true);
      expect(event?.component.getFirstProperty('categories')?.getValues()).toEqual([category, 'two']);
      expect(event?.startDate.toJSDate().toISOString()).toBe('2026-11-20T21:00:00.000Z');
      expect(event?.endDate.toJSDate().toISOString()).toBe('2026-11-20T21:10:00.000Z');
    }
  });

  it('leaves out characters that a calendar cannot hold', () => {
    const name = 'a\u0000b\u0007c\r\nd\re\tf\u007fg\ud83d';
    expect(eventsOf(textOf(coming({}, { name })))[0]?.summary).toBe('abc\nd\ne\tfg\ufffd (vCenter headquarters)');
  });
});

function generateText(random: SeededRandom): string {
  const parts = ['a', 'ö', '漢', 'ก', '💾', ';', ',', '\\', '\n', ':', '"', ' ', '\\n', 'BEGIN:VEVENT'] as const;
  return `x${Array.from({ length: random.integer(0, 60) }, () => random.pick(parts)).join('')}x`;
}
