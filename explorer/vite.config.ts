import { defineConfig } from 'vite';

/** Builds the explorer into files that the gateway serves itself; nothing is loaded from elsewhere. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: { outDir: '../dist/explorer', emptyOutDir: true, chunkSizeWarningLimit: 8_000, reportCompressedSize: false },
  worker: { format: 'es' },
  logLevel: 'error',
});
