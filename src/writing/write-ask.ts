import type { BackupOperation, StoredRefusal, VendorCall } from '../domain/backup-operation.ts';
import type { Caller } from '../domain/caller.ts';
import type { Operation } from '../domain/source.ts';
import type { CreateTarget, ScheduleTarget, WriteSection } from '../domain/write-request.ts';
import type { BackupSource, CapabilityReading } from '../vendors/contract.ts';

/** A source as writes need it. */
export interface WriteSource {
  readonly key: string;
  readonly reader: BackupSource;
  readonly capabilities: Readonly<Record<Operation, CapabilityReading>>;
  /** The section of an input that is meant for this source; undefined where nothing can be made or rescheduled. */
  readonly section: WriteSection | undefined;
  /** Longest single exchange in milliseconds. */
  readonly timeoutMs: number;
}

/** What is to be written, by native ids: what they name is read when the turn of the write has come. */
export type WriteContent =
  | { readonly verb: 'CREATE'; readonly target: CreateTarget }
  | { readonly verb: 'START' | 'RETRY' | 'ENABLE' | 'DISABLE' | 'DELETE'; readonly jobNativeId: string }
  /** At least one of the two. */
  | { readonly verb: 'CANCEL'; readonly jobNativeId: string | undefined; readonly runNativeId: string | undefined }
  | {
      readonly verb: 'UPDATE_SCHEDULE';
      readonly jobNativeId: string;
      readonly schedule: ScheduleTarget;
      /** The schedule must be the one that was read at this instant. */
      readonly ifUnchangedSince: Date | undefined;
    };

/** One wish to write, by one caller. */
export interface WriteAsk {
  readonly caller: Caller;
  readonly source: WriteSource;
  readonly content: WriteContent;
  readonly idempotencyKey: string | undefined;
  /** Only checks, and shows the vendor call. */
  readonly dryRun: boolean;
  /** Longest wait for the outcome in milliseconds; the operation goes on all the same. */
  readonly waitMs: number | undefined;
}

export interface WriteAnswer {
  /** Undefined when it was refused before there was one, and after a dry run. */
  readonly operation: BackupOperation | undefined;
  /** Whether this repeats what was asked for before with the same key. */
  readonly replayed: boolean;
  /** What would be sent; after a dry run only. */
  readonly dryRun: VendorCall | undefined;
  readonly refusals: readonly StoredRefusal[];
}
