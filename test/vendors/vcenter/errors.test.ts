import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../../src/transport/decode.ts';
import { Drift } from '../../../src/transport/drift.ts';
import { errorCodeOf, kindOfCode, refuse } from '../../../src/vendors/vcenter/errors.ts';
import { payloadText } from './payload.ts';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

function refused(response: HttpResponse, drift = new Drift(() => new Date(0))) {
  return refuse(response, 'vc', drift);
}

describe('vendors/vcenter/errors', () => {
  it.each(['rest-6.7', 'rest-8.0.2', 'api-8.0.2'])('finds the name of an error in the form of %s', (form) => {
    const response = answer(400, payloadText(`${form}-error-feature-in-use.json`));
    expect(errorCodeOf(response)).toBe('FEATURE_IN_USE');
    expect(refused(response)).toMatchObject({
      code: 'CONFLICT',
      nativeCode: 'FEATURE_IN_USE',
      httpStatus: 400,
      sourceKey: 'vc',
    });
    expect(refused(response).message).not.toContain('busy');
  });

  it.each([
    ['ALREADY_EXISTS', 'CONFLICT'],
    ['ALREADY_IN_DESIRED_STATE', 'CONFLICT'],
    ['CANCELED', 'VENDOR_FAULT'],
    ['CONCURRENT_CHANGE', 'CONFLICT'],
    ['ERROR', 'VENDOR_FAULT'],
    ['FEATURE_IN_USE', 'CONFLICT'],
    ['INTERNAL_SERVER_ERROR', 'VENDOR_FAULT'],
    ['INVALID_ARGUMENT', 'BAD_REQUEST'],
    ['INVALID_ELEMENT_CONFIGURATION', 'BAD_REQUEST'],
    ['INVALID_ELEMENT_TYPE', 'BAD_REQUEST'],
    ['INVALID_REQUEST', 'BAD_REQUEST'],
    ['NOT_ALLOWED_IN_CURRENT_STATE', 'CONFLICT'],
    ['NOT_FOUND', 'NOT_FOUND'],
    ['OPERATION_NOT_FOUND', 'NOT_FOUND'],
    ['RESOURCE_BUSY', 'CONFLICT'],
    ['RESOURCE_INACCESSIBLE', 'VENDOR_FAULT'],
    ['RESOURCE_IN_USE', 'CONFLICT'],
    ['SERVICE_UNAVAILABLE', 'VENDOR_FAULT'],
    ['TIMED_OUT', 'VENDOR_FAULT'],
    ['UNABLE_TO_ALLOCATE_RESOURCE', 'VENDOR_FAULT'],
    ['UNAUTHENTICATED', 'AUTHENTICATION'],
    ['UNAUTHORIZED', 'PERMISSION'],
    ['UNEXPECTED_INPUT', 'BAD_REQUEST'],
    ['UNSUPPORTED', 'BAD_REQUEST'],
    ['UNVERIFIED_PEER', 'BAD_REQUEST'],
    ['BRAND_NEW', undefined],
  ])('reads %s as %s', (code, kind) => {
    expect(kindOfCode(code)).toBe(kind);
  });

  it.each([
    [400, { type: 'com.vmware.vapi.std.errors.error', value: { messages: [] } }, 'VENDOR_FAULT'],
    [500, { error_type: 'NOT_FOUND', messages: [] }, 'NOT_FOUND'],
    [400, { type: 'com.vmware.vapi.std.errors.unauthorized', value: { messages: [] } }, 'PERMISSION'],
    [404, { error_type: 'INVALID_ARGUMENT', messages: [] }, 'BAD_REQUEST'],
  ])('goes by the name and not by the status %s', (status, body, code) => {
    expect(refused(answer(status, body)).code).toBe(code);
  });

  it.each([
    [403, '<html>no</html>', 'PERMISSION'],
    [503, '<html>starting</html>', 'VENDOR_FAULT'],
    [404, '', 'NOT_FOUND'],
    [404, { messages: [{ id: 'com.vmware.vapi.rest.httpNotFound', default_message: 'x', args: [] }] }, 'NOT_FOUND'],
    [504, '', 'VENDOR_FAULT'],
    [400, '["x"]', 'BAD_REQUEST'],
    [400, { error_type: 7 }, 'BAD_REQUEST'],
    [400, { error_type: 'free text with a secret' }, 'BAD_REQUEST'],
  ])('goes by the status %s where the body %j has no name', (status, body, code) => {
    expect(refused(answer(status, body))).toMatchObject({ code, nativeCode: undefined });
  });

  it('goes by the status and counts the name where the name is new', () => {
    const drift = new Drift(() => new Date(0));
    const error = refused(answer(409, { error_type: 'BRAND_NEW', messages: [] }), drift);
    expect(error).toMatchObject({ code: 'CONFLICT', nativeCode: 'BRAND_NEW' });
    expect(drift.read().unknownValues).toEqual(['Error.error_type=BRAND_NEW']);
  });

  it('sees a request to wait in 429, and in 503 with a time', () => {
    const busy = { error_type: 'SERVICE_UNAVAILABLE', messages: [] };
    expect(refused(answer(429, busy)).code).toBe('THROTTLED');
    expect(refused(answer(503, busy, { 'retry-after': '30' }))).toMatchObject({ code: 'THROTTLED' });
    expect(refused(answer(503, busy)).code).toBe('VENDOR_FAULT');
  });

  it('says which group is wanted when the account may not', () => {
    const error = refused(answer(403, { error_type: 'UNAUTHORIZED', messages: [] }));
    expect(error.message).toContain('SystemConfiguration.Administrators');
  });
});
