import { createServer, type Server } from 'node:http';
import { send } from './http.ts';
import type { Metrics } from './metrics.ts';

/**
 * The management server: `/livez` (the process runs), `/readyz` (it takes operations), `/metrics`.
 *
 * A vendor that is down never makes the gateway unready: its other sources still answer, and say so.
 */
export function createManagementServer(isReady: () => boolean, metrics: Metrics): Server {
  return createServer({ headersTimeout: 10_000, requestTimeout: 15_000 }, (request, response) => {
    const [path] = (request.url ?? '/').split('?', 1);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return send(response, 405, { error: 'METHOD_NOT_ALLOWED' });
    }
    switch (path) {
      case '/livez':
        return send(response, 200, { status: 'live' });
      case '/readyz':
        return isReady() ? send(response, 200, { status: 'ready' }) : send(response, 503, { status: 'stopping' });
      case '/metrics':
        metrics.print().then(
          (text) => {
            response.writeHead(200, { 'content-type': metrics.contentType });
            response.end(text);
          },
          () => send(response, 500, { error: 'INTERNAL' }),
        );
        return;
      default:
        return send(response, 404, { error: 'NOT_FOUND', message: 'known are /livez, /readyz and /metrics' });
    }
  });
}
