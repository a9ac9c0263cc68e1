import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import {
  ROUTER_COMPATIBILITY_VERSION_ONE,
  federateSubgraphs,
  federateSubgraphsContract,
  type FederationResult,
} from '@wundergraph/composition';
import { isObjectType, parse, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { INVENTORY_SDL } from '../../examples/federation/inventory.ts';
import { buildGatewaySubgraph } from '../../src/graphql/federation/gateway-subgraph.ts';
import { SUBGRAPH } from './support.ts';

/** Another team that has its own idea of what a label and a severity are. */
const TICKETS_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query { tickets: [Ticket!]! node(id: ID!): Ticket }
  type Ticket { id: ID! labels: [Label!]! severity: Severity! run: BackupRun }
  type Label { text: String! colour: String! }
  enum Severity { LOW HIGH }
  input TicketInput { severity: Severity! }
  type Mutation { openTicket(input: TicketInput!): Ticket }
  type BackupRun @key(fields: "id", resolvable: false) { id: ID! }
`;

const { sdl } = SUBGRAPH;
const half = (await buildGatewaySubgraph({ Severity: 'BackupSeverity' })).sdl;
const renamed = (await buildGatewaySubgraph({ Label: 'BackupLabel', Severity: 'BackupSeverity' })).sdl;

type Sdls = Readonly<Record<string, string>>;

/** What the Guild's composer finds wrong. */
function guildErrors(sdls: Sdls): string[] {
  const result = composeServices(Object.entries(sdls).map(([name, text]) => ({ name, typeDefs: parse(text) })));
  return compositionHasErrors(result) ? result.errors.map(({ message }) => message) : [];
}

function subgraphs(sdls: Sdls) {
  return Object.entries(sdls).map(([name, text]) => ({
    name,
    url: `http://${name}.test/graphql`,
    definitions: parse(text),
  }));
}

function federated(sdls: Sdls): FederationResult {
  return federateSubgraphs({ subgraphs: subgraphs(sdls), version: ROUTER_COMPATIBILITY_VERSION_ONE });
}

function wundergraphErrors(sdls: Sdls): string[] {
  const result = federated(sdls);
  return result.success ? [] : result.errors.map(({ message }) => message);
}

function fieldsOf(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  return isObjectType(type) ? Object.keys(type.getFields()) : [];
}

describe.each([
  ['@theguild/federation-composition', guildErrors],
  ['@wundergraph/composition', wundergraphErrors],
])('federation/composition with %s', (_composer, errorsOf) => {
  it('takes the subgraph by itself', () => {
    expect(errorsOf({ backup: sdl })).toEqual([]);
  });

  it('takes it beside one that extends jobs by their second key and objects by their id', () => {
    expect(errorsOf({ backup: sdl, inventory: INVENTORY_SDL })).toEqual([]);
  });

  it('refuses it beside one whose types have the same names, until these are changed', () => {
    expect(errorsOf({ backup: sdl, tickets: TICKETS_SDL }).join('\n')).toMatch(/Severity/);
    expect(errorsOf({ backup: half, tickets: TICKETS_SDL }).join('\n')).toMatch(/Label/);
    expect(errorsOf({ backup: renamed, tickets: TICKETS_SDL })).toEqual([]);
  });

  it('takes all three together', () => {
    expect(errorsOf({ backup: renamed, inventory: INVENTORY_SDL, tickets: TICKETS_SDL })).toEqual([]);
  });

  it('refuses one that needs a field of a job that is not there', () => {
    const wrong = INVENTORY_SDL.replace(
      'service: Service\n',
      'size: Int @external service: Service @requires(fields: "size")\n',
    ).replace('"@shareable"', '"@shareable", "@external", "@requires"');
    expect(wrong).not.toBe(INVENTORY_SDL);
    expect(errorsOf({ backup: sdl, inventory: wrong })).not.toEqual([]);
  });
});

describe('federation/composition', () => {
  it('gives a graph with the fields of both subgraphs', () => {
    const result = federated({ backup: sdl, inventory: INVENTORY_SDL });
    if (!result.success) expect.fail('it does not compose');
    const schema = result.federatedGraphClientSchema;
    expect(fieldsOf(schema, 'BackupJob')).toEqual(expect.arrayContaining(['name', 'status', 'service']));
    expect(fieldsOf(schema, 'Query')).toEqual(expect.arrayContaining(['backupJobs', 'services']));
    expect(fieldsOf(schema, 'Query')).not.toContain('node');
  });

  it('gives a contract without what is for operators, when their tag is taken out', () => {
    const result = federateSubgraphsContract({
      subgraphs: subgraphs({ backup: sdl, inventory: INVENTORY_SDL }),
      contractTagOptions: { tagNamesToExclude: new Set(['operator']), tagNamesToInclude: new Set() },
      version: ROUTER_COMPATIBILITY_VERSION_ONE,
    });
    if (!result.success) expect.fail(result.errors.map(({ message }) => message).join('\n'));
    const schema = result.federatedGraphClientSchema;
    expect(fieldsOf(schema, 'Query')).toContain('backupJobs');
    expect(fieldsOf(schema, 'Query')).not.toContain('auditTrail');
    expect(fieldsOf(schema, 'VendorSource')).toContain('health');
    expect(fieldsOf(schema, 'VendorSource')).not.toContain('drift');
    expect(fieldsOf(schema, 'BackupOperation')).not.toContain('vendorCall');
    expect(fieldsOf(schema, 'CreateBackupPayload')).not.toContain('dryRun');
  });
});
