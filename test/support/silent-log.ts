import { createLogger } from '../../src/server/log.ts';

/** A logger that writes nothing. */
export const silentLog = createLogger({ level: 'silent' });
