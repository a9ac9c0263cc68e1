/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What sort of job it is. */
export type BackupJobKind =
  /** A selection on one computer, run by an agent there. */
  | 'BACKUP_SET'
  /** A single backup. */
  | 'ONE_OFF'
  /** A definition that runs again and again. */
  | 'RECURRING';

/** Which runs are wanted; every condition that is given must hold, and an empty list holds for nothing. */
export type BackupRunFilter = {
  /** Only runs with one of these conditions. */
  conditions?: Array<RunConditionKind> | null | undefined;
  /** Also runs that their vendor does not tell any more and the gateway has kept; they have `fromHistory: true`. Subscriptions tell of none. A source that cannot be read gives none. */
  includeHistory?: boolean;
  /** Only runs of these jobs (global ids); sources without any of them are not asked. */
  jobs?: Array<string | number> | null | undefined;
  /** Only sources that carry all these labels. */
  labels?: Array<LabelInput> | null | undefined;
  /** Only runs whose id, requester or messages (where they come with the run) contain this text, without case. */
  search?: string | null | undefined;
  /** Only these sources: their global ids or keys. */
  sources?: Array<string | number> | null | undefined;
  /** Only runs that began at or after this instant. */
  startedAfter?: string | null | undefined;
  /** Only runs that began before this instant. */
  startedBefore?: string | null | undefined;
  /** Only runs in one of these states. */
  statuses?: Array<BackupStatus> | null | undefined;
  /** Only sources of these vendors. */
  vendors?: Array<Vendor> | null | undefined;
};

/** What became of a run, in one vocabulary for all vendors. What the vendor said word for word is in `nativeStatus`. */
export type BackupStatus =
  /** Stopped by somebody before its end. */
  | 'CANCELED'
  /** Asked to stop, not stopped yet. */
  | 'CANCELING'
  /** Ended without a usable copy. */
  | 'FAILED'
  /** Was due and did not begin. */
  | 'MISSED'
  /** Never ran. */
  | 'NONE'
  /** Accepted by the vendor, not begun. */
  | 'QUEUED'
  /** In progress. */
  | 'RUNNING'
  /** Ended well. */
  | 'SUCCEEDED'
  /** A state that the gateway cannot read; see `nativeStatus`. Never to be shown as good. */
  | 'UNKNOWN'
  /** Ended with something to look at; a copy exists. */
  | 'WARNING';

/** The hours of a week in which runs may happen: exactly one of `hours` and `intervals`. */
export type BackupWindowInput = {
  /** 168 hours, Sunday 00:00 first; true is allowed. */
  hours?: Array<boolean> | null | undefined;
  /** The allowed stretches. */
  intervals?: Array<WindowIntervalInput> | null | undefined;
  /** Minutes by which the grid is ahead of UTC, as the vendor's `minuteOffset`. */
  utcOffsetMinutes: number;
};

/** What is to be stopped: a run, or whatever a job is running. */
export type CancelBackupInput = {
  /** Only checks, and shows the vendor call in `dryRun` without sending it. */
  dryRun?: boolean | null | undefined;
  /** Yours to choose, 1 to 255 visible ASCII characters, such as a UUID: asking again with the same key and content gives the same operation and never a second one. */
  idempotencyKey?: string | null | undefined;
  /** Global id of the job; leave out `run` then. */
  job?: string | number | null | undefined;
  /** Global id of the run; leave out `job` then. */
  run?: string | number | null | undefined;
  /** Longest wait for the outcome, up to five minutes; 30 seconds when left out. The operation goes on all the same: ask `backupOperation` for it. */
  wait?: string | null | undefined;
};

/** Why an operation is not supported. */
export type CapabilityReason =
  /** The vendor has no such call. */
  | 'NOT_OFFERED_BY_VENDOR'
  /** The caller or the account may not do it. */
  | 'NOT_PERMITTED'
  /** The gateway only reads this source. */
  | 'READ_ONLY_SOURCE'
  /** The source cannot be reached. */
  | 'SOURCE_DOWN'
  /** The job or run is not in a state that allows it. */
  | 'WRONG_STATE';

/** Whether calls to a source are paused because they keep failing. */
export type CircuitState =
  /** Calls are made. */
  | 'CLOSED'
  /** The next call is a trial. */
  | 'HALF_OPEN'
  /** Calls are paused. */
  | 'OPEN';

/** What the moved clock does to a time of day. */
export type ClockWarningKind =
  /** It is skipped. */
  | 'GAP'
  /** It is shown twice. */
  | 'OVERLAP';

/** A new backup or job. */
export type CreateBackupInput = {
  /** Only checks, and shows the vendor call in `dryRun` without sending it. */
  dryRun?: boolean | null | undefined;
  /** Yours to choose, 1 to 255 visible ASCII characters, such as a UUID: asking again with the same key and content gives the same operation and never a second one. */
  idempotencyKey: string;
  /** Global id or key of the source. */
  source: string | number;
  /** What is to be made. */
  target: CreateBackupTarget;
  /** Longest wait for the outcome, up to five minutes; 30 seconds when left out. The operation goes on all the same: ask `backupOperation` for it. */
  wait?: string | null | undefined;
};

/** What is to be made: exactly one section, that of the vendor. */
export type CreateBackupTarget =
  {   /** For SailPoint. */
  sailpoint: CreateSailPointBackupInput; vcenter?: never; veeam?: never; }
  |  { sailpoint?: never;   /** For vCenter. */
  vcenter: CreateVCenterBackupInput; veeam?: never; }
  |  { sailpoint?: never; vcenter?: never;   /** For Veeam Backup for Microsoft 365. */
  veeam: CreateVeeamJobInput; };

/** SailPoint has no "back up now": this files a scheduled action. `startAt` alone is once, `cron` is repeated. */
export type CreateSailPointBackupInput = {
  /** Repetition, in the vendor's own cron dialect. */
  cron?: string | null | undefined;
  /** The vendor's words for the types of objects, such as `ROLE`; all when left out. */
  includeTypes?: Array<string> | null | undefined;
  /** Only some objects of a type. */
  includedNames?: Array<SailPointIncludedNamesInput> | null | undefined;
  /** Name of the action, at most 50 characters. */
  name: string;
  /** The first or only start; must lie ahead without `cron`. */
  startAt?: string | null | undefined;
  /** Zone of the repetition; the tenant's when left out. */
  timeZone?: string | null | undefined;
};

/** A backup of the appliance that begins at once. */
export type CreateVCenterBackupInput = {
  /** Encrypts the backup: 8 to 20 visible ASCII characters without a space, with an upper-case and a lower-case letter, a digit and a special character. Left out: not encrypted. */
  backupPassword?: SecretInput | null | undefined;
  /** Kept with the archive; the gateway adds its own mark. */
  comment?: string | null | undefined;
  /** Where it goes. */
  destination: VCenterDestinationInput;
  /** A quicker backup, from 7.0.3 on. */
  fast?: boolean | null | undefined;
  /** Ids of optional parts; those that the appliance selects by default when left out. */
  parts?: Array<string> | null | undefined;
};

/** A new job that backs up a whole organisation. */
export type CreateVeeamJobInput = {
  /** For people. */
  description?: string | null | undefined;
  /** Name of the job. */
  name: string;
  /** The vendor's id (GUID) of the organisation. */
  organizationId: string | number;
  /** The vendor's id (GUID) of the repository, which also decides the retention. */
  repositoryId: string | number;
  /** Whether it is run at once. */
  runNow?: boolean | null | undefined;
  /** When it runs; by hand only when left out. */
  schedule?: VeeamScheduleInput | null | undefined;
};

/** What is to be done with a job. */
export type JobActionInput = {
  /** Only checks, and shows the vendor call in `dryRun` without sending it. */
  dryRun?: boolean | null | undefined;
  /** Yours to choose, 1 to 255 visible ASCII characters, such as a UUID: asking again with the same key and content gives the same operation and never a second one. */
  idempotencyKey: string;
  /** Global id of the job. */
  job: string | number;
  /** Longest wait for the outcome, up to five minutes; 30 seconds when left out. The operation goes on all the same: ask `backupOperation` for it. */
  wait?: string | null | undefined;
};

/** A label to be carried; without a value any value of that name fits. */
export type LabelInput = {
  /** What the label tells, such as `site`. */
  name: string;
  /** What it is to be; any when left out. */
  value?: string | null | undefined;
};

/** Something that can be asked of a source. */
export type Operation =
  /** Stop what is running. */
  | 'CANCEL'
  /** Make a new backup or job. */
  | 'CREATE'
  /** Remove a definition or a stored backup. */
  | 'DELETE'
  /** Keep a job from running by its schedule. */
  | 'DISABLE'
  /** Let a job run by its schedule again. */
  | 'ENABLE'
  /** Read what a run logged. */
  | 'READ_LOGS'
  /** Read past runs, not only the newest. */
  | 'READ_RUN_HISTORY'
  /** Read when a job runs. */
  | 'READ_SCHEDULE'
  /** Read how much a run moved. */
  | 'READ_SIZES'
  /** Run a failed one again. */
  | 'RETRY'
  /** Run an existing job now. */
  | 'START'
  /** Change when a job runs. */
  | 'UPDATE_SCHEDULE';

/** How far a write has come. */
export type OperationState =
  /** Done: the vendor said so, or its state shows it. */
  | 'CONFIRMED'
  /** It could not be sent, or the vendor failed and its state shows that nothing came of it. */
  | 'FAILED'
  /** Refused, by a rule or by the vendor; nothing was changed. */
  | 'REJECTED'
  /** Sent to the vendor; the answer is awaited. */
  | 'SENT'
  /** The answer was lost and the effect is not to be seen: nobody can know. It is never sent again by itself. */
  | 'UNCERTAIN'
  /** Written down, not sent yet. */
  | 'VALIDATED';

/** What sort of thing is protected. */
export type ProtectedObjectKind =
  /** A management appliance. */
  | 'APPLIANCE'
  /** A backup set on a computer. */
  | 'COMPUTER_BACKUP_SET'
  /** A whole Microsoft 365 organisation. */
  | 'M365_ORGANIZATION'
  /** A selection of users, groups, sites or teams of a Microsoft 365 organisation. */
  | 'M365_SELECTION'
  /** The configuration of an identity tenant. */
  | 'TENANT_CONFIGURATION';

/** What the vendor is to do after a failure. */
export type RetryPolicyInput = {
  /** How many times it tries again, 1 to 777. */
  attempts: number;
  /** Minutes between the tries, 1 to 999. */
  intervalMinutes: number;
};

/** Why a verdict is what it is. */
export type RpoReason =
  /** Four fifths of the time are used up. */
  | 'COPY_AGEING'
  /** The newest good copy is young enough. */
  | 'COPY_IN_TIME'
  /** The newest good copy is older than the objective. */
  | 'COPY_TOO_OLD'
  /** Part of the history could not be read, and a fresher copy may be in it. */
  | 'HISTORY_INCOMPLETE'
  /** The source could not be read. */
  | 'HISTORY_UNREADABLE'
  /** The next copy is due after the objective breaks. */
  | 'NEXT_COPY_TOO_LATE'
  /** There is no good copy. */
  | 'NO_COPY'
  /** No further copy is due. */
  | 'NO_COPY_COMING'
  /** No objective is configured, and none follows from a schedule. */
  | 'NO_TARGET'
  /** The vendor does not tell when a copy was made that may be the newest. */
  | 'TIMES_IN_DOUBT';

/** How an object stands to its recovery point objective. */
export type RpoVerdict =
  /** It is young enough still, but the next copy will not come in time, or most of the time is used up. */
  | 'AT_RISK'
  /** The newest good copy is too old. */
  | 'BREACHED'
  /** The newest good copy is young enough, and nothing speaks against the next one. */
  | 'MET'
  /** The whole history was read, and there is no good copy in it. */
  | 'NEVER_PROTECTED'
  /** It cannot be told, see `reason`. Never to be shown as good. */
  | 'UNKNOWN';

/** Something notable about a run. */
export type RunConditionKind =
  /** It was stopped. */
  | 'CANCELED'
  /** Errors were logged. */
  | 'ERRORS'
  /** The backup program itself failed. */
  | 'EXCEPTION'
  /** It was due and did not begin. */
  | 'MISSED'
  /** No data was deleted. */
  | 'NOTHING_DELETED'
  /** No data was restored. */
  | 'NOTHING_RESTORED'
  /** No Exchange or SQL data was backed up. */
  | 'NO_EXCHANGE_OR_SQL_DATA'
  /** It ended well, but no file is stored. */
  | 'NO_FILE_STORED'
  /** No file data was backed up. */
  | 'NO_NEW_FILE_DATA'
  /** The copy to the second place failed. */
  | 'OFFSITE_COPY_FAILED'
  /** The copy to the second place has not been made yet. */
  | 'OFFSITE_COPY_PENDING'
  /** It ran outside its backup window. */
  | 'OUTSIDE_WINDOW'
  /** Only some of the kinds of objects are in it. */
  | 'PARTIAL_COVERAGE'
  /** It runs far longer than usual. */
  | 'STALLED'
  /** A condition that the gateway does not know; see `nativeKind`. */
  | 'UNMAPPED'
  /** Warnings were logged. */
  | 'WARNINGS';

/** What set a run going. */
export type RunTrigger =
  /** The vendor itself. */
  | 'AUTOMATIC'
  /** A person. */
  | 'MANUAL'
  /** A schedule. */
  | 'SCHEDULED'
  /** Nobody ran it: a finished copy was uploaded. */
  | 'UPLOADED';

/** Only these objects of a type. */
export type SailPointIncludedNamesInput = {
  /** Names of the objects, with case. */
  names: Array<string>;
  /** The vendor's word for the type of object, such as `ROLE`. */
  type: string;
};

/** A secret: the text itself, by variable, or the name of one that is configured for the source. */
export type SecretInput = {
  /** Name in the configuration of the source; leave out `value` then. */
  ref?: string | null | undefined;
  /** The text, from a variable; leave out `ref` then. */
  value?: string | null | undefined;
};

/** How much something matters. */
export type Severity =
  /** Something failed. */
  | 'ERROR'
  /** For information. */
  | 'INFO'
  /** To be looked at. */
  | 'WARNING';

/** What went wrong at a source, by what a caller can do about it. */
export type SourceErrorKind =
  /** The login was refused. */
  | 'AUTHENTICATION'
  /** The vendor refused the request as wrong. */
  | 'BAD_REQUEST'
  /** The caller went away. */
  | 'CANCELLED_BY_CALLER'
  /** The source has failed repeatedly, so calls are paused. */
  | 'CIRCUIT_OPEN'
  /** It conflicts with what is going on at the vendor. */
  | 'CONFLICT'
  /** The answer was not what the vendor documents. */
  | 'MALFORMED_RESPONSE'
  /** The connection could not be made or broke. */
  | 'NETWORK'
  /** The vendor has no such thing. */
  | 'NOT_FOUND'
  /** The account may not do this. */
  | 'PERMISSION'
  /** Too many requests; see `retryAfter`. */
  | 'THROTTLED'
  /** No answer in time. */
  | 'TIMEOUT'
  /** The certificate or the secure connection was refused. */
  | 'TLS'
  /** The vendor failed. */
  | 'VENDOR_FAULT';

/** What became of one source in one answer. */
export type SourceOutcome =
  /** It could not be read; none of its rows are in the answer. */
  | 'FAILED'
  /** All its rows are in the answer. */
  | 'OK'
  /** Some of its rows are missing; `error` says why. */
  | 'PARTIAL'
  /** It was not asked. */
  | 'SKIPPED'
  /** It failed, and a kept older answer was served; `fetchedAt` says how old. */
  | 'STALE'
  /** It did not answer within the patience; none of its rows are in the answer. */
  | 'TIMED_OUT'
  /** The vendor has no such call. */
  | 'UNSUPPORTED';

/** How a source has been answering. */
export type SourceState =
  /** The last call failed, earlier ones worked. */
  | 'DEGRADED'
  /** Three calls or more have failed in a row, or none ever worked. */
  | 'DOWN'
  /** It has not been called yet. */
  | 'UNKNOWN'
  /** The last call worked. */
  | 'UP';

/** Why a window will not let a coming run happen, or not to its end. */
export type SwallowReason =
  /** The vendor ends it when the window closes, and it is not expected to be done by then. */
  | 'CUT_AT_CLOSING'
  /** It is due in closed hours. */
  | 'STARTS_OUTSIDE';

/** How a coming run is known. */
export type UpcomingBasis =
  /** Worked out from the schedule. */
  | 'COMPUTED'
  /** The vendor says so. */
  | 'VENDOR_ANNOUNCED';

/** Why a write was not done, or is not known to have been done. */
export type UserErrorCode =
  /** A run is under way that has to end first; see `blockedBy`. */
  | 'ALREADY_RUNNING'
  /** It is not what the caller has read any more. */
  | 'CHANGED_MEANWHILE'
  /** Exactly one of several must be given. */
  | 'EXACTLY_ONE_REQUIRED'
  /** The key was used before for something else. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A value breaks a stated rule; see `rule`. */
  | 'INVALID_VALUE'
  /** Something that is needed was left out. */
  | 'MISSING_VALUE'
  /** What the input names does not exist. */
  | 'NOT_FOUND'
  /** The caller, or the account at the vendor, may not do it. */
  | 'NOT_PERMITTED'
  /** The answer was lost: whether it was done is not known. */
  | 'OUTCOME_UNCERTAIN'
  /** The source could not be asked; nothing was sent. */
  | 'SOURCE_UNAVAILABLE'
  /** The source cannot do this; see `alternatives`. */
  | 'UNSUPPORTED_OPERATION'
  /** The vendor refused or failed; nothing was changed. */
  | 'VENDOR_REJECTED'
  /** The present state of the job or run does not allow it. */
  | 'WRONG_STATE';

/** Where the appliance sends its backup: exactly one of these. */
export type VCenterDestinationInput =
  {   /** Name of a destination in the configuration of the source. */
  configured: string; inline?: never; schedule?: never; }
  |  { configured?: never;   /** A destination written out. */
  inline: VCenterLocationInput; schedule?: never; }
  |  { configured?: never; inline?: never;   /** Global id of the appliance's own schedule, which is run now with its own parts and destination. */
  schedule: string | number; };

/** A backup store written out. Refused unless its host is allowed in the configuration of the source. */
export type VCenterLocationInput = {
  /** Path or URL of an empty folder, without user and password. */
  location: string;
  /** Password of the account. */
  password?: SecretInput | null | undefined;
  /** Kind of store. */
  type: VCenterLocationType;
  /** Account at the store; null is no login there. */
  user?: string | null | undefined;
};

/** Kind of backup store. Which of them an appliance knows depends on its release. */
export type VCenterLocationType =
  /** A store that is reached by FTP. */
  | 'FTP'
  /** A store that is reached by FTPS. */
  | 'FTPS'
  /** A store that is reached by HTTP. */
  | 'HTTP'
  /** A store that is reached by HTTPS. */
  | 'HTTPS'
  /** A store that is reached by NFS. */
  | 'NFS'
  /** A store that is reached by SCP. */
  | 'SCP'
  /** A store that is reached by SFTP. */
  | 'SFTP'
  /** A store that is reached by SMB. */
  | 'SMB';

/** Once on each of these days. */
export type VeeamDailyInput = {
  /** On which days. */
  day: VeeamDay;
  /** Time of day on the clock of the server, as `HH:MM` or `HH:MM:SS`. */
  time: string;
};

/** On which days something happens. */
export type VeeamDay =
  /** On all seven days. */
  | 'EVERYDAY'
  /** On Friday. */
  | 'FRIDAY'
  /** On Monday. */
  | 'MONDAY'
  /** On Saturday. */
  | 'SATURDAY'
  /** On Sunday. */
  | 'SUNDAY'
  /** On Thursday. */
  | 'THURSDAY'
  /** On Tuesday. */
  | 'TUESDAY'
  /** On Wednesday. */
  | 'WEDNESDAY'
  /** On Saturday and Sunday. */
  | 'WEEKENDS'
  /** On Monday to Friday. */
  | 'WORKDAYS';

/** How often a job runs again. */
export type VeeamPeriod =
  /** Every hour. */
  | 'HOURS_1'
  /** Every 2 hours. */
  | 'HOURS_2'
  /** Every 4 hours. */
  | 'HOURS_4'
  /** Every 8 hours. */
  | 'HOURS_8'
  /** Every 5 minutes. */
  | 'MINUTES_5'
  /** Every 10 minutes. */
  | 'MINUTES_10'
  /** Every 15 minutes. */
  | 'MINUTES_15'
  /** Every 30 minutes. */
  | 'MINUTES_30';

/** A schedule of Veeam: `daily` or `periodically`, not both. What is left out stays as it is. */
export type VeeamScheduleInput = {
  /** At a time of day. */
  daily?: VeeamDailyInput | null | undefined;
  /** Again and again. */
  periodically?: VeeamPeriod | null | undefined;
  /** What happens after a failure. */
  retry?: RetryPolicyInput | null | undefined;
  /** When runs may happen at all. */
  window?: BackupWindowInput | null | undefined;
};

/** A kind of backup system. A new vendor adds a value. */
export type Vendor =
  /** Barracuda Intronis Backup. */
  | 'BARRACUDA_INTRONIS'
  /** SailPoint Identity Security Cloud. */
  | 'SAILPOINT'
  /** VMware vCenter appliance. */
  | 'VCENTER'
  /** Veeam Backup for Microsoft 365. */
  | 'VEEAM_M365';

/** A stretch of allowed hours. */
export type WindowIntervalInput = {
  /** On which days it begins. */
  day: VeeamDay;
  /** First allowed hour, 0 to 23. */
  fromHour: number;
  /** The hour at which it ends, 1 to 24. One that is not behind `fromHour` lies on the next day. */
  toHour: number;
};

/** What a backup window demands of a run. */
export type WindowSemantics =
  /** A run must begin in an allowed hour and may end later. */
  | 'MAY_START_INSIDE'
  /** A run that leaves the allowed hours is ended by the vendor. */
  | 'MUST_FINISH_INSIDE'
  /** The vendor does not tell. */
  | 'UNKNOWN';

export type BoardQueryVariables = Exact<{ [key: string]: never; }>;


export type BoardQuery = { statusReport: { generatedAt: string, complete: boolean, rpo: { met: number, atRisk: number, breached: number, neverProtected: number, unknown: number }, sources: Array<{ outcome: SourceOutcome, source: { id: string, key: string, name: string }, error: { message: string } | null }>, entries: { nodes: Array<{ status: BackupStatus, object: { id: string, name: string, source: { id: string, key: string } }, rpo: { verdict: RpoVerdict, dueBy: string | null } | null, lastSuccess: { id: string, startedAt: string | null } | null }> } } };

export type AllJobsQueryVariables = Exact<{ [key: string]: never; }>;


export type AllJobsQuery = { backupJobs: { totalCount: number | null, nodes: Array<{ id: string, name: string | null, kind: BackupJobKind, status: BackupStatus, nativeStatus: string | null, enabled: boolean | null, nextRunAt: string | null, source: { key: string, vendor: Vendor } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ outcome: SourceOutcome, count: number, source: { key: string }, error: { kind: SourceErrorKind, message: string } | null }> } };

export type NeedsAttentionQueryVariables = Exact<{ [key: string]: never; }>;


export type NeedsAttentionQuery = { backupRuns: { totalCount: number | null, nodes: Array<{ id: string, status: BackupStatus, nativeStatus: string | null, startedAt: string | null, endedAt: string | null, duration: string | null, conditions: Array<{ kind: RunConditionKind, severity: Severity }>, job: { name: string | null } | null, source: { key: string, name: string } }>, sources: Array<{ outcome: SourceOutcome, source: { key: string }, error: { kind: SourceErrorKind } | null }> } };

export type StatusReportQueryVariables = Exact<{ [key: string]: never; }>;


export type StatusReportQuery = { statusReport: { generatedAt: string, asOf: string | null, complete: boolean, totals: { successRate: number | null, counts: Array<{ status: BackupStatus, count: number }> }, bySource: Array<{ source: { key: string }, totals: { counts: Array<{ status: BackupStatus, count: number }> } }>, entries: { nodes: Array<{ status: BackupStatus, object: { name: string, kind: ProtectedObjectKind }, latest: { startedAt: string | null, nativeStatus: string | null } | null, lastSuccess: { startedAt: string | null } | null }> }, sources: Array<{ outcome: SourceOutcome, source: { key: string } }> } };

export type SchedulesAndWindowsQueryVariables = Exact<{ [key: string]: never; }>;


export type SchedulesAndWindowsQuery = { backupJobs: { nodes: Array<{ name: string | null, source: { key: string }, schedule: { summary: string, rrule: string | null, cron: string | null, timeZone: string | null, agreesWithVendor: boolean | null, retry: { attempts: number | null, intervalMinutes: number | null } | null, window: { enabled: boolean, semantics: WindowSemantics, allowedHoursPerWeek: number, nextOpening: string | null, nextClosing: string | null } | null, upcoming: Array<{ at: string, basis: UpcomingBasis, insideWindow: boolean | null }> } | null, lastRun: { status: BackupStatus, startedAt: string | null } | null, lastSuccess: { startedAt: string | null } | null, runs: { nodes: Array<{ status: BackupStatus, startedAt: string | null, duration: string | null, bytes: number | string | null }> } }>, sources: Array<{ outcome: SourceOutcome, source: { key: string } }> } };

export type SourcesQueryVariables = Exact<{ [key: string]: never; }>;


export type SourcesQuery = { sources: Array<{ key: string, name: string, vendor: Vendor, apiVersion: string | null, timeZone: string | null, labels: Array<{ name: string, value: string }>, health: { state: SourceState, circuit: CircuitState, lastSuccessAt: string | null, consecutiveFailures: number, latencyMsP95: number | null, clockSkewSeconds: number | null, lastError: { kind: SourceErrorKind, message: string } | null }, capabilities: Array<{ operation: Operation, supported: boolean, reason: CapabilityReason | null, explanation: string | null }>, drift: { unknownFields: Array<string>, unknownValues: Array<string> } }> };

export type ProtectedObjectsQueryVariables = Exact<{ [key: string]: never; }>;


export type ProtectedObjectsQuery = { protectedObjects: { nodes: Array<{ id: string, name: string, kind: ProtectedObjectKind, source: { key: string, vendor: Vendor }, lastSuccess: { startedAt: string | null, status: BackupStatus } | null, jobs: { nodes: Array<{ name: string | null, kind: BackupJobKind, status: BackupStatus }> } }>, sources: Array<{ outcome: SourceOutcome, source: { key: string } }> } };

export type OneSourceQueryVariables = Exact<{
  key: string;
}>;


export type OneSourceQuery = { source: { name: string, jobs: { nodes: Array<{ name: string | null, status: BackupStatus, protects: { name: string, kind: ProtectedObjectKind } | null, details:
          | { accountUsername: string, computerId: string, computerName: string | null }
          | { tenant: string | null, backupType: string | null }
          | { location: string | null, parts: Array<string> | null }
          | { backupType: string | null, organizationId: string | null }
         | null, capabilities: Array<{ operation: Operation, supported: boolean, explanation: string | null }> }>, sources: Array<{ outcome: SourceOutcome, attempts: number, elapsedMs: number, fetchedAt: string | null }> } | null } | null };

export type RunningNowQueryVariables = Exact<{ [key: string]: never; }>;


export type RunningNowQuery = { backupRuns: { nodes: Array<{ id: string, status: BackupStatus, startedAt: string | null, progressPercent: number | null, objectCount: number | string | null, requestedBy: string | null, trigger: RunTrigger | null, job: { name: string | null } | null, source: { key: string }, messages: Array<{ text: string, severity: Severity | null }> | null }>, sources: Array<{ outcome: SourceOutcome, source: { key: string } }> } };

export type OperationsQueryVariables = Exact<{ [key: string]: never; }>;


export type OperationsQuery = { backupOperations: { totalCount: number | null, nodes: Array<{ id: string, operation: Operation, state: OperationState, requestedBy: string | null, requestedAt: string, settledAt: string | null, idempotencyKey: string | null, source: { key: string }, userErrors: Array<
        | { code: UserErrorCode, message: string }
        | { code: UserErrorCode, message: string }
        | { code: UserErrorCode, message: string }
        | { code: UserErrorCode, message: string }
      > }> } };

export type CreateBackupMutationVariables = Exact<{
  input: CreateBackupInput;
}>;


export type CreateBackupMutation = { createBackup: { operation: { id: string, state: OperationState, replayed: boolean } | null, job: { id: string, name: string | null, schedule: { summary: string, upcoming: Array<{ at: string }> } | null } | null, run: { id: string, status: BackupStatus } | null, userErrors: Array<
      | { __typename: 'ConflictError', code: UserErrorCode, message: string, field: Array<string> | null, blockedBy: { id: string, status: BackupStatus } | null }
      | { __typename: 'InputUserError', rule: string | null, code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'UnsupportedOperationError', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'VendorUserError', code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type StartBackupMutationVariables = Exact<{
  input: JobActionInput;
}>;


export type StartBackupMutation = { startBackup: { operation: { id: string, state: OperationState, replayed: boolean } | null, job: { name: string | null, status: BackupStatus } | null, run: { id: string, status: BackupStatus, startedAt: string | null } | null, userErrors: Array<
      | { __typename: 'ConflictError', code: UserErrorCode, message: string, blockedBy: { id: string, status: BackupStatus } | null }
      | { __typename: 'InputUserError', code: UserErrorCode, message: string }
      | { __typename: 'UnsupportedOperationError', alternatives: Array<Operation>, code: UserErrorCode, message: string }
      | { __typename: 'VendorUserError', code: UserErrorCode, message: string }
    > } };

export type CancelBackupMutationVariables = Exact<{
  input: CancelBackupInput;
}>;


export type CancelBackupMutation = { cancelBackup: { operation: { id: string, state: OperationState, job: { name: string | null, status: BackupStatus } | null } | null, run: { id: string, status: BackupStatus } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type TonightQueryVariables = Exact<{ [key: string]: never; }>;


export type TonightQuery = { protectedObjects: { nodes: Array<{ name: string, source: { key: string }, rpo: { verdict: RpoVerdict, reason: RpoReason, achieved: string | null, dueBy: string | null } | null }>, sources: Array<{ outcome: SourceOutcome, source: { key: string } }> }, forecast: { complete: boolean, runs: Array<{ at: string, basis: UpcomingBasis, expectedDuration: string | null, insideWindow: boolean | null, job: { name: string | null, status: BackupStatus } }>, clockWarnings: Array<{ kind: ClockWarningKind, explanation: string, job: { name: string | null } }> } };

export type SwallowedByWindowsQueryVariables = Exact<{ [key: string]: never; }>;


export type SwallowedByWindowsQuery = { forecast: { complete: boolean, swallowed: Array<{ reason: SwallowReason, opensAt: string | null, closesAt: string | null, missing: string | null, run: { at: string, expectedDuration: string | null, job: { name: string | null } } }>, sources: Array<{ outcome: SourceOutcome, source: { key: string } }> } };

export type FightsOverStorageQueryVariables = Exact<{ [key: string]: never; }>;


export type FightsOverStorageQuery = { forecast: { complete: boolean, conflicts: Array<{ confident: boolean, sharedLabel: { value: string } | null, overlap: { from: string, to: string }, runs: Array<{ at: string, expectedDuration: string | null, job: { name: string | null } }> }>, sources: Array<{ outcome: SourceOutcome, source: { key: string } }> } };

export type ChangesQueryVariables = Exact<{
  since?: string | null | undefined;
}>;


export type ChangesQuery = { changes: { contiguous: boolean, next: string, changes: Array<
      | { previousStatus: BackupStatus | null, observedAt: string, run: { id: string, status: BackupStatus, endedAt: string | null, job: { name: string | null } | null } }
      | { previousVerdict: RpoVerdict | null, verdict: RpoVerdict, observedAt: string, object: { id: string, name: string } }
      | { previousState: SourceState | null, state: SourceState, observedAt: string, source: { key: string } }
    > } };

export type LiveRunsSubscriptionVariables = Exact<{
  filter?: BackupRunFilter | null | undefined;
}>;


export type LiveRunsSubscription = { backupRunChanged: { previousStatus: BackupStatus | null, observedAt: string, pollInterval: string, run: { id: string, status: BackupStatus, nativeStatus: string | null, progressPercent: number | null, startedAt: string | null, endedAt: string | null, job: { name: string | null } | null, source: { key: string } } } };

export type LiveSourceHealthSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LiveSourceHealthSubscription = { sourceHealthChanged: { key: string, name: string, health: { state: SourceState, lastSuccessAt: string | null, lastError: { kind: SourceErrorKind, message: string } | null } } };

export type SourcesAsTheyAnswerSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type SourcesAsTheyAnswerSubscription = { sourceSnapshots: { remainingSources: number, result: { outcome: SourceOutcome, count: number, elapsedMs: number, source: { key: string }, error: { kind: SourceErrorKind, message: string } | null }, jobs: Array<{ name: string | null, status: BackupStatus, nextRunAt: string | null }> } };

export type LiveObjectivesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LiveObjectivesSubscription = { rpoChanged: { id: string, name: string, source: { key: string }, rpo: { verdict: RpoVerdict, reason: RpoReason, dueBy: string | null } | null } };


export const BoardDocument = {"__meta__":{"hash":"sha256:1f8a4fe2f5bba68bc3870832af37cc434060167a8da057825eff8ec41240f133"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Board"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"statusReport"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"rpo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"met"}},{"kind":"Field","name":{"kind":"Name","value":"atRisk"}},{"kind":"Field","name":{"kind":"Name","value":"breached"}},{"kind":"Field","name":{"kind":"Name","value":"neverProtected"}},{"kind":"Field","name":{"kind":"Name","value":"unknown"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"entries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rpo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccess"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<BoardQuery, BoardQueryVariables>;
export const AllJobsDocument = {"__meta__":{"hash":"sha256:5af4362967e5340d4395a51a243f0d60ec6bc70feb9543be55c0479e381f8b24"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AllJobs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"backupJobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"nativeStatus"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"nextRunAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<AllJobsQuery, AllJobsQueryVariables>;
export const NeedsAttentionDocument = {"__meta__":{"hash":"sha256:c1a705175207cd83942b7b710a094d335f3ced101b41f2406a22c3601fb313e6"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NeedsAttention"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"backupRuns"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"25"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"statuses"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"FAILED"},{"kind":"EnumValue","value":"MISSED"},{"kind":"EnumValue","value":"UNKNOWN"},{"kind":"EnumValue","value":"WARNING"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"nativeStatus"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"duration"}},{"kind":"Field","name":{"kind":"Name","value":"conditions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}}]}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}}]}}]}}]}}]}}]} as unknown as DocumentNode<NeedsAttentionQuery, NeedsAttentionQueryVariables>;
export const StatusReportDocument = {"__meta__":{"hash":"sha256:1848bc5ee496df308c13336038236bfbe119c93e66001024b31f404f1cb06bcd"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"StatusReport"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"statusReport"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"totals"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"successRate"}},{"kind":"Field","name":{"kind":"Name","value":"counts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"bySource"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totals"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"counts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"entries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}}]}},{"kind":"Field","name":{"kind":"Name","value":"latest"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"nativeStatus"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccess"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startedAt"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<StatusReportQuery, StatusReportQueryVariables>;
export const SchedulesAndWindowsDocument = {"__meta__":{"hash":"sha256:e84a06b417f8530fb5e924d49b878af59f920506bd19648f0e4ddbd45470ac56"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SchedulesAndWindows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"backupJobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"kinds"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"RECURRING"}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"NEXT_RUN"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"schedule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"rrule"}},{"kind":"Field","name":{"kind":"Name","value":"cron"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"agreesWithVendor"}},{"kind":"Field","name":{"kind":"Name","value":"retry"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"intervalMinutes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"window"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"semantics"}},{"kind":"Field","name":{"kind":"Name","value":"allowedHoursPerWeek"}},{"kind":"Field","name":{"kind":"Name","value":"nextOpening"}},{"kind":"Field","name":{"kind":"Name","value":"nextClosing"}}]}},{"kind":"Field","name":{"kind":"Name","value":"upcoming"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"3"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"basis"}},{"kind":"Field","name":{"kind":"Name","value":"insideWindow"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastRun"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccess"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"runs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"duration"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<SchedulesAndWindowsQuery, SchedulesAndWindowsQueryVariables>;
export const SourcesDocument = {"__meta__":{"hash":"sha256:cfea30766a0344125a0b66a391d9b1c5ed7f1af017145985b45f14394095dcf7"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"apiVersion"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"labels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"health"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"circuit"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"consecutiveFailures"}},{"kind":"Field","name":{"kind":"Name","value":"latencyMsP95"}},{"kind":"Field","name":{"kind":"Name","value":"clockSkewSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"capabilities"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"supported"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}},{"kind":"Field","name":{"kind":"Name","value":"drift"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unknownFields"}},{"kind":"Field","name":{"kind":"Name","value":"unknownValues"}}]}}]}}]}}]} as unknown as DocumentNode<SourcesQuery, SourcesQueryVariables>;
export const ProtectedObjectsDocument = {"__meta__":{"hash":"sha256:caa8c166e758a3dfc37971c7f5dc7d2ed8f70a1144afd965d8f35f9f23fb906c"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ProtectedObjects"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"protectedObjects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccess"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"jobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<ProtectedObjectsQuery, ProtectedObjectsQueryVariables>;
export const OneSourceDocument = {"__meta__":{"hash":"sha256:22010ac4dd955e6742a8c4725ed0a9c38bd755fe70eea522186aba86f7d6b8f0"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OneSource"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"key"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"key"},"value":{"kind":"Variable","name":{"kind":"Name","value":"key"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"jobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"protects"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}}]}},{"kind":"Field","name":{"kind":"Name","value":"details"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VeeamJobDetails"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"backupType"}},{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VCenterBackupDetails"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"location"}},{"kind":"Field","name":{"kind":"Name","value":"parts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SailPointBackupDetails"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenant"}},{"kind":"Field","name":{"kind":"Name","value":"backupType"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IntronisBackupSetDetails"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountUsername"}},{"kind":"Field","name":{"kind":"Name","value":"computerId"}},{"kind":"Field","name":{"kind":"Name","value":"computerName"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"capabilities"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"operations"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"START"},{"kind":"EnumValue","value":"CANCEL"},{"kind":"EnumValue","value":"READ_LOGS"}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"supported"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"elapsedMs"}},{"kind":"Field","name":{"kind":"Name","value":"fetchedAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<OneSourceQuery, OneSourceQueryVariables>;
export const RunningNowDocument = {"__meta__":{"hash":"sha256:44977ab02fd4b776e7e1a817c1e3d244ca8a70ce18b3089bdf3df01822114801"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RunningNow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"backupRuns"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"statuses"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"QUEUED"},{"kind":"EnumValue","value":"RUNNING"},{"kind":"EnumValue","value":"CANCELING"}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"read"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"maxAge"},"value":{"kind":"StringValue","value":"PT0S","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"patience"},"value":{"kind":"StringValue","value":"PT3S","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"progressPercent"}},{"kind":"Field","name":{"kind":"Name","value":"objectCount"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"trigger"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<RunningNowQuery, RunningNowQueryVariables>;
export const OperationsDocument = {"__meta__":{"hash":"sha256:c011164bd5e07fd74f5a46074fee8e0acb387fa108c53090b70d9ea15bf0b61f"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Operations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"backupOperations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"operation"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"requestedBy"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"settledAt"}},{"kind":"Field","name":{"kind":"Name","value":"idempotencyKey"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<OperationsQuery, OperationsQueryVariables>;
export const CreateBackupDocument = {"__meta__":{"hash":"sha256:4109ed77374796ebce05aaa5b4b026eb774220e4eac22a92755bcdfe0c4bac2a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateBackup"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateBackupInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createBackup"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"schedule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"upcoming"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"2"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InputUserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rule"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"blockedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<CreateBackupMutation, CreateBackupMutationVariables>;
export const StartBackupDocument = {"__meta__":{"hash":"sha256:70ad1f73d7347fc5435986c49dbf613f5e58ef4cc78d5f441c76b68c9bd21484"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartBackup"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"JobActionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startBackup"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnsupportedOperationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"alternatives"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"blockedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<StartBackupMutation, StartBackupMutationVariables>;
export const CancelBackupDocument = {"__meta__":{"hash":"sha256:aed77546319fcf0775d6f4edad364e8bf750b08a48ed048556789dd880627ccf"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelBackup"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CancelBackupInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelBackup"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CancelBackupMutation, CancelBackupMutationVariables>;
export const TonightDocument = {"__meta__":{"hash":"sha256:89a4991dfe1a34ac4d6369f390afe32604d96a7eeeda5b0b4b8ab3aaf173d60d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Tonight"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"protectedObjects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"rpo"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"BREACHED"},{"kind":"EnumValue","value":"AT_RISK"},{"kind":"EnumValue","value":"NEVER_PROTECTED"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rpo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"achieved"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"forecast"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"runs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"basis"}},{"kind":"Field","name":{"kind":"Name","value":"expectedDuration"}},{"kind":"Field","name":{"kind":"Name","value":"insideWindow"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"clockWarnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<TonightQuery, TonightQueryVariables>;
export const SwallowedByWindowsDocument = {"__meta__":{"hash":"sha256:70bc6797a540003ec9186ce71ae772f743c434c30a2428a949109deb7ae78185"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SwallowedByWindows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"forecast"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"swallowed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"opensAt"}},{"kind":"Field","name":{"kind":"Name","value":"closesAt"}},{"kind":"Field","name":{"kind":"Name","value":"missing"}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"expectedDuration"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<SwallowedByWindowsQuery, SwallowedByWindowsQueryVariables>;
export const FightsOverStorageDocument = {"__meta__":{"hash":"sha256:2c415cf7ca9384214a6f13ad659705c9ee57c13ed8b6a0c95cbc3f6df78038ed"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FightsOverStorage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"forecast"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"conflicts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"sharedLabelName"},"value":{"kind":"StringValue","value":"storage","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"minimum"},"value":{"kind":"StringValue","value":"PT1M","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sharedLabel"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overlap"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}}]}},{"kind":"Field","name":{"kind":"Name","value":"confident"}},{"kind":"Field","name":{"kind":"Name","value":"runs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"expectedDuration"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<FightsOverStorageQuery, FightsOverStorageQueryVariables>;
export const ChangesDocument = {"__meta__":{"hash":"sha256:dc25c9a5a056f36b00581f9aa4aebb7960729cb1a48b2f6b91df0b79d7b11e7c"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Changes"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contiguous"}},{"kind":"Field","name":{"kind":"Name","value":"next"}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BackupRunChange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previousStatus"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RpoChange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previousVerdict"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SourceHealthChange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previousState"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<ChangesQuery, ChangesQueryVariables>;
export const LiveRunsDocument = {"__meta__":{"hash":"sha256:d5eb396a8a57fb4b63976790af51b70dee47cfb7da606f64b97af0911a23c963"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"LiveRuns"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"BackupRunFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"backupRunChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previousStatus"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"pollInterval"}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"nativeStatus"}},{"kind":"Field","name":{"kind":"Name","value":"progressPercent"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"job"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}}]}}]}}]}}]} as unknown as DocumentNode<LiveRunsSubscription, LiveRunsSubscriptionVariables>;
export const LiveSourceHealthDocument = {"__meta__":{"hash":"sha256:bfc5ae926460d5cb6088d5a7e788dff22061a2edd612ae5d5b3da249e5387850"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"LiveSourceHealth"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceHealthChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"health"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<LiveSourceHealthSubscription, LiveSourceHealthSubscriptionVariables>;
export const SourcesAsTheyAnswerDocument = {"__meta__":{"hash":"sha256:712daa7aa12670e8a20526ba96c2e1d4d3e147cdc9be7d03d2c5ab07fad7d7fc"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"SourcesAsTheyAnswer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceSnapshots"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remainingSources"}},{"kind":"Field","name":{"kind":"Name","value":"result"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"elapsedMs"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"jobs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"nextRunAt"}}]}}]}}]}}]} as unknown as DocumentNode<SourcesAsTheyAnswerSubscription, SourcesAsTheyAnswerSubscriptionVariables>;
export const LiveObjectivesDocument = {"__meta__":{"hash":"sha256:99ee098095724d2c83c52ad0d54e08d12f004e0196a476b14c92340fb477d8be"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"LiveObjectives"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rpoChanged"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rpo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}}]}}]}}]}}]} as unknown as DocumentNode<LiveObjectivesSubscription, LiveObjectivesSubscriptionVariables>;