import { setImmediate as nextTurn } from 'node:timers/promises';
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { GatewayError } from '../../domain/errors.ts';
import type { MissedRun } from '../../domain/missed-runs.ts';
import { reportDays, type StatusDay } from '../../domain/report-days.ts';
import { rpoTotals, type RpoTotals } from '../../domain/rpo.ts';
import { statusCsv } from '../../domain/status-csv.ts';
import { reportOrder, runsWithin, totalsOf, type AssessedEntry, type Period } from '../../domain/status-report.ts';
import { isZone } from '../../domain/zone.ts';
import { jobFilter } from '../backup-job/backup-job.input.ts';
import { checkPage, connect } from '../connection.ts';
import type { OperationContext } from '../context.ts';
import { pageOf } from '../page.args.ts';
import { readChoice } from '../read-options.input.ts';
import { RpoTotalsType, rpoView } from '../rpo/rpo.type.ts';
import { TimeZoneScalar } from '../scalars.ts';
import { boundedPeriod, periodOf } from './period.input.ts';
import { countedMaterial, csvRows, entriesOf, readParts } from './report-parts.ts';
import { DEFAULT_ENTRIES, StatusReportArgs, StatusReportEntriesArgs } from './status-report.input.ts';
import {
  StatusDayType,
  StatusReportEntryConnectionType,
  StatusReportType,
  type EntryView,
  type StatusReport,
} from './status-report.type.ts';

/** Most rows of CSV within an answer. */
const CSV_ROWS = 500;

@Resolver(() => StatusReportType)
export class StatusReportResolver {
  @Query(() => StatusReportType, {
    description:
      'How everything stands, over all sources. A source that fails is missing from the figures, and `complete` is false.',
  })
  async statusReport(
    @Args(() => StatusReportArgs) args: StatusReportArgs,
    @Ctx() context: OperationContext,
  ): Promise<StatusReport> {
    const filter = jobFilter(args.filter, context);
    const period = periodOf(args.period, context.startedAt, 1);
    const parts = await readParts(context, filter, readChoice(args.read), period);
    const sources = parts.map(({ reading, material }) => reading.result(material?.objects.length ?? 0));
    const counted = parts.flatMap((part) => {
      const material = countedMaterial(part, filter);
      return material === undefined ? [] : [{ source: part.reading.source, material }];
    });
    const answered = counted.map(({ source, material }) => ({ source, runs: runsWithin(material.runs, period) }));
    const fetched = sources.flatMap(({ fetchedAt }) => (fetchedAt === undefined ? [] : [fetchedAt.getTime()]));
    return {
      generatedAt: context.startedAt,
      asOf: fetched.length === 0 ? undefined : new Date(Math.min(...fetched)),
      complete: sources.length > 0 && sources.every(({ outcome }) => outcome === 'OK'),
      sources,
      period,
      totals: totalsOf(answered.flatMap(({ runs }) => runs)),
      bySource: answered.map(({ source, runs }) => ({ source, totals: totalsOf(runs) })),
      parts,
      materials: counted.map(({ material }) => material),
      dayRollup: args.dayRollup ?? 'WORST',
      question: [filter],
    };
  }

  @FieldResolver(() => StatusReportEntryConnectionType, {
    description: 'One entry for each protected object, worst first: how it stands now, whatever the period.',
  })
  entries(
    @Root() report: StatusReport,
    @Args(() => StatusReportEntriesArgs) args: StatusReportEntriesArgs,
  ): StatusReportEntryConnectionType {
    const { field, direction } = args.orderBy ?? { field: 'SEVERITY', direction: 'ASC' };
    const list = ['entries', ...report.question, field, direction];
    const page = pageOf(args, DEFAULT_ENTRIES);
    checkPage(page, list);
    const readings = report.parts.map((part) => ({ ...part.reading, rows: entriesOf(part).map(entryView) }));
    return connect<EntryView>(readings, () => true, reportOrder(field, direction), list, page);
  }

  @FieldResolver(() => RpoTotalsType, {
    description:
      'How the protected objects stand to their recovery point objectives. Those of sources that could not be read are not known, and in no figure.',
  })
  rpo(@Root() report: StatusReport): RpoTotals {
    return rpoTotals(
      report.parts.flatMap(({ material, assessment }) =>
        (material?.objects ?? []).map(({ nativeId }) => assessment.rpo(nativeId)),
      ),
    );
  }

  @FieldResolver(() => String, {
    description: `The worst ${CSV_ROWS} entries as CSV (RFC 4180); the export at \`/export/status.csv\` has no such limit.`,
  })
  csv(@Root() report: StatusReport): string {
    return [...statusCsv(csvRows(report.parts).slice(0, CSV_ROWS))].join('');
  }

  @FieldResolver(() => [StatusDayType], {
    description:
      'The period day by day, first to last, with those on which nothing happened. A run belongs to the day on which it began.',
  })
  async byDay(
    @Root() report: StatusReport,
    @Arg('timeZone', () => TimeZoneScalar, {
      nullable: true,
      defaultValue: 'UTC',
      description: 'Zone in which the days begin.',
    })
    timeZone: string | null,
  ): Promise<StatusDay[]> {
    const zone = { timeZone: timeZone ?? 'UTC' };
    if (!isZone(zone))
      throw new GatewayError('INVALID_INPUT', 'Argument "timeZone" is to be an IANA name, such as Europe/Berlin.', {
        argument: 'timeZone',
      });
    const { dayRollup, parts, materials } = report;
    const period = boundedPeriod(report.period);
    const missed = await missedOfParts(parts, period);
    return reportDays({ materials, missed, period, zone, rollup: dayRollup });
  }
}

/** So long, in milliseconds, others wait for their turn at most, but for one job. */
const TURN_MS = 25;

/** The missed runs of all jobs: many due instants, so that it is done in turns. */
async function missedOfParts(parts: StatusReport['parts'], period: Period): Promise<readonly MissedRun[]> {
  const found: MissedRun[] = [];
  let turnEndsAt = performance.now() + TURN_MS;
  for (const { material, assessment, past } of parts) {
    for (const { nativeId } of material?.jobs ?? []) {
      for (const missed of assessment.missedOf(nativeId, period, past)?.missed ?? []) found.push(missed);
      if (performance.now() < turnEndsAt) continue;
      await nextTurn();
      turnEndsAt = performance.now() + TURN_MS;
    }
  }
  return found;
}

function entryView(entry: AssessedEntry): EntryView {
  return { ...entry, rpo: rpoView(entry.rpo) };
}
