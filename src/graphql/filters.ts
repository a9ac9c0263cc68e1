import { decodeGlobalId } from '../domain/native-id.ts';
import { GatewayError } from '../domain/errors.ts';
import type { SourceFilter } from '../domain/filters.ts';
import type { OperationContext } from './context.ts';
import type { SourceFilterInput } from './source/source.input.ts';

/** The shared part of a filter with keys in place of ids. @throws INVALID_INPUT or NOT_FOUND naming the argument. */
export function sourceFilter(
  input: SourceFilterInput | undefined,
  context: OperationContext,
  argument = 'filter',
): SourceFilter {
  return {
    sources: input?.sources?.map((id) => sourceKeyOf(id, context, `${argument}.sources`)),
    vendors: input?.vendors ?? undefined,
    labels: input?.labels?.map(({ name, value }) => ({ name, value: value ?? undefined })),
  };
}

/** Key of a configured source, given by global id or by key. */
export function sourceKeyOf(id: string, context: OperationContext, argument: string): string {
  const key = id.startsWith('gid:') ? decodeGlobalId(id, argument, 'VendorSource').sourceKey : id;
  return context.source(key, argument).key;
}

/** A native id of the wanted type at a configured source. @throws INVALID_INPUT or NOT_FOUND naming the argument. */
export function refOf(
  id: string,
  type: 'BackupJob' | 'BackupRun' | 'ProtectedObject',
  context: OperationContext,
  argument: string,
): { readonly sourceKey: string; readonly nativeId: string } {
  const { sourceKey, nativeId } = decodeGlobalId(id, argument, type);
  return { sourceKey: context.source(sourceKey, argument).key, nativeId };
}

/** The thing that was looked for, or NOT_FOUND naming the argument: GraphQL shows null beside the error. */
export function found<T>(value: T | undefined, what: string, argument: string): T {
  if (value !== undefined) return value;
  throw new GatewayError('NOT_FOUND', `Argument "${argument}" names a ${what} that the source does not have.`, {
    argument,
  });
}
