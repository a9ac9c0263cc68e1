import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import type { BackupStatus } from '../../domain/backup-status.ts';
import type { ReportMaterial } from '../../domain/object-material.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { Period, StatusCount, StatusReportEntry, StatusTotals } from '../../domain/status-report.ts';
import type { DayRollup, StatusDay } from '../../domain/report-days.ts';
import type { SourceResult } from '../aggregate.ts';
import { BackupJobType } from '../backup-job/backup-job.type.ts';
import { BackupRunType } from '../backup-run/backup-run.type.ts';
import { pageType } from '../connection.type.ts';
import type { GatewaySource } from '../context.ts';
import { RpoStatusType } from '../rpo/rpo.type.ts';
import type { ReportPart } from './report-parts.ts';
import { BackupStatusEnum } from '../enums.ts';
import { ProtectedObjectType } from '../protected-object/protected-object.type.ts';
import { BigIntScalar, DateTimeScalar } from '../scalars.ts';
import { SourceResultType, VendorSourceType } from '../source/source.type.ts';

@ObjectType('Period', { description: 'A stretch of time.' })
export class PeriodType implements Period {
  @Field(() => DateTimeScalar, { description: 'Its beginning.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { description: 'Its end, which is no longer part of it.' })
  readonly to!: Date;
}

@ObjectType('StatusCount', { description: 'How many runs had a status.' })
export class StatusCountType implements StatusCount {
  @Field(() => BackupStatusEnum, { description: 'The status.' })
  readonly status!: BackupStatus;

  @Field(() => Int, { description: 'How many runs; never 0.' })
  readonly count!: number;
}

@ObjectType('StatusTotals', { description: 'The runs of the period, counted.' })
export class StatusTotalsType implements StatusTotals {
  @Field(() => [StatusCountType], { description: 'By status; a status without runs is left out.' })
  readonly counts!: readonly StatusCount[];

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the ended runs that are SUCCEEDED or WARNING, 0 to 1; null when none ended, or one is UNKNOWN.',
  })
  readonly successRate!: number | undefined;
}

@ObjectType('StatusBreakdown', { description: 'The runs of the period at one source, counted.' })
export class StatusBreakdownType {
  @Field(() => VendorSourceType, { description: 'The source.' })
  readonly source!: GatewaySource;

  @Field(() => StatusTotalsType, { description: 'Its counts.' })
  readonly totals!: StatusTotals;
}

@ObjectType('StatusReportEntry', { description: 'How one protected object stands now.' })
export class StatusReportEntryType implements Omit<EntryView, 'sourceKey' | 'nativeId'> {
  @Field(() => ProtectedObjectType, { description: 'The object.' })
  readonly object!: ProtectedObject;

  @Field(() => BackupJobType, {
    nullable: true,
    description: "The job that decides the status: the worst of the object's jobs. Null when it has none.",
  })
  readonly job!: BackupJob | undefined;

  @Field(() => BackupRunType, { nullable: true, description: "That job's newest run; null when it never ran." })
  readonly latest!: BackupRun | undefined;

  @Field(() => BackupStatusEnum, {
    description:
      "The worst status among its jobs, so that one job's success never hides another's failure. Older one-offs do not count.",
  })
  readonly status!: BackupStatus;

  @Field(() => BackupRunType, {
    nullable: true,
    description: 'The newest run over all its jobs that left something restorable.',
  })
  readonly lastSuccess!: BackupRun | undefined;

  @Field(() => RpoStatusType, {
    nullable: true,
    description: 'How the object stands to its recovery point objective, over all its jobs.',
  })
  readonly rpo!: RpoStatusType;

  @Field(() => Int, {
    nullable: true,
    description:
      'How often in a row the job failed or was missed up to now; null without any run. A run under way neither counts nor ends the row.',
  })
  readonly consecutiveFailures!: number | undefined;
}

@ObjectType('StatusDay', { description: 'One day of a report.' })
export class StatusDayType implements StatusDay {
  @Field(() => DateTimeScalar, {
    description: "Its beginning in the asked zone; the first one's may lie before the period.",
  })
  readonly day!: Date;

  @Field(() => String, { description: 'Its date, such as `2026-11-20`.' })
  readonly date!: string;

  @Field(() => StatusTotalsType, {
    description: 'How many objects had which status; one without a run on that day is in none.',
  })
  readonly totals!: StatusTotals;

  @Field(() => Int, { description: 'Due instants at which nothing began, as far as that can be judged.' })
  readonly overdue!: number;

  @Field(() => BigIntScalar, { nullable: true, description: "Bytes of the day's runs; null when none tells." })
  readonly bytes!: bigint | undefined;
}

@ObjectType('StatusReportEntryConnection', { description: 'A page of report entries.' })
export class StatusReportEntryConnectionType extends pageType<EntryView>(
  'StatusReportEntry',
  () => StatusReportEntryType,
  'report entry',
) {}

/** An entry with its verdict. */
export interface EntryView extends StatusReportEntry {
  readonly rpo: RpoStatusType;
  readonly consecutiveFailures: number | undefined;
}

/** What a report is made of; the rest is worked out when asked for. */
export interface StatusReport {
  readonly generatedAt: Date;
  readonly asOf: Date | undefined;
  readonly complete: boolean;
  readonly sources: readonly SourceResult[];
  readonly period: Period;
  readonly totals: StatusTotals;
  readonly bySource: readonly StatusBreakdownType[];
  readonly parts: readonly ReportPart[];
  /** What the figures of the period are counted from, by source. */
  readonly materials: readonly ReportMaterial[];
  readonly dayRollup: DayRollup;
  /** What the report was asked with; its cursors are bound to it. */
  readonly question: readonly unknown[];
}

@ObjectType('StatusReport', { description: 'A dated picture over a period; every figure says how fresh it is.' })
export class StatusReportType implements Omit<StatusReport, 'parts' | 'materials' | 'dayRollup' | 'question'> {
  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  readonly generatedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the oldest vendor reading inside it was asked for; null when no source answered.',
  })
  readonly asOf!: Date | undefined;

  @Field(() => Boolean, {
    description:
      'Whether every source that was asked told everything, freshly; false too when the filter fits no source. When false, see `sources`: the figures are those of the others.',
  })
  readonly complete!: boolean;

  @Field(() => [SourceResultType], { description: 'What became of each source; `count` is its protected objects.' })
  readonly sources!: readonly SourceResult[];

  @Field(() => PeriodType, { description: 'The period that `totals` and `bySource` count.' })
  readonly period!: Period;

  @Field(() => StatusTotalsType, {
    description:
      'The runs that began within the period, counted over all sources, also those that their vendor has forgotten and the gateway has kept; one that has not begun counts by when it was accepted.',
  })
  readonly totals!: StatusTotals;

  @Field(() => [StatusBreakdownType], {
    description: 'The same by source; a source that could not be read is left out.',
  })
  readonly bySource!: readonly StatusBreakdownType[];
}
