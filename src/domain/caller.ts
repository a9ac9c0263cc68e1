import type { WriteVerb } from './write-request.ts';

/** What a caller may do; each role may also do what those before it may. */
export const CALLER_ROLES = ['READ', 'OPERATE', 'ADMIN'] as const;
export type CallerRole = (typeof CALLER_ROLES)[number];

/** Who asks. */
export interface Caller {
  /** As configured; stands in operations and in the audit trail. */
  readonly name: string;
  readonly role: CallerRole;
}

/** The role that a write needs: running backups is for operators, changing what is backed up and when is for administrators. */
export function roleOf(verb: WriteVerb): CallerRole {
  switch (verb) {
    case 'CREATE':
    case 'START':
    case 'CANCEL':
    case 'RETRY':
      return 'OPERATE';
    case 'ENABLE':
    case 'DISABLE':
    case 'UPDATE_SCHEDULE':
    case 'DELETE':
      return 'ADMIN';
  }
}

export function mayDo(role: CallerRole, verb: WriteVerb): boolean {
  return CALLER_ROLES.indexOf(role) >= CALLER_ROLES.indexOf(roleOf(verb));
}
