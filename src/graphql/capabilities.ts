import { mayDo, roleOf } from '../domain/caller.ts';
import { OPERATIONS, type Capability, type Operation } from '../domain/source.ts';
import { WRITE_VERBS, type WriteVerb } from '../domain/write-request.ts';
import type { CapabilityReading } from '../vendors/contract.ts';
import type { GatewaySource, OperationContext } from './context.ts';

/** The answers for this caller as a list, in the order of the vocabulary or of the question. Makes no vendor call. */
export function capabilityList(
  readings: Readonly<Record<Operation, CapabilityReading>>,
  asked: readonly Operation[] | undefined,
  source: GatewaySource,
  { caller }: OperationContext,
): Capability[] {
  const isDown = source.health().circuit === 'OPEN';
  return (asked ?? OPERATIONS).map((operation) => {
    const reading = readings[operation];
    if (!reading.supported) {
      const { reason, explanation, alternatives = [] } = reading;
      return { operation, supported: false, reason, explanation, alternatives };
    }
    const none = { operation, supported: false, alternatives: [] };
    if (isWrite(operation) && !mayDo(caller.role, operation)) {
      const explanation = `This needs the role ${roleOf(operation).toLowerCase()}; the caller has ${caller.role.toLowerCase()}.`;
      return { ...none, reason: 'NOT_PERMITTED', explanation };
    }
    if (isDown) return { ...none, reason: 'SOURCE_DOWN', explanation: DOWN };
    return { operation, supported: true, reason: undefined, explanation: undefined, alternatives: [] };
  });
}

const DOWN = 'The source has failed repeatedly, so calls to it are paused for a moment.';

function isWrite(operation: Operation): operation is WriteVerb {
  return (WRITE_VERBS as readonly Operation[]).includes(operation);
}
