import type { WriteRefusal } from '../../domain/backup-operation.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { RefusedWrite } from '../contract.ts';

/** @throws INTERNAL when there is no refusal. */
export function refusedBy(refusals: readonly WriteRefusal[]): RefusedWrite {
  const [first, ...others] = refusals;
  if (first === undefined) throw new GatewayError('INTERNAL', 'A write was refused without a reason.');
  return { refusals: [first, ...others] };
}
