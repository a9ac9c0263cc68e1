import { endOf, isCancelable, percentOf, startOf, statusOf, timeOf, type Backup } from './simulator-backups.ts';
import type { Release } from './simulator-releases.ts';
import type { Schedule } from './simulator-schedule.ts';
import { DESCRIPTIONS, FAILURES, SUCCESS_NOTE, stepAt, type Message } from './simulator-texts.ts';

export type Style = 'rest' | 'api';
type Members = Record<string, unknown>;

/** What the appliance answers, in the form of a release and a style. */
export class Views {
  readonly #release: Release;

  constructor(release: Release) {
    this.#release = release;
  }

  /** The six members that every release has; a job that waits has its request as start. */
  status(backup: Backup, style: Style, now: number): Members {
    const end = endOf(backup, now);
    return {
      id: backup.id,
      state: stateOf(backup, now),
      messages: this.#messages(backup, style, now),
      progress: percentOf(backup, now),
      start_time: printInstant(timeOf(backup)),
      ...this.#optional(style, { end_time: end === undefined ? undefined : printInstant(end) }),
    };
  }

  details(backup: Backup, style: Style, now: number): Members {
    const status = statusOf(backup, now);
    const start = startOf(backup);
    const end = endOf(backup, now);
    const began = status !== 'PENDING' && status !== 'BLOCKED';
    return {
      type: backup.type,
      status,
      cancelable: isCancelable(backup, now),
      location: backup.location,
      location_user: backup.locationUser,
      messages: this.#messages(backup, style, now),
      description: this.#message(DESCRIPTIONS[backup.type], style),
      service: 'com.vmware.appliance.recovery.backup.job',
      operation: 'create',
      ...(began ? this.#figures(backup, start ?? now, style, now) : {}),
      ...(start === undefined ? {} : { start_time: printInstant(start) }),
      ...this.#optional(style, {
        end_time: end === undefined ? undefined : printInstant(end),
        error: this.#error(backup, style, now),
        user: backup.user,
        parent: undefined,
        target: backup.number % 3 === 0 ? { type: 'Appliance', id: 'appliance' } : undefined,
        build: backup.number % 4 === 0 ? undefined : this.#build(backup),
        fast_backup: this.#release.order >= 8 ? backup.fastBackup : undefined,
      }),
    };
  }

  /** Secrets are never shown. */
  schedule(schedule: Schedule, style: Style): Members {
    const { recurrence, maxCount } = schedule;
    return {
      parts: schedule.parts,
      location: schedule.location,
      enable: schedule.enabled,
      ...this.#optional(style, {
        location_user: schedule.locationUser,
        recurrence_info: recurrence && {
          ...recurrence,
          ...this.#optional(style, { days: recurrence.days }),
        },
        retention_info: maxCount === undefined ? undefined : { max_count: maxCount },
        fast_backup: this.#release.order >= 8 ? schedule.fastBackup : undefined,
      }),
    };
  }

  part(id: string): Members {
    const { name, description } = PARTS[id] ?? { name: id, description: id };
    return {
      id,
      name: { id: `com.vmware.appliance.part.${id}.name`, default_message: name, args: [] },
      description: { id: `com.vmware.appliance.part.${id}.description`, default_message: description, args: [] },
      selected_by_default: true,
      optional: id !== 'common',
    };
  }

  /** A map is an array of pairs in /rest and an object in /api. */
  map(entries: readonly (readonly [string, unknown])[], style: Style): unknown {
    return style === 'rest' ? entries.map(([key, value]) => ({ key, value })) : Object.fromEntries(entries);
  }

  #figures(backup: Backup, start: number, style: Style, now: number): Members {
    const percent = percentOf(backup, now);
    // A backup that did not get past the login has nothing to count.
    const nothing = backup.failure === 'login' && endOf(backup, now) !== undefined;
    return {
      duration: Math.floor(((endOf(backup, now) ?? now) - start) / 1000),
      size: nothing ? 0 : Math.floor((backup.sizeBytes * percent) / 100),
      progress: {
        total: nothing ? 0 : 100,
        completed: nothing ? 0 : percent,
        message: this.#message(stepAt(percent), style),
      },
    };
  }

  #messages(backup: Backup, style: Style, now: number): Members[] {
    if (endOf(backup, now) === undefined) return [];
    const note = backup.parts.includes('seat') ? [] : [SUCCESS_NOTE];
    const messages = backup.failure === undefined ? note : FAILURES[backup.failure].messages;
    return messages.map((one) => this.#message(one, style));
  }

  #message({ id, text, args, localized, params }: Message, style: Style): Members {
    const shown = { id, default_message: text, args };
    if (this.#release.order < 8) return shown;
    return {
      ...shown,
      ...this.#optional(style, {
        localized,
        params:
          params &&
          this.map(
            Object.entries(params).map(([name, s]) => [name, { s }]),
            style,
          ),
      }),
    };
  }

  /** A text in 7.0 and 8.0, an error object in the others. */
  #error(backup: Backup, style: Style, now: number): unknown {
    const text = backup.failure && FAILURES[backup.failure].error;
    if (text === undefined || endOf(backup, now) === undefined) return undefined;
    if (this.#release.order === 7 || this.#release.order === 8) return text;
    const messages = [this.#message({ id: 'com.vmware.appliance.backup.error', text, args: [] }, style)];
    return this.#release.order > 8 ? { error_type: 'ERROR', messages } : { messages };
  }

  #build(backup: Backup): Members {
    const { version } = this.#release;
    return {
      version_name: `VMware vCenter Server ${version.slice(0, 5)}`,
      version,
      build_number: String(backup.build),
    };
  }

  /** What is unset is left out; the newest release writes null in /api. */
  #optional(style: Style, members: Members): Members {
    const asNull = this.#release.order > 9 && style === 'api';
    const entries = Object.entries(members).map(
      ([name, value]) => [name, value ?? (asNull ? null : undefined)] as const,
    );
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
}

/** UTC with milliseconds and `Z`. */
export function printInstant(instant: number): string {
  return new Date(instant).toISOString();
}

/** The second vocabulary: no underscore, and no word for waiting but NONE. */
function stateOf(backup: Backup, now: number): string {
  const status = statusOf(backup, now);
  switch (status) {
    case 'PENDING':
    case 'BLOCKED':
      return 'NONE';
    case 'RUNNING':
      return 'INPROGRESS';
    default:
      return status;
  }
}

const PARTS: Readonly<Record<string, { readonly name: string; readonly description: string }>> = {
  common: { name: 'Inventory and configuration', description: 'Configuration of all services; always included.' },
  seat: { name: 'Stats, Events, and Tasks', description: 'Historical data such as statistics, events and tasks.' },
  supervisors: { name: 'Supervisors Control Plane', description: 'State of the supervisor control planes.' },
};
