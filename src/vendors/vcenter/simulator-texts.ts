/** A message as the appliance keeps it, without the form of either style. */
export interface Message {
  readonly id: string;
  readonly text: string;
  readonly args: readonly string[];
  readonly localized?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** Why a backup fails. The catalogue of the appliance is not published: ids and texts are made up. */
export type FailureName = 'unreachable' | 'login' | 'space' | 'service' | 'not-empty' | 'cancelled';

interface Failure {
  readonly messages: readonly Message[];
  /** The text of the member `error`, which not every failure has. */
  readonly error?: string;
}

export const FAILURES: Readonly<Record<FailureName, Failure>> = {
  unreachable: {
    messages: [
      message('transport.connect', 'Failed to connect to the backup server "%s".', ['nas-büro.lab.test']),
      message('transport.giveup', 'Giving up after %s attempts.', ['3']),
    ],
    error: 'Connection to the backup location timed out.',
  },
  login: { messages: [message('transport.login', 'Access to the location was denied for user %s.', ['bkp'])] },
  space: {
    messages: [
      {
        ...message('store.full', 'Not enough space: %s MB needed on "Sicherung Köln".', ['18432']),
        localized: 'Zu wenig Platz auf „Sicherung Köln“: 18432 MB werden gebraucht.',
        params: { needed: '18432', volume: 'Sicherung Köln' },
      },
    ],
    error: 'No space left in the backup location.',
  },
  service: { messages: [], error: 'Service vmware-vpostgres did not answer.' },
  'not-empty': { messages: [message('store.notempty', 'The backup location is not empty.', [])] },
  cancelled: { messages: [message('job.cancelled', 'The backup was cancelled by a user.', [])] },
};

/** What now and then accompanies a success; messages carry no severity. */
export const SUCCESS_NOTE = message('parts.skipped', 'Optional part %s was not selected.', ['seat']);

export const DESCRIPTIONS = {
  MANUAL: message('description.manual', 'Manual backup', []),
  SCHEDULED: message('description.scheduled', 'Scheduled backup', []),
} as const;

/** What a running backup is at, by percent done. */
export function stepAt(percent: number): Message {
  if (percent < 10) return message('step.prepare', 'Preparing services', []);
  return percent < 90 ? message('step.copy', 'Copying %s', ['common']) : message('step.finish', 'Writing metadata', []);
}

export function message(id: string, text: string, args: readonly string[]): Message {
  let index = 0;
  return {
    id: `com.vmware.appliance.backup.${id}`,
    text: text.replaceAll('%s', () => args[index++] ?? ''),
    args,
  };
}
