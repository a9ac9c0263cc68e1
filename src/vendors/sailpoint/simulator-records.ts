export type BackupType = 'UPLOADED' | 'AUTOMATED' | 'MANUAL' | 'AUTOMATED_DRAFT';
export type Outcome = 'COMPLETE' | 'CANCELLED' | 'FAILED';
export type Status = Outcome | 'NOT_STARTED' | 'IN_PROGRESS';

/** Anything that waits, runs and ends. Instants are milliseconds since 1970. */
export interface Course {
  readonly createdAt: number;
  readonly beginsAt: number;
  readonly endsAt: number;
  readonly outcome: Outcome;
}

/** One backup record: a run with its artefact. */
export interface BackupRecord extends Course {
  readonly jobId: string;
  /** Decides which members are left out, null or in another form. */
  readonly shape: number;
  readonly backupType: BackupType;
  readonly name: string;
  readonly tenant: string;
  readonly requester: string;
  readonly options: Readonly<Record<string, unknown>> | undefined;
  readonly objectCount: number;
  /** Work goes on for so long after the end. */
  readonly afterworkMs: number;
  readonly userCanDelete: boolean;
  readonly isStored: boolean;
  readonly cloud: 'SYNCED' | 'NOT_SYNCED' | 'SYNC_FAILED';
  /** Uploads are in the list of uploads; some of them in the plain list too. */
  readonly isInPlainList: boolean;
  /** What is told instead of the status; a few records have lost it. */
  readonly statusGap?: 'missing' | 'null';
}

export function statusOf({ beginsAt, endsAt, outcome }: Course, now: number): Status {
  if (now < beginsAt) return 'NOT_STARTED';
  return now < endsAt ? 'IN_PROGRESS' : outcome;
}

export function recordView(record: BackupRecord, now: number): object {
  const { shape } = record;
  const isEnded = now >= record.endsAt;
  const isUpload = record.backupType === 'UPLOADED';
  const isStored = isEnded && record.outcome === 'COMPLETE' && record.isStored;
  return {
    jobId: record.jobId,
    ...(record.statusGap === 'missing' ? {} : { status: record.statusGap === 'null' ? null : statusOf(record, now) }),
    ...(shape % 9 === 4 ? {} : { type: 'BACKUP' }),
    ...(shape % 10 === 6 ? {} : { tenant: record.tenant }),
    requesterName: shape % 7 === 3 ? null : record.requester,
    ...(isStored && shape % 3 === 0 ? {} : { fileExists: isStored }),
    created: printInstant(record.createdAt, shape),
    modified: printInstant(modifiedAt(record, now), shape + 2),
    ...(isEnded ? { completed: printInstant(record.endsAt, shape + 4) } : shape % 2 === 0 ? {} : { completed: null }),
    ...(record.name === '' ? {} : { name: record.name }),
    ...(record.userCanDelete && shape % 3 === 1 ? {} : { userCanDelete: record.userCanDelete }),
    ...(record.options === undefined && shape % 2 === 1 ? {} : { isPartial: record.options !== undefined }),
    backupType: record.backupType,
    ...(isUpload ? {} : { options: record.options ?? null }),
    ...(isEnded && record.outcome === 'COMPLETE' ? resultView(record, now) : shape % 5 === 1 ? NO_RESULT : {}),
  };
}

/** None to six fraction digits, always `Z`. */
export function printInstant(instant: number, shape: number): string {
  const digits = shape % 7;
  const seconds = Math.floor(instant / 1000);
  const micros = Math.floor(instant - seconds * 1000) * 1000 + ((shape * 37) % 1000);
  const fraction = String(micros).padStart(6, '0').slice(0, digits);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** After the end the record is still worked on, for minutes at times. */
function modifiedAt({ createdAt, beginsAt, endsAt, afterworkMs }: BackupRecord, now: number): number {
  if (now < beginsAt) return createdAt;
  return now < endsAt ? now : Math.min(now, endsAt + afterworkMs);
}

function resultView(record: BackupRecord, now: number): object {
  return {
    hydrationStatus: now >= record.endsAt + record.afterworkMs ? 'HYDRATED' : 'NOT_HYDRATED',
    totalObjectCount: record.objectCount,
    ...(record.backupType === 'UPLOADED' ? {} : { cloudStorageStatus: record.cloud }),
  };
}

const NO_RESULT = { hydrationStatus: null, totalObjectCount: null, cloudStorageStatus: null };
