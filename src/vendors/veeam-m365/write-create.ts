import type { JsonValue, WriteRefusal } from '../../domain/backup-operation.ts';
import type { VeeamJobRequest } from '../../domain/write-request.ts';
import { pathSegment } from '../../transport/path.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { PreparedWrite, RefusedWrite } from '../contract.ts';
import type { VeeamApi } from './api.ts';
import { isGuid } from './ids.ts';
import type { VersionFacts } from './versions.ts';
import { ready, refusedFor, unlessMissing, wholeRows } from './write-parts.ts';
import { isTimed, policyChanges, unscheduledPolicy } from './write-policy.ts';
import { scheduleRefusals } from './write-rules.ts';

/** Makes a job for a whole organisation. */
export async function prepareCreate(
  request: VeeamJobRequest,
  api: VeeamApi,
  call: ReadCall,
): Promise<PreparedWrite | RefusedWrite> {
  const broken = refusedFor(rulesBroken(request, api.facts));
  if (broken !== undefined) return broken;
  const [organizationId, repositoryId] = [request.organizationId.toLowerCase(), request.repositoryId.toLowerCase()];
  const [organization, repositories, jobs] = await Promise.all([
    unlessMissing(api.readOrganization(organizationId, call)),
    api.listRepositories(call).then(wholeRows),
    api.listJobs(call).then(wholeRows),
  ]);
  const repository = repositories.find(({ id }) => id === repositoryId);
  const missing = [
    ...(organization === undefined ? [unknown('organizationId', 'organisation')] : []),
    ...(repository === undefined ? [unknown('repositoryId', 'repository')] : []),
  ];
  if (api.facts.namesProxy && repository !== undefined && repository.proxyId === undefined) missing.push(NO_PROXY);
  const refused = refusedFor(missing);
  if (refused !== undefined) return refused;
  const { name, description, runNow } = request;
  const inList = api.facts.creates === 'IN_LIST';
  const body: JsonValue = {
    name,
    ...(description === undefined ? {} : { description }),
    backupType: 'EntireOrganization',
    ...(inList ? { organizationId } : {}),
    ...(api.facts.namesProxy ? { proxyId: repository?.proxyId ?? null } : {}),
    repositoryId,
    schedulePolicy: policyOf(request.schedule, api.facts),
    runNow,
  };
  const path = inList ? '/Jobs' : `/Organizations/${pathSegment(organizationId)}/Jobs`;
  const mark = { effect: 'JOB', name, organizationId, known: jobs.map(({ id }) => id) };
  return ready(api, api.writeOf('POST', path, body), mark, {
    done: (response) => ({ outcome: 'DONE', jobNativeId: api.idIn(response, 'JOB') }),
  });
}

function policyOf(schedule: VeeamJobRequest['schedule'], facts: VersionFacts): JsonValue {
  return schedule === undefined ? (unscheduledPolicy(facts) ?? null) : policyChanges(schedule, facts);
}

function rulesBroken({ name, organizationId, repositoryId, schedule }: VeeamJobRequest, facts: VersionFacts) {
  const refusals: WriteRefusal[] = [];
  const refuse = (field: string, rule: string, message: string): void => {
    refusals.push({ code: 'INVALID_VALUE', message, field: [field], rule });
  };
  if (name.trim() === '') refuse('name', 'job-name', 'A job needs a name that is not blank.');
  if (!isGuid(organizationId)) refuse('organizationId', 'guid', 'The id of an organisation is a GUID.');
  if (!isGuid(repositoryId)) refuse('repositoryId', 'guid', 'The id of a repository is a GUID.');
  if (schedule !== undefined) refusals.push(...scheduleRefusals(schedule, ['schedule']));
  if (schedule === undefined && unscheduledPolicy(facts) === undefined) refusals.push(NO_SCHEDULE);
  if (schedule !== undefined && !isTimed(schedule)) refusals.push(NO_TIMES);
  return refusals;
}

const NO_SCHEDULE: WriteRefusal = {
  code: 'MISSING_VALUE',
  message: 'API v3 has no job without a schedule; say when it is to run.',
  field: ['schedule'],
  rule: 'schedule-needed',
};

const NO_TIMES: WriteRefusal = {
  code: 'MISSING_VALUE',
  message: 'A schedule says when the job runs: daily or periodically.',
  field: ['schedule'],
  rule: 'daily-or-periodically',
};

const NO_PROXY: WriteRefusal = {
  code: 'VENDOR_REJECTED',
  message: 'The server does not tell the proxy of this repository, which API v3 to v5 want named for a new job.',
  field: ['repositoryId'],
};

function unknown(field: string, what: string): WriteRefusal {
  return { code: 'NOT_FOUND', message: `The server has no such ${what}.`, field: [field] };
}
