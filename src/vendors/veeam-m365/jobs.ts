import type { ReadCall } from '../../transport/read-call.ts';
import type { ByNativeId } from '../contract.ts';
import type { VeeamApi } from './api.ts';
import { MAX_SINGLE_READS, pickFrom, readEach } from './batch.ts';
import type { FetchedRow, PagedRows } from './paging.ts';
import type { JobWire } from './wire.ts';

/** Reads jobs with the fewest calls: the list, or a few of them one by one. */
export class JobReader {
  readonly #api: VeeamApi;
  /** When the newest list was asked for: a read that may be as old costs no call, and single reads would. */
  #listedAt = -Infinity;

  constructor(api: VeeamApi) {
    this.#api = api;
  }

  async list(call: ReadCall): Promise<PagedRows<JobWire>> {
    const list = await this.#api.listJobs(call);
    this.#listedAt = list.rows[0]?.fetchedAt.getTime() ?? this.#listedAt;
    return list;
  }

  async read<T>(
    ids: ReadonlySet<string>,
    map: (row: FetchedRow<JobWire>) => T,
    call: ReadCall,
  ): Promise<ByNativeId<T>> {
    if (ids.size === 0) return new Map();
    if (ids.size > MAX_SINGLE_READS || this.#listedAt >= call.freshSince) return this.readFromList(ids, map, call);
    return readEach(ids, async (id) => map(await this.#api.readJob(id, call)));
  }

  async readFromList<T>(
    ids: ReadonlySet<string>,
    map: (row: FetchedRow<JobWire>) => T,
    call: ReadCall,
  ): Promise<ByNativeId<T>> {
    return ids.size === 0 ? new Map() : pickFrom(await this.list(call), ids, map);
  }
}
