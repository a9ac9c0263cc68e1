import type { BackupRun } from '../domain/backup-run.ts';

/**
 * A run as text for the store: all that the gateway shows of it but the log lines, which are the vendor's own text and may be long.
 *
 * Instants are epoch milliseconds under `$at`, whole numbers of any size text under `$big`.
 */
export function runToText(run: BackupRun): string {
  // `toJSON` of a date is called before a replacer sees it, so the holder is asked.
  return JSON.stringify({ ...run, messages: 'NOT_TOLD', fromHistory: undefined }, function (this: unknown, key, value) {
    const original = (this as Readonly<Record<string, unknown>>)[key];
    if (original instanceof Date) return { $at: original.getTime() };
    if (typeof original === 'bigint') return { $big: String(original) };
    return value as unknown;
  });
}

/** The run of such a text; members that are not in it are undefined. */
export function runOfText(text: string): BackupRun {
  const told = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const run = revived(told);
  const details = told['details'];
  if (typeof details === 'object' && details !== null) run['details'] = revived(details);
  // Written by `runToText`, from a run; what is undefined was left out.
  return { ...UNTOLD, ...run } as unknown as BackupRun;
}

/** Its members with instants and whole numbers as they were. A loop, since a reviver costs several times as much. */
function revived(value: object): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) members[name] = revivedMember(member);
  return members;
}

function revivedMember(member: unknown): unknown {
  if (typeof member !== 'object' || member === null) return member;
  if ('$at' in member) return new Date(Number(member.$at));
  return '$big' in member ? BigInt(String(member.$big)) : member;
}

const UNTOLD = {
  jobNativeId: undefined,
  nativeStatus: undefined,
  trigger: undefined,
  requestedBy: undefined,
  queuedAt: undefined,
  startedAt: undefined,
  endedAt: undefined,
  durationSeconds: undefined,
  progressPercent: undefined,
  errorCount: undefined,
  warningCount: undefined,
  objectCount: undefined,
  bytes: undefined,
  restorable: undefined,
  details: undefined,
} satisfies Partial<BackupRun>;
