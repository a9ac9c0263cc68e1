import type { SimulatedResponse } from '../../simulation/simulated-server.ts';
import type { Release } from './simulator-releases.ts';
import type { Style } from './simulator-views.ts';

export type ErrorCode =
  | 'ALREADY_EXISTS'
  | 'ERROR'
  | 'FEATURE_IN_USE'
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'OPERATION_NOT_FOUND'
  | 'SERVICE_UNAVAILABLE'
  | 'UNAUTHENTICATED'
  | 'UNAUTHORIZED'
  | 'UNEXPECTED_INPUT';

/** A refusal on the way through a request. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly id: string;

  constructor(code: ErrorCode, message: string, id = `com.vmware.appliance.${code.toLowerCase()}`) {
    super(message);
    this.code = code;
    this.id = id;
  }
}

/** Answers in the form of a release and a style. */
export class Answers {
  readonly #release: Release;

  constructor(release: Release) {
    this.#release = release;
  }

  /** Wrapped in /rest; /rest answers 200 whatever the success is in /api. */
  value(style: Style, value: unknown, apiStatus = 200): SimulatedResponse {
    if (style === 'rest') return { status: 200, body: { value } };
    // Marked by hand, or else a bare text would be sent without its quotes.
    return { status: apiStatus, headers: JSON_TYPE, body: JSON.stringify(value) };
  }

  /** An empty body: 200 in /rest, 204 in /api. */
  done(style: Style): SimulatedResponse {
    return { status: style === 'rest' ? 200 : 204 };
  }

  error(style: Style, { code, message, id }: Refusal): SimulatedResponse {
    const messages = message === '' ? [] : [{ id, default_message: message, args: [] }];
    const status = this.#statusOf(style, code);
    if (style === 'api') return { status, body: { error_type: code, messages } };
    const type = `com.vmware.vapi.std.errors.${code.toLowerCase()}`;
    // Releases before 7.0 have no `error_type`; 7.0 writes the members the other way round.
    if (this.#release.order < 7) return { status, body: { type, value: { messages } } };
    const value = { error_type: code, messages };
    return { status, body: this.#release.order === 7 ? { value, type } : { type, value } };
  }

  /** What a path meets that nothing listens on. */
  noPath(style: Style): SimulatedResponse {
    if (style === 'api' && this.#release.order < 6.7)
      return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body>404 Not Found</body></html>' };
    return this.error(style, new Refusal('NOT_FOUND', 'Not found.', 'com.vmware.vapi.rest.httpNotFound'));
  }

  #statusOf(style: Style, code: ErrorCode): number {
    switch (code) {
      case 'UNAUTHENTICATED':
        return 401;
      case 'UNAUTHORIZED':
        return 403;
      case 'NOT_FOUND':
      case 'OPERATION_NOT_FOUND':
        return 404;
      case 'SERVICE_UNAVAILABLE':
        return 503;
      case 'ERROR':
        return style === 'rest' && this.#release.order >= 7 ? 400 : 500;
      default:
        return 400;
    }
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };
