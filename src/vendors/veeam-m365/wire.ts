import type { Drift } from '../../transport/drift.ts';
import { malformed, parseInstant, type ObjectReader } from '../../transport/reader.ts';
import { isGuid } from './ids.ts';
import { hrefOf } from './paging.ts';
import { isKnownStatus } from './status.ts';
import { parseSchedulePolicy, type SchedulePolicyWire } from './wire-schedule.ts';

/** Where backups are stored. */
export interface RepositoryWire {
  readonly id: string;
  /** The server that a new job up to v5 has to name. */
  readonly proxyId: string | undefined;
}

/** A job. Members without a value are absent up to v5 and null later; both are undefined here. */
export interface JobWire {
  readonly id: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly backupType: string | undefined;
  readonly lastStatus: string | undefined;
  readonly lastRun: Date | undefined;
  /** A last run that is told in a form that cannot be read is one all the same. */
  readonly hasRun: boolean;
  readonly nextRun: Date | undefined;
  readonly isEnabled: boolean | undefined;
  readonly schedulePolicy: SchedulePolicyWire | undefined;
  /** A member of its own in v8, in a link before. */
  readonly organizationId: string | undefined;
  /** A member of its own from v6 on, in a link before. */
  readonly repositoryId: string | undefined;
}

/** One run of a job. */
export interface SessionWire {
  readonly id: string;
  /** A member of its own in v8; before, only a link ties a session to its job. */
  readonly jobId: string | undefined;
  /** True for a run of a copy job, which copies backups and makes none. */
  readonly isCopy: boolean;
  readonly status: string | undefined;
  readonly creationTime: Date | undefined;
  readonly endTime: Date | undefined;
  /** Objects processed, not a percentage. */
  readonly progress: number | undefined;
  readonly processedObjects: number | undefined;
  /** Bytes, although the document says bytes per second. */
  readonly transferredDataBytes: bigint | undefined;
  /** Full or Incremental; v8. */
  readonly jobSessionConfigType: string | undefined;
}

/** One line of a session's log: `title` up to v7, `type` and `message` in v8. */
export interface LogItemWire {
  readonly id: string | undefined;
  /** Order number with gaps. */
  readonly usn: number | undefined;
  readonly title: string | undefined;
  readonly type: string | undefined;
  readonly message: string | undefined;
}

export interface OrganizationWire {
  readonly id: string;
  readonly name: string | undefined;
  readonly officeName: string | undefined;
}

export function parseJob(row: ObjectReader, drift: Drift): JobWire {
  drift.fields('Job', row.keys(), JOB_FIELDS);
  const backupType = row.optionalText('backupType');
  if (backupType !== undefined && !BACKUP_TYPES.has(backupType.toLowerCase()))
    drift.value('Job.backupType', backupType);
  const policy = row.optionalObject('schedulePolicy');
  const lastRun = sensibleInstant(row, 'lastRun');
  return {
    id: guid(row, 'id'),
    name: row.optionalText('name'),
    description: row.plainText('description'),
    backupType,
    lastStatus: statusWord(row, 'lastStatus', 'Job', drift),
    lastRun,
    hasRun: lastRun !== undefined || isUnreadable(row.optionalText('lastRun')),
    nextRun: sensibleInstant(row, 'nextRun'),
    isEnabled: row.optionalBoolean('isEnabled'),
    schedulePolicy: policy && parseSchedulePolicy(policy, drift),
    organizationId: optionalGuid(row, 'organizationId') ?? idInLink(row, 'organization', 'organizations'),
    repositoryId: optionalGuid(row, 'repositoryId') ?? idInLink(row, 'backupRepository', 'backuprepositories'),
  };
}

export function parseSession(row: ObjectReader, drift: Drift): SessionWire {
  drift.fields('JobSession', row.keys(), SESSION_FIELDS);
  const statistics = row.optionalObject('statistics');
  if (statistics !== undefined) drift.fields('JobSession.statistics', statistics.keys(), STATISTICS_FIELDS);
  const jobType = row.optionalText('jobType');
  if (jobType !== undefined && !JOB_TYPES.has(jobType.toLowerCase())) drift.value('JobSession.jobType', jobType);
  return {
    id: guid(row, 'id'),
    jobId: optionalGuid(row, 'jobId') ?? idInLink(row, 'job', 'jobs'),
    isCopy: jobType?.toLowerCase() === 'copy' || idInLink(row, 'job', 'copyjobs') !== undefined,
    status: statusWord(row, 'status', 'JobSession', drift),
    creationTime: sensibleInstant(row, 'creationTime'),
    endTime: sensibleInstant(row, 'endTime'),
    progress: row.optionalInteger('progress'),
    processedObjects: statistics?.optionalInteger('processedObjects'),
    transferredDataBytes: statistics?.optionalBigInt('transferredDataBytes'),
    jobSessionConfigType: row.optionalText('jobSessionConfigType'),
  };
}

export function parseLogItem(row: ObjectReader, drift: Drift): LogItemWire {
  drift.fields('LogItem', row.keys(), LOG_ITEM_FIELDS);
  const type = row.optionalText('type');
  if (type !== undefined && !LOG_ITEM_TYPES.has(type.toLowerCase())) drift.value('LogItem.type', type);
  const title = row.plainText('title');
  const message = row.plainText('message');
  if (title === undefined && message === undefined) throw malformed(`${row.path}.title`, 'text');
  return { id: row.optionalText('id'), usn: row.optionalNumber('usn'), title, type, message };
}

export function parseOrganization(row: ObjectReader, drift: Drift): OrganizationWire {
  drift.fields('Organization', row.keys(), ORGANIZATION_FIELDS);
  return { id: guid(row, 'id'), name: row.optionalText('name'), officeName: row.optionalText('officeName') };
}

export function parseRepository(row: ObjectReader): RepositoryWire {
  return { id: guid(row, 'id'), proxyId: optionalGuid(row, 'proxyId') };
}

const BACKUP_TYPES: ReadonlySet<string> = new Set(['entireorganization', 'selecteditems']);
const JOB_TYPES: ReadonlySet<string> = new Set(['backup', 'copy']);
const LOG_ITEM_TYPES: ReadonlySet<string> = new Set(['running', 'warning', 'error', 'success', 'stop']);

const JOB_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'description',
  'lastStatus',
  'lastRun',
  'nextRun',
  'lastBackup',
  'isEnabled',
  'backupType',
  'schedulePolicy',
  'repositoryId',
  'organizationId',
  'eTag',
  'runNow',
  'selectedItems',
  'excludedItems',
  '_links',
]);

const SESSION_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'creationTime',
  'endTime',
  'progress',
  'status',
  'statistics',
  'details',
  'retryCount',
  'jobWillBeRetried',
  'jobType',
  'repositoryId',
  'mainSessionId',
  'jobId',
  'jobSessionConfigType',
  'eTag',
  'proxyId',
  'proxyPoolId',
  '_links',
]);

const STATISTICS_FIELDS: ReadonlySet<string> = new Set([
  'processingRateBytesPS',
  'processingRateItemsPS',
  'readRateBytesPS',
  'writeRateBytesPS',
  'transferredDataBytes',
  'processedObjects',
  'bottleneck',
]);

const LOG_ITEM_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'usn',
  'title',
  'type',
  'message',
  'creationTime',
  'endTime',
  '_links',
]);

const ORGANIZATION_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'officeName',
  'description',
  'type',
  'region',
  'isBackedup',
  'firstBackuptime',
  'lastBackuptime',
  'isExchange',
  'exchangeSettings',
  'isExchangeOnline',
  'exchangeOnlineSettings',
  'isSharepoint',
  'sharepointSettings',
  'isSharePointOnline',
  'sharePointOnlineSettings',
  'isTeamsOnline',
  'isTeamsChatsOnline',
  'configureApplication',
  'newApplicationName',
  'userCode',
  'msid',
  'backedUpOrganizationId',
  '_links',
  '_actions',
]);

function statusWord(row: ObjectReader, key: string, thing: string, drift: Drift): string | undefined {
  const word = row.optionalText(key);
  if (word !== undefined && !isKnownStatus(word)) drift.value(`${thing}.${key}`, word);
  return word;
}

function guid(row: ObjectReader, key: string): string {
  const text = row.text(key);
  if (!isGuid(text)) throw malformed(`${row.path}.${key}`, 'a GUID');
  return text.toLowerCase();
}

/** A GUID of zeros is how the vendor's platform writes none. */
function optionalGuid(row: ObjectReader, key: string): string | undefined {
  const text = row.optionalText(key);
  return text === undefined || !isGuid(text) || /^[0-]+$/.test(text) ? undefined : text.toLowerCase();
}

/** The id behind a collection's name in a link's path; hosts, prefixes and what follows do not count. */
function idInLink(row: ObjectReader, link: string, collection: string): string | undefined {
  const segments = (hrefOf(row, link) ?? '').split(/[/?#]/);
  const at = segments.findIndex((segment) => segment.toLowerCase() === collection);
  const id = at < 0 ? undefined : segments[at + 1];
  return id !== undefined && isGuid(id) ? id.toLowerCase() : undefined;
}

function isUnreadable(instant: string | undefined): boolean {
  return instant !== undefined && instant.trim() !== '' && parseInstant(instant) === undefined;
}

/** Instants at the ends of what the vendor's platform can hold stand for none. */
function sensibleInstant(row: ObjectReader, key: string): Date | undefined {
  const instant = row.optionalInstant(key);
  const year = instant?.getUTCFullYear() ?? 0;
  return year > 1 && year < 9999 ? instant : undefined;
}
