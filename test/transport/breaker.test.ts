import { beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { Breaker } from '../../src/transport/breaker.ts';
import { ManualClock, failure } from './support.ts';

let clock: ManualClock;
let breaker: Breaker;
let calls: number;

beforeEach(() => {
  clock = new ManualClock();
  breaker = new Breaker('src', clock.now);
  calls = 0;
});

async function call(outcome: () => Promise<unknown>): Promise<unknown> {
  await breaker.admit();
  const answer = breaker.tryCall(() => {
    calls += 1;
    return outcome();
  });
  return answer ?? 'NOT_CALLED';
}

const fails = (code: GatewayError['code'], httpStatus?: number) => () =>
  Promise.reject(new GatewayError(code, 'no', { httpStatus }));
const answers = async (): Promise<string> => 'answer';

async function open(): Promise<void> {
  for (let index = 0; index < 5; index += 1) await failure(call(fails('NETWORK')));
  expect(breaker.state()).toBe('OPEN');
}

describe('transport/breaker', () => {
  it.each([
    ['NETWORK', 5],
    ['TLS', 5],
    ['VENDOR_FAULT', 5],
    ['TIMEOUT', 3],
  ] as const)('opens after %s, %i times in a row', async (code, times) => {
    for (let index = 1; index < times; index += 1) await failure(call(fails(code)));
    expect(breaker.state()).toBe('CLOSED');
    await failure(call(fails(code)));
    expect(breaker.state()).toBe('OPEN');
    const refusal = await failure(call(answers));
    expect([refusal.code, refusal.sourceKey, refusal.retryAfter?.getTime()]).toEqual([
      'CIRCUIT_OPEN',
      'src',
      clock.now() + 3_000,
    ]);
    expect(refusal.cause).toMatchObject({ code });
    expect(calls).toBe(times);
  });

  it.each([
    ['a good answer', answers],
    ['"no such thing"', fails('NOT_FOUND', 404)],
    ['an answer that cannot be read', fails('MALFORMED_RESPONSE')],
  ])('begins to count anew after %s', async (_, outcome) => {
    for (let index = 0; index < 4; index += 1) await failure(call(fails('NETWORK')));
    await call(outcome).catch(() => undefined);
    for (let index = 0; index < 4; index += 1) await failure(call(fails('NETWORK')));
    expect(breaker.state()).toBe('CLOSED');
  });

  it('learns nothing from calls that their callers gave up', async () => {
    for (let index = 0; index < 4; index += 1) await failure(call(fails('NETWORK')));
    for (let index = 0; index < 20; index += 1) await failure(call(fails('CANCELLED_BY_CALLER')));
    expect(breaker.state()).toBe('CLOSED');
    await failure(call(fails('NETWORK')));
    expect(breaker.state()).toBe('OPEN');
    clock.advance(3_000);
    await failure(call(fails('CANCELLED_BY_CALLER')));
    expect(breaker.state()).toBe('HALF_OPEN');
    expect(await call(answers)).toBe('answer');
    expect(breaker.state()).toBe('CLOSED');
  });

  it('lets one call through as a probe and makes the others wait for its outcome', async () => {
    await open();
    clock.advance(3_000);
    expect(breaker.state()).toBe('HALF_OPEN');
    const probe = Promise.withResolvers<string>();
    const probing = call(() => probe.promise);
    await Promise.resolve();
    const others = [call(answers), call(answers)];
    await Promise.resolve();
    expect(calls).toBe(6);
    probe.resolve('answer');
    expect(await Promise.all([probing, ...others])).toEqual(['answer', 'answer', 'answer']);
    expect(breaker.state()).toBe('CLOSED');
  });

  it('refuses the others when the probe takes long', async () => {
    await open();
    clock.advance(3_000);
    const probe = Promise.withResolvers<string>();
    const probing = call(() => probe.promise);
    await Promise.resolve();
    expect((await failure(call(answers))).code).toBe('CIRCUIT_OPEN');
    probe.resolve('answer');
    await probing;
    expect(calls).toBe(6);
  });

  it('pauses again after a failed probe, from then on', async () => {
    await open();
    clock.advance(3_500);
    await failure(call(fails('TIMEOUT')));
    clock.advance(2_999);
    expect((await failure(call(answers))).code).toBe('CIRCUIT_OPEN');
    clock.advance(1);
    expect(await call(answers)).toBe('answer');
  });

  it('is not kept open by calls from before it opened', async () => {
    const late = Promise.withResolvers<never>();
    const lateCall = failure(call(() => late.promise));
    await Promise.resolve();
    await open();
    clock.advance(2_000);
    late.reject(new GatewayError('TIMEOUT', 'no'));
    await lateCall;
    clock.advance(1_000);
    expect(await call(answers)).toBe('answer');
  });

  it('does not stay open for hours when the clock is set back', async () => {
    await open();
    clock.advance(-3_600_000);
    expect(await call(answers)).toBe('answer');
  });
});
