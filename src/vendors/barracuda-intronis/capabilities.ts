import type { Operation } from '../../domain/source.ts';
import type { CapabilityReading } from '../contract.ts';

/** What API v1 offers: it reads. Nothing depends on the state of a job or a run. */
export const CAPABILITIES: Readonly<Record<Operation, CapabilityReading>> = {
  CREATE: notOffered('The Barracuda API cannot create a backup set; do it in the partner portal or on the computer.'),
  START: notOffered(
    'The Barracuda API has no call that starts a backup; start it in the partner portal or on the computer.',
  ),
  CANCEL: notOffered('The Barracuda API has no call that cancels a running backup; cancel it on the computer.'),
  RETRY: notOffered('The Barracuda API has no call that starts a backup, so none can be repeated.'),
  ENABLE: notOffered(
    'Enabling a backup set needs its number, which API v1 does not tell; do it in the partner portal.',
  ),
  DISABLE: notOffered(
    'Disabling a backup set needs its number, which API v1 does not tell; do it in the partner portal.',
  ),
  UPDATE_SCHEDULE: notOffered('API v1 knows no schedules; change them in the partner portal or on the computer.'),
  DELETE: notOffered(
    'Deleting a backup set needs its number, which API v1 does not tell; do it in the partner portal.',
  ),
  READ_RUN_HISTORY: { supported: true },
  READ_LOGS: notOffered('The Barracuda API tells no log lines; what was notable about a run are its conditions.'),
  READ_SCHEDULE: notOffered('API v1 tells no schedules.'),
  READ_SIZES: { supported: true },
};

/** The same for an account whose action history does not answer. */
export const CAPABILITIES_WITHOUT_HISTORY: Readonly<Record<Operation, CapabilityReading>> = {
  ...CAPABILITIES,
  READ_RUN_HISTORY: notOffered(
    'The action history of this account does not answer, so only the newest run of each backup set is known.',
  ),
  READ_SIZES: notOffered('Sizes stand in the action history, which does not answer for this account.'),
};

function notOffered(explanation: string): CapabilityReading {
  return { supported: false, reason: 'NOT_OFFERED_BY_VENDOR', explanation };
}
