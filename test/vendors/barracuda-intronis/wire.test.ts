import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../../src/transport/decode.ts';
import { Drift } from '../../../src/transport/drift.ts';
import type { Format } from '../../../src/vendors/barracuda-intronis/envelope.ts';
import { repairConditionTypes } from '../../../src/vendors/barracuda-intronis/repair.ts';
import { parseComputersPage, parseHistoryPage, parseReportPage } from '../../../src/vendors/barracuda-intronis/wire.ts';

function drift(): Drift {
  return new Drift(() => new Date(0));
}

function response(body: string, format: Format = 'json'): HttpResponse {
  return { status: 200, headers: { 'content-type': `application/${format}` }, body: Buffer.from(body) };
}

function payload(name: string): HttpResponse {
  const format = name.endsWith('.xml') ? 'xml' : 'json';
  return response(readFileSync(new URL(`payloads/${name}`, import.meta.url), 'utf8'), format);
}

function xmlRow(inner: string): HttpResponse {
  return response(`<list page="1"><backup_status><computer_id>1</computer_id>${inner}</backup_status></list>`, 'xml');
}

function jsonRows(...rows: unknown[]): HttpResponse {
  return response(JSON.stringify({ page: 1, list: rows }));
}

function report(answer: HttpResponse, format: Format = 'json', counted = drift()) {
  return parseReportPage(answer, format, counted);
}

describe('vendors/barracuda-intronis/wire', () => {
  it("reads the vendor's own samples alike in both formats, the mismatched tag included", () => {
    const json = report(payload('backup-status-vendor-sample.json'));
    expect(json.rows).toEqual([
      {
        report_date: new Date('2011-01-01T15:00:00Z'),
        username: 'barracuda_a',
        computer_id: '0000',
        computer_name: 'Mail Server',
        backupset_name: 'Exchange',
        local_start: new Date('2011-01-01T06:00:00Z'),
        local_end: new Date('2011-01-01T07:00:00Z'),
        condition_status: 'COMPLETED',
        condition_types: ['COMPLETED'],
        errors: 0,
        warnings: 0,
      },
    ]);
    expect(report(payload('backup-status-vendor-sample.xml'), 'xml')).toEqual(json);
  });

  it('reads a key with a blank, several condition types and entities alike in both formats', () => {
    const json = report(payload('backup-status-two-conditions.json'));
    expect(json.rows[0]).toMatchObject({
      computer_id: '0107',
      computer_name: 'Files & "más"',
      condition_types: ['WARNINGS', 'NO_FILE_DATA_BACKED_UP'],
      warnings: 2,
    });
    expect(report(payload('backup-status-two-conditions.xml'), 'xml')).toEqual(json);
  });

  it('reads action history alike in both formats, with bytes beyond 53 bits', () => {
    const json = parseHistoryPage(payload('action-history-two-runs.json'), 'json', drift());
    expect(
      json.rows.map(({ bytes, local_end, errors, condition_status }) => ({
        bytes,
        local_end,
        errors,
        condition_status,
      })),
    ).toEqual([
      { bytes: 5368709120n, local_end: undefined, errors: 0, condition_status: 'RUNNING' },
      {
        bytes: 9007199254740993n,
        local_end: new Date('2026-11-20T08:10:42Z'),
        errors: undefined,
        condition_status: undefined,
      },
    ]);
    expect(parseHistoryPage(payload('action-history-two-runs.xml'), 'xml', drift())).toEqual(json);
  });

  it.each(['0107', '007', '1e5', '0x1F', '0000'])('keeps the computer id %s as it is', (id) => {
    const xml = `<list><backup_status><computer_id>${id}</computer_id></backup_status></list>`;
    expect(report(response(xml, 'xml'), 'xml').rows[0]?.computer_id).toBe(id);
    expect(report(jsonRows({ computer_id: id })).rows[0]?.computer_id).toBe(id);
  });

  it.each([
    ['<condition_type>ERRORS</condition_type><condition_type>MISSED</condition_type>'],
    ['<condition_types>ERRORS</condition_types><condition_types>MISSED</condition_types>'],
    [
      '<condition_types><condition_type>ERRORS</condition_type><condition_type>MISSED</condition_type></condition_types>',
    ],
    ['<condition_type>ERRORS</condition_types><condition_types>MISSED</condition_type>'],
    ['<condition_type>ERRORS</condition_type><condition_type/><condition_type>MISSED</condition_type>'],
  ])('reads the condition types of %s', (xml) => {
    expect(report(xmlRow(xml), 'xml').rows[0]?.condition_types).toEqual(['ERRORS', 'MISSED']);
  });

  it.each([
    [{ condition_types: ['ERRORS', 'ERRORS'] }, ['ERRORS']],
    [{ condition_types: 'ERRORS' }, ['ERRORS']],
    [{ condition_type: ['ERRORS'] }, ['ERRORS']],
    [{ condition_types: null }, []],
    [{ condition_types: [] }, []],
    [{}, []],
  ])('reads the condition types of %j', (members, expected) => {
    expect(report(jsonRows({ computer_id: '1', ...members })).rows[0]?.condition_types).toEqual(expected);
  });

  it('repairs the known mismatch and nothing else', () => {
    expect(repairConditionTypes('<condition_type>A</condition_types>')).toBe('<condition_type>A</condition_type>');
    expect(repairConditionTypes('<condition_types>A</condition_type >')).toBe('<condition_types>A</condition_types>');
    for (const text of [
      '<a>A</b>',
      '<condition_type>A</condition>',
      '<condition_types><condition_type>A</condition_type></condition_types>',
    ])
      expect(repairConditionTypes(text)).toBe(text);
    expect(() => report(xmlRow('<username>a</user>'), 'xml')).toThrow(/not well-formed/);
  });

  it('refuses XML that is cut between two tags', () => {
    const whole = readFileSync(new URL('payloads/backup-status-two-conditions.xml', import.meta.url), 'utf8');
    expect(() => report(response(whole.slice(0, whole.indexOf('</list>')), 'xml'), 'xml')).toThrow(/not well-formed/);
  });

  it('refuses a document of the other format, another root, and a list without rows member', () => {
    expect(() => report(payload('backup-status-vendor-sample.xml'))).toThrow(/HTML or XML/);
    expect(() => report(payload('backup-status-vendor-sample.json'), 'xml')).toThrow(/not XML/);
    expect(() => report(response('<html><body>hi</body></html>', 'xml'), 'xml')).toThrow('$ is not a <list>');
    expect(() => report(response('{"page":1}'))).toThrow('$.list is not an array');
  });

  it('reads empty lists in every form', () => {
    for (const xml of ['<list/>', '<list page="1" count="0"></list>', '<list count="0"> </list>'])
      expect(report(response(xml, 'xml'), 'xml').rows).toEqual([]);
    expect(report(jsonRows()).rows).toEqual([]);
  });

  it('keeps the good rows and names a bad one by position, alike in both formats', () => {
    const json = report(jsonRows({ computer_id: '1' }, { computer_name: 'x' }, { computer_id: '3' }));
    const xml = report(
      response(
        '<list><backup_status><computer_id>1</computer_id></backup_status><backup_status><computer_name>x</computer_name></backup_status>' +
          '<backup_status><computer_id>3</computer_id></backup_status></list>',
        'xml',
      ),
      'xml',
    );
    for (const { rows, problems } of [json, xml]) {
      expect(rows.map(({ computer_id }) => computer_id)).toEqual(['1', '3']);
      expect(problems.map(({ code, message }) => [code, message])).toEqual([
        ['MALFORMED_RESPONSE', '$.list[1].computer_id is not text'],
      ]);
    }
  });

  it.each([
    ['computer_id', ['0107']],
    ['computer_id', '   '],
    ['computer_name', {}],
    ['backupset_name', true],
    ['condition_status', {}],
    ['condition_types', {}],
    ['condition_types', [true]],
    ['local_start', 5],
    ['errors', 'many'],
    ['warnings', {}],
  ])('makes a row with %s = %j a problem of that row', (member, value) => {
    const { rows, problems } = report(jsonRows({ computer_id: '1', [member]: value }, { computer_id: '2' }));
    expect(rows).toHaveLength(1);
    expect(problems[0]?.message).toContain(`$.list[0].${member}`);
  });

  it('takes numbers as text, and empty and missing values as not told', () => {
    const { rows } = report(
      jsonRows({ computer_id: '1', errors: '4', warnings: '', local_start: '', local_end: null, backupset_name: ' ' }),
    );
    expect(rows[0]).toMatchObject({ errors: 4, warnings: undefined, local_start: undefined, local_end: undefined });
    expect(rows[0]?.backupset_name).toBeUndefined();
  });

  it('takes texts without the blanks around them and mends half characters, so that an id can be made', () => {
    const { rows } = report(jsonRows({ computer_id: ' 7 ', backupset_name: ' A\ud800 ' }));
    expect(rows[0]).toMatchObject({ computer_id: '7', backupset_name: 'A\ufffd' });
  });

  it('reads elements that carry attributes, and empty ones, by their text', () => {
    const { rows } = report(xmlRow('<username kind="x">a</username><local_end nil="true"/><errors>3</errors>'), 'xml');
    expect(rows[0]).toMatchObject({ username: 'a', local_end: undefined, errors: 3 });
  });

  it('takes no wall clock without an offset for an instant, and counts it', () => {
    const counted = drift();
    const { rows } = report(jsonRows({ computer_id: '1', local_start: '2026-11-20T02:00:00' }), 'json', counted);
    expect(rows[0]?.local_start).toBeUndefined();
    expect(counted.read().unknownValues).toEqual(['$.list[].local_start=not an instant']);
  });

  it('counts words and members that no document names', () => {
    const counted = drift();
    const row = { computer_id: '1', condition_status: 'FROZEN', condition_types: ['TAPE', 'COMPLETED'], mood: 1 };
    report(jsonRows(row), 'json', counted);
    parseHistoryPage(jsonRows({ computer_id: '1', type: 'VERIFY', status: 'SLEEPING', colour: 1 }), 'json', counted);
    parseComputersPage(jsonRows({ computer_id: '1', status: 'LOST', planet: 1 }), 'json', counted);
    expect(counted.read()).toMatchObject({
      unknownFields: ['Action.colour', 'BackupStatus.mood', 'Computer.planet'],
      unknownValues: [
        'Action.status=SLEEPING',
        'Action.type=VERIFY',
        'BackupStatus.condition_status=FROZEN',
        'BackupStatus.condition_types=TAPE',
        'Computer.status=LOST',
      ],
    });
  });

  it('counts nothing in what the documents name', () => {
    const counted = drift();
    for (const name of ['backup-status-vendor-sample', 'backup-status-two-conditions']) {
      report(payload(`${name}.json`), 'json', counted);
      report(payload(`${name}.xml`), 'xml', counted);
    }
    parseHistoryPage(payload('action-history-two-runs.json'), 'json', counted);
    parseHistoryPage(payload('action-history-two-runs.xml'), 'xml', counted);
    expect(counted.read()).toEqual({ unknownFields: [], unknownValues: [], firstSeenAt: undefined });
  });

  it.each([
    ['condition_status', ['COMPLETED', 'RUNNING', 'WARNING', 'FAILURE']],
    [
      'condition_types',
      [
        'COMPLETED',
        'RUNNING',
        'WARNINGS',
        'CANCELED',
        'ERRORS',
        'MISSED',
        'EXCEPTION',
        'NO_DATA_RESTORED',
        'NO_DATA_DELETED',
        'NO_FILE_DATA_BACKED_UP',
        'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP',
      ],
    ],
    ['status', ['UNINITIALIZED', 'RUNNING', 'PAUSED', 'SUCCESS', 'CANCELING', 'CANCELED', 'ERROR']],
    ['type', ['BACKUP', 'RESTORE', 'DELETE']],
    ['plugin', ['FILE', 'SQL', 'EXCHANGE']],
  ])('counts none of the documented words of %s', (member, words) => {
    const counted = drift();
    const rows = words.map((word) => ({ computer_id: '1', [member]: member === 'condition_types' ? [word] : word }));
    expect(parseHistoryPage(jsonRows(...rows), 'json', counted).rows).toHaveLength(words.length);
    expect(counted.read()).toMatchObject({ unknownFields: [], unknownValues: [] });
  });

  it('counts none of the documented statuses of a computer', () => {
    const counted = drift();
    const rows = ['ACTIVE', 'DISABLED', 'DELETED'].map((status) => ({ computer_id: '1', status, usage: '5368709120' }));
    expect(parseComputersPage(jsonRows(...rows), 'json', counted).rows).toHaveLength(3);
    expect(counted.read()).toMatchObject({ unknownFields: [], unknownValues: [] });
  });

  it('sees a next page in both formats, and takes no other link for one', () => {
    const links = [{ 'rel ': 'first' }, null, { rel: 'next', href: 'https://elsewhere.example/' }];
    expect(report(response(JSON.stringify({ list: [], links }))).hasNext).toBe(true);
    expect(report(response(JSON.stringify({ list: [], links: links.slice(0, 2) }))).hasNext).toBe(false);
    expect(report(response('<list><link rel="next" href="x"/></list>', 'xml'), 'xml').hasNext).toBe(true);
    expect(report(response('<list><link rel="last" href="x"/></list>', 'xml'), 'xml').hasNext).toBe(false);
  });

  it('reads rows of any element name, because not every one is documented', () => {
    const xml = '<list count="1"><computer><computer_id>07</computer_id><status>ACTIVE</status></computer></list>';
    expect(parseComputersPage(response(xml, 'xml'), 'xml', drift()).rows).toEqual([
      { computer_id: '07', status: 'ACTIVE' },
    ]);
  });
});
