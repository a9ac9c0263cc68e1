import { ArgsType, Field, InputType, Int } from 'type-graphql';
import type { OrderDirection } from '../../domain/orders.ts';
import type { DayRollup } from '../../domain/report-days.ts';
import type { StatusReportOrderField } from '../../domain/status-report.ts';
import { BackupJobFilterInput } from '../backup-job/backup-job.input.ts';
import { MAX_PAGE_SIZE } from '../connection.ts';
import { DayRollupEnum, OrderDirectionEnum, StatusReportOrderFieldEnum } from '../enums.ts';
import { PeriodInput } from './period.input.ts';
import { ReadOptionsInput } from '../read-options.input.ts';

@InputType('StatusReportOrder', { description: 'How report entries are ordered.' })
export class StatusReportOrderInput {
  @Field(() => StatusReportOrderFieldEnum, { description: 'What they are ordered by.' })
  readonly field!: StatusReportOrderField;

  @Field(() => OrderDirectionEnum, { defaultValue: 'ASC', description: 'Which end comes first.' })
  readonly direction!: OrderDirection;
}

@ArgsType()
export class StatusReportArgs {
  @Field(() => PeriodInput, { nullable: true, description: 'The period to count; the last 24 hours when left out.' })
  readonly period?: PeriodInput;

  @Field(() => BackupJobFilterInput, {
    nullable: true,
    description: 'Only these jobs, their runs and what they protect; all when left out.',
  })
  readonly filter?: BackupJobFilterInput;

  @Field(() => DayRollupEnum, {
    nullable: true,
    defaultValue: 'WORST',
    description: 'How `byDay` makes one status of the runs of one object on one day.',
  })
  readonly dayRollup?: DayRollup | null;

  @Field(() => ReadOptionsInput, { nullable: true, description: 'How hard to try.' })
  readonly read?: ReadOptionsInput;
}

export const DEFAULT_ENTRIES = 50;

@ArgsType()
export class StatusReportEntriesArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_ENTRIES,
    description: `How many entries, 0 to ${MAX_PAGE_SIZE}.`,
  })
  readonly first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Entries behind this cursor, which must come from the same report and order.',
  })
  readonly after?: string | null;

  @Field(() => StatusReportOrderInput, { nullable: true, description: 'The order; worst first when left out.' })
  readonly orderBy?: StatusReportOrderInput;
}
