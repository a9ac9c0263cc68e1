import { describe, expect, it } from 'vitest';
import { STATUS_CSV_COLUMNS, type StatusCsvRow, csvLine, statusCsv } from '../../src/domain/status-csv.ts';
import { SeededRandom } from '../../src/simulation/random.ts';
import { sampleJob, sampleRun } from '../support/domain-samples.ts';

const object = { sourceKey: 'src', nativeId: 'o1', name: 'Oak, "Clinic"', kind: 'APPLIANCE' } as const;
const dueBy = new Date('2026-11-21T07:00:00Z');

function row(more: Partial<StatusCsvRow['entry']> = {}): StatusCsvRow {
  const run = sampleRun({ bytes: 12_345_678_901_234_567_890n });
  const rpo = {
    verdict: 'MET',
    reason: 'COPY_IN_TIME',
    targetMs: 86_400_000,
    derived: true,
    achievedMs: 25_200_500,
    dueBy,
    newestCopy: run,
  } as const;
  const entry = {
    sourceKey: 'src',
    nativeId: 'o1',
    object,
    job: sampleJob(),
    latest: run,
    status: 'SUCCEEDED',
  } as const;
  return {
    entry: { ...entry, lastSuccess: run, rpo, consecutiveFailures: 0, ...more },
    sourceName: 'Source 1',
    vendor: 'VCENTER',
  };
}

describe('domain/status-csv', () => {
  it('writes the columns, then a line for each entry', () => {
    const lines = [...statusCsv([row(), row()])];
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(`${STATUS_CSV_COLUMNS.join(',')}\r\n`);
    expect(lines[1]).toBe(
      'src,Source 1,VCENTER,"Oak, ""Clinic""",APPLIANCE,SUCCEEDED,0,MET,COPY_IN_TIME,PT24H,true,PT7H0.5S,2026-11-21T07:00:00.000Z,' +
        'Job 1,SUCCEEDED,Success,2026-11-20T01:00:00.000Z,2026-11-20T01:10:00.000Z,12345678901234567890,' +
        '2026-11-20T01:00:00.000Z,2026-11-20T01:10:00.000Z,' +
        'gid://backup/ProtectedObject/src/o1,gid://backup/BackupJob/src/j1,gid://backup/BackupRun/src/r1\r\n',
    );
  });

  it('leaves empty what is not known, and never writes 0 for it', () => {
    const nothing = { job: undefined, latest: undefined, lastSuccess: undefined, consecutiveFailures: undefined };
    const rpo = {
      ...row().entry.rpo,
      verdict: 'UNKNOWN',
      targetMs: undefined,
      achievedMs: undefined,
      dueBy: undefined,
    };
    const [, line = ''] = statusCsv([row({ ...nothing, rpo: rpo as StatusCsvRow['entry']['rpo'] })]);
    expect(line).toContain('SUCCEEDED,,UNKNOWN,COPY_IN_TIME,,,,,,,,,,,,,gid:');
    expect(parsed(line)[0]).toHaveLength(STATUS_CSV_COLUMNS.length);
  });

  it('is worked out line by line, without waiting for the last entry', () => {
    function* endless(): Generator<StatusCsvRow> {
      for (;;) yield row();
    }
    expect(statusCsv(endless()).take(4).toArray()).toHaveLength(4);
  });

  it.each([
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['+1', "'+1"],
    ['-cmd', "'-cmd"],
    ['-1+2', "'-1+2"],
    ['-', "'-"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['\n=1', '"\'\n=1"'],
    ['＝1', "'＝1"],
    ['-5', '-5'],
    ['-5.25', '-5.25'],
    ['a=b', 'a=b'],
    ["'=1", "'=1"],
    ['', ''],
  ])('writes the text %j as %s', (text, cell) => {
    expect(csvLine([text])).toBe(`${cell}\r\n`);
  });

  it('leaves numbers and instants alone', () => {
    expect(csvLine([-5, -5n, 1e21, false, dueBy, undefined])).toBe('-5,-5,1e+21,false,2026-11-21T07:00:00.000Z,\r\n');
  });

  it('is read back by a plain reader of RFC 4180, for generated texts', () => {
    const random = new SeededRandom(7);
    for (let round = 0; round < 3000; round += 1) {
      const cells = Array.from({ length: 4 }, () => generateText(random));
      const [read = [], ...more] = parsed(csvLine(cells));
      expect(more).toEqual([]);
      expect(read.map((cell, index) => (cell === `'${cells[index]}` ? cell.slice(1) : cell))).toEqual(cells);
      expect(read.filter((cell) => /^[=+@\t\r\n]|^-(?!\d+(\.\d+)?$)/.test(cell))).toEqual([]);
    }
  });
});

function generateText(random: SeededRandom): string {
  const parts = ['"', ',', '\r', '\n', '=', '+', '-', '@', '\t', 'a', 'ö', '💾', ';', '1', '.', ' '] as const;
  return Array.from({ length: random.integer(0, 6) }, () => random.pick(parts)).join('');
}

/** A reader of its own, by the grammar of RFC 4180. */
function parsed(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  let index = 0;
  while (index < text.length) {
    const [whole, inside, plain = '', end] = /("(?:[^"]|"")*")|([^",\r\n]*)/y.exec(text.slice(index)) ?? [''];
    expect(end).toBeUndefined();
    cells.push(inside === undefined ? plain : inside.slice(1, -1).replaceAll('""', '"'));
    index += whole.length;
    if (text[index] === ',') index += 1;
    else {
      expect(text.slice(index, index + 2)).toBe('\r\n');
      index += 2;
      lines.push(cells);
      cells = [];
    }
  }
  return lines;
}
