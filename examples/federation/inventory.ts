import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { buildSchema, graphql, isUnionType, type ExecutionResult, type GraphQLSchema } from 'graphql';

/**
 * Another team's subgraph: which business services there are, who owns them, and which backups they rely on.
 *
 * It knows jobs by the source's key and the vendor's native id, and protected objects by their global id. It extends both, and reads
 * nothing from BackupGraph: what it does not know of a job, the router asks BackupGraph for.
 */
export const INVENTORY_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

  type Query {
    services(first: Int = 20): ServiceConnection!
  }

  type ServiceConnection {
    nodes: [Service!]!
    pageInfo: PageInfo!
  }

  type PageInfo @shareable {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type Service @key(fields: "name") {
    name: String!
    owner: String!
    "Null in the place of one that BackupGraph could not read: it costs the list nothing else."
    backupJobs: [BackupJob]!
    data: [ProtectedObject]!
  }

  type BackupJob @key(fields: "sourceKey nativeId") {
    sourceKey: String!
    nativeId: String!
    "The service that would be hurt; null when nobody has said so."
    service: Service
  }

  type ProtectedObject @key(fields: "id") {
    id: ID!
    services: [Service!]!
  }
`;

interface Job {
  readonly sourceKey: string;
  readonly nativeId: string;
}

interface Service {
  readonly name: string;
  readonly owner: string;
  readonly jobs: readonly Job[];
  /** Global ids of protected objects. */
  readonly data: readonly string[];
}

/** What the demo of BackupGraph has, seen from the business. */
export const SERVICES: readonly Service[] = [
  {
    name: 'Virtual machines',
    owner: 'Platform team',
    jobs: [{ sourceKey: 'vc-hq', nativeId: 'schedule/default' }],
    data: ['gid://backup/ProtectedObject/vc-hq/appliance'],
  },
  {
    name: 'Patient records',
    owner: 'Oak Clinic',
    jobs: [
      { sourceKey: 'msp', nativeId: 'oak_clinic/0107/Exchange' },
      { sourceKey: 'msp', nativeId: 'oak_clinic/0107/Shares' },
    ],
    data: ['gid://backup/ProtectedObject/msp/oak_clinic/0107/Shares'],
  },
  {
    name: 'Sign-in',
    owner: 'Identity team',
    jobs: [],
    data: ['gid://backup/ProtectedObject/isc/tenant'],
  },
];

type Entity = Readonly<Record<string, string>>;

const ROUTER_FIELDS = `
  scalar _Any
  union _Entity = Service | BackupJob | ProtectedObject
  type _Service { sdl: String! }
  extend type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }
`;

/** The subgraph, ready to be asked. A real one would be made with the team's own library. */
export class Inventory {
  readonly #schema: GraphQLSchema;
  readonly #services: readonly Service[];

  constructor(services: readonly Service[] = SERVICES) {
    this.#services = services;
    this.#schema = buildSchema(INVENTORY_SDL + ROUTER_FIELDS, { assumeValidSDL: true });
    const entity = this.#schema.getType('_Entity');
    if (isUnionType(entity)) entity.resolveType = ({ __typename }: Entity) => __typename;
  }

  answer(request: { readonly query: string; readonly variables?: Record<string, unknown> }): Promise<ExecutionResult> {
    const rootValue = {
      services: ({ first }: { first: number }) => this.#page(first),
      _service: { sdl: INVENTORY_SDL },
      _entities: ({ representations }: { representations: readonly Entity[] }) =>
        representations.map((entity) => this.#entity(entity)),
    };
    return graphql({ schema: this.#schema, source: request.query, variableValues: request.variables, rootValue });
  }

  #page(first: number) {
    const pageInfo = { hasNextPage: this.#services.length > first, hasPreviousPage: false };
    return { nodes: this.#services.slice(0, first).map(shown), pageInfo };
  }

  #entity(entity: Entity) {
    const { id = '', name, sourceKey, nativeId } = entity;
    switch (entity['__typename']) {
      case 'BackupJob': {
        const isIt = (job: Job): boolean => job.sourceKey === sourceKey && job.nativeId === nativeId;
        const service = this.#services.find(({ jobs }) => jobs.some(isIt));
        return { ...entity, service: service === undefined ? null : shown(service) };
      }
      case 'ProtectedObject':
        return { ...entity, services: this.#services.filter(({ data }) => data.includes(id)).map(shown) };
      default: {
        const service = this.#services.find((one) => one.name === name);
        return service === undefined ? null : { ...entity, ...shown(service) };
      }
    }
  }
}

function shown({ name, owner, jobs, data }: Service) {
  return { name, owner, backupJobs: jobs, data: data.map((id) => ({ id })) };
}

/** Serves the inventory on a free port of this machine. */
export async function startInventory(): Promise<{ readonly url: string; readonly server: Server }> {
  const inventory = new Inventory();
  const server = createServer(async (request, response) => {
    const answer = await inventory.answer(JSON.parse(await text(request)) as { query: string });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, server };
}
