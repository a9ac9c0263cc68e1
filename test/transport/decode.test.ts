import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { decodeJson, decodeXml, type HttpResponse } from '../../src/transport/decode.ts';
import { readObject } from '../../src/transport/reader.ts';

function response(body: string | Buffer, contentType?: string): HttpResponse {
  return { status: 200, headers: { 'content-type': contentType }, body: Buffer.from(body) };
}

const json = (body: string | Buffer, contentType?: string): unknown => decodeJson(response(body, contentType));
const xml = (body: string | Buffer, contentType?: string): unknown =>
  decodeXml(response(body, contentType), { lists: new Set(['row']) });

function refusal(decode: () => unknown): GatewayError {
  try {
    decode();
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect((error as GatewayError).code).toBe('MALFORMED_RESPONSE');
    return error as GatewayError;
  }
  throw new Error('nothing was refused');
}

describe('transport/decode', () => {
  it('reads text in its declared charset, in UTF-8 with or without a mark when none is declared', () => {
    expect(json(Buffer.from('{"a":"ü"}', 'latin1'), 'application/json; charset=ISO-8859-1')).toEqual({ a: 'ü' });
    expect(json(Buffer.from('\ufeff{"a":"ü"}', 'utf16le'), 'application/json; charset="utf-16le"')).toEqual({ a: 'ü' });
    expect(json('\ufeff{"a":"ü"}')).toEqual({ a: 'ü' });
    expect(xml(Buffer.from('<a>ü</a>', 'latin1'), 'text/xml; charset=iso-8859-1')).toEqual({ a: 'ü' });
  });

  it.each([
    ['bytes that are no UTF-8, undeclared', undefined],
    ['bytes that the declared charset does not have', 'application/json; charset=utf-8'],
    ['a charset that nobody knows', 'application/json; charset=martian'],
  ])('refuses %s', (_, contentType) => {
    refusal(() => json(Buffer.from('{"a":"ü"}', 'latin1'), contentType));
    refusal(() => xml(Buffer.from('<a>ü</a>', 'latin1'), contentType));
  });

  it.each([
    ['', 'EMPTY_BODY'],
    [' \n', 'EMPTY_BODY'],
    ['<html>secret</html>', undefined],
    ['<?xml version="1.0"?><a/>', undefined],
    ['{"a":1', undefined],
    ['{"a":1}}', undefined],
    ['secret', undefined],
    ["{'a':1}", undefined],
    ['NaN', undefined],
  ])('refuses %j as JSON, without showing it', (body, nativeCode) => {
    const error = refusal(() => json(body));
    expect(error.nativeCode).toBe(nativeCode);
    expect(error.message).not.toContain('secret');
    expect(error.cause).toBeUndefined();
  });

  it('lets no name of JSON reach a prototype, and takes the last of equal names', () => {
    const object = readObject(json('{"__proto__":{"admin":true},"constructor":1,"a":1,"a":2}'));
    expect([object.optionalBoolean('admin'), object.optionalInteger('a')]).toEqual([undefined, 2]);
    expect(readObject(json('{}')).optionalText('constructor')).toBeUndefined();
    expect(readObject(json('{}')).optionalText('toString')).toBeUndefined();
  });

  it.each([
    ['arrays', '['.repeat(100_000), ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(100_000), '}'.repeat(100_000)],
  ])('survives 100,000 %s inside each other, which are of no shape that is promised', (_, open, close) => {
    const began = performance.now();
    refusal(() => readObject(json(`${open}1${close}`)).array('a'));
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it.each([
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['entities that multiply', '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>'],
    ['a DOCTYPE in another case, behind a declaration', '<?xml version="1.0"?>\n<!doctype html><html/>'],
    ['an entity declaration without a DOCTYPE', '<!ENTITY x "y"><a>&x;</a>'],
    ['mismatched tags', '<a><b></a></b>'],
    ['a tag that is never closed', '<a><b></b>'],
    ['a document cut in a tag', '<a><b>1</b'],
    ['text behind the root', '<a/>junk'],
    ['two roots', '<a/><b/>'],
    ['deep nesting', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
    ['nothing', ' '],
    ['JSON', '{"a":1}'],
    ['a name that would reach a prototype', '<a><__proto__><b>1</b></__proto__></a>'],
    ['more than a megabyte', `<a>${'x'.repeat(1024 * 1024)}</a>`],
  ])('refuses %s in XML', (_, body) => {
    const began = performance.now();
    refusal(() => xml(body));
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('leaves entities that it does not know as they stand', () => {
    expect(xml('<a>&x; &amp; &#65;</a>')).toEqual({ a: '&x; & A' });
  });

  it('reads lists, attributes and text', () => {
    expect(xml('<?xml version="1.0"?><a b="1"><row>007</row></a>\n')).toEqual({ a: { '@b': '1', row: ['007'] } });
  });
});
