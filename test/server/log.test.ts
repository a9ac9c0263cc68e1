import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { createLogger, type LogFields, type LoggerOptions } from '../../src/server/log.ts';
import { Secret } from '../../src/domain/secret.ts';

/** What one event becomes. */
function written(fields: LogFields, options: LoggerOptions = {}): string {
  let text = '';
  createLogger({ ...options, write: (line) => void (text += line) }).error(fields, 'something happened');
  return text;
}

function fieldsOf(fields: LogFields, options: LoggerOptions = {}): Record<string, unknown> {
  return JSON.parse(written(fields, options)) as Record<string, unknown>;
}

describe('server/log', () => {
  it('writes one JSON object a line, with level, time and the static message', () => {
    const text = written({ source: 'vc-hq', attempts: 2, cached: false, at: new Date(0), keys: ['a', 'b'] });
    expect(text).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(text)).toEqual({
      level: 'error',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      msg: 'something happened',
      source: 'vc-hq',
      attempts: 2,
      cached: false,
      at: '1970-01-01T00:00:00.000Z',
      keys: ['a', 'b'],
    });
  });

  it('keeps to its level', () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'warn', write: (line) => void lines.push(line) });
    log.debug({}, 'a');
    log.info({}, 'b');
    log.warn({}, 'c');
    log.error({}, 'd');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['c', 'd']);
    expect(written({}, { level: 'silent' })).toBe('');
  });

  it.each<[string, LogFields]>([
    ['a Secret', { value: new Secret('hunter2') }],
    ['a list of them', { values: [new Secret('hunter2')] }],
    ['a member that sounds like one', { password: 'hunter2', clientSecret: 'hunter2', Authorization: 'hunter2' }],
    [
      'a URL with a password',
      { url: 'postgres://bg:hunter2@db/bg', other: 'see https://me:hunter2@x/y and ftp://a:b/hunter@' },
    ],
    ['a query parameter', { url: 'https://x/y?access_token=hunter2&first=1' }],
    ['a header value', { text: 'sent Bearer hunter2hunter2' }],
    ['an object', { request: { body: 'hunter2' } }],
    ['an error that quotes a URL', { err: new Error('cannot reach https://me:hunter2@x/') }],
    ['the cause of an error', { err: new Error('failed', { cause: new Error('https://me:hunter2@x/') }) }],
    [
      'further members of an error',
      { err: Object.assign(new Error('failed'), { body: 'hunter2', config: { password: 'hunter2' } }) },
    ],
  ])('never writes a secret: %s', (_name, fields) => {
    for (const format of ['json', 'text'] as const) {
      for (const level of ['debug', 'info'] as const)
        expect(written(fields, { format, level })).not.toContain('hunter2');
    }
  });

  it('tells of an error what it is, its stack only for debugging', () => {
    const error = new GatewayError('TIMEOUT', 'Source "a" did not answer.', {
      sourceKey: 'a',
      cause: new Error('slow'),
    });
    expect(fieldsOf({ err: error })['err']).toEqual({
      type: 'GatewayError',
      message: 'Source "a" did not answer.',
      code: 'TIMEOUT',
      source: 'a',
      cause: 'Error: slow',
    });
    expect(fieldsOf({ err: error }, { level: 'debug' })['err']).toHaveProperty('stack');
  });

  it('does not let a field stand in for its own', () => {
    expect(fieldsOf({ level: 'fatal', msg: 'other', time: 1 })).toMatchObject({
      level: 'error',
      msg: 'something happened',
      level_: 'fatal',
      msg_: 'other',
      time_: 1,
    });
  });

  it.each(['x', '?', '://', 'x=', '&token', 'basic '])(
    'shortens what is very long, without taking long: %j',
    (piece) => {
      const began = performance.now();
      expect(String(fieldsOf({ text: piece.repeat(200_000) })['text']).length).toBeLessThan(1_100);
      expect(performance.now() - began).toBeLessThan(1_000);
    },
  );

  it('writes one line for people, whatever the fields hold', () => {
    const text = written({ source: 'vc-hq', warning: 'two\nlines', err: new Error('no') }, { format: 'text' });
    expect(text).toMatch(
      /^\d\d:\d\d:\d\d error something happened source=vc-hq warning="two\\nlines" err=\{.*"message":"no".*\}\n$/,
    );
  });
});
