import { z } from 'zod';
import { wordsOf, type ConfigProblem } from './config-problems.ts';
import { managementShape, portSetting, serverShape, storeShape } from './config-schema.ts';

/** What flags say, as text; undefined where a flag is not given. */
export interface ConfigOverrides {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly managementPort?: string | undefined;
}

/** The part of the configuration that flags and the environment may override. */
export interface Addresses {
  readonly server: { readonly host: string; readonly port: number; readonly path: string };
  readonly management: { readonly host: string; readonly port: number };
  readonly store: { readonly url: string };
}

/** One setting with the flag and the variable that override it; the flag leads. */
interface Override {
  readonly section: keyof Addresses;
  readonly key: string;
  readonly flag?: { readonly name: string; readonly option: keyof ConfigOverrides };
  readonly variable: string;
  readonly schema: z.ZodType;
}

/** A port written as text. */
const PORT_TEXT = z
  .string()
  .regex(/^\d{1,5}$/, { error: 'must be a whole number, 0 to 65535', abort: true })
  .transform(Number)
  .pipe(portSetting);

const OVERRIDES: readonly Override[] = [
  {
    section: 'server',
    key: 'host',
    flag: { name: '--host', option: 'host' },
    variable: 'BACKUPGRAPH_HOST',
    schema: serverShape.host,
  },
  {
    section: 'server',
    key: 'port',
    flag: { name: '--port', option: 'port' },
    variable: 'BACKUPGRAPH_PORT',
    schema: PORT_TEXT,
  },
  { section: 'server', key: 'path', variable: 'BACKUPGRAPH_PATH', schema: serverShape.path },
  { section: 'management', key: 'host', variable: 'BACKUPGRAPH_MANAGEMENT_HOST', schema: managementShape.host },
  {
    section: 'management',
    key: 'port',
    flag: { name: '--management-port', option: 'managementPort' },
    variable: 'BACKUPGRAPH_MANAGEMENT_PORT',
    schema: PORT_TEXT,
  },
  { section: 'store', key: 'url', variable: 'BACKUPGRAPH_STORE_URL', schema: storeShape.url },
];

/** Applies flag over environment over file. An empty variable counts as none. `given` tells which flag or variable led, by `section.key`. */
export function override(
  file: Addresses,
  flags: ConfigOverrides,
  environment: Readonly<Record<string, string | undefined>>,
): {
  readonly addresses: Addresses;
  readonly given: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigProblem[];
} {
  const sections = { server: { ...file.server }, management: { ...file.management }, store: { ...file.store } };
  const problems: ConfigProblem[] = [];
  const given = new Map<string, string>();
  for (const { section, key, flag, variable, schema } of OVERRIDES) {
    const flagText = flag === undefined ? undefined : flags[flag.option];
    const text = flagText ?? (environment[variable] === '' ? undefined : environment[variable]);
    if (text === undefined) continue;
    const path = flagText !== undefined && flag !== undefined ? flag.name : variable;
    given.set(`${section}.${key}`, path);
    const parsed = schema.safeParse(text, { error: wordsOf });
    if (parsed.success) Object.assign(sections[section], { [key]: parsed.data });
    else {
      const message = parsed.error.issues[0]?.message ?? 'is not valid';
      problems.push({ path, line: undefined, column: undefined, message });
    }
  }
  return { addresses: sections, given, problems };
}
