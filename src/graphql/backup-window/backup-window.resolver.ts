import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import {
  allowedHoursPerWeek,
  isOpenAt,
  minuteOffsetWarning,
  nextClosing,
  nextOpening,
  windowIntervals,
  type BackupWindow,
} from '../../domain/backup-window.ts';
import { formatIsoDuration } from '../../domain/duration.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { WindowCompliance } from '../../domain/window-compliance.ts';
import { isTimeZone } from '../../domain/zone-offset.ts';
import type { OperationContext } from '../context.ts';
import { DateTimeScalar, DurationScalar, TimeZoneScalar } from '../scalars.ts';
import { BackupWindowType, WindowComplianceType, WindowIntervalType } from './backup-window.type.ts';

@Resolver(() => BackupWindowType)
export class BackupWindowResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'A warning when the instants of this window hang on how the vendor means its offset, and the configuration does not say it.',
  })
  offsetWarning(@Root() window: BackupWindow): string | undefined {
    return minuteOffsetWarning(window);
  }

  @FieldResolver(() => Int, { description: 'How many of the 168 hours are allowed.' })
  allowedHoursPerWeek(@Root() window: BackupWindow): number {
    return allowedHoursPerWeek(window);
  }

  @FieldResolver(() => [WindowIntervalType], {
    description:
      'The open stretches, merged, of the week (Sunday first, in the asked zone) that holds the given instant, or of the present one.',
  })
  intervals(
    @Root() window: BackupWindow,
    @Arg('timeZone', () => TimeZoneScalar, {
      nullable: true,
      defaultValue: 'UTC',
      description: 'Zone in which the week begins.',
    })
    timeZone: string | null,
    @Arg('weekOf', () => DateTimeScalar, { nullable: true, description: 'An instant of the week; now when left out.' })
    weekOf: Date | undefined,
    @Ctx() context: OperationContext,
  ): WindowIntervalType[] {
    const zone = timeZone ?? 'UTC';
    // The scalar lets offsets and abbreviations pass.
    if (!isTimeZone(zone))
      throw new GatewayError('INVALID_INPUT', 'Argument "timeZone" is to be an IANA name, such as Europe/Berlin.', {
        argument: 'timeZone',
      });
    return [...windowIntervals(window, { timeZone: zone, weekOf: weekOf ?? context.startedAt })];
  }

  @FieldResolver(() => Boolean, { description: 'Whether the window is open at an instant.' })
  isOpenAt(
    @Root() window: BackupWindow,
    @Arg('at', () => DateTimeScalar, { description: 'The instant.' }) at: Date,
  ): boolean {
    return isOpenAt(window, at);
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When it next opens; null when it never closes or never opens.',
  })
  nextOpening(
    @Root() window: BackupWindow,
    @Arg('after', () => DateTimeScalar, { nullable: true, description: 'After this instant; now when left out.' })
    after: Date | undefined,
    @Ctx() context: OperationContext,
  ): Date | undefined {
    return nextOpening(window, after ?? context.startedAt);
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When it next closes; null when it never closes or never opens.',
  })
  nextClosing(
    @Root() window: BackupWindow,
    @Arg('after', () => DateTimeScalar, { nullable: true, description: 'After this instant; now when left out.' })
    after: Date | undefined,
    @Ctx() context: OperationContext,
  ): Date | undefined {
    return nextClosing(window, after ?? context.startedAt);
  }
}

@Resolver(() => WindowComplianceType)
export class WindowComplianceResolver {
  @FieldResolver(() => DurationScalar, {
    nullable: true,
    description: 'How much of the run lay in closed hours; null where nothing did, or where no end is known.',
  })
  outside(@Root() { outsideSeconds }: WindowCompliance): string | undefined {
    return outsideSeconds === undefined ? undefined : formatIsoDuration(outsideSeconds);
  }
}
