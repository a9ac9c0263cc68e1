/** One error of an answer. */
export interface AnswerError {
  readonly message: string;
  /**
   * What went wrong, for programs: a code of the gateway, or of this client `CONNECTION_LOST` (no answer, or it broke off) and `BAD_ANSWER`
   * (whoever answered does not speak GraphQL).
   */
  readonly code: string;
  /** The field that is null because of it; undefined when the whole operation was refused. */
  readonly path: readonly (string | number)[] | undefined;
  /** What the gateway's log calls the request. */
  readonly requestId: string | undefined;
  /** All that the gateway tells, such as `serviceName` (the key of the source), `retryable` and `retryAfter`. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Thrown when an answer holds errors, or none came. */
export class BackupGraphError extends Error {
  override readonly name = 'BackupGraphError';
  /** At least one. */
  readonly errors: readonly AnswerError[];
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** What could be read all the same, with null where an error is; undefined when nothing could. */
  readonly data: unknown;

  constructor(
    errors: readonly AnswerError[],
    about: { readonly status?: number; readonly data?: unknown; readonly cause?: unknown } = {},
  ) {
    super(errors.map(({ message }) => message).join(' '), about.cause === undefined ? {} : { cause: about.cause });
    this.errors = errors;
    this.status = about.status;
    this.data = about.data ?? undefined;
  }

  /** The code of the first error. */
  get code(): string {
    return this.errors[0]?.code ?? 'BAD_ANSWER';
  }

  get requestId(): string | undefined {
    return this.errors[0]?.requestId;
  }

  has(code: string): boolean {
    return this.errors.some((error) => error.code === code);
  }
}

/** An error that this client found, not the gateway. */
export function ownError(
  code: 'CONNECTION_LOST' | 'BAD_ANSWER',
  message: string,
  about: { readonly status?: number; readonly requestId?: string | undefined; readonly cause?: unknown } = {},
): BackupGraphError {
  return new BackupGraphError([{ message, code, path: undefined, requestId: about.requestId, extensions: {} }], about);
}

/** The errors as the gateway writes them, each with what is missing filled in. */
export function answerErrors(errors: readonly unknown[], requestId: string | undefined): AnswerError[] {
  return errors.map((error) => {
    const { message, path, extensions } = error as Partial<AnswerError>;
    const { code, requestId: own } = (extensions ?? {}) as Partial<AnswerError>;
    return {
      message: message ?? 'The gateway gave no message.',
      code: code ?? 'BAD_ANSWER',
      path: path ?? undefined,
      requestId: own ?? requestId,
      extensions: extensions ?? {},
    };
  });
}
