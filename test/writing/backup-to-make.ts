import type { WriteAsk, WriteSource } from '../../src/writing/write-ask.ts';

/** The same wish in both processes. */
export function backupToMake(source: WriteSource): WriteAsk {
  return {
    caller: { name: 'tester', role: 'ADMIN' },
    source,
    content: {
      verb: 'CREATE',
      target: {
        section: 'sailpoint',
        backup: {
          name: 'survives a kill',
          startAt: undefined,
          cron: '0 3 * * 6',
          timeZone: 'Europe/Berlin',
          includeTypes: undefined,
          includedNames: undefined,
        },
      },
    },
    idempotencyKey: 'kill-1',
    dryRun: false,
    waitMs: undefined,
  };
}
