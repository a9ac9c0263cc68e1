import type { BackupJob } from '../../src/domain/backup-job.ts';
import type { CreateTarget, ScheduleTarget, WriteRequest, WriteVerb } from '../../src/domain/write-request.ts';
import type { BackupSource } from '../../src/vendors/contract.ts';
import type { VendorDefinition } from '../../src/vendors/contract.ts';
import { readCall } from './read-call.ts';

/** Settings without which a vendor has nothing to write to. */
export const WRITE_SETTINGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  vcenter: { destinations: [{ name: 'nas', type: 'FTPS', location: 'ftps://nas.lab.test/vc', user: 'bkp' }] },
};

type Section = VendorDefinition['writeSection'];

/** The simplest request of a verb that the present jobs and runs of the source allow; undefined when there is none. */
export async function findRequest(
  verb: WriteVerb,
  section: Section,
  source: BackupSource,
): Promise<WriteRequest | undefined> {
  const { rows: jobs } = await source.listJobs(readCall());
  if (verb === 'CREATE') {
    const target = createTarget(section, jobs);
    return target && { verb, target };
  }
  const job = jobs.find((one) => source.jobCapabilities(one)[verb].supported);
  if (job !== undefined) return requestFor(verb, section, job);
  if (verb !== 'CANCEL') return undefined;
  const { rows: runs } = await source.listRuns({}, readCall());
  const run = runs.find((one) => source.runCapabilities(one).CANCEL.supported);
  return run && { verb, run, job: jobs.find(({ nativeId }) => nativeId === run.jobNativeId) };
}

/** A request of a verb about a job, whether the job allows it or not. */
export function requestFor(verb: WriteVerb, section: Section, job: BackupJob): WriteRequest {
  switch (verb) {
    case 'CREATE':
      return { verb, target: createTarget(section, [job]) ?? sailpointTarget() };
    case 'CANCEL':
      return { verb, job, run: undefined };
    case 'UPDATE_SCHEDULE':
      return { verb, job, schedule: scheduleTarget(section) };
    default:
      return { verb, job };
  }
}

function createTarget(section: Section, jobs: readonly BackupJob[]): CreateTarget | undefined {
  switch (section) {
    case 'sailpoint':
      return sailpointTarget();
    case 'vcenter': {
      const [parts, backupPassword, comment, fast] = [undefined, undefined, undefined, undefined];
      const destination = { kind: 'configured', name: 'nas' } as const;
      return { section, backup: { destination, parts, backupPassword, comment, fast } };
    }
    case 'veeam': {
      const details = jobs.map((job) => job.details).find((one) => one?.type === 'VeeamJobDetails');
      const { organizationId, repositoryId } = details ?? {};
      if (organizationId === undefined || repositoryId === undefined) return undefined;
      const name = 'made by the contract';
      const [description, periodically, window, retry] = [undefined, undefined, undefined, undefined];
      const schedule = { daily: { day: 'SUNDAY', time: '03:00' }, periodically, window, retry } as const;
      return { section, backup: { organizationId, name, description, repositoryId, schedule, runNow: false } };
    }
    case undefined:
      return undefined;
  }
}

function sailpointTarget(): CreateTarget {
  const startAt = new Date(Date.now() + 24 * 3_600_000);
  const [cron, timeZone, includeTypes, includedNames] = [undefined, undefined, undefined, undefined];
  const name = 'made by the contract';
  return { section: 'sailpoint', backup: { name, startAt, cron, timeZone, includeTypes, includedNames } };
}

function scheduleTarget(section: Section): ScheduleTarget {
  switch (section) {
    case 'vcenter': {
      const [enabled, days, keep] = [undefined, undefined, undefined];
      return { section, schedule: { enabled, days, hour: 3, minute: 17, keep } };
    }
    case 'veeam': {
      const [periodically, window, retry] = [undefined, undefined, undefined];
      return { section, schedule: { daily: { day: 'MONDAY', time: '03:17' }, periodically, window, retry } };
    }
    default: {
      const [startAt, timeZone] = [undefined, undefined];
      return { section: 'sailpoint', schedule: { startAt, cron: '17 3 * * *', timeZone } };
    }
  }
}
