import { SeededRandom } from '../../simulation/random.ts';
import type { SimulatedRequest, SimulatedResponse } from '../../simulation/simulated-server.ts';
import { Refusal } from './simulator-answers.ts';
import { objectOf, textOf } from './simulator-actions.ts';
import { printInstant, statusOf, type Course } from './simulator-records.ts';

interface Export extends Course {
  readonly jobId: string;
  readonly description: string | undefined;
  readonly types: readonly string[];
}

/** The sp-config exports: start, status and download; they are no backups and appear in no list. */
export class Exports {
  readonly #random: SeededRandom;
  readonly #exports = new Map<string, Export>();

  constructor(seed: number) {
    this.#random = new SeededRandom(seed ^ 0x3e9);
  }

  /** `rest` is what follows `export`. */
  handle(
    request: SimulatedRequest,
    rest: readonly string[],
    body: () => unknown,
    now: number,
  ): SimulatedResponse | undefined {
    const [id, download, ...more] = rest;
    if (more.length > 0) return undefined;
    if (request.method === 'POST' && id === undefined) return this.#start(objectOf(body(), 'request body'), now);
    if (request.method !== 'GET' || id === undefined || (download ?? 'download') !== 'download') return undefined;
    const job = this.#exports.get(id);
    const isGone = job === undefined || now >= job.endsAt + EXPIRES_AFTER_MS;
    if (isGone) throw new Refusal(404, `The export ${id} was not found.`);
    if (download === undefined) return { status: 200, body: this.#view(job, now) };
    if (now < job.endsAt) throw new Refusal(400, 'The export is not complete.');
    return { status: 200, body: downloadOf(job) };
  }

  #start(body: Readonly<Record<string, unknown>>, now: number): SimulatedResponse {
    const included = typesOf(body, 'includeTypes') ?? ['ROLE', 'RULE', 'SOURCE', 'CONNECTOR_RULE'];
    const excluded = body['includeTypes'] === undefined ? (typesOf(body, 'excludeTypes') ?? []) : [];
    const job: Export = {
      jobId: this.#random.uuid(),
      createdAt: now,
      beginsAt: now + 3_000,
      endsAt: now + this.#random.integer(60_000, 200_000),
      outcome: 'COMPLETE',
      description: textOf(body, 'description'),
      types: included.filter((type) => !excluded.includes(type)),
    };
    this.#exports.set(job.jobId, job);
    return { status: 202, body: this.#view(job, now) };
  }

  /** What is not known yet is null here. */
  #view(job: Export, now: number): object {
    const isEnded = now >= job.endsAt;
    return {
      jobId: job.jobId,
      status: statusOf(job, now),
      type: 'EXPORT',
      expiration: printInstant(job.createdAt + EXPIRES_AFTER_MS, 3),
      created: printInstant(job.createdAt, 6),
      modified: printInstant(isEnded ? job.endsAt : now, 0),
      completed: isEnded ? printInstant(job.endsAt, 2) : null,
      description: job.description ?? null,
      message: null,
    };
  }
}

const EXPIRES_AFTER_MS = 7 * 86_400_000;

function typesOf(body: Readonly<Record<string, unknown>>, name: string): readonly string[] | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((type) => typeof type === 'string')) return value;
  throw new Refusal(400, `${name} must be an array of strings.`);
}

function downloadOf({ jobId, description, types, endsAt }: Export): object {
  const objects = types.map((type) => ({ version: 1, self: { type, id: `${jobId}-${type}`, name: type }, object: {} }));
  return {
    version: 1,
    timestamp: printInstant(endsAt, 3),
    tenant: 'acme-lab',
    description: description ?? null,
    objects,
  };
}
