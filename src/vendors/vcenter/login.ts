import { GatewayError } from '../../domain/errors.ts';
import { decodeJson, decodeText, type HttpResponse } from '../../transport/decode.ts';
import type { Drift } from '../../transport/drift.ts';
import { errorFromResponse } from '../../transport/http-errors.ts';
import { malformed, readObject } from '../../transport/reader.ts';
import type { Login } from '../../transport/session.ts';
import type { HttpRequest, SourceHttp } from '../../transport/source-http.ts';
import { errorCodeOf, isApiError, refuse } from './errors.ts';
import type { Style, VcenterSettings } from './settings.ts';

/**
 * Opens a session with name and password. The token is opaque; how long it lives is documented nowhere, so it is used until the
 * appliance refuses it.
 *
 * @throws AUTHENTICATION when name or password are refused.
 */
export async function logIn(
  http: SourceHttp,
  style: Style,
  settings: Pick<VcenterSettings, 'key' | 'username' | 'password'>,
  drift: Drift,
  signal: AbortSignal,
): Promise<Login> {
  const credentials = Buffer.from(`${settings.username}:${settings.password.reveal()}`, 'utf8').toString('base64');
  const headers = { authorization: `Basic ${credentials}`, accept: 'application/json' };
  const response = await http.send({ method: 'POST', path: SESSION_PATHS[style], headers }, signal);
  if (response.status !== 200 && response.status !== 201) throw refuseLogin(response, settings.key, drift);
  const body = decodeJson(response);
  const token = typeof body === 'string' ? body : readObject(body).text('value');
  if (!/^[\x21-\x7e]+$/.test(token)) throw malformed('The session token', 'text that a header can carry');
  return { headers: { 'vmware-api-session-id': token }, expiresAt: undefined };
}

/** How a session is ended at the appliance; sessions left open count against a limit that all integrations share. */
export function logoutRequest(style: Style, login: Login): HttpRequest {
  return { method: 'DELETE', path: SESSION_PATHS[style], headers: login.headers };
}

/** Where `styleTold` is asked. */
export const PROBE_PATH = '/api/session';

/** Statuses of an answer that `styleTold` can read. */
export const PROBE_STATUSES: ReadonlySet<number> = new Set([401, 404]);

/**
 * Which interface an appliance has, by its answer to `GET /api/session` without a session.
 *
 * 401 with an error of /api: it has /api. 404, a web page, or a 401 of any other form: only /rest is sure.
 * @throws MALFORMED_RESPONSE when the answer is empty or not readable, which says nothing about it.
 */
export function styleTold(response: HttpResponse): Style {
  if (response.status === 401) return isApiError(response) ? 'api' : 'rest';
  if (response.status === 404 || decodeText(response).trimStart().startsWith('<')) return 'rest';
  decodeJson(response);
  return 'api';
}

const SESSION_PATHS: Readonly<Record<Style, string>> = {
  api: '/api/session',
  rest: '/rest/com/vmware/cis/session',
};

/**
 * A refused login. A 401 is about the credentials whatever its body says; a missing login path is about the settings, and must not
 * be taken for a missing backup.
 */
function refuseLogin(response: HttpResponse, sourceKey: string, drift: Drift): GatewayError {
  const error = refuse(response, sourceKey, drift);
  if (response.status === 401) {
    return errorFromResponse(response, sourceKey, { nativeCode: errorCodeOf(response), kind: 'AUTHENTICATION' });
  }
  if (error.code !== 'NOT_FOUND') return error;
  return new GatewayError(
    'BAD_REQUEST',
    `Source "${sourceKey}" has no login at this address: look at its settings "baseUrl" and "style".`,
    { sourceKey, httpStatus: response.status, nativeCode: error.nativeCode },
  );
}
