import { dirname, isAbsolute, join } from 'node:path';
import { Secret } from '../domain/secret.ts';
import { SecretSetting } from '../vendors/setting-kinds.ts';
import { FileSetting } from './config-schema.ts';
import type { ConfigPath } from './config-yaml.ts';
import { parseManifest, type DocumentManifest } from './trusted-documents.ts';

export interface ConfigSurroundings {
  /** Path of the configuration file, as the reader knows it; other files are named relative to its folder. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file. @throws what the platform throws. */
  readFile(path: string): string;
}

export interface ValueNotes {
  problem(path: ConfigPath, message: string): void;
  warning(path: ConfigPath, message: string): void;
}

/** Puts the text of secrets and files in the place of the settings that name them, through lists and objects. */
export function fillIn(value: unknown, path: ConfigPath, from: ConfigSurroundings, notes: ValueNotes): unknown {
  if (value instanceof SecretSetting) return secretOf(value, path, from, notes);
  if (value instanceof FileSetting) {
    return value.holds === 'certificate'
      ? certificateOf(value, path, from, notes)
      : manifestOf(value, path, from, notes);
  }
  if (Array.isArray(value)) return value.map((item: unknown, index) => fillIn(item, [...path, index], from, notes));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, fillIn(member, [...path, key], from, notes)]),
  );
}

function secretOf(
  setting: SecretSetting,
  path: ConfigPath,
  from: ConfigSurroundings,
  notes: ValueNotes,
): Secret | undefined {
  switch (setting.from) {
    case 'text':
      notes.warning(path, 'is written out in the file; use { env: NAME } or { file: PATH }');
      return new Secret(setting.value);
    case 'env': {
      const value = from.environment[setting.value];
      if (value !== undefined && value !== '') return new Secret(value);
      const state = value === undefined ? 'is not set' : 'is empty';
      notes.problem([...path, 'env'], `the environment variable ${setting.value} ${state}`);
      return undefined;
    }
    case 'file': {
      // Editors and secret stores end the file with a line break, which is no part of the secret.
      const value = textOf(setting.value, [...path, 'file'], from, notes)?.replace(/\r?\n$/, '');
      if (value === '') notes.problem([...path, 'file'], `the file ${setting.value} is empty`);
      return value === undefined || value === '' ? undefined : new Secret(value);
    }
  }
}

function certificateOf(
  { path: file }: FileSetting,
  path: ConfigPath,
  from: ConfigSurroundings,
  notes: ValueNotes,
): string | undefined {
  const text = textOf(file, path, from, notes);
  if (text === undefined || text.includes('-----BEGIN CERTIFICATE-----')) return text;
  notes.problem(path, `the file ${file} holds no certificate in PEM form`);
  return undefined;
}

function manifestOf(
  { path: file }: FileSetting,
  path: ConfigPath,
  from: ConfigSurroundings,
  notes: ValueNotes,
): DocumentManifest | undefined {
  const text = textOf(file, path, from, notes);
  if (text === undefined) return undefined;
  const manifest = parseManifest(text);
  if (!('problem' in manifest)) return manifest;
  notes.problem(path, `the file ${file} ${manifest.problem}`);
  return undefined;
}

function textOf(file: string, path: ConfigPath, from: ConfigSurroundings, notes: ValueNotes): string | undefined {
  try {
    return from.readFile(isAbsolute(file) ? file : join(dirname(from.file), file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    notes.problem(path, `the file ${file} cannot be read${FILE_WORDS[code] ?? ''}`);
    return undefined;
  }
}

const FILE_WORDS: Readonly<Record<string, string>> = {
  ENOENT: ': it does not exist',
  EACCES: ': it may not be read by this user',
  EISDIR: ': it is a folder',
  ENOTDIR: ': a part of its path is no folder',
};
