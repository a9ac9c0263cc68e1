import { readFile, readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

/** The explorer's files, as built: the page at the GraphQL path, everything else below it. */
export interface Explorer {
  /** Answers when the path is one of the explorer's; true when it did. */
  serve(path: string, wantsPage: boolean, response: ServerResponse): Promise<boolean>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/** Nothing from elsewhere may run in the page, and the page may talk to nobody but us. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'none'";

/**
 * Opens the built explorer; undefined when it has not been built.
 *
 * The list of files is read once: only names in it are ever opened, so a path cannot lead elsewhere.
 */
export async function openExplorer(folder: string, graphqlPath: string): Promise<Explorer | undefined> {
  let names: Set<string>;
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    names = new Set(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)),
    );
  } catch {
    return undefined;
  }
  if (!names.has('index.html')) return undefined;
  const assets = `${graphqlPath.replace(/\/$/, '')}/explorer/`;
  return {
    serve: async (path, wantsPage, response) => {
      const name =
        path === graphqlPath && wantsPage
          ? 'index.html'
          : path.startsWith(assets)
            ? path.slice(assets.length)
            : undefined;
      if (name === undefined || !names.has(name)) return false;
      const content = await readFile(join(folder, name));
      const text =
        name === 'index.html' ? content.toString('utf8').replaceAll('__GRAPHQL_PATH__', graphqlPath) : content;
      response.writeHead(200, {
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
        'cache-control': name === 'index.html' ? 'no-store' : 'public, max-age=31536000, immutable',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      response.end(text);
      return true;
    },
  };
}
