import type { SimulatedResponse } from '../../simulation/simulated-server.ts';

/** The server's answers that hold no object of its own, in each version's form. */
export class Answers {
  readonly #version: number;

  constructor(version: number) {
    this.#version = version;
  }

  /** `{message}`, from v7 on with `errorCode`, in v8 with a stack trace too. */
  error(status: number, message: string, code: string | null = null): SimulatedResponse {
    return { status, body: this.#errorBody(message, code) };
  }

  notFound(message = 'The requested resource was not found.'): SimulatedResponse {
    return this.error(404, message, 'ResourceNotFound');
  }

  invalid(message: string): SimulatedResponse {
    return this.error(400, message, 'ParameterValidationFailure');
  }

  /** Asking for what the state of an object forbids; no version documents the code, and old ones wrap it as a fault. */
  conflict(message: string): SimulatedResponse {
    const status = this.#version >= 8 ? 409 : this.#version >= 6 ? 400 : 500;
    return this.error(status, message, 'OperationConflict');
  }

  unauthorized(): SimulatedResponse {
    return {
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: this.#errorBody('Authorization has been denied for this request.', null),
    };
  }

  /** A write without an answer body: 200 in old versions, 204 from `since` on. */
  done(since: number): SimulatedResponse {
    return { status: this.#version >= since ? 204 : 200 };
  }

  #errorBody(message: string, code: string | null): object {
    if (this.#version <= 6) return { message };
    if (this.#version === 7) return { message, errorCode: code === 'ProxyOffline' ? code : null };
    return { message, errorCode: code, stackTrace: STACK };
  }
}

const STACK =
  '   at Veeam.Archiver.REST.Controllers.JobsController.Find(Guid id) in D:\\src\\JobsController.cs:line 118';
