import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { GatewaySource } from '../graphql/context.ts';
import { CIRCUIT_STATES, SOURCE_STATES } from '../domain/source.ts';

/** Figures for Prometheus. Labels hold source keys and vendors, never ids of jobs or anything that callers send. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #operations: Counter<'outcome'>;
  readonly #duration: Histogram<'outcome'>;

  constructor(
    sources: readonly GatewaySource[],
    live?: { counts(): { readonly listeners: number; readonly pollers: number } },
  ) {
    const registers = [this.#registry];
    this.#operations = new Counter({
      name: 'backupgraph_operations_total',
      help: 'GraphQL operations answered.',
      labelNames: ['outcome'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'backupgraph_operation_duration_seconds',
      help: 'Time from the request to the answer of a GraphQL operation.',
      labelNames: ['outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    const count = (name: string, help: string, read: () => number): Gauge =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    if (live !== undefined) {
      count('backupgraph_listeners', 'Subscriptions that wait for events.', () => live.counts().listeners);
      count('backupgraph_pollers', 'Sources that are looked at for them.', () => live.counts().pollers);
    }
    const labelNames = ['source', 'vendor'];
    const gauge = (name: string, help: string, read: (source: GatewaySource) => number | undefined): Gauge =>
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const source of sources) {
            const value = read(source);
            if (value !== undefined) this.set({ source: source.key, vendor: source.vendor }, value);
          }
        },
      });
    gauge(
      'backupgraph_source_state',
      `State of the source: ${SOURCE_STATES.map((state, index) => `${index} ${state}`).join(', ')}.`,
      (source) => SOURCE_STATES.indexOf(source.health().state),
    );
    gauge(
      'backupgraph_source_circuit',
      `Circuit of the source: ${CIRCUIT_STATES.map((state, index) => `${index} ${state}`).join(', ')}.`,
      (source) => CIRCUIT_STATES.indexOf(source.health().circuit),
    );
    gauge(
      'backupgraph_source_consecutive_failures',
      'Calls to the source that failed in a row.',
      (source) => source.health().consecutiveFailures,
    );
    gauge('backupgraph_source_latency_p95_seconds', '95th percentile of recent calls to the source.', (source) => {
      const milliseconds = source.health().latencyMsP95;
      return milliseconds === undefined ? undefined : milliseconds / 1000;
    });
    gauge('backupgraph_source_drift', 'Names and values from the source that the gateway does not know.', (source) => {
      const { unknownFields, unknownValues } = source.drift();
      return unknownFields.length + unknownValues.length;
    });
  }

  /** Starts the clock of one operation; the answer ends it. */
  operationStarted(): (outcome: 'ok' | 'errors') => void {
    const end = this.#duration.startTimer();
    return (outcome) => {
      this.#operations.inc({ outcome });
      end({ outcome });
    };
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  print(): Promise<string> {
    return this.#registry.metrics();
  }
}
