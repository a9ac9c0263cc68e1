import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BACKUP_JOB_KINDS } from '../domain/backup-job.ts';
import { BACKUP_STATUSES } from '../domain/backup-status.ts';
import { GatewayError } from '../domain/errors.ts';
import type { JobFilter } from '../domain/filters.ts';
import { upcomingOfAll } from '../domain/forecast.ts';
import { upcomingCalendar } from '../domain/icalendar.ts';
import { statusCsv } from '../domain/status-csv.ts';
import { RPO_VERDICTS } from '../domain/rpo.ts';
import { DAY_MS } from '../domain/time-units.ts';
import type { SourceResult } from '../graphql/aggregate.ts';
import type { BackupJobFilterInput } from '../graphql/backup-job/backup-job.input.ts';
import { jobFilter } from '../graphql/backup-job/backup-job.input.ts';
import type { OperationContext } from '../graphql/context.ts';
import { readForecast } from '../graphql/forecast/forecast.ts';
import { csvRows, readParts } from '../graphql/status-report/report-parts.ts';

/** Whether a path is one of an export. */
export function isExport(path: string): boolean {
  return EXPORTS.has(path);
}

/**
 * Answers an export, streamed. Filters are those of the queries, as parameters of the address.
 *
 * Sources that are not whole in it stand in the header `x-backupgraph-incomplete`, in the name of the file and of the calendar: a file
 * that looks whole and is not would be a wrong green.
 * @throws INVALID_INPUT or NOT_FOUND naming the parameter.
 */
export async function serveExport(
  path: string,
  parameters: URLSearchParams,
  context: OperationContext,
  response: ServerResponse,
): Promise<void> {
  const write = EXPORTS.get(path);
  if (write === undefined) throw new GatewayError('NOT_FOUND', 'There is no such export.');
  refuseUnknown(parameters, path === CALENDAR ? 'days' : undefined);
  const { lines, type, name, sources } = await write(parameters, context);
  // An empty file would look as if nothing were wrong.
  if (sources.length === 0) throw new GatewayError('INVALID_INPUT', 'No source fits the filter.');
  const missing = notWhole(sources);
  const [stem, extension] = name.split('.');
  const file = missing.length === 0 ? name : `${stem}-incomplete.${extension}`;
  response.writeHead(200, {
    'content-type': type,
    'content-disposition': `attachment; filename="${file}"`,
    'cache-control': 'no-store',
    ...(missing.length === 0 ? {} : { 'x-backupgraph-incomplete': missing.join(', ') }),
  });
  await pipeline(Readable.from(lines), response);
}

/** The keys of the sources that are missing from an export, or not whole in it. */
function notWhole(sources: readonly SourceResult[]): string[] {
  return sources.filter(({ outcome }) => outcome !== 'OK').map(({ source }) => source.key);
}

interface Export {
  readonly lines: Iterable<string>;
  readonly type: string;
  readonly name: string;
  readonly sources: readonly SourceResult[];
}

const CALENDAR = '/export/upcoming.ics';

const EXPORTS: ReadonlyMap<string, (parameters: URLSearchParams, context: OperationContext) => Promise<Export>> =
  new Map([
    ['/export/status.csv', statusExport],
    [CALENDAR, calendarExport],
  ]);

async function statusExport(parameters: URLSearchParams, context: OperationContext): Promise<Export> {
  const parts = await readParts(context, filterOf(parameters, context), {});
  return {
    lines: statusCsv(csvRows(parts)),
    type: 'text/csv; charset=utf-8; header=present',
    name: 'status.csv',
    sources: parts.map(({ reading }) => reading.result(0)),
  };
}

/** Days that the calendar covers unless `days` says otherwise. */
const DEFAULT_DAYS = 14;
const MAX_DAYS = 92;

async function calendarExport(parameters: URLSearchParams, context: OperationContext): Promise<Export> {
  const text = parameters.get('days') ?? String(DEFAULT_DAYS);
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > MAX_DAYS) throw wrong('days', `is to be 1 to ${MAX_DAYS}`);
  const from = context.startedAt;
  const stretch = { from, to: new Date(from.getTime() + days * DAY_MS) };
  const forecast = await readForecast(context, stretch, inputOf(parameters), {});
  const missing = notWhole(forecast.sources);
  const title = missing.length === 0 ? 'Backups' : `Backups (incomplete: ${missing.join(', ')})`;
  return {
    lines: upcomingCalendar(calendarRuns(forecast, context), { name: title, now: from }),
    type: 'text/calendar; charset=utf-8',
    name: 'upcoming.ics',
    sources: forecast.sources,
  };
}

/** Runs of jobs that come every few minutes would bury all others, so that a calendar ends somewhere. */
const MOST_EVENTS = 20_000;

function* calendarRuns(forecast: Awaited<ReturnType<typeof readForecast>>, context: OperationContext) {
  for (const run of upcomingOfAll(forecast.jobs, forecast.period).take(MOST_EVENTS)) {
    const { name, vendor, labels } = context.source(run.job.sourceKey, 'source');
    yield { run, sourceName: name, categories: [vendor, ...labels.map((label) => `${label.name}=${label.value}`)] };
  }
}

const FILTERS: ReadonlySet<string> = new Set([
  'source',
  'vendor',
  'label',
  'kind',
  'status',
  'enabled',
  'search',
  'rpo',
]);
/** Those that say one thing. */
const ONCE: ReadonlySet<string> = new Set(['enabled', 'search', 'days']);

function refuseUnknown(parameters: URLSearchParams, own: string | undefined): void {
  for (const name of parameters.keys()) {
    if (!FILTERS.has(name) && name !== own) throw wrong(/^\w{1,32}$/.test(name) ? name : '?', 'is not known');
    if (ONCE.has(name) && parameters.getAll(name).length > 1) throw wrong(name, 'stands there more than once');
  }
}

function filterOf(parameters: URLSearchParams, context: OperationContext): JobFilter {
  return jobFilter(inputOf(parameters), context);
}

/** The filter of the queries: `source`, `vendor`, `label` (`name` or `name=value`), `kind`, `status` and `rpo` may stand several times. */
function inputOf(parameters: URLSearchParams): BackupJobFilterInput {
  const enabled = parameters.get('enabled');
  if (enabled !== null && enabled !== 'true' && enabled !== 'false') throw wrong('enabled', 'is true or false');
  return {
    ...listOf(parameters, 'source', 'sources'),
    ...listOf(parameters, 'vendor', 'vendors'),
    ...(parameters.has('label') ? { labels: parameters.getAll('label').map(labelOf) } : {}),
    ...(parameters.has('kind') ? { kinds: wordsOf(parameters, 'kind', BACKUP_JOB_KINDS) } : {}),
    ...(parameters.has('status') ? { statuses: wordsOf(parameters, 'status', BACKUP_STATUSES) } : {}),
    ...(parameters.has('rpo') ? { rpo: wordsOf(parameters, 'rpo', RPO_VERDICTS) } : {}),
    ...(enabled === null ? {} : { enabled: enabled === 'true' }),
    ...(parameters.has('search') ? { search: parameters.get('search') ?? '' } : {}),
  };
}

function listOf(parameters: URLSearchParams, name: string, member: string): Record<string, readonly string[]> {
  return parameters.has(name) ? { [member]: parameters.getAll(name) } : {};
}

function labelOf(text: string): { readonly name: string; readonly value?: string } {
  const [name = '', ...value] = text.split('=');
  if (name === '') throw wrong('label', 'is to be name or name=value');
  return value.length === 0 ? { name } : { name, value: value.join('=') };
}

function wordsOf<Word extends string>(
  parameters: URLSearchParams,
  name: string,
  words: readonly Word[],
): readonly Word[] {
  return parameters.getAll(name).map((text) => {
    const word = words.find((known) => known === text.toUpperCase());
    if (word === undefined) throw wrong(name, `is one of ${words.join(', ')}`);
    return word;
  });
}

function wrong(parameter: string, why: string): GatewayError {
  return new GatewayError('INVALID_INPUT', `Parameter "${parameter}" ${why}.`, { argument: parameter });
}
