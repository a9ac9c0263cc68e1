import { join } from 'node:path';
import { defineConfig, type CommonServerOptions } from 'vite';

/** The pages ask on their own address; whoever serves them hands it on to the gateway. No other site may read the gateway. */
const proxy: CommonServerOptions['proxy'] = {
  '/graphql': { target: process.env['BACKUPGRAPH'] ?? 'http://127.0.0.1:4000', changeOrigin: true, ws: true },
};

/** `vite --mode apollo` or `vite --mode urql`. */
export default defineConfig(({ mode }) => ({
  root: join(import.meta.dirname, mode),
  server: { host: '127.0.0.1', port: 5173, proxy },
  preview: { host: '127.0.0.1', proxy },
  build: { emptyOutDir: true, reportCompressedSize: false },
  logLevel: 'warn',
}));
