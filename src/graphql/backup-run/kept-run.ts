import type { BackupRun } from '../../domain/backup-run.ts';
import { OPERATIONS, type Operation } from '../../domain/source.ts';
import type { CapabilityReading } from '../../vendors/contract.ts';
import type { OperationContext } from '../context.ts';
import type { Ref } from '../loaders.ts';

/** A run as its vendor tells it, or as it was kept when the vendor answers that it has no such run. */
export async function runOrKept(ref: Ref, context: OperationContext): Promise<BackupRun | undefined> {
  const told = await context.loaders().run.load(ref);
  if (told !== undefined) return told;
  const kept = await context.source(ref.sourceKey, 'id').history?.runsById([ref.nativeId]);
  return kept?.get(ref.nativeId);
}

const GONE: CapabilityReading = {
  supported: false,
  reason: 'WRONG_STATE',
  explanation: 'The vendor does not know this run any more.',
};

/** Of a run that only the gateway still knows. */
export const NOTHING_CAN_BE_DONE = Object.fromEntries(OPERATIONS.map((operation) => [operation, GONE])) as Record<
  Operation,
  CapabilityReading
>;
