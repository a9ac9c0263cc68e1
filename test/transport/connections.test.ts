import { readFileSync } from 'node:fs';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import { decodeJson } from '../../src/transport/decode.ts';
import type { SourceHttp, SourceHttpOptions } from '../../src/transport/source-http.ts';
import { readCall } from '../support/read-call.ts';
import { startRawServer, type RawServer } from './raw-server.ts';
import { failure, openHttp } from './support.ts';

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function serve(
  respond: (socket: Socket, head: string) => void,
  onData?: (socket: Socket) => void,
): Promise<RawServer> {
  const server = await startRawServer(respond, onData);
  ends.push(() => server.close());
  return server;
}

function connect(
  url: string,
  limits: Partial<SourceHttpOptions['limits']> = {},
  options: Partial<Omit<SourceHttpOptions, 'limits'>> = {},
): SourceHttp {
  const http = openHttp(url, { timeoutMs: 400, ...limits }, options);
  ends.push(() => http.close());
  return http;
}

const get = (http: SourceHttp, path = '/a'): Promise<unknown> =>
  http.read({ path, decode: decodeJson }, readCall()).then(({ value }) => value);

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const SECRET = '{"rows":[{"id":"half"}]}';

/** Writes that go on until the connection ends, to the vendor's own tempo. */
function forever(socket: Socket, text: string, everyMs: number): void {
  const timer = setInterval(() => socket.write(text), everyMs);
  socket.on('close', () => clearInterval(timer));
}

describe('transport/connections: answers that are broken', () => {
  it.each<[string, string, number, (socket: Socket) => void]>([
    ['a connection reset before the answer', 'NETWORK', 3, (socket) => void socket.resetAndDestroy()],
    ['a connection ended before the answer', 'NETWORK', 3, (socket) => void socket.end()],
    [
      'a reset in the middle of the body',
      'NETWORK',
      3,
      (socket) => {
        socket.write(`${OK}content-length: 1000\r\n\r\n${SECRET}`);
        setTimeout(() => socket.resetAndDestroy(), 20);
      },
    ],
    [
      'a Content-Length that is not reached, though the part is JSON',
      'MALFORMED_RESPONSE',
      1,
      (socket) => void socket.end(`${OK}content-length: ${SECRET.length + 1}\r\n\r\n${SECRET}`),
    ],
    [
      'a missing last chunk',
      'MALFORMED_RESPONSE',
      1,
      (socket) =>
        void socket.end(`${OK}transfer-encoding: chunked\r\n\r\n${SECRET.length.toString(16)}\r\n${SECRET}\r\n`),
    ],
    [
      'a chunk length that is no number',
      'MALFORMED_RESPONSE',
      1,
      (socket) => void socket.write(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\n${SECRET}\r\n`),
    ],
    [
      'a header block of 64 KB',
      'MALFORMED_RESPONSE',
      1,
      (socket) => void socket.write(`${OK}x-filler: ${'x'.repeat(65_536)}\r\ncontent-length: 2\r\n\r\n{}`),
    ],
    [
      'headers that never end',
      'MALFORMED_RESPONSE',
      1,
      (socket) => {
        socket.write(OK);
        forever(socket, `x: ${'y'.repeat(4_000)}\r\n`, 5);
      },
    ],
    ['something that is not HTTP', 'MALFORMED_RESPONSE', 1, (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
    [
      'gzip that is cut',
      'MALFORMED_RESPONSE',
      1,
      (socket) => {
        const packed = gzipSync(SECRET).subarray(0, -9);
        socket.write(`${OK}content-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`);
        socket.write(packed);
      },
    ],
    [
      'gzip that unpacks to more than the cap',
      'MALFORMED_RESPONSE',
      1,
      (socket) => {
        const packed = gzipSync(Buffer.alloc(2 * 1024 * 1024, ' '));
        socket.write(`${OK}content-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`);
        socket.write(packed);
      },
    ],
    [
      'a body that is not packed as it says',
      'MALFORMED_RESPONSE',
      1,
      (socket) => void socket.write(`${OK}content-encoding: br\r\ncontent-length: ${SECRET.length}\r\n\r\n${SECRET}`),
    ],
    [
      'a packing that nobody knows',
      'MALFORMED_RESPONSE',
      1,
      (socket) => void socket.write(`${OK}content-encoding: lzma\r\ncontent-length: ${SECRET.length}\r\n\r\n${SECRET}`),
    ],
    [
      'a body that says that it is longer than the cap',
      'MALFORMED_RESPONSE',
      1,
      (socket) => void socket.write(`${OK}content-length: 40000000\r\n\r\n{`),
    ],
    [
      'a body without a length that goes on past the cap',
      'MALFORMED_RESPONSE',
      1,
      (socket) => {
        socket.write(`${OK}\r\n`);
        forever(socket, ' '.repeat(65_536), 1);
      },
    ],
    ['no answer', 'TIMEOUT', 1, () => undefined],
    ['early hints and no answer', 'TIMEOUT', 1, (socket) => forever(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', 50)],
    ['headers and no body', 'TIMEOUT', 1, (socket) => void socket.write(`${OK}content-length: 2\r\n\r\n`)],
    [
      'a body that never ends, a byte at a time',
      'TIMEOUT',
      1,
      (socket) => {
        socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
        forever(socket, '1\r\n \r\n', 20);
      },
    ],
  ])('meets %s with %s after %i attempts, and uses nothing of it', async (_, code, attempts, respond) => {
    const server = await serve(respond);
    const http = connect(server.url);
    const began = performance.now();
    const error = await failure(get(http));
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/half|SSH/);
    expect(performance.now() - began).toBeLessThan(1_400);
    expect(server.requests).toHaveLength(attempts);
    expect(http.health().consecutiveFailures).toBe(attempts);
    // A connection with a whole answer behind it may be used again; any other one is closed.
    if (!/packed|compressed/.test(error.message))
      await expect.poll(() => server.connections(), { timeout: 1_000 }).toBe(0);
  });

  it('says NETWORK for a name that does not exist', async () => {
    expect((await failure(get(connect('http://no-such-host.invalid', { timeoutMs: 5_000 })))).code).toBe('NETWORK');
  });

  it('reads on after broken answers over a connection of its own', async () => {
    const server = await serve((socket) =>
      server.requests.length === 1
        ? socket.end(`${OK}content-length: 9\r\n\r\n{}`)
        : socket.write(`${OK}content-length: 2\r\n\r\n{}`),
    );
    const http = connect(server.url);
    await failure(get(http));
    expect(await get(http)).toEqual({});
    expect(http.health()).toMatchObject({ state: 'UP', consecutiveFailures: 0 });
  });
});

describe('transport/connections: callers who leave', () => {
  it.each([
    ['before the headers', ''],
    ['in the body', `${OK}content-length: 20\r\n\r\n{`],
  ])('closes the upstream request within a second when the only caller leaves %s', async (_, begin) => {
    const server = await serve((socket) => void socket.write(begin));
    const http = connect(server.url, { timeoutMs: 60_000 });
    const caller = new AbortController();
    const left = failure(http.read({ path: '/a', decode: decodeJson }, readCall({ signal: caller.signal })));
    await expect.poll(() => server.requests.length).toBe(1);
    caller.abort(new GatewayError('CANCELLED_BY_CALLER', 'gone'));
    expect((await left).code).toBe('CANCELLED_BY_CALLER');
    await expect.poll(() => server.connections(), { timeout: 1_000 }).toBe(0);
    expect(http.health()).toMatchObject({ state: 'UNKNOWN', consecutiveFailures: 0, lastError: undefined });
  });
});

describe('transport/connections: redirects', () => {
  it.each([301, 302, 303, 307, 308])('does not follow %i, to this host or another one', async (status) => {
    const other = await serve((socket) => void socket.write(`${OK}content-length: 2\r\n\r\n{}`));
    for (const location of [`${other.url}/x`, '/same', '//other.example/x']) {
      const server = await serve(
        (socket) => void socket.write(`HTTP/1.1 ${status} Moved\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`),
      );
      const error = await failure(
        connect(server.url).read(
          { path: '/a', headers: { authorization: 'Bearer token' }, decode: decodeJson },
          readCall(),
        ),
      );
      expect(error.code).toBe('MALFORMED_RESPONSE');
      expect(server.requests).toHaveLength(1);
    }
    expect(other.requests).toEqual([]);
  });
});

describe('transport/connections: TLS', () => {
  const pem = (name: string): string => readFileSync(join(import.meta.dirname, 'certificates', `${name}.pem`), 'utf8');

  async function serveTls(certificate: string): Promise<string> {
    const server: TlsServer = createTlsServer({ key: pem('key'), cert: pem(certificate) }, (_, response) =>
      response.end('{}'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    ends.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const tls = (ca?: string, rejectUnauthorized = true) => ({ tls: { ca, rejectUnauthorized } });

  it('refuses a self-signed certificate, once, and takes it with its authority', async () => {
    const url = await serveTls('good');
    const http = connect(url);
    const error = await failure(get(http));
    expect([error.code, error.sourceKey]).toEqual(['TLS', 'src']);
    expect(error.message).not.toMatch(/BEGIN|password/);
    expect(http.health()).toMatchObject({ consecutiveFailures: 1, lastError: { code: 'TLS' } });
    expect(await get(connect(url, {}, tls(pem('good'))))).toEqual({});
  });

  it('refuses a certificate for another name and one that has expired, though the authority is known', async () => {
    for (const certificate of ['wrong-name', 'expired']) {
      const error = await failure(get(connect(await serveTls(certificate), {}, tls(pem(certificate)))));
      expect(error.code).toBe('TLS');
    }
  });

  it('refuses the certificate of another authority', async () => {
    expect((await failure(get(connect(await serveTls('good'), {}, tls(pem('expired')))))).code).toBe('TLS');
  });

  it('trusts any certificate when the setting of the source says so, and by nothing else', async () => {
    for (const certificate of ['good', 'wrong-name', 'expired'])
      expect(await get(connect(await serveTls(certificate), {}, tls(undefined, false)))).toEqual({});
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect((await failure(get(connect(await serveTls('good'))))).code).toBe('TLS');
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('says TLS when the host does not speak it', async () => {
    const { url } = await serve(
      () => undefined,
      (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    expect((await failure(get(connect(url.replace('http:', 'https:'))))).code).toBe('TLS');
  });
});
