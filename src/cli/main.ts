#!/usr/bin/env node
// No static import and nothing that is younger than modules: an old Node has to get as far as saying which one is wanted.
const WANTED = [22, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) {
  import('./run.ts')
    .then(({ runProcess }) => runProcess())
    .catch((error: unknown) => {
      process.stderr.write(`backupgraph: ${String(error)}\n`);
      process.exitCode = 1;
    });
} else {
  process.stderr.write(`backupgraph: Node ${WANTED.join('.')} or later is needed; this is ${process.versions.node}\n`);
  process.exitCode = 1;
}
