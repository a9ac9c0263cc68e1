import { registerEnumType } from 'type-graphql';
import { BACKUP_JOB_KINDS, type BackupJobKind } from '../domain/backup-job.ts';
import {
  RUN_CONDITION_KINDS,
  RUN_TRIGGERS,
  SEVERITIES,
  type RunConditionKind,
  type RunTrigger,
  type Severity,
} from '../domain/backup-run.ts';
import {
  OPERATION_STATES,
  USER_ERROR_CODES,
  type OperationState,
  type UserErrorCode,
} from '../domain/backup-operation.ts';
import { BACKUP_STATUSES, type BackupStatus } from '../domain/backup-status.ts';
import { WINDOW_SEMANTICS, type WindowSemantics } from '../domain/backup-window.ts';
import { CLOCK_WARNING_KINDS, type ClockWarningKind } from '../domain/clock-warnings.ts';
import { SOURCE_ERROR_KINDS, type SourceErrorKind } from '../domain/errors.ts';
import { BACKUP_JOB_ORDER_FIELDS, BACKUP_RUN_ORDER_FIELDS, ORDER_DIRECTIONS } from '../domain/orders.ts';
import { PROTECTED_OBJECT_KINDS, type ProtectedObjectKind } from '../domain/protected-object.ts';
import {
  CAPABILITY_REASONS,
  CIRCUIT_STATES,
  OPERATIONS,
  SOURCE_OUTCOMES,
  SOURCE_STATES,
  type CapabilityReason,
  type CircuitState,
  type Operation,
  type SourceOutcome,
  type SourceState,
} from '../domain/source.ts';
import { DAY_ROLLUPS, type DayRollup } from '../domain/report-days.ts';
import { RPO_REASONS, RPO_VERDICTS, type RpoReason, type RpoVerdict } from '../domain/rpo.ts';
import { STATUS_REPORT_ORDER_FIELDS } from '../domain/status-report.ts';
import { UPCOMING_BASES, type UpcomingBasis } from '../domain/upcoming.ts';
import { VCENTER_DAYS, VCENTER_LOCATION_TYPES, VEEAM_DAYS, VEEAM_PERIODS } from '../domain/write-request.ts';
import {
  SWALLOW_REASONS,
  WINDOW_VERDICTS,
  type SwallowReason,
  type WindowVerdict,
} from '../domain/window-compliance.ts';
import { VENDORS } from '../vendors/registry.ts';

/**
 * Makes a GraphQL enum of a vocabulary. type-graphql takes the keys of an object as names, so the words are keys and values.
 *
 * Every word needs its sentence: a word added to the domain breaks the compile here until it is described.
 */
function vocabulary<Word extends string>(
  name: string,
  description: string,
  words: readonly Word[],
  meanings: Readonly<Record<Word, string>>,
): Record<Word, Word> {
  const object = Object.fromEntries(words.map((word) => [word, word])) as Record<Word, Word>;
  const valuesConfig = Object.fromEntries(words.map((word) => [word, { description: meanings[word] }])) as Record<
    Word,
    { description: string }
  >;
  registerEnumType(object, { name, description, valuesConfig });
  return object;
}

export const VendorEnum: Record<string, string> = vocabulary(
  'Vendor',
  'A kind of backup system. A new vendor adds a value.',
  VENDORS.map(({ id }) => id as string),
  Object.fromEntries(VENDORS.map(({ id, title }) => [id, `${title}.`])),
);

export const BackupStatusEnum = vocabulary<BackupStatus>(
  'BackupStatus',
  'What became of a run, in one vocabulary for all vendors. What the vendor said word for word is in `nativeStatus`.',
  BACKUP_STATUSES,
  {
    QUEUED: 'Accepted by the vendor, not begun.',
    RUNNING: 'In progress.',
    CANCELING: 'Asked to stop, not stopped yet.',
    SUCCEEDED: 'Ended well.',
    WARNING: 'Ended with something to look at; a copy exists.',
    FAILED: 'Ended without a usable copy.',
    CANCELED: 'Stopped by somebody before its end.',
    MISSED: 'Was due and did not begin.',
    NONE: 'Never ran.',
    UNKNOWN: 'A state that the gateway cannot read; see `nativeStatus`. Never to be shown as good.',
  },
);

export const BackupJobKindEnum = vocabulary<BackupJobKind>(
  'BackupJobKind',
  'What sort of job it is.',
  BACKUP_JOB_KINDS,
  {
    RECURRING: 'A definition that runs again and again.',
    BACKUP_SET: 'A selection on one computer, run by an agent there.',
    ONE_OFF: 'A single backup.',
  },
);

export const RunTriggerEnum = vocabulary<RunTrigger>('RunTrigger', 'What set a run going.', RUN_TRIGGERS, {
  SCHEDULED: 'A schedule.',
  MANUAL: 'A person.',
  AUTOMATIC: 'The vendor itself.',
  UPLOADED: 'Nobody ran it: a finished copy was uploaded.',
});

export const RunConditionKindEnum = vocabulary<RunConditionKind>(
  'RunConditionKind',
  'Something notable about a run.',
  RUN_CONDITION_KINDS,
  {
    CANCELED: 'It was stopped.',
    MISSED: 'It was due and did not begin.',
    EXCEPTION: 'The backup program itself failed.',
    ERRORS: 'Errors were logged.',
    WARNINGS: 'Warnings were logged.',
    NO_NEW_FILE_DATA: 'No file data was backed up.',
    NO_EXCHANGE_OR_SQL_DATA: 'No Exchange or SQL data was backed up.',
    NOTHING_RESTORED: 'No data was restored.',
    NOTHING_DELETED: 'No data was deleted.',
    PARTIAL_COVERAGE: 'Only some of the kinds of objects are in it.',
    OFFSITE_COPY_PENDING: 'The copy to the second place has not been made yet.',
    OFFSITE_COPY_FAILED: 'The copy to the second place failed.',
    NO_FILE_STORED: 'It ended well, but no file is stored.',
    OUTSIDE_WINDOW: 'It ran outside its backup window.',
    STALLED: 'It runs far longer than usual.',
    UNMAPPED: 'A condition that the gateway does not know; see `nativeKind`.',
  },
);

export const SeverityEnum = vocabulary<Severity>('Severity', 'How much something matters.', SEVERITIES, {
  INFO: 'For information.',
  WARNING: 'To be looked at.',
  ERROR: 'Something failed.',
});

export const ProtectedObjectKindEnum = vocabulary<ProtectedObjectKind>(
  'ProtectedObjectKind',
  'What sort of thing is protected.',
  PROTECTED_OBJECT_KINDS,
  {
    TENANT_CONFIGURATION: 'The configuration of an identity tenant.',
    APPLIANCE: 'A management appliance.',
    M365_ORGANIZATION: 'A whole Microsoft 365 organisation.',
    M365_SELECTION: 'A selection of users, groups, sites or teams of a Microsoft 365 organisation.',
    COMPUTER_BACKUP_SET: 'A backup set on a computer.',
  },
);

export const OperationEnum = vocabulary<Operation>(
  'Operation',
  'Something that can be asked of a source.',
  OPERATIONS,
  {
    CREATE: 'Make a new backup or job.',
    START: 'Run an existing job now.',
    CANCEL: 'Stop what is running.',
    RETRY: 'Run a failed one again.',
    ENABLE: 'Let a job run by its schedule again.',
    DISABLE: 'Keep a job from running by its schedule.',
    UPDATE_SCHEDULE: 'Change when a job runs.',
    DELETE: 'Remove a definition or a stored backup.',
    READ_RUN_HISTORY: 'Read past runs, not only the newest.',
    READ_LOGS: 'Read what a run logged.',
    READ_SCHEDULE: 'Read when a job runs.',
    READ_SIZES: 'Read how much a run moved.',
  },
);

export const CapabilityReasonEnum = vocabulary<CapabilityReason>(
  'CapabilityReason',
  'Why an operation is not supported.',
  CAPABILITY_REASONS,
  {
    NOT_OFFERED_BY_VENDOR: 'The vendor has no such call.',
    WRONG_STATE: 'The job or run is not in a state that allows it.',
    NOT_PERMITTED: 'The caller or the account may not do it.',
    READ_ONLY_SOURCE: 'The gateway only reads this source.',
    SOURCE_DOWN: 'The source cannot be reached.',
  },
);

export const SourceStateEnum = vocabulary<SourceState>(
  'SourceState',
  'How a source has been answering.',
  SOURCE_STATES,
  {
    UP: 'The last call worked.',
    DEGRADED: 'The last call failed, earlier ones worked.',
    DOWN: 'Three calls or more have failed in a row, or none ever worked.',
    UNKNOWN: 'It has not been called yet.',
  },
);

export const CircuitStateEnum = vocabulary<CircuitState>(
  'CircuitState',
  'Whether calls to a source are paused because they keep failing.',
  CIRCUIT_STATES,
  {
    CLOSED: 'Calls are made.',
    HALF_OPEN: 'The next call is a trial.',
    OPEN: 'Calls are paused.',
  },
);

export const SourceOutcomeEnum = vocabulary<SourceOutcome>(
  'SourceOutcome',
  'What became of one source in one answer.',
  SOURCE_OUTCOMES,
  {
    OK: 'All its rows are in the answer.',
    PARTIAL: 'Some of its rows are missing; `error` says why.',
    STALE: 'It failed, and a kept older answer was served; `fetchedAt` says how old.',
    SKIPPED: 'It was not asked.',
    UNSUPPORTED: 'The vendor has no such call.',
    TIMED_OUT: 'It did not answer within the patience; none of its rows are in the answer.',
    FAILED: 'It could not be read; none of its rows are in the answer.',
  },
);

export const SourceErrorKindEnum = vocabulary<SourceErrorKind>(
  'SourceErrorKind',
  'What went wrong at a source, by what a caller can do about it.',
  SOURCE_ERROR_KINDS,
  {
    NETWORK: 'The connection could not be made or broke.',
    TLS: 'The certificate or the secure connection was refused.',
    TIMEOUT: 'No answer in time.',
    AUTHENTICATION: 'The login was refused.',
    PERMISSION: 'The account may not do this.',
    NOT_FOUND: 'The vendor has no such thing.',
    THROTTLED: 'Too many requests; see `retryAfter`.',
    BAD_REQUEST: 'The vendor refused the request as wrong.',
    CONFLICT: 'It conflicts with what is going on at the vendor.',
    VENDOR_FAULT: 'The vendor failed.',
    MALFORMED_RESPONSE: 'The answer was not what the vendor documents.',
    CIRCUIT_OPEN: 'The source has failed repeatedly, so calls are paused.',
    CANCELLED_BY_CALLER: 'The caller went away.',
  },
);

export const WindowSemanticsEnum = vocabulary<WindowSemantics>(
  'WindowSemantics',
  'What a backup window demands of a run.',
  WINDOW_SEMANTICS,
  {
    MUST_FINISH_INSIDE: 'A run that leaves the allowed hours is ended by the vendor.',
    MAY_START_INSIDE: 'A run must begin in an allowed hour and may end later.',
    UNKNOWN: 'The vendor does not tell.',
  },
);

export const UpcomingBasisEnum = vocabulary<UpcomingBasis>(
  'UpcomingBasis',
  'How a coming run is known.',
  UPCOMING_BASES,
  {
    VENDOR_ANNOUNCED: 'The vendor says so.',
    COMPUTED: 'Worked out from the schedule.',
  },
);

export const OrderDirectionEnum = vocabulary(
  'OrderDirection',
  'Which end comes first. What has no value counts as greatest.',
  ORDER_DIRECTIONS,
  {
    ASC: 'Smallest, earliest, worst first.',
    DESC: 'Greatest, latest, best first.',
  },
);

export const BackupJobOrderFieldEnum = vocabulary(
  'BackupJobOrderField',
  'What jobs are ordered by.',
  BACKUP_JOB_ORDER_FIELDS,
  {
    NAME: 'The name, without case.',
    STATUS: 'How much the status needs an eye; ascending is worst first.',
    LAST_RUN: 'When the newest run began.',
    NEXT_RUN: "The vendor's announced next run.",
    SOURCE: 'The key of the source.',
  },
);

export const BackupRunOrderFieldEnum = vocabulary(
  'BackupRunOrderField',
  'What runs are ordered by.',
  BACKUP_RUN_ORDER_FIELDS,
  {
    STARTED_AT: 'The beginning; a run that has not begun counts as latest.',
    ENDED_AT: 'The end; a run that has not ended counts as latest.',
    STATUS: 'How much the status needs an eye; ascending is worst first.',
  },
);

export const StatusReportOrderFieldEnum = vocabulary(
  'StatusReportOrderField',
  'What report entries are ordered by.',
  STATUS_REPORT_ORDER_FIELDS,
  {
    SEVERITY:
      'How much it needs an eye, by status or by a broken objective, whichever is worse; ascending is worst first.',
    OBJECT_NAME: 'The name of the protected object, without case.',
    LAST_SUCCESS: 'When the newest restorable copy was begun; none counts as latest.',
    SOURCE: 'The key of the source.',
  },
);

export const OperationStateEnum = vocabulary<OperationState>(
  'OperationState',
  'How far a write has come.',
  OPERATION_STATES,
  {
    VALIDATED: 'Written down, not sent yet.',
    SENT: 'Sent to the vendor; the answer is awaited.',
    CONFIRMED: 'Done: the vendor said so, or its state shows it.',
    REJECTED: 'Refused, by a rule or by the vendor; nothing was changed.',
    FAILED: 'It could not be sent, or the vendor failed and its state shows that nothing came of it.',
    UNCERTAIN:
      'The answer was lost and the effect is not to be seen: nobody can know. It is never sent again by itself.',
  },
);

export const UserErrorCodeEnum = vocabulary<UserErrorCode>(
  'UserErrorCode',
  'Why a write was not done, or is not known to have been done.',
  USER_ERROR_CODES,
  {
    INVALID_VALUE: 'A value breaks a stated rule; see `rule`.',
    MISSING_VALUE: 'Something that is needed was left out.',
    EXACTLY_ONE_REQUIRED: 'Exactly one of several must be given.',
    NOT_FOUND: 'What the input names does not exist.',
    UNSUPPORTED_OPERATION: 'The source cannot do this; see `alternatives`.',
    WRONG_STATE: 'The present state of the job or run does not allow it.',
    ALREADY_RUNNING: 'A run is under way that has to end first; see `blockedBy`.',
    NOT_PERMITTED: 'The caller, or the account at the vendor, may not do it.',
    IDEMPOTENCY_KEY_REUSED: 'The key was used before for something else.',
    CHANGED_MEANWHILE: 'It is not what the caller has read any more.',
    SOURCE_UNAVAILABLE: 'The source could not be asked; nothing was sent.',
    VENDOR_REJECTED: 'The vendor refused or failed; nothing was changed.',
    OUTCOME_UNCERTAIN: 'The answer was lost: whether it was done is not known.',
  },
);

/** One sentence made of each word. */
function sameText<Word extends string>(words: readonly Word[], text: (word: Word) => string): Record<Word, string> {
  return Object.fromEntries(words.map((word) => [word, text(word)])) as Record<Word, string>;
}

function onDay(word: string): string {
  return `On ${word.charAt(0)}${word.slice(1).toLowerCase()}.`;
}

export const VCenterDayEnum = vocabulary(
  'VCenterDay',
  'A day of the week, on the calendar of the appliance.',
  VCENTER_DAYS,
  sameText(VCENTER_DAYS, onDay),
);

export const VCenterLocationTypeEnum = vocabulary<string>(
  'VCenterLocationType',
  'Kind of backup store. Which of them an appliance knows depends on its release.',
  VCENTER_LOCATION_TYPES,
  sameText(VCENTER_LOCATION_TYPES, (word) => `A store that is reached by ${word}.`),
);

export const VeeamDayEnum = vocabulary('VeeamDay', 'On which days something happens.', VEEAM_DAYS, {
  ...sameText(VCENTER_DAYS, onDay),
  EVERYDAY: 'On all seven days.',
  WEEKENDS: 'On Saturday and Sunday.',
  WORKDAYS: 'On Monday to Friday.',
});

export const VeeamPeriodEnum = vocabulary('VeeamPeriod', 'How often a job runs again.', VEEAM_PERIODS, {
  MINUTES_5: 'Every 5 minutes.',
  MINUTES_10: 'Every 10 minutes.',
  MINUTES_15: 'Every 15 minutes.',
  MINUTES_30: 'Every 30 minutes.',
  HOURS_1: 'Every hour.',
  HOURS_2: 'Every 2 hours.',
  HOURS_4: 'Every 4 hours.',
  HOURS_8: 'Every 8 hours.',
});

export const WindowVerdictEnum = vocabulary<WindowVerdict>(
  'WindowVerdict',
  "How a run stands to its job's backup window.",
  WINDOW_VERDICTS,
  {
    INSIDE: 'As the window demands.',
    STARTED_OUTSIDE: 'It began in closed hours.',
    RAN_OVER: 'It began in open hours and did not end in them, as the window demands.',
    NO_WINDOW: 'The job has no window, or it is switched off.',
    UNKNOWN: 'A time is missing, or it hangs on something that the vendor does not tell.',
  },
);

export const SwallowReasonEnum = vocabulary<SwallowReason>(
  'SwallowReason',
  'Why a window will not let a coming run happen, or not to its end.',
  SWALLOW_REASONS,
  {
    STARTS_OUTSIDE: 'It is due in closed hours.',
    CUT_AT_CLOSING: 'The vendor ends it when the window closes, and it is not expected to be done by then.',
  },
);

export const ClockWarningKindEnum = vocabulary<ClockWarningKind>(
  'ClockWarningKind',
  'What the moved clock does to a time of day.',
  CLOCK_WARNING_KINDS,
  {
    GAP: 'It is skipped.',
    OVERLAP: 'It is shown twice.',
  },
);

export const RpoVerdictEnum = vocabulary<RpoVerdict>(
  'RpoVerdict',
  'How an object stands to its recovery point objective.',
  RPO_VERDICTS,
  {
    MET: 'The newest good copy is young enough, and nothing speaks against the next one.',
    AT_RISK: 'It is young enough still, but the next copy will not come in time, or most of the time is used up.',
    BREACHED: 'The newest good copy is too old.',
    NEVER_PROTECTED: 'The whole history was read, and there is no good copy in it.',
    UNKNOWN: 'It cannot be told, see `reason`. Never to be shown as good.',
  },
);

export const RpoReasonEnum = vocabulary<RpoReason>('RpoReason', 'Why a verdict is what it is.', RPO_REASONS, {
  COPY_IN_TIME: 'The newest good copy is young enough.',
  NEXT_COPY_TOO_LATE: 'The next copy is due after the objective breaks.',
  NO_COPY_COMING: 'No further copy is due.',
  COPY_AGEING: 'Four fifths of the time are used up.',
  COPY_TOO_OLD: 'The newest good copy is older than the objective.',
  NO_COPY: 'There is no good copy.',
  NO_TARGET: 'No objective is configured, and none follows from a schedule.',
  HISTORY_UNREADABLE: 'The source could not be read.',
  HISTORY_INCOMPLETE: 'Part of the history could not be read, and a fresher copy may be in it.',
  TIMES_IN_DOUBT: 'The vendor does not tell when a copy was made that may be the newest.',
});

export const DayRollupEnum = vocabulary<DayRollup>(
  'DayRollup',
  'How the runs of one object on one day become one status.',
  DAY_ROLLUPS,
  {
    WORST: 'The worst of them.',
    LAST: 'The newest one.',
    BEST: 'The best of them.',
    WARNING_IF_MIXED: 'WARNING when some left a copy and others did not; else the worst.',
  },
);
