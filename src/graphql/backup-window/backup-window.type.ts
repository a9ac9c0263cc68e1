import { Field, Int, ObjectType } from 'type-graphql';
import type { BackupWindow, WindowSemantics } from '../../domain/backup-window.ts';
import type { WindowCompliance, WindowVerdict } from '../../domain/window-compliance.ts';
import { WindowSemanticsEnum, WindowVerdictEnum } from '../enums.ts';
import { DateTimeScalar } from '../scalars.ts';

@ObjectType('WindowInterval', { description: 'A stretch of time in which the window is open.' })
export class WindowIntervalType {
  @Field(() => DateTimeScalar, { description: 'Its beginning.' })
  readonly start!: Date;

  @Field(() => DateTimeScalar, { description: 'Its end, which is no longer part of it.' })
  readonly end!: Date;
}

@ObjectType('BackupWindow', { description: 'The hours of a week in which a job may run.' })
export class BackupWindowType implements Omit<BackupWindow, 'minuteOffsetReading'> {
  @Field(() => Boolean, {
    description:
      'False when the vendor has the window switched off: then every hour is allowed, whatever `hours` says.',
  })
  readonly enabled!: boolean;

  @Field(() => WindowSemanticsEnum, { description: 'What the window demands of a run.' })
  readonly semantics!: WindowSemantics;

  @Field(() => [Boolean], { description: '168 hours as the vendor tells them, Sunday 00:00 first; true is allowed.' })
  readonly hours!: readonly boolean[];

  @Field(() => Int, {
    description:
      "The vendor's own offset in minutes, read as: wall clock of `hours` = UTC plus this. The vendor does not say how it is meant.",
  })
  readonly utcOffsetMinutes!: number;
}

@ObjectType('WindowCompliance', { description: "How a run stands to its job's backup window." })
export class WindowComplianceType implements Omit<WindowCompliance, 'outsideSeconds'> {
  @Field(() => WindowVerdictEnum, { description: 'The verdict.' })
  readonly verdict!: WindowVerdict;

  @Field(() => WindowSemanticsEnum, { description: 'What the window demands; UNKNOWN without one.' })
  readonly semantics!: WindowSemantics;
}
