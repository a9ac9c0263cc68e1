import { nextFire, type Grid, type Policy } from './simulator-schedule.ts';
import {
  doneShare,
  statusOf,
  type Job,
  type Organization,
  type Repository,
  type Run,
  type VeeamState,
} from './simulator-state.ts';
import { printInstant, type InstantForm } from './simulator-time.ts';

type Members = Record<string, unknown>;

/** Writes the server's objects as one API version does: members without a value are missing up to v5 and null from v6 on. */
export class Views {
  readonly #version: number;
  readonly #state: VeeamState;

  constructor(version: number, state: VeeamState) {
    this.#version = version;
    this.#state = state;
  }

  /** Links are absolute up to v5, with the server's own name for itself, and relative from v6 on. */
  href(path: string): string {
    const origin = this.#version <= 5 ? 'https://veeam.lab.example:4443' : '';
    return `${origin}/v${this.#version}/${path}`;
  }

  job(job: Job, now: number): Members {
    const last = job.runs.at(-1);
    const lastGood = this.#version >= 7 ? job.runs.findLast((run) => statusOf(run, now) === 'Success') : undefined;
    const asText = this.#writesText(job);
    return {
      id: job.id,
      name: job.name,
      description: job.description,
      ...this.#optional({
        lastRun: last && printInstant(last.startedAt, formOf(job)),
        nextRun: this.#nextRun(job, now),
      }),
      ...(this.#version >= 7 ? { lastBackup: lastGood ? printInstant(lastGood.endsAt) : null } : {}),
      isEnabled: asText ? String(job.enabled) : job.enabled,
      backupType: asText ? firstLetterSmall(job.backupType) : job.backupType,
      lastStatus: last === undefined ? 'Stopped' : statusOf(last, now),
      schedulePolicy: this.#policy(job.policy, asText),
      ...(this.#version >= 6 ? { repositoryId: job.repository.id } : {}),
      ...(this.#version === 6 || this.#version === 7
        ? { runNow: false, selectedItems: null, excludedItems: null }
        : {}),
      ...(this.#version >= 8 ? { organizationId: job.organization.id, eTag: job.eTag } : {}),
      _links: this.#jobLinks(job),
    };
  }

  session(run: Run, now: number): Members {
    const { job } = run;
    const version = this.#version;
    const finished = now >= run.endsAt;
    const share = doneShare(run, now);
    const form = formOf(job);
    const members: Members = {
      id: run.id,
      creationTime: printInstant(run.startedAt, form),
      ...this.#optional({ endTime: finished ? printInstant(run.endsAt, form) : undefined }),
      progress: Math.floor(run.objects * share),
      status: statusOf(run, now),
      statistics: this.#statistics(run, now, share),
    };
    if (version >= 6) Object.assign(members, { details: finished ? detailsOf(run) : null, retryCount: run.retryCount });
    if (version >= 7) {
      Object.assign(members, {
        jobWillBeRetried: finished && run.willBeRetried,
        jobType: 'Backup',
        repositoryId: job.repository.id,
        mainSessionId: run.mainId,
      });
    }
    if (version >= 8) {
      Object.assign(members, {
        jobId: job.id,
        jobSessionConfigType: run.number === 1 ? 'Full' : 'Incremental',
        eTag: run.number,
        proxyId: job.repository.proxyId,
        proxyPoolId: null,
      });
    }
    // Up to v4 the log link names a path that does not exist, and one job's links carry its id in capitals.
    const jobId = version <= 5 && job.number % 7 === 6 ? job.id.toUpperCase() : job.id;
    members['_links'] = {
      self: { href: this.href(`jobsessions/${run.id}`) },
      log: { href: this.href(`jobsessions/${run.id}/${version <= 4 ? 'log' : 'logitems'}`) },
      job: { href: this.href(`jobs/${jobId}`) },
    };
    return members;
  }

  organization(organization: Organization, now: number): Members {
    const ends = this.#state
      .jobs(now)
      .filter((job) => job.organization === organization)
      .flatMap(({ runs }) => runs.filter((run) => now >= run.endsAt && run.outcome === 'Success'))
      .map(({ endsAt }) => endsAt);
    const { id } = organization;
    return {
      id,
      name: organization.name,
      ...this.#optional({ officeName: organization.officeName, region: organization.region }),
      type: organization.type,
      isBackedup: ends.length > 0,
      ...this.#optional({
        firstBackuptime: ends.length > 0 ? printInstant(organization.firstBackupAt) : undefined,
        lastBackuptime: ends.length > 0 ? printInstant(ends.reduce((a, b) => Math.max(a, b))) : undefined,
      }),
      _links: {
        self: { href: this.href(`organizations/${id}`) },
        ...(this.#version <= 7 ? { jobs: { href: this.href(`organizations/${id}/jobs`) } } : {}),
      },
    };
  }

  repository(repository: Repository): Members {
    const old = this.#version === 3;
    return {
      id: repository.id,
      name: repository.name,
      description: repository.description,
      path: repository.path,
      capacityBytes: repository.capacityBytes,
      freeSpaceBytes: old ? String(repository.freeSpaceBytes) : repository.freeSpaceBytes,
      proxyId: repository.proxyId,
      ...(old ? {} : { retentionType: repository.retentionType }),
      retentionPeriodType: repository.periodType,
      ...this.#optional({
        dailyRetentionPeriod: repository.dailyPeriod,
        monthlyRetentionPeriod: repository.monthlyPeriod,
        yearlyRetentionPeriod: repository.yearlyPeriod,
      }),
      _links: { self: { href: this.href(`backuprepositories/${repository.id}`) } },
    };
  }

  /** One v3 build in the field prints booleans and numbers as text, and enum words with a small first letter. */
  #writesText(job: Job): boolean {
    return this.#version <= 4 && job.number % 7 === 6;
  }

  #optional(members: Members): Members {
    const entries = Object.entries(members);
    if (this.#version <= 5) return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    return Object.fromEntries(entries.map(([name, value]) => [name, value ?? null]));
  }

  #nextRun(job: Job, now: number): string | undefined {
    // Some builds print the ends of the calendar where there is no next run.
    if (!job.enabled) return this.#version >= 7 ? '9999-12-31T23:59:59.9999999Z' : undefined;
    if (job.policy.type === 'ManualOnly' && this.#version === 6) return '0001-01-01T00:00:00';
    const next = nextFire(job.policy, now);
    return next === undefined ? undefined : printInstant(next);
  }

  #policy(policy: Policy, asText: boolean): Members {
    const version = this.#version;
    const number = (value: number): unknown => (asText ? String(value) : value);
    const retry = policy.retryEnabled;
    return {
      backupWindowEnabled: asText ? String(policy.windowEnabled) : policy.windowEnabled,
      ...this.#optional({ backupWindowSettings: gridView(policy.window) }),
      type: asText ? firstLetterSmall(policy.type) : policy.type,
      ...(version >= 4 ? { scheduleEnabled: policy.scheduleEnabled } : {}),
      ...this.#optional({
        dailyType: policy.dailyType,
        dailyTime: policy.dailyTime,
        periodicallyEvery: policy.every,
      }),
      ...(version >= 6
        ? {
            periodicallyOffsetMinutes: policy.type === 'Periodically' ? policy.offsetMinutes : null,
            periodicallyWindowSettings: gridView(policy.startGrid) ?? null,
          }
        : {}),
      ...(version >= 7 ? { periodicallyWindowEnabled: policy.startGridEnabled } : {}),
      retryEnabled: asText ? String(retry) : retry,
      ...this.#optional({
        retryNumber: retry ? number(policy.retryNumber) : undefined,
        retryWaitInterval: retry ? number(policy.retryWaitMinutes) : undefined,
      }),
    };
  }

  #statistics(run: Run, now: number, share: number): Members {
    const seconds = Math.max(1, Math.floor((Math.min(now, run.endsAt) - run.startedAt) / 1000));
    const bytes = Math.floor(run.bytes * share);
    const processedObjects = Math.floor(run.objects * share);
    return {
      processingRateBytesPS: Math.floor(bytes / seconds),
      processingRateItemsPS: Math.floor(processedObjects / seconds),
      readRateBytesPS: Math.floor((bytes * 1.4) / seconds),
      writeRateBytesPS: Math.floor(bytes / seconds),
      // The 3.0 documentation prints this count as text.
      transferredDataBytes: this.#version === 3 && run.number % 3 === 0 ? String(bytes) : bytes,
      processedObjects,
      bottleneck: now >= run.endsAt ? (['NA', 'Source', 'Target'][run.number % 3] ?? 'NA') : 'Detecting',
    };
  }

  #jobLinks(job: Job): Members {
    const id = job.id;
    // A self link with another id than the body has been seen in a v3 answer.
    const selfId = this.#version === 3 && job.number === 3 ? '3c407448-4d05-432f-a651-144827bed5ce' : id;
    const link = (path: string): Members => ({ href: this.href(path) });
    return {
      self: link(`jobs/${selfId}`),
      organization: link(`organizations/${job.organization.id}`),
      backupRepository: link(`backuprepositories/${job.repository.id}`),
      jobsessions: link(this.#version >= 7 ? `jobsessions?jobId=${id}` : `jobs/${id}/jobsessions`),
      excludedItems: link(`jobs/${id}/excludedItems`),
      selectedItems: link(`jobs/${id}/selectedItems`),
      ...(this.#version >= 6 && job.hasCopyJob ? { copyJob: link(`copyjobs?backupJobId=${id}`) } : {}),
    };
  }
}

/** Some rows carry an offset that is not the server's zone. */
function formOf(job: Job): InstantForm {
  return job.number % 8 === 7 ? 'foreign-offset' : 'utc';
}

function gridView(grid: Grid | undefined): Members | undefined {
  return grid && { backupWindow: grid.hours, minuteOffset: grid.minuteOffset };
}

function firstLetterSmall(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

function detailsOf(run: Run): string {
  switch (run.endReason) {
    case 'window':
      return 'Job was terminated: the backup window was exceeded';
    case 'user':
      return 'Job was stopped by LAB\\operator';
    case 'done':
      return `Job finished with ${run.outcome}`;
  }
}
