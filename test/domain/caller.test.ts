import { describe, expect, it } from 'vitest';
import { CALLER_ROLES, mayDo } from '../../src/domain/caller.ts';
import { WRITE_VERBS } from '../../src/domain/write-request.ts';

describe('domain/caller', () => {
  it('lets readers write nothing, operators run backups, administrators everything', () => {
    const allowed = CALLER_ROLES.map((role) => [role, WRITE_VERBS.filter((verb) => mayDo(role, verb))]);
    expect(Object.fromEntries(allowed)).toEqual({
      READ: [],
      OPERATE: ['CREATE', 'START', 'CANCEL', 'RETRY'],
      ADMIN: ['CREATE', 'START', 'CANCEL', 'RETRY', 'ENABLE', 'DISABLE', 'UPDATE_SCHEDULE', 'DELETE'],
    });
  });
});
