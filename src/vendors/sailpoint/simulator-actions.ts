import { WallClock } from '../../simulation/wall-clock.ts';
import { Refusal } from './simulator-answers.ts';
import { Cron } from './simulator-cron.ts';

export const JOB_TYPES = ['BACKUP', 'CREATE_DRAFT', 'CONFIG_DEPLOY_DRAFT'] as const;
export type JobType = (typeof JOB_TYPES)[number];

export interface Content {
  readonly name: string;
  readonly backupOptions?: Readonly<Record<string, unknown>>;
  readonly sourceBackupId?: string;
  readonly sourceTenant?: string;
  readonly draftId?: string;
}

/** What a caller sends for a scheduled action, checked. */
export interface ActionPlan {
  readonly jobType: JobType;
  readonly startTime?: string;
  readonly cronString?: string;
  readonly timeZoneId?: string;
  readonly content: Content;
}

export interface Action {
  readonly id: string;
  readonly number: number;
  readonly createdAt: number;
  plan: ActionPlan;
  cron: Cron | undefined;
  nextFireAt: number | undefined;
}

/** Where a plan names no zone. */
const DEFAULT_ZONE = 'UTC';

/** @throws Refusal for what the vendor requires and does not find. */
export function planOf(value: unknown): ActionPlan {
  const body = objectOf(value, 'request body');
  const jobType = JOB_TYPES.find((known) => known === body['jobType']);
  if (jobType === undefined) throw new Refusal(400, 'jobType is required and must be a known one.');
  const startTime = textOf(body, 'startTime');
  const cronString = textOf(body, 'cronString');
  const timeZoneId = textOf(body, 'timeZoneId');
  if (startTime !== undefined && !INSTANT.test(startTime)) throw new Refusal(400, 'startTime must be a date and time.');
  if (cronString !== undefined && !CRON_SHAPE.test(cronString)) throw new Refusal(400, 'cronString is not valid.');
  clockOf(timeZoneId);
  return {
    jobType,
    ...(startTime === undefined ? {} : { startTime }),
    ...(cronString === undefined ? {} : { cronString }),
    ...(timeZoneId === undefined ? {} : { timeZoneId }),
    content: contentOf(body, jobType),
  };
}

export function cronOf({ cronString, timeZoneId }: ActionPlan): Cron | undefined {
  return cronString === undefined ? undefined : Cron.parse(cronString, clockOf(timeZoneId));
}

/**
 * When a plan is due next after `after`. Without a cron text it is due once, at its start time (at once when that has gone by at
 * creation); without either never.
 */
export function dueAfter({ plan, cron, createdAt }: Action, after: number): number | undefined {
  const startAt = plan.startTime === undefined ? undefined : Date.parse(plan.startTime);
  if (plan.cronString === undefined) {
    const onceAt = startAt === undefined ? undefined : Math.max(startAt, createdAt);
    return onceAt !== undefined && onceAt > after ? onceAt : undefined;
  }
  return cron?.next(Math.max(after, (startAt ?? -Infinity) - 1));
}

export function textOf(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new Refusal(400, `${name} must be a string.`);
}

export function objectOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Refusal(400, `The ${name} must be an object.`);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;
const CRON_SHAPE = /^\s*\S+(?:\s+\S+){4,6}\s*$/;
const clocks = new Map<string, WallClock>();

function clockOf(timeZone = DEFAULT_ZONE): WallClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  try {
    const clock = new WallClock(timeZone);
    clocks.set(timeZone, clock);
    return clock;
  } catch {
    throw new Refusal(400, 'timeZoneId is not a known zone.');
  }
}

function contentOf(body: Readonly<Record<string, unknown>>, jobType: JobType): Content {
  const content = objectOf(body['content'], 'content');
  const name = textOf(content, 'name');
  if (name === undefined || name === '' || name.length > 50)
    throw new Refusal(400, 'content.name is required and has at most 50 characters.');
  switch (jobType) {
    case 'BACKUP':
      return { name, backupOptions: objectOf(content['backupOptions'], 'content.backupOptions') };
    case 'CREATE_DRAFT':
      return {
        name,
        sourceBackupId: neededOf(content, 'sourceBackupId'),
        sourceTenant: neededOf(content, 'sourceTenant'),
      };
    case 'CONFIG_DEPLOY_DRAFT':
      return { name, draftId: neededOf(content, 'draftId') };
  }
}

function neededOf(content: Readonly<Record<string, unknown>>, name: string): string {
  const value = textOf(content, name);
  if (value === undefined || value === '') throw new Refusal(400, `content.${name} is required.`);
  return value;
}
