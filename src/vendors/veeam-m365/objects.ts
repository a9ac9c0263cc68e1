import { GatewayError } from '../../domain/errors.ts';
import type { ProtectedObject } from '../../domain/protected-object.ts';
import type { ReadCall } from '../../transport/read-call.ts';
import type { ByNativeId, Rows } from '../contract.ts';
import type { VeeamApi } from './api.ts';
import { asPartFailure, pickFrom, readEach } from './batch.ts';
import { decodeObjectId, encodeObjectId, type ObjectKey } from './ids.ts';
import type { JobReader } from './jobs.ts';
import { mapOrganization, mapSelection, type MapContext } from './mapper.ts';

/** Reads what the jobs protect: whole organisations, and the selections of jobs. */
export class ObjectReader {
  readonly #api: VeeamApi;
  readonly #jobs: JobReader;
  readonly #context: MapContext;

  constructor(api: VeeamApi, jobs: JobReader, context: MapContext) {
    this.#api = api;
    this.#jobs = jobs;
    this.#context = context;
  }

  /** All organisations, those without a job included, and the selections of the jobs that have one. */
  async list(call: ReadCall): Promise<Rows<ProtectedObject>> {
    const [organizations, selections] = await Promise.all([
      this.#listOrganizations(call).catch(asPartFailure),
      this.#listSelections(call).catch(asPartFailure),
    ]);
    if (organizations instanceof GatewayError && selections instanceof GatewayError) throw organizations;
    const parts = [organizations, selections].map((part) =>
      part instanceof GatewayError ? { rows: [], problems: [part] } : part,
    );
    return { rows: parts.flatMap(({ rows }) => rows), problems: parts.flatMap(({ problems }) => problems) };
  }

  async read(nativeIds: readonly string[], call: ReadCall): Promise<ByNativeId<ProtectedObject>> {
    const keys = nativeIds.map(decodeObjectId).filter((key) => key !== undefined);
    const parts = await Promise.all([
      answersOf(keys, 'organization', (ids) => this.#readOrganizations(ids, call)),
      answersOf(keys, 'selection', (ids) => this.#readSelections(ids, call)),
    ]);
    const answers = new Map(parts.flat());
    const failures = [...answers.values()].filter((answer) => answer instanceof GatewayError);
    const asked = new Set(keys.map(encodeObjectId)).size;
    if (failures[0] !== undefined && failures.length === asked) throw failures[0];
    return answers;
  }

  async #listOrganizations(call: ReadCall): Promise<Rows<ProtectedObject>> {
    const { rows, problems } = await this.#api.listOrganizations(call);
    return { rows: rows.map(({ row }) => mapOrganization(row, this.#context)), problems };
  }

  async #listSelections(call: ReadCall): Promise<Rows<ProtectedObject>> {
    const { rows, problems } = await this.#jobs.list(call);
    const selections = rows.map(({ row }) => mapSelection(row, this.#context));
    return { rows: selections.filter((object) => object !== undefined), problems };
  }

  /** Organisations are few, so the list is as cheap as a second single read. */
  async #readOrganizations(ids: ReadonlySet<string>, call: ReadCall): Promise<ByNativeId<ProtectedObject>> {
    if (ids.size > 1)
      return pickFrom(await this.#api.listOrganizations(call), ids, ({ row }) => mapOrganization(row, this.#context));
    return readEach(ids, async (id) => {
      const { row } = await this.#api.readOrganization(id, call);
      return mapOrganization(row, this.#context);
    });
  }

  #readSelections(ids: ReadonlySet<string>, call: ReadCall): Promise<ByNativeId<ProtectedObject | undefined>> {
    return this.#jobs.read(ids, ({ row }) => mapSelection(row, this.#context), call);
  }
}

/** The wanted objects of one kind by native id; when that kind cannot be read, each has the error. */
async function answersOf(
  keys: readonly ObjectKey[],
  kind: ObjectKey['kind'],
  read: (ids: ReadonlySet<string>) => Promise<ByNativeId<ProtectedObject | undefined>>,
): Promise<[string, ProtectedObject | GatewayError][]> {
  const ids = new Set(keys.filter((key) => key.kind === kind).map(({ id }) => id));
  if (ids.size === 0) return [];
  const found = await read(ids).catch(asPartFailure);
  const answers: [string, ProtectedObject | GatewayError][] = [];
  for (const id of ids) {
    const answer = found instanceof GatewayError ? found : found.get(id);
    if (answer !== undefined) answers.push([encodeObjectId({ kind, id }), answer]);
  }
  return answers;
}
