import { z } from 'zod';
import type { ConfigPath } from './config-yaml.ts';

/** One part of a value with the schema that it is checked against, if that can be told. */
interface Part {
  readonly key: string | number;
  readonly value: unknown;
  readonly schema: z.core.$ZodType | undefined;
}

/** A part of a value that is right by itself, parsed. */
export interface GoodPart {
  readonly path: ConfigPath;
  readonly value: unknown;
}

/**
 * The largest parts of a value that are right by themselves.
 *
 * A value with one wrong member gives no parsed value at all, but its other members are to be checked further all the same, so that
 * all problems come together.
 */
export function goodParts(schema: z.core.$ZodType, value: unknown, path: ConfigPath = []): GoodPart[] {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return [{ path, value: parsed.data }];
  return partsOf(schema, value).flatMap((part) =>
    part.schema === undefined ? [] : goodParts(part.schema, part.value, [...path, part.key]),
  );
}

/** The keys that may stand in the object at this path; undefined when there is no object, or one of several. */
export function knownKeysAt(schema: z.core.$ZodType, value: unknown, path: ConfigPath): readonly string[] | undefined {
  const [key, ...rest] = path;
  if (key === undefined) {
    const object = bareSchema(schema, value);
    return object instanceof z.ZodObject ? Object.keys(object.shape) : undefined;
  }
  const part = partsOf(schema, value).find((one) => one.key === key);
  return part?.schema === undefined ? undefined : knownKeysAt(part.schema, part.value, rest);
}

function partsOf(schema: z.core.$ZodType, value: unknown): readonly Part[] {
  const bare = bareSchema(schema, value);
  if (bare instanceof z.ZodArray && Array.isArray(value))
    return value.map((item: unknown, key) => ({ key, value: item, schema: bare.element }));
  if (!isRecord(value)) return [];
  return Object.entries(value).map(([key, member]) => ({ key, value: member, schema: memberSchema(bare, key) }));
}

function memberSchema(schema: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
}

/** The schema without what is wrapped around it; of a union by key, the member that the value names. */
function bareSchema(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return bareSchema(schema.unwrap(), value);
  if (schema instanceof z.ZodPipe) return bareSchema(schema.in, value);
  if (schema instanceof z.ZodDiscriminatedUnion && isRecord(value)) {
    const { discriminator } = schema.def;
    const named = schema.options.find((option) => {
      const member = memberSchema(option, discriminator);
      return member !== undefined && z.safeParse(member, value[discriminator]).success;
    });
    return named ?? schema;
  }
  return schema;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
