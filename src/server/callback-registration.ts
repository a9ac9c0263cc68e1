/** Bounds on what a router may ask for; times in milliseconds. */
const LIMITS = {
  leastHeartbeatMs: 1_000,
  /** Also when no heartbeat is asked for: a router that has gone would be noticed by nothing else. */
  mostHeartbeatMs: 60_000,
  /** Characters of the texts that are repeated to the router. */
  textLength: 1_024,
} as const;

/** What a router says about where events are to go, checked. */
export interface Registration {
  readonly callbackUrl: string;
  readonly subscriptionId: string;
  readonly verifier: string;
  readonly heartbeatIntervalMs: number;
}

/** Where a router wants events to be sent, as the body of its request says it; undefined when it does not. */
export function callbackIn(body: unknown): object | undefined {
  const callback = memberOf(memberOf(body, 'extensions'), 'subscription');
  return typeof callback === 'object' && callback !== null ? callback : undefined;
}

/** What the router said, in the names of the protocol's first version too; a text that says what is wrong with it. */
export function registrationIn(extension: object): Registration | string {
  const given = extension as Readonly<Record<string, unknown>>;
  const callbackUrl = given['callbackUrl'] ?? given['callback_url'];
  const subscriptionId = given['subscriptionId'] ?? given['subscription_id'];
  const { verifier } = given;
  const asked = given['heartbeatIntervalMs'] ?? given['heartbeat_interval_ms'] ?? DEFAULT_HEARTBEAT_MS;
  if (typeof callbackUrl !== 'string' || !isShortText(subscriptionId) || !isShortText(verifier))
    return '"extensions.subscription" needs the texts "callbackUrl", "subscriptionId" and "verifier".';
  const { leastHeartbeatMs, mostHeartbeatMs } = LIMITS;
  if (typeof asked !== 'number' || (asked !== 0 && !(asked >= leastHeartbeatMs)))
    return `"heartbeatIntervalMs" has to be 0 or at least ${leastHeartbeatMs}.`;
  const heartbeatIntervalMs = asked === 0 ? mostHeartbeatMs : Math.min(asked, mostHeartbeatMs);
  return { callbackUrl, subscriptionId, verifier, heartbeatIntervalMs };
}

const DEFAULT_HEARTBEAT_MS = 5_000;

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= LIMITS.textLength;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
