import { Field, InputType } from 'type-graphql';
import { parseIsoDuration } from '../domain/duration.ts';
import { GatewayError } from '../domain/errors.ts';
import type { ReadChoice } from './context.ts';
import { DurationScalar } from './scalars.ts';

@InputType('ReadOptions', {
  description: 'How hard to try. Everything left out takes what is configured for the source.',
})
export class ReadOptionsInput {
  @Field(() => DurationScalar, {
    nullable: true,
    description: 'Longest wait for any one source; slower ones come back as TIMED_OUT. At most one minute.',
  })
  readonly patience?: string;

  @Field(() => DurationScalar, {
    nullable: true,
    description: 'How old a reading may be to be used instead of a call; `PT0S` asks the vendor anew.',
  })
  readonly maxAge?: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a source that fails may be served from an older reading, marked STALE.',
  })
  readonly allowStale?: boolean;
}

/** @throws INVALID_INPUT naming the argument. */
export function readChoice(options: ReadOptionsInput | undefined): ReadChoice {
  if (options === undefined || options === null) return {};
  const patienceMs = milliseconds(options.patience, 'read.patience');
  if (patienceMs !== undefined && (patienceMs <= 0 || patienceMs > MAX_PATIENCE_MS)) {
    throw new GatewayError(
      'INVALID_INPUT',
      'Argument "read.patience" is to be more than nothing and at most one minute.',
      {
        argument: 'read.patience',
      },
    );
  }
  return {
    patienceMs,
    maxAgeMs: milliseconds(options.maxAge, 'read.maxAge'),
    allowStale: options.allowStale ?? undefined,
  };
}

const MAX_PATIENCE_MS = 60_000;

/** Milliseconds of a duration. @throws INVALID_INPUT naming the argument. */
export function milliseconds(text: string | null | undefined, argument: string): number | undefined {
  if (text === undefined || text === null) return undefined;
  const duration = parseIsoDuration(text);
  if (duration !== undefined && duration >= 0) return duration;
  throw new GatewayError('INVALID_INPUT', `Argument "${argument}" is not a duration that the gateway can count.`, {
    argument,
  });
}
