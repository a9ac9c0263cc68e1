import { OPERATIONS, type Capability, type Operation } from '../domain/source.ts';
import type { CapabilityReading } from '../vendors/contract.ts';

/** The answers as a list, in the order of the vocabulary or of the question. */
export function capabilityList(
  readings: Readonly<Record<Operation, CapabilityReading>>,
  asked: readonly Operation[] | undefined,
): Capability[] {
  return (asked ?? OPERATIONS).map((operation) => {
    const reading = readings[operation];
    if (!reading.supported)
      return { operation, supported: false, reason: reading.reason, explanation: reading.explanation };
    if (WRITES.has(operation))
      return { operation, supported: false, reason: 'READ_ONLY_SOURCE', explanation: ONLY_READS };
    return { operation, supported: true, reason: undefined, explanation: undefined };
  });
}

const WRITES: ReadonlySet<Operation> = new Set([
  'CREATE',
  'START',
  'CANCEL',
  'RETRY',
  'ENABLE',
  'DISABLE',
  'UPDATE_SCHEDULE',
  'DELETE',
]);

const ONLY_READS = 'The vendor offers this, but this version of the gateway only reads.';
