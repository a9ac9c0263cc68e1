import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { StoredOperation } from '../../src/store/operation-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backupgraph-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 20, 8, minute));

function operation(overrides: Partial<StoredOperation> = {}): StoredOperation {
  return {
    id: 'op-1',
    verb: 'CREATE',
    sourceKey: 'vc',
    state: 'VALIDATED',
    idempotencyKey: 'k1',
    requestedBy: 'ada',
    requestedAt: at(0),
    settledAt: undefined,
    jobNativeId: undefined,
    runNativeId: undefined,
    vendorCall: undefined,
    refusals: [],
    holdsKey: true,
    fingerprint: 'f',
    sentAt: undefined,
    mark: null,
    ...overrides,
  };
}

describe('store/sqlite', () => {
  it('gives back what was written, after it was closed and opened again', async () => {
    const url = `sqlite:${join(folder, 'deep', 'er', 'store.db')}`;
    const whole = operation({
      state: 'REJECTED',
      settledAt: at(2),
      sentAt: at(1),
      jobNativeId: 'schedule/default',
      vendorCall: { method: 'POST', path: '/x', body: { password: '[secret]', n: [1, null] } },
      mark: { before: ['a'] },
      refusals: [
        {
          code: 'VENDOR_REJECTED',
          message: 'No.',
          field: ['job'],
          error: { kind: 'CONFLICT', message: 'm', retryable: false },
        },
      ],
    });
    const first = openStore(url);
    await first.add(operation());
    const { id, ...change } = whole;
    await first.change(id, {
      state: change.state,
      settledAt: change.settledAt,
      sentAt: change.sentAt,
      jobNativeId: change.jobNativeId,
      vendorCall: change.vendorCall,
      mark: change.mark,
      refusals: change.refusals,
    });
    await first.close();
    const second = openStore(url);
    expect((await second.read(['op-1', 'op-2'])).get('op-1')).toEqual(whole);
    await second.close();
  });

  it('lets one operation hold a key of a caller', async () => {
    const store = openStore('sqlite::memory:');
    expect(await store.add(operation())).toBeUndefined();
    expect(await store.add(operation({ id: 'op-2' }))).toMatchObject({ id: 'op-1' });
    expect(await store.add(operation({ id: 'op-3', requestedBy: 'bob' }))).toBeUndefined();
    await store.change('op-1', { holdsKey: false });
    expect(await store.add(operation({ id: 'op-4' }))).toBeUndefined();
    expect((await store.holderOf('ada', 'k1'))?.id).toBe('op-4');
    expect((await store.list({}, 10, undefined)).totalCount).toBe(3);
  });

  it('lists by filter, newest first, page by page', async () => {
    const store = openStore('sqlite::memory:');
    for (let n = 0; n < 6; n += 1) {
      await store.add(
        operation({
          id: `op-${n}`,
          idempotencyKey: `k${n}`,
          requestedAt: at(Math.floor(n / 2)),
          sourceKey: n % 2 === 0 ? 'vc' : 'm365',
          verb: n < 3 ? 'CREATE' : 'START',
          state: n === 5 ? 'SENT' : 'CONFIRMED',
        }),
      );
    }
    const ids = async (...args: Parameters<typeof store.list>) => (await store.list(...args)).rows.map(({ id }) => id);
    expect(await ids({}, 3, undefined)).toEqual(['op-5', 'op-4', 'op-3']);
    expect(await ids({}, 9, { at: at(1), id: 'op-3' })).toEqual(['op-2', 'op-1', 'op-0']);
    expect(await ids({ sourceKeys: ['vc'], verbs: ['START'] }, 9, undefined)).toEqual(['op-4']);
    expect(await ids({ states: ['SENT'] }, 9, undefined)).toEqual(['op-5']);
    expect(await ids({ requestedAfter: at(1), requestedBefore: at(2) }, 9, undefined)).toEqual(['op-3', 'op-2']);
    expect(await ids({ requestedBy: [] }, 9, undefined)).toEqual([]);
    expect((await store.list({ sourceKeys: ['vc'] }, 1, undefined)).totalCount).toBe(3);
  });

  it('names what is open, and UNCERTAIN ones for a while', async () => {
    const store = openStore('sqlite::memory:');
    for (const [id, state] of [
      ['a', 'SENT'],
      ['b', 'CONFIRMED'],
      ['c', 'UNCERTAIN'],
      ['d', 'VALIDATED'],
    ] as const)
      await store.add(operation({ id, idempotencyKey: id, state }));
    expect((await store.unsettled(at(0))).map(({ id }) => id)).toEqual(['a', 'c', 'd']);
    expect((await store.unsettled(at(1))).map(({ id }) => id)).toEqual(['a', 'd']);
  });

  it('refuses a second gateway on the same file, and frees it at the end', async () => {
    const url = `sqlite:${join(folder, 'store.db')}`;
    const first = openStore(url);
    expect(() => openStore(url)).toThrow(/another process is using it/);
    await first.close();
    await openStore(url).close();
  });

  it('refuses a file of a newer version, and one that is no database', () => {
    const newer = join(folder, 'newer.db');
    const database = new DatabaseSync(newer);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    expect(() => openStore(`sqlite:${newer}`)).toThrow(/newer version/);
    const text = join(folder, 'text.db');
    writeFileSync(text, 'this is no database, but long enough to be looked at as if it were one. '.repeat(50));
    expect(() => openStore(`sqlite:${text}`)).toThrow(/no SQLite database/);
    expect(() => openStore(`sqlite:${folder}`)).toThrow(/cannot be opened/);
    expect(() => openStore('postgres://db/backups')).toThrow(/SQLite only/);
  });

  it('goes from every earlier version to the present one', async () => {
    for (let made = 0; made <= MIGRATIONS.length; made += 1) {
      const file = join(folder, `v${made}.db`);
      const database = new DatabaseSync(file);
      for (const step of MIGRATIONS.slice(0, made)) database.exec(step);
      database.exec(`PRAGMA user_version = ${made}`);
      database.close();
      const store = openStore(`sqlite:${file}`);
      await store.add(operation());
      expect((await store.read(['op-1'])).size).toBe(1);
      await store.close();
    }
  });

  it('says when it cannot be written', async () => {
    const store = openStore('sqlite::memory:');
    await store.add(operation());
    await store.close();
    await expect(store.add(operation({ id: 'op-2' }))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
    });
  });
});
