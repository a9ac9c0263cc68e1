/** A process of its own that asks for one backup, to be killed in the middle: `node gateway-to-kill.ts <store file> <source entry as JSON>`. */
import { openSource } from '../../src/server/sources.ts';
import { openStore } from '../../src/store/open-store.ts';
import { WriteService } from '../../src/writing/write-service.ts';
import { configOf } from '../support/simulated-source.ts';
import { backupToMake } from './backup-to-make.ts';

const [, , file = '', entry = '{}'] = process.argv;
const [config] = configOf([JSON.parse(entry) as Record<string, unknown>]).sources;
if (config === undefined) throw new Error('no source');
const source = openSource(config).gateway;
const log = { info: () => undefined, error: () => undefined };
const service = new WriteService({ store: openStore(`sqlite:${file}`), sources: [source], log, keepMs: 1e9 });
await service.submit(backupToMake(source));
