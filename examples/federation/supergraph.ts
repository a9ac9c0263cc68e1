import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeServices, compositionHasErrors } from '@theguild/federation-composition';
import { parse } from 'graphql';

/** Where a subgraph is, and what it is. */
export interface SubgraphAddress {
  readonly name: string;
  readonly url: string;
}

/** Asks a subgraph what it is, as a router's command line would. */
export async function readSdl(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = (await response.json()) as { data?: { _service: { sdl: string } } };
  if (data === undefined) throw new Error(`${url} answers as no subgraph (status ${response.status})`);
  return data._service.sdl;
}

/** Makes one graph of several. @throws with all that does not fit together */
export async function compose(subgraphs: readonly SubgraphAddress[]): Promise<string> {
  const services = await Promise.all(
    subgraphs.map(async ({ name, url }) => ({ name, url, typeDefs: parse(await readSdl(url)) })),
  );
  const result = composeServices(services);
  if (compositionHasErrors(result)) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}

export interface Router {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a supergraph with Hive Gateway on 127.0.0.1; port 0 takes a free one. */
export async function startRouter(supergraph: string, port: number): Promise<Router> {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    landingPage: false,
    // BackupGraph decides by the caller's own key what may be seen and done.
    propagateHeaders: {
      fromClientToSubgraphs({ request }) {
        const authorization = request.headers.get('authorization');
        return authorization === null ? {} : { authorization };
      },
    },
  });
  const server = createServer(gateway);
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
