import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { decorator: { legacy: true } },
  // Without the alias graphql is loaded twice, once as CommonJS, and refuses its own types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 20_000,
    // Most of the time goes into waiting for simulated faults, so two files at once do not need two idle cores.
    maxWorkers: 2,
  },
});
