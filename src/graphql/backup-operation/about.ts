import type { BackupJob } from '../../domain/backup-job.ts';
import type { BackupRun } from '../../domain/backup-run.ts';
import type { OperationContext } from '../context.ts';
import type { OperationView } from './backup-operation.type.ts';

/** An operation by its id; undefined when it is not known, or belongs to another source than the id says. */
export async function readOperation(
  context: OperationContext,
  sourceKey: string,
  id: string,
): Promise<OperationView | undefined> {
  const operation = await context.loaders().operation.load(id);
  return operation?.sourceKey === sourceKey ? { ...operation, replayed: false } : undefined;
}

/** The job of an operation as it is now; undefined when there is none, or none any more. */
export async function jobOf(operation: OperationView, context: OperationContext): Promise<BackupJob | undefined> {
  const { sourceKey, jobNativeId } = operation;
  if (jobNativeId === undefined || isGone(operation)) return undefined;
  return context.loaders().job.load({ sourceKey, nativeId: jobNativeId });
}

/** The run of an operation as it is now; undefined when there is none, or none any more. */
export async function runOf(operation: OperationView, context: OperationContext): Promise<BackupRun | undefined> {
  const { sourceKey, runNativeId } = operation;
  if (runNativeId === undefined || isGone(operation)) return undefined;
  return context.loaders().run.load({ sourceKey, nativeId: runNativeId });
}

function isGone({ verb, state }: OperationView): boolean {
  return verb === 'DELETE' && state === 'CONFIRMED';
}
