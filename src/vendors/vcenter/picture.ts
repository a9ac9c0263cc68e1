import { GatewayError } from '../../domain/errors.ts';
import type { Zone } from '../../domain/schedule.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { Reading } from '../../transport/source-http.ts';
import { MAX_FILTERED_IDS, type Appliance } from './appliance.ts';
import { mapDetails, mapJobStatus, type Backup } from './mapper.ts';
import { chunksOf, isMissing, mapBounded, settled, throwIfAllFailed } from './settle.ts';
import { mapType } from './status.ts';
import type { BrokenRow, WireMap } from './wire-map.ts';
import type { DetailsWire, ScheduleWire } from './wire.ts';

type Details = Reading<WireMap<DetailsWire>>;
type Schedules = Reading<WireMap<ScheduleWire>>;

/** What an appliance tells at one time, ready to be turned into jobs and runs. */
export interface Picture {
  readonly backups: readonly Backup[];
  /** Backups that could not be read. */
  readonly broken: readonly BrokenRow[];
  /** What went wrong with the backups, `broken` included. */
  readonly problems: readonly GatewayError[];
  /** Asked for with the backups, so `fetchedAt` is that of the older of both; the failure when only they could not be read. */
  readonly schedules: Schedules | GatewayError | undefined;
  /** Undefined unless there is exactly one. */
  readonly onlyScheduleId: string | undefined;
  readonly zone: Zone | undefined;
}

export interface PictureOptions {
  readonly schedules: boolean;
  readonly zone: boolean;
  /** The only backups that matter, for an appliance that must be asked for each one. */
  readonly onlyIds?: readonly string[];
}

/**
 * Puts the appliance's calls together.
 *
 * From 6.7 one call tells all backups, and jobs, runs and newest runs are read from it; a 6.5 gives ids, and each backup by a call of
 * its own.
 */
export class Pictures {
  readonly #appliance: Appliance;
  readonly #sourceKey: string;

  constructor(appliance: Appliance, sourceKey: string) {
    this.#appliance = appliance;
    this.#sourceKey = sourceKey;
  }

  /** @throws when the backups could not be read at all. */
  async ofAll(call: ReadCall, options: PictureOptions): Promise<Picture> {
    await this.#appliance.findStyle(call);
    const hasDetails = this.#appliance.hasDetails();
    const [details, schedules, zone] = await Promise.all([
      this.#appliance.details(call),
      options.schedules && hasDetails ? this.#schedules(call) : undefined,
      options.zone && hasDetails ? this.#appliance.timeZone(call) : undefined,
    ]);
    if (details === undefined) return this.#ofStatuses(call, options.onlyIds);
    const { value, fetchedAt } = details;
    const onlyScheduleId = onlyIdOf(schedules);
    return {
      backups: [...value.rows].map(([id, wire]) => this.#map(id, wire, fetchedAt, onlyScheduleId)),
      broken: value.broken,
      problems: value.broken.map(({ error }) => error),
      schedules: asOldAs(schedules, fetchedAt),
      onlyScheduleId,
      zone,
    };
  }

  /** Some backups by id; one that is absent does not exist. */
  async ofIds(ids: readonly string[], call: ReadCall): Promise<ReadonlyMap<string, Backup | GatewayError>> {
    await this.#appliance.findStyle(call);
    const chunks = chunksOf(ids, MAX_FILTERED_IDS);
    const readings = await Promise.all(chunks.map((chunk) => settled(this.#appliance.detailsOf(chunk, call))));
    throwIfAllFailed(readings);
    if (readings.includes(undefined)) return this.#statusesOf(ids, call);
    const schedules = readings.some(hasScheduled) ? await this.#schedules(call) : undefined;
    const found = new Map<string, Backup | GatewayError>();
    for (const [index, reading] of readings.entries()) {
      for (const id of chunks[index] ?? []) {
        const backup = reading && this.#find(id, reading, schedules);
        if (backup !== undefined) found.set(id, backup);
      }
    }
    return found;
  }

  #find(
    id: string,
    details: Details | GatewayError,
    schedules: Schedules | GatewayError | undefined,
  ): Backup | GatewayError | undefined {
    if (details instanceof GatewayError) return details;
    const wire = details.value.rows.get(id);
    if (wire === undefined) return details.value.broken.find((row) => row.id === id)?.error;
    // Without the schedules, nothing says which job a scheduled run belongs to.
    if (schedules instanceof GatewayError && mapType(wire.type) === 'SCHEDULED') return schedules;
    return this.#map(id, wire, details.fetchedAt, onlyIdOf(schedules));
  }

  #map(id: string, wire: DetailsWire, fetchedAt: Date, onlyScheduleId: string | undefined): Backup {
    return mapDetails(id, wire, { sourceKey: this.#sourceKey, fetchedAt, onlyScheduleId });
  }

  #schedules(call: ReadCall): Promise<Schedules | GatewayError> {
    return settled(this.#appliance.schedules(call));
  }

  /** A 6.5: the ids, and each backup by itself. */
  async #ofStatuses(call: ReadCall, onlyIds: readonly string[] | undefined): Promise<Picture> {
    const list = onlyIds === undefined ? (await this.#appliance.jobIds(call)).value : { ids: onlyIds, problems: [] };
    const backups: Backup[] = [];
    const broken: BrokenRow[] = [];
    for (const [id, backup] of await this.#statusesOf(list.ids, call)) {
      if (backup instanceof GatewayError) broken.push({ id, error: backup, type: 'MANUAL', startedAt: undefined });
      else backups.push(backup);
    }
    if (onlyIds === undefined && list.ids.length > 0 && backups.length + broken.length === 0)
      throw this.#emptied(list.ids);
    const problems = [...list.problems, ...broken.map(({ error }) => error)];
    return { backups, broken, problems, schedules: undefined, onlyScheduleId: undefined, zone: undefined };
  }

  /** Single backups go with time, all at once they do not: an empty list would look whole. */
  #emptied(ids: readonly string[]): GatewayError {
    const message = `Source "${this.#sourceKey}" lists ${ids.length} backups and finds none of them.`;
    return new GatewayError('VENDOR_FAULT', message, { sourceKey: this.#sourceKey });
  }

  /** @throws the first failure when no backup could be read. One that is gone by now is left out. */
  async #statusesOf(ids: readonly string[], call: ReadCall): Promise<ReadonlyMap<string, Backup | GatewayError>> {
    const answers = await mapBounded(ids, async (id): Promise<[string, Backup | GatewayError]> => {
      const reading = await settled(this.#appliance.jobStatus(id, call));
      if (reading instanceof GatewayError) return [id, reading];
      const context = { sourceKey: this.#sourceKey, fetchedAt: reading.fetchedAt };
      return [id, mapJobStatus(reading.value, context)];
    });
    const there = answers.filter(([, answer]) => !isMissing(answer));
    throwIfAllFailed(there.map(([, answer]) => answer));
    return new Map(there);
  }
}

/** A schedule that could not be read is one all the same. */
function onlyIdOf(schedules: Schedules | GatewayError | undefined): string | undefined {
  if (schedules === undefined || schedules instanceof GatewayError) return undefined;
  const ids = [...schedules.value.rows.keys(), ...schedules.value.broken.map(({ id }) => id)];
  return ids.length === 1 ? ids[0] : undefined;
}

function asOldAs(schedules: Schedules | GatewayError | undefined, fetchedAt: Date): Picture['schedules'] {
  if (schedules === undefined || schedules instanceof GatewayError || schedules.fetchedAt <= fetchedAt)
    return schedules;
  return { value: schedules.value, fetchedAt };
}

function hasScheduled(details: Details | GatewayError | undefined): boolean {
  if (details === undefined || details instanceof GatewayError) return false;
  return details.value.rows.values().some(({ type }) => mapType(type) === 'SCHEDULED');
}
