import { Directive, Field, Float, Int, ObjectType } from 'type-graphql';
import type { SourceErrorKind } from '../../domain/errors.ts';
import type {
  Capability,
  CapabilityReason,
  CircuitState,
  Label,
  Operation,
  SourceDrift,
  SourceHealth,
  SourceOutcome,
  SourceState,
} from '../../domain/source.ts';
import type { SourceErrorValue, SourceResult } from '../aggregate.ts';
import type { GatewaySource } from '../context.ts';
import {
  CapabilityReasonEnum,
  CircuitStateEnum,
  OperationEnum,
  SourceErrorKindEnum,
  SourceOutcomeEnum,
  SourceStateEnum,
  VendorEnum,
} from '../enums.ts';
import { NodeInterface } from '../node/node.type.ts';
import { DateTimeScalar, TimeZoneScalar } from '../scalars.ts';

@ObjectType('Label', { description: 'A free label of a source, such as its site or customer.' })
export class LabelType implements Label {
  @Field(() => String, { description: 'What the label tells, such as `site`.' })
  readonly name!: string;

  @Field(() => String, { description: 'What it is here, such as `hq`.' })
  readonly value!: string;
}

@ObjectType('Capability', { description: 'Answer to "may I?" for one operation, on a source, a job or a run.' })
export class CapabilityType implements Capability {
  @Field(() => OperationEnum, { description: 'What is asked for.' })
  readonly operation!: Operation;

  @Field(() => Boolean, { description: 'Whether it can be done.' })
  readonly supported!: boolean;

  @Field(() => CapabilityReasonEnum, { nullable: true, description: 'Why not; null when it can.' })
  readonly reason!: CapabilityReason | undefined;

  @Field(() => String, { nullable: true, description: 'Why not, as a sentence for people; null when it can.' })
  readonly explanation!: string | undefined;

  @Field(() => [OperationEnum], { description: 'What can be asked instead, where there is something.' })
  readonly alternatives!: readonly Operation[];
}

@ObjectType('SourceError', {
  description: "What went wrong at a source. Never holds a secret or the vendor's error text as it came.",
})
export class SourceErrorType implements SourceErrorValue {
  @Field(() => SourceErrorKindEnum, { description: 'What kind of failure it was.' })
  readonly kind!: SourceErrorKind;

  @Field(() => String, { description: 'A sentence for people. Its wording may change: compare `kind`.' })
  readonly message!: string;

  @Field(() => Int, { nullable: true, description: "HTTP status of the vendor's answer, when there was one." })
  readonly httpStatus!: number | undefined;

  @Field(() => String, { nullable: true, description: "The vendor's own error identifier, when it gave one." })
  readonly nativeCode!: string | undefined;

  @Field(() => Boolean, { description: 'Whether the same request may succeed later by itself.' })
  readonly retryable!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Earliest instant at which a repeat makes sense, when known.',
  })
  readonly retryAfter!: Date | undefined;
}

@ObjectType('SourceHealth', { description: 'How a source has been answering since the gateway started.' })
export class SourceHealthType implements Omit<SourceHealth, 'lastError'> {
  @Field(() => SourceStateEnum, { description: 'The picture in one word.' })
  readonly state!: SourceState;

  @Field(() => CircuitStateEnum, { description: 'Whether calls are paused.' })
  readonly circuit!: CircuitState;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a call last worked.' })
  readonly lastSuccessAt!: Date | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a call last failed.' })
  readonly lastErrorAt!: Date | undefined;

  @Field(() => SourceErrorType, { nullable: true, description: 'How it failed then.' })
  readonly lastError!: SourceErrorValue | undefined;

  @Field(() => Int, { description: 'Calls that failed in a row up to now.' })
  readonly consecutiveFailures!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Median duration of recent calls in milliseconds; null before the first.',
  })
  readonly latencyMsP50!: number | undefined;

  @Field(() => Float, {
    nullable: true,
    description: '95th percentile of recent calls in milliseconds; null before the first.',
  })
  readonly latencyMsP95!: number | undefined;

  @Field(() => Float, {
    nullable: true,
    description:
      'Vendor clock minus gateway clock in seconds, from the HTTP Date header; null when the vendor sends none.',
  })
  readonly clockSkewSeconds!: number | undefined;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when the vendor asked to be left alone; null when it does not.',
  })
  readonly throttledUntil!: Date | undefined;
}

@ObjectType('SourceDrift', { description: 'How far the vendor has moved from what the gateway was built for.' })
export class SourceDriftType implements SourceDrift {
  @Field(() => [String], {
    description: 'Members that the vendor sent and no document of it describes, such as `Job.colour`.',
  })
  readonly unknownFields!: readonly string[];

  @Field(() => [String], {
    description: 'Words that the vendor sent and the gateway does not know, such as `Job.lastStatus=Frozen`.',
  })
  readonly unknownValues!: readonly string[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the first of them was seen; null when there is none.',
  })
  readonly firstSeenAt!: Date | undefined;
}

@Directive('@key(fields: "id")')
@ObjectType('VendorSource', {
  implements: NodeInterface,
  description: 'One configured vendor endpoint: a tenant, an appliance, a server or an account.',
})
export class VendorSourceType
  extends NodeInterface
  implements
    Omit<GatewaySource, 'reader' | 'section' | 'timeoutMs' | 'rpoMs' | 'defaults' | 'capabilities' | 'health' | 'drift'>
{
  @Field(() => String, { description: "The operator's key from the configuration; part of every id below it." })
  readonly key!: string;

  @Field(() => VendorEnum, { description: 'What kind of system it is.' })
  readonly vendor!: string;

  @Field(() => String, { description: "The operator's name for it." })
  readonly name!: string;

  @Field(() => [LabelType], { description: 'Free labels for views by tenant, site or customer.' })
  readonly labels!: readonly Label[];

  @Field(() => TimeZoneScalar, {
    nullable: true,
    description:
      "Zone in which the vendor's wall-clock values are read, as configured; null when it is not configured.",
  })
  readonly timeZone!: string | undefined;
}

@ObjectType('SourceResult', {
  description: 'What became of one source in one aggregated answer. Data, not an exception.',
})
export class SourceResultType implements SourceResult {
  @Field(() => VendorSourceType, { description: 'The source.' })
  readonly source!: GatewaySource;

  @Field(() => SourceOutcomeEnum, { description: 'The outcome in one word.' })
  readonly outcome!: SourceOutcome;

  @Field(() => Int, { description: 'Rows of this source that fit the filter, over all pages.' })
  readonly count!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the vendor was asked for the oldest part of its rows; older than the answer when a kept reading was used. Null when it was not read, or when its rows needed no call.',
  })
  readonly fetchedAt!: Date | undefined;

  @Field(() => Int, {
    description: 'Calls to the vendor that the answer waited for, repeats included; 0 when kept readings served it.',
  })
  readonly attempts!: number;

  @Field(() => Float, { description: 'How long the source took, in milliseconds.' })
  readonly elapsedMs!: number;

  @Field(() => SourceErrorType, { nullable: true, description: 'What went wrong; null when nothing did.' })
  readonly error!: SourceErrorValue | undefined;
}
