import type { GatewayError } from './errors.ts';

export const OPERATIONS = [
  'CREATE',
  'START',
  'CANCEL',
  'RETRY',
  'ENABLE',
  'DISABLE',
  'UPDATE_SCHEDULE',
  'DELETE',
  'READ_RUN_HISTORY',
  'READ_LOGS',
  'READ_SCHEDULE',
  'READ_SIZES',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export const CAPABILITY_REASONS = [
  'NOT_OFFERED_BY_VENDOR',
  'WRONG_STATE',
  'NOT_PERMITTED',
  'READ_ONLY_SOURCE',
  'SOURCE_DOWN',
] as const;
export type CapabilityReason = (typeof CAPABILITY_REASONS)[number];

/** Answer to "may I?" for one operation. `reason` and `explanation` are there when it is not supported. */
export interface Capability {
  readonly operation: Operation;
  readonly supported: boolean;
  readonly reason: CapabilityReason | undefined;
  /** A sentence for people. */
  readonly explanation: string | undefined;
  /** What can be asked of the same source instead. */
  readonly alternatives: readonly Operation[];
}

export const SOURCE_STATES = ['UP', 'DEGRADED', 'DOWN', 'UNKNOWN'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

export const CIRCUIT_STATES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

export const SOURCE_OUTCOMES = ['OK', 'PARTIAL', 'STALE', 'SKIPPED', 'UNSUPPORTED', 'TIMED_OUT', 'FAILED'] as const;
export type SourceOutcome = (typeof SOURCE_OUTCOMES)[number];

/** What the calls to one source have shown so far. Latencies in milliseconds, over the last 200 calls. */
export interface SourceHealth {
  readonly state: SourceState;
  readonly circuit: CircuitState;
  readonly lastSuccessAt: Date | undefined;
  readonly lastErrorAt: Date | undefined;
  readonly lastError: GatewayError | undefined;
  readonly consecutiveFailures: number;
  readonly latencyMsP50: number | undefined;
  readonly latencyMsP95: number | undefined;
  /** Vendor clock minus gateway clock in seconds, from the HTTP Date header (whole seconds). */
  readonly clockSkewSeconds: number | undefined;
  readonly throttledUntil: Date | undefined;
}

/** How far a vendor has moved from what the gateway was built for. */
export interface SourceDrift {
  /** Names of fields the vendor sent that no sheet describes, as `<thing>.<field>`. */
  readonly unknownFields: readonly string[];
  /** Enum words the gateway does not know, as `<thing>.<field>=<word>`. */
  readonly unknownValues: readonly string[];
  readonly firstSeenAt: Date | undefined;
}

/** Free label of a source, such as site or customer. */
export interface Label {
  readonly name: string;
  readonly value: string;
}
