import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptRun } from '../../src/store/history-store.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openStores } from '../../src/store/open-store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backupgraph-history-'));
  file = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const kept = (nativeId: string, atMs: number): KeptRun => ({
  nativeId,
  atMs,
  status: 'SUCCEEDED',
  endedAtMs: undefined,
  observedAtMs: atMs,
  signature: 's',
  content: `"${nativeId}"`,
});

describe('store/history', () => {
  it('finds its place in a store that was made before there was history, and keeps what is in it', async () => {
    const old = new DatabaseSync(file);
    old.exec(MIGRATIONS[0] ?? '');
    old.exec(
      `INSERT INTO audit (at, caller, verb, source_key, outcome) VALUES (1, 'ada', 'START', 'src', 'CONFIRMED')`,
    );
    old.exec('PRAGMA user_version = 1');
    old.close();
    const { operations, history } = openStores(`sqlite:${file}`);
    expect((await operations.listAudit({}, 10, undefined)).totalCount).toBe(1);
    await history.write({ sourceKey: 'src', runs: [kept('a', 5)] });
    expect(await history.runs('src', { without: new Set() })).toEqual(['"a"']);
    await operations.close();
  });

  it('is the same store when it is opened again, and another one than any other', async () => {
    const ids: string[] = [];
    for (const name of ['one.db', 'one.db', 'two.db']) {
      const { operations, history } = openStores(`sqlite:${join(folder, name)}`);
      ids.push(await history.identity());
      await operations.close();
    }
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
    expect([ids[1] === ids[0], ids[2] === ids[0]]).toEqual([true, false]);
  });

  it('never gives a number twice, also when all changes have been forgotten', async () => {
    const change = { kind: 'RUN', sourceKey: 'src', nativeId: 'a', previous: undefined, content: '{}' } as const;
    const first = openStores(`sqlite:${file}`);
    await first.history.write({ sourceKey: 'src', changes: [{ ...change, observedAtMs: 1 }] });
    await first.history.forget({ runsBeforeMs: 0, changesBeforeMs: 2 });
    await first.operations.close();
    const { operations, history } = openStores(`sqlite:${file}`);
    expect(await history.changes(0, 10, ['src'])).toEqual({ rows: [], oldest: 2, newest: 1 });
    await history.write({ sourceKey: 'src', changes: [{ ...change, observedAtMs: 3 }] });
    expect((await history.changes(0, 10, ['src'])).rows.map(({ number }) => number)).toEqual([2]);
    await operations.close();
  });

  it('writes all of a batch or nothing', async () => {
    const { operations, history } = openStores(`sqlite:${file}`);
    const broken = { ...kept('b', 2), content: undefined as unknown as string };
    await expect(history.write({ sourceKey: 'src', runs: [kept('a', 1), broken] })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(await history.runs('src', { without: new Set() })).toEqual([]);
    await operations.close();
  });

  it('gives the runs of a stretch by the index, without those that are not wanted', async () => {
    const { operations, history } = openStores(`sqlite:${file}`);
    await history.write({ sourceKey: 'src', runs: [kept('a', 1), kept('b', 2), kept('c', 3), kept('d', 4)] });
    await history.write({ sourceKey: 'other', runs: [kept('b', 2)] });
    expect(await history.runs('src', { fromMs: 2, toMs: 4, without: new Set(['c']) })).toEqual(['"b"']);
    await operations.close();
    const database = new DatabaseSync(file);
    const plan = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT json_group_array(native_id) FROM runs WHERE source_key = ? AND at >= ? AND at < ?',
      )
      .all('src', 0, 1);
    database.close();
    expect(plan.map(({ detail }) => String(detail)).join()).toContain('COVERING INDEX runs_by_time');
  });
});
