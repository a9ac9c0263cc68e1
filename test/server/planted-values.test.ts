import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGatewaySchema } from '../../src/graphql/build-schema.ts';
import { createApolloServer } from '../../src/server/apollo.ts';
import { Callers } from '../../src/server/callers.ts';
import { createGraphqlServer } from '../../src/server/http.ts';
import { createLogger } from '../../src/server/log.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { sampleJob } from '../support/domain-samples.ts';
import { FakeSource } from '../support/fake-source.ts';
import { writeService } from '../support/run-operation.ts';

/** Looks like a name of GraphQL too, so that it can stand in every place. */
const PLANTED = 'hunter2PlantedSecret';

let server: Server;
let url: string;
const lines: string[] = [];

beforeAll(async () => {
  const sources = [new FakeSource({ key: 's', jobs: [sampleJob({ sourceKey: 's' })] })];
  const log = createLogger({ level: 'debug', write: (line) => void lines.push(line) });
  const metrics = new Metrics(sources);
  const apollo = createApolloServer({ schema: await buildGatewaySchema(), log, metrics, introspection: true });
  await apollo.start();
  const common = { apollo, sources, writes: writeService(sources), callers: new Callers([]), log };
  server = createGraphqlServer({ ...common, explorer: undefined, path: '/graphql', now: () => new Date() });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

interface Said {
  readonly status: number;
  readonly codes: readonly unknown[];
  readonly messages: readonly string[];
}

/** Sends a body and reads the errors of the answer; nothing of what was planted may be in it, its headers or the log. */
async function say(body: unknown): Promise<Said> {
  lines.length = 0;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const everything = [text, ...[...response.headers].flat(), ...lines].join('\n');
  expect(everything.toLowerCase()).not.toContain('hunter2');
  expect(everything).not.toMatch(/PlantedSecret/i);
  const { errors = [] } = JSON.parse(text) as {
    errors?: { message: string; extensions?: { code?: unknown } }[];
  };
  return {
    status: response.status,
    codes: errors.map(({ extensions }) => extensions?.code),
    messages: errors.map(({ message }) => message),
  };
}

const CREATE = 'mutation Create($input: CreateBackupInput!) { createBackup(input: $input) { userErrors { code } } }';
const good = { source: 's', idempotencyKey: 'k', target: { vcenter: { destination: { configured: 'nas' } } } };

describe('messages about literals', () => {
  it.each<[string, string, string]>([
    ['text for a number', `{ backupJobs(first: "${PLANTED}") { totalCount } }`, 'Expected a value of type "Int'],
    ['a block string for a number', `{ backupJobs(first: """a\n${PLANTED}""") { totalCount } }`, 'type "Int'],
    ['a name for a number', `{ backupJobs(first: ${PLANTED}) { totalCount } }`, 'type "Int'],
    ['an object for a number', `{ backupJobs(first: { ${PLANTED}: 1 }) { totalCount } }`, 'type "Int'],
    ['a list for a number', `{ backupJobs(first: ["${PLANTED}"]) { totalCount } }`, 'type "Int'],
    ['a name for text', `{ source(key: ${PLANTED}) { name } }`, 'Expected a value of type "String".'],
    ['a list for text', `{ source(key: ["${PLANTED}"]) { name } }`, 'type "String"'],
    ['a name for an id', `{ backupJob(id: ${PLANTED}) { name } }`, 'type "ID!"'],
    [
      'an unknown word of an enum',
      `{ backupJobs(filter: { statuses: [FAILED, ${PLANTED}] }) { totalCount } }`,
      'Expected a value of type "BackupStatus!": one of QUEUED, ',
    ],
    [
      'text for an enum',
      `{ backupJobs(filter: { statuses: "${PLANTED}" }) { totalCount } }`,
      'Expected a value of type "[BackupStatus!]": one of QUEUED, ',
    ],
    [
      'a wrong duration',
      `{ backupJobs(read: { patience: "${PLANTED}" }) { totalCount } }`,
      'Expected a value of type "Duration". A duration (ISO 8601), such as `PT15M`.',
    ],
    [
      'a wrong instant',
      `{ backupRuns(filter: { startedAfter: "${PLANTED}" }) { totalCount } }`,
      'Expected a value of type "DateTime". An instant with offset (RFC 3339)',
    ],
    [
      'a wrong time zone',
      `mutation { createBackup(input: { source: "s", idempotencyKey: "k", target: { sailpoint: { name: "a", timeZone: "${PLANTED}" } } }) { userErrors { code } } }`,
      'Expected a value of type "TimeZone". The name of a time zone (IANA), such as `Europe/Berlin`.',
    ],
    ['text for an input', `{ backupJobs(filter: "${PLANTED}") { totalCount } }`, 'type "BackupJobFilter"'],
    [
      'an input without what it needs',
      `mutation { startBackup(input: { job: "${PLANTED}" }) { userErrors { code } } }`,
      'Field "JobActionInput.idempotencyKey" of required type "String!" was not provided.',
    ],
    [
      'two sections of which one is to be given',
      `mutation { createBackup(input: { source: "s", idempotencyKey: "k", target: { veeam: { organizationId: "${PLANTED}", name: "a", repositoryId: "b" }, vcenter: { destination: { configured: "x" } } } }) { userErrors { code } } }`,
      'OneOf Input Object "CreateBackupTarget" must specify exactly one key.',
    ],
    [
      'a default of another type',
      `query Q($a: Int = "${PLANTED}") { backupJobs(first: $a) { totalCount } }`,
      'type "Int"',
    ],
    [
      'a default deep inside',
      `query Q($a: BackupJobFilter = { statuses: [${PLANTED}] }) { backupJobs(filter: $a) { totalCount } }`,
      'type "BackupStatus!"',
    ],
    ['a condition that is none', `{ sources @skip(if: "${PLANTED}") { key } }`, 'type "Boolean!"'],
    [
      'a secret as a literal',
      `mutation { createBackup(input: { source: "s", idempotencyKey: "k", target: { vcenter: { destination: { configured: "x" }, backupPassword: { value: "${PLANTED}" } } } }) { userErrors { code } } }`,
      'Expected a value of type "Secret". Write-only text. Accepted from a variable only',
    ],
    [
      'a secret as a default',
      `query Q($a: Secret = "${PLANTED}") { sources { key } }`,
      'Expected a value of type "Secret". Write-only text. Accepted from a variable only',
    ],
    [
      'arguments that differ',
      `{ source(key: "${PLANTED}") { name } source(key: "s") { name } }`,
      'Fields "source" conflict because they have differing arguments.',
    ],
    [
      'an argument that there is not',
      `{ source(keys: "${PLANTED}") { name } }`,
      'Unknown argument "keys" on field "Query.source". Did you mean "key"?',
    ],
    [
      'a field that there is not, beside a value',
      `{ source(key: "${PLANTED}") { nam } }`,
      'Cannot query field "nam" on type "VendorSource".',
    ],
  ])('say what is wrong with %s', async (_name, query, message) => {
    const { status, codes, messages } = await say({ query });
    expect(status).toBe(400);
    expect(codes).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(messages.join('\n')).toContain(message);
  });
});

describe('messages about syntax', () => {
  it.each<[string, string, string]>([
    ['text in the place of a field', `{ "${PLANTED}" }`, 'Syntax Error: Expected Name, found String.'],
    [
      'a block string in the place of a field',
      `{ """${PLANTED}""" }`,
      'Syntax Error: Expected Name, found BlockString.',
    ],
    [
      'an unquoted text of two words',
      `{ source(key: s ${PLANTED}) { name } }`,
      'Syntax Error: Expected ":", found ")".',
    ],
    ['a word in the place of a definition', `${PLANTED} { a }`, 'Syntax Error: Unexpected Name.'],
    ['text in the place of a definition', `"${PLANTED}"`, 'Syntax Error: Unexpected <EOF>.'],
    ['a text that does not end', `{ source(key: "${PLANTED}) { name } }`, 'Syntax Error: Unterminated string.'],
    ['single quotes', `{ source(key: '${PLANTED}') { name } }`, 'Syntax Error: Unexpected single quote character'],
    [
      'a wrong escape',
      `{ source(key: "${PLANTED}\\${PLANTED}") { name } }`,
      'Syntax Error: Invalid character escape sequence.',
    ],
    [
      'a wrong unicode escape',
      `{ source(key: "\\u${PLANTED}") { name } }`,
      'Syntax Error: Invalid Unicode escape sequence.',
    ],
    [
      'a number with letters',
      `{ backupJobs(first: 1${PLANTED}) { totalCount } }`,
      'Syntax Error: Invalid number, expected digit.',
    ],
    [
      'a number that begins with 0',
      `{ source(key: 00 "${PLANTED}") { name } }`,
      'Syntax Error: Invalid number, unexpected digit after 0.',
    ],
    ['a sign that there is not', `{ source(key: §${PLANTED}) { name } }`, 'Syntax Error: Unexpected character.'],
    ['a variable in a default', `query ($a: Int = $${PLANTED}) { a }`, 'Syntax Error: Unexpected variable.'],
    ['a description', `"${PLANTED}" { a }`, 'Syntax Error: Unexpected description,'],
    ['a reserved word', `extend enum A { true ${PLANTED} }`, 'Syntax Error at line 1, column 17.'],
  ])('say what is wrong with %s', async (_name, query, message) => {
    const { status, codes, messages } = await say({ query });
    expect([status, codes]).toEqual([400, ['GRAPHQL_PARSE_FAILED']]);
    expect(messages[0]).toContain(message);
  });
});

describe('messages about variables', () => {
  const filter = 'query Q($f: BackupJobFilter, $n: Int) { backupJobs(filter: $f, first: $n) { totalCount } }';

  it.each<[string, string, Record<string, unknown>, string[]]>([
    ['text for a number', filter, { n: PLANTED }, ['Variable "$n" is not valid. Expected a value of type "Int".']],
    [
      'an object for a number',
      filter,
      { n: { [PLANTED]: PLANTED } },
      ['Variable "$n" is not valid. Expected a value of type "Int".'],
    ],
    [
      'text for an input',
      filter,
      { f: PLANTED },
      ['Variable "$f" is not valid. Expected type "BackupJobFilter" to be an object.'],
    ],
    [
      'several things at once',
      filter,
      { f: { statuses: ['FAILED', PLANTED], enabled: PLANTED, sources: [{ a: PLANTED }] }, n: PLANTED },
      [
        'Variable "$f" is not valid at "f.sources[0]". Expected a value of type "ID!".',
        'Variable "$f" is not valid at "f.statuses[1]". Expected a value of type "BackupStatus!": one of QUEUED, ',
        'Variable "$f" is not valid at "f.enabled". Expected a value of type "Boolean".',
        'Variable "$n" is not valid. Expected a value of type "Int".',
      ],
    ],
    [
      'a field that there is not',
      filter,
      { f: { serach: PLANTED } },
      ['Variable "$f" is not valid. Field "serach" is not defined by type "BackupJobFilter". Did you mean "search"?'],
    ],
    [
      'a field whose name is no name',
      filter,
      { f: { [`${PLANTED} `]: 1 } },
      ['Variable "$f" is not valid. A field is not defined by type "BackupJobFilter".'],
    ],
    [
      'a field with a name of 80 characters',
      filter,
      { f: { [PLANTED.repeat(4)]: 1 } },
      ['Variable "$f" is not valid. A field is not defined by type "BackupJobFilter".'],
    ],
    [
      'nothing that was asked for, beside a value of no use',
      CREATE,
      { [PLANTED]: PLANTED },
      ['Variable "$input" of required type "CreateBackupInput!" was not provided.'],
    ],
    ['null', CREATE, { input: null }, ['Variable "$input" of non-null type "CreateBackupInput!" must not be null.']],
    [
      'null deep inside',
      CREATE,
      { input: { ...good, source: null, idempotencyKey: { a: PLANTED } } },
      [
        'Variable "$input" is not valid at "input.source". Expected a value of type "ID!". It must not be null.',
        'Variable "$input" is not valid at "input.idempotencyKey". Expected a value of type "String!".',
      ],
    ],
    [
      'a member that is missing',
      CREATE,
      { input: { ...good, source: undefined, target: { vcenter: { comment: PLANTED } } } },
      [
        'Variable "$input" is not valid. Field "source" of required type "ID!" was not provided.',
        'Variable "$input" is not valid at "input.target.vcenter". Field "destination" of required type "VCenterDestinationInput!" was not provided.',
      ],
    ],
    [
      'two sections',
      CREATE,
      { input: { ...good, target: { ...good.target, sailpoint: { name: PLANTED } } } },
      [
        'Variable "$input" is not valid at "input.target". Exactly one key must be specified for OneOf type "CreateBackupTarget".',
      ],
    ],
    [
      'one section that is null',
      CREATE,
      { input: { ...good, target: { veeam: null } } },
      [
        'Variable "$input" is not valid at "input.target.veeam". Expected a value of type "CreateVeeamJobInput". It must not be null.',
      ],
    ],
    [
      'a wrong duration',
      CREATE,
      { input: { ...good, wait: PLANTED } },
      [
        'Variable "$input" is not valid at "input.wait". Expected a value of type "Duration". A duration (ISO 8601), such as `PT15M`.',
      ],
    ],
    [
      'a secret that is no text',
      CREATE,
      {
        input: {
          ...good,
          target: { vcenter: { ...good.target.vcenter, backupPassword: { value: { [PLANTED]: PLANTED } } } },
        },
      },
      [
        'Variable "$input" is not valid at "input.target.vcenter.backupPassword.value". A secret is text of 1 to 4096 characters.',
      ],
    ],
    [
      'a secret that is too long',
      CREATE,
      {
        input: {
          ...good,
          target: { vcenter: { ...good.target.vcenter, backupPassword: { value: PLANTED.repeat(500) } } },
        },
      },
      [
        'Variable "$input" is not valid at "input.target.vcenter.backupPassword.value". A secret is text of 1 to 4096 characters.',
      ],
    ],
  ])('say what is wrong with %s', async (_name, query, variables, expected) => {
    const { status, codes, messages } = await say({ query, variables });
    expect(status).toBe(400);
    expect(codes).toEqual(expected.map(() => 'BAD_USER_INPUT'));
    expect(messages).toEqual(expected.map((message) => expect.stringContaining(message)));
  });

  it('end after twenty, quickly, when everything is wrong', async () => {
    const statuses = Array.from({ length: 60_000 }, () => PLANTED.slice(0, 8));
    const began = performance.now();
    const { messages } = await say({ query: filter, variables: { f: { statuses } } });
    expect(messages).toHaveLength(20);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it.each([
    [
      'a null where only a default was in the way',
      'query Q($a: Boolean = true) { sources @skip(if: $a) { key } }',
      { a: null },
      'Argument "if" of non-null type "Boolean!" must not be null.',
    ],
  ])('say what is wrong with %s, which shows only when it is executed', async (_name, query, variables, message) => {
    const { codes, messages } = await say({ query, variables });
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(messages).toEqual([message]);
  });
});

describe('messages about requests', () => {
  it.each<[string, unknown, unknown, string]>([
    [
      'an operation that there is not',
      { query: 'query A { sources { key } }', operationName: PLANTED },
      'OPERATION_RESOLUTION_FAILURE',
      'operationName',
    ],
    [
      'an operation name that is none',
      { query: 'query A { sources { key } }', operationName: { a: PLANTED } },
      'BAD_REQUEST',
      'operationName',
    ],
    ['variables as text', { query: '{ sources { key } }', variables: PLANTED }, 'BAD_REQUEST', 'variables'],
    ['a query that is no text', { query: { a: PLANTED } }, 'BAD_REQUEST', 'strings'],
    ['a body that is no JSON', `{"query": ${PLANTED}`, 'BAD_REQUEST', 'JSON'],
    ['a batch', [{ query: `{ ${PLANTED} }` }], 'BAD_REQUEST', 'batching'],
    [
      'a hash that is not known',
      { extensions: { persistedQuery: { version: 1, sha256Hash: PLANTED } } },
      'PERSISTED_QUERY_NOT_FOUND',
      'PersistedQueryNotFound',
    ],
    [
      'a hash of another query',
      { query: '{ sources { key } }', extensions: { persistedQuery: { version: 1, sha256Hash: PLANTED } } },
      'BAD_REQUEST',
      'sha',
    ],
    [
      'a hash of another version',
      { query: '{ sources { key } }', extensions: { persistedQuery: { version: PLANTED } } },
      'BAD_REQUEST',
      'version',
    ],
  ])('say what is wrong with %s', async (_name, body, code, message) => {
    const { codes, messages } = await say(body);
    expect(codes).toEqual([code]);
    expect(messages[0]).toContain(message);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['an id', 'query Q($v: ID!) { backupJob(id: $v) { name } }', { v: PLANTED }],
    ['a key', 'query Q($v: String!) { source(key: $v) { name } }', { v: PLANTED }],
    ['a cursor', 'query Q($v: String!) { backupJobs(after: $v) { totalCount } }', { v: PLANTED }],
    [
      'a source of a filter',
      'query Q($v: ID!) { backupJobs(filter: { sources: [$v] }) { totalCount } }',
      { v: PLANTED },
    ],
    ['a source of a write', CREATE, { input: { ...good, source: PLANTED } }],
    ['a key of a write', CREATE, { input: { ...good, idempotencyKey: `${PLANTED}\n` } }],
    [
      'a job of a write',
      'mutation M($v: ID!) { startBackup(input: { job: $v, idempotencyKey: "k" }) { userErrors { code message } } }',
      { v: PLANTED },
    ],
  ])('do not repeat %s that fits its type and nothing else', async (_name, query, variables) => {
    await say({ query, variables });
  });
});
