import { z } from 'zod';
import { isRecord, knownKeysAt } from './config-parts.ts';
import type { ConfigPath, Position, YamlFile } from './config-yaml.ts';
import { suggestion } from './nearest-name.ts';

/**
 * One thing that is wrong with the configuration.
 *
 * `path` is such as `sources[0].password`, or the flag or variable of an override. `line` and `column` count from 1; undefined when
 * the fault is not in the file. The message never holds a value.
 */
export interface ConfigProblem {
  readonly path: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly message: string;
}

/** Everything that is wrong with a configuration, at once, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const sorted = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
    super(sorted.map((problem) => formatProblem(file, problem)).join('\n'));
    this.file = file;
    this.problems = sorted;
  }
}

/** `backupgraph.yaml:12:5 sources[0].key: is missing` */
export function formatProblem(file: string, { path, line, column, message }: ConfigProblem): string {
  const place = line === undefined ? [] : [`${file}:${line}:${column}`];
  return `${[...place, ...(path === '' ? [] : [path])].join(' ')}: ${message}`;
}

export function problemAt(path: ConfigPath, { line, column }: Position, message: string): ConfigProblem {
  return { path: formatPath(path), line, column, message };
}

/** `sources[0].labels.site` */
export function formatPath(path: ConfigPath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/** What the check against the schema found, with places in the file. */
export function problemsOf(error: z.ZodError, schema: z.ZodType, file: YamlFile): ConfigProblem[] {
  return error.issues.flatMap((issue) => {
    // Paths into YAML hold texts and numbers only.
    const path = issue.path as ConfigPath;
    if (issue.code !== 'unrecognized_keys') return [problemAt(path, file.positionOf(path), issue.message)];
    const known = knownKeysAt(schema, file.value, path);
    return issue.keys.map((key) => {
      const keyPath = [...path, key];
      if (known === undefined) return problemAt(path, file.positionOf(path), 'has a key that is not known here');
      return problemAt(keyPath, file.positionOfKey(keyPath), `is not a known key${suggestion(key, known)}`);
    });
  });
}

/** zod's findings in our words; zod's own texts are not used, and nothing here looks into the value. */
export function wordsOf(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return 'is missing';
  if (issue.input === null) return 'is empty';
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(String(issue.expected));
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(', ')}`.replace(/, ([^,]*)$/, ' or $1');
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'is empty' : `must be ${issue.minimum} at least`;
    case 'too_big':
      return `must be ${issue.maximum} at most`;
    case 'invalid_union':
      return unionWords(issue);
    default:
      return 'is not valid';
  }
}

function typeWords(expected: string): string {
  switch (expected) {
    case 'string':
      return 'must be text: put it into quotes';
    case 'object':
    case 'record':
      return 'must be a group of keys';
    case 'array':
      return 'must be a list';
    case 'boolean':
      return 'must be true or false';
    default:
      return 'must be a number';
  }
}

function unionWords(issue: z.core.$ZodRawIssue & { readonly code: 'invalid_union' }): string {
  if (issue.discriminator !== undefined && Array.isArray(issue['options'])) {
    const isMissing = isRecord(issue.input) && issue.input[issue.discriminator] === undefined;
    return `${isMissing ? 'is missing; it ' : ''}must be one of ${issue['options'].map(String).join(', ')}`;
  }
  if (typeof issue.input === 'number' || typeof issue.input === 'boolean') return typeWords('string');
  const description = issue.inst instanceof z.ZodType ? issue.inst.description : undefined;
  return description === undefined
    ? 'has none of the forms that are allowed here'
    : `has none of the allowed forms. ${description}`;
}
