import { Field, InputType } from 'type-graphql';
import { GatewayError } from '../../domain/errors.ts';
import { MOST_REPORT_DAYS } from '../../domain/report-days.ts';
import type { Period } from '../../domain/status-report.ts';
import { DAY_MS } from '../../domain/time-units.ts';
import { DateTimeScalar } from '../scalars.ts';

@InputType('PeriodInput', { description: 'A stretch of time.' })
export class PeriodInput {
  @Field(() => DateTimeScalar, { description: 'Its beginning.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Its end; now when left out.' })
  readonly to?: Date;
}

/**
 * The period, or the last days up to now.
 *
 * @throws INVALID_INPUT for one that does not end after it begins.
 */
export function periodOf(input: PeriodInput | null | undefined, now: Date, days: number): Period {
  const to = input?.to ?? now;
  const from = input?.from ?? new Date(to.getTime() - days * DAY_MS);
  if (from < to) return { from, to };
  throw new GatewayError('INVALID_INPUT', 'Argument "period" does not end after it begins.', { argument: 'period' });
}

/**
 * The same, where every due instant in it is looked at.
 *
 * @throws INVALID_INPUT for one of more than 400 days.
 */
export function boundedPeriod(period: Period): Period {
  if (period.to.getTime() - period.from.getTime() <= MOST_REPORT_DAYS * DAY_MS) return period;
  const message = `Argument "period" is to have at most ${MOST_REPORT_DAYS} days here.`;
  throw new GatewayError('INVALID_INPUT', message, { argument: 'period' });
}
