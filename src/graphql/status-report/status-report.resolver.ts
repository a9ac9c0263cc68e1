import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { GatewayError } from '../../domain/errors.ts';
import { reportDays, type StatusDay } from '../../domain/report-days.ts';
import { rpoTotals, type RpoTotals } from '../../domain/rpo.ts';
import { statusCsv } from '../../domain/status-csv.ts';
import { reportOrder, runsWithin, totalsOf, type AssessedEntry } from '../../domain/status-report.ts';
import { isZone } from '../../domain/zone.ts';
import { jobFilter } from '../backup-job/backup-job.input.ts';
import { checkPage, connect } from '../connection.ts';
import type { OperationContext } from '../context.ts';
import { pageOf } from '../page.args.ts';
import { readChoice } from '../read-options.input.ts';
import { RpoTotalsType, rpoView } from '../rpo/rpo.type.ts';
import { TimeZoneScalar } from '../scalars.ts';
import { periodOf } from './period.input.ts';
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
  byDay(
    @Root() report: StatusReport,
    @Arg('timeZone', () => TimeZoneScalar, {
      nullable: true,
      defaultValue: 'UTC',
      description: 'Zone in which the days begin.',
    })
    timeZone: string | null,
  ): StatusDay[] {
    const zone = { timeZone: timeZone ?? 'UTC' };
    if (!isZone(zone))
      throw new GatewayError('INVALID_INPUT', 'Argument "timeZone" is to be an IANA name, such as Europe/Berlin.', {
        argument: 'timeZone',
      });
    const { period, dayRollup, parts, materials } = report;
    return reportDays({
      materials,
      missed: parts.flatMap(({ material, assessment, past }) => [
        ...assessment.missed(
          (material?.jobs ?? []).map(({ nativeId }) => nativeId),
          period,
          past,
        ),
      ]),
      period,
      zone,
      rollup: dayRollup,
    });
  }
}

function entryView(entry: AssessedEntry): EntryView {
  return { ...entry, rpo: rpoView(entry.rpo) };
}
