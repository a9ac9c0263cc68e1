import { beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { Session, type Login } from '../../src/transport/session.ts';
import { ManualClock, failure } from './support.ts';

let clock: ManualClock;
let logins: number;
let logIn: (signal: AbortSignal) => Promise<Login>;
let session: Session;

const never = new AbortController().signal;
const refused = (): GatewayError => new GatewayError('AUTHENTICATION', 'refused', { httpStatus: 401 });
const login = (expiresAt?: number): Login => ({ headers: { authorization: `t${logins}` }, expiresAt });

beforeEach(() => {
  clock = new ManualClock();
  logins = 0;
  logIn = async () => login();
  session = new Session({
    sourceKey: 'src',
    now: clock.now,
    login: (signal) => {
      logins += 1;
      return logIn(signal);
    },
  });
});

describe('transport/session', () => {
  it('makes one login for all who ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => session.current(never)));
    expect([new Set(all).size, logins]).toEqual([1, 1]);
  });

  it('renews a login before it ends', async () => {
    logIn = async () => login(clock.now() + 600_000);
    await session.current(never);
    clock.advance(554_000);
    await session.current(never);
    expect(logins).toBe(1);
    clock.advance(1_000);
    await session.current(never);
    expect(logins).toBe(2);
  });

  it.each(['AUTHENTICATION', 'PERMISSION'] as const)(
    'pauses 1 s, 2 s, 4 s … 5 min after logins answered with %s, and recovers',
    async (code) => {
      logIn = () => Promise.reject(new GatewayError(code, 'refused', { httpStatus: 401 }));
      for (const pauseSeconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]) {
        const before = logins;
        expect((await failure(session.current(never))).code).toBe(code);
        expect(logins).toBe(before + 1);
        clock.advance(pauseSeconds * 1000 - 1);
        expect((await failure(session.current(never))).code).toBe(code);
        expect(logins).toBe(before + 1);
        clock.advance(1);
      }
      logIn = async () => login();
      expect(await session.current(never)).toMatchObject({ headers: {} });
    },
  );

  it('counts one login once, however many calls say that it was refused', async () => {
    const used = await session.current(never);
    for (let index = 0; index < 50; index += 1) session.refused(refused(), used);
    expect((await failure(session.current(never))).code).toBe('AUTHENTICATION');
    clock.advance(1_000);
    await session.current(never);
    expect(logins).toBe(2);
  });

  it('goes on pausing longer while logins are taken and calls are not', async () => {
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      session.refused(refused(), await session.current(never));
      clock.advance(pauseMs - 1);
      await failure(session.current(never));
      clock.advance(1);
    }
    await session.current(never);
    session.worked();
    session.refused(refused(), await session.current(never));
    clock.advance(1_000);
    await session.current(never);
    expect(logins).toBe(5);
  });

  it('leaves a newer login alone when an old one is refused', async () => {
    const old = await session.current(never);
    session.invalidate(old);
    const young = await session.current(never);
    session.invalidate(old);
    session.refused(refused(), old);
    expect(await session.current(never)).toBe(young);
  });

  it('does not pause after a fault that says nothing about the credentials', async () => {
    logIn = () => Promise.reject(new GatewayError('NETWORK', 'no'));
    expect((await failure(session.current(never))).code).toBe('NETWORK');
    logIn = async () => login();
    await session.current(never);
    expect(logins).toBe(2);
  });

  it('ends a login that hangs when nobody waits any more; the next one starts anew', async () => {
    let aborted = false;
    logIn = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      });
    const deadline = new AbortController();
    const waiting = [failure(session.current(deadline.signal)), failure(session.current(deadline.signal))];
    await Promise.resolve();
    deadline.abort(new GatewayError('TIMEOUT', 'deadline'));
    expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual(['TIMEOUT', 'TIMEOUT']);
    expect(aborted).toBe(true);
    logIn = async () => login();
    await session.current(never);
    expect(logins).toBe(2);
  });
});
