import { GatewayError } from '../../domain/errors.ts';
import { decodeJson, decodeText, decodeXml, type HttpResponse } from '../../transport/decode.ts';
import { errorFromResponse } from '../../transport/http-errors.ts';
import { malformed, readObject } from '../../transport/reader.ts';
import type { Login } from '../../transport/session.ts';
import type { SourceHttp } from '../../transport/source-http.ts';
import type { IntronisSettings } from './settings.ts';

/**
 * Asks for a token in the client-credentials profile: `grant_type` is the word `none`, scopes are joined by a literal plus, and
 * there is no refresh token, so every renewal is a new login.
 *
 * @throws AUTHENTICATION when the token host refuses.
 */
export async function logIn(
  http: SourceHttp,
  settings: IntronisSettings,
  signal: AbortSignal,
  now: () => Date,
): Promise<Login> {
  const askedAt = now().getTime();
  const response = await http.send(
    {
      method: 'POST',
      base: settings.tokenUrl,
      path: new URL(settings.tokenUrl).pathname === '/' ? DEFAULT_PATH : '',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        client_id: settings.clientId.reveal(),
        client_secret: settings.clientSecret.reveal(),
        grant_type: 'none',
        scope: SCOPES.join('+'),
      }).toString(),
    },
    signal,
  );
  if (response.status < 200 || response.status > 299) throw refuseLogin(response, settings.key);
  const body = readObject(decodeJson(response));
  // Draft 10 knows an error in the place of a token.
  if (body.value['access_token'] === undefined && body.value['error'] !== undefined)
    throw errorFromResponse(response, settings.key, { kind: 'AUTHENTICATION', nativeCode: nativeCodeOf(response) });
  const token = body.text('access_token');
  if (!/^[\x21-\x7e]+$/.test(token)) throw malformed('$.access_token', 'a token');
  return { headers: { authorization: `OAuth ${token}` }, expiresAt: askedAt + lifeSeconds(body.value) * 1000 };
}

const DEFAULT_PATH = '/oauth2/token';
const SCOPES = ['accounts_read', 'computers_read'];
const DEFAULT_LIFE_SECONDS = 3600;

/** `expires_in` is text in the vendor's sample; anything that is no positive number of seconds counts as not told. */
function lifeSeconds(body: Readonly<Record<string, unknown>>): number {
  const told = body['expires_in'];
  const seconds = typeof told === 'number' || typeof told === 'string' ? Number(told) : NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_LIFE_SECONDS;
}

/** Every refusal of the token host is about the login, so that a 404 there is never taken for a missing report. */
function refuseLogin(response: HttpResponse, sourceKey: string): GatewayError {
  const { status } = response;
  const aboutLogin = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return errorFromResponse(response, sourceKey, {
    nativeCode: nativeCodeOf(response),
    kind: aboutLogin ? 'AUTHENTICATION' : undefined,
  });
}

/** An answer of the API with an error status. */
export function refuseCall(response: HttpResponse, sourceKey: string): GatewayError {
  return errorFromResponse(response, sourceKey, { nativeCode: nativeCodeOf(response) });
}

/**
 * The vendor's own name of an error, when its body holds one.
 *
 * The form of error bodies is not documented. These members are looked at in this order, in JSON or under any XML root; only a
 * value in the form of an identifier, such as `BackupSetActions_NotFound`, is kept: sentences of the vendor are not taken over.
 */
function nativeCodeOf(response: HttpResponse): string | undefined {
  const body = errorMembers(response);
  return MESSAGE_MEMBERS.map((name) => (Object.hasOwn(body, name) ? body[name] : undefined)).find(isIdentifier);
}

const MESSAGE_MEMBERS = ['message', 'error_description', 'error', 'reason', 'description'];

function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 64 && /^[A-Za-z]+(?:[_.][A-Za-z0-9]+)*$/.test(value);
}

function errorMembers(response: HttpResponse): Readonly<Record<string, unknown>> {
  try {
    if (!decodeText(response).trimStart().startsWith('<')) return readObject(decodeJson(response)).value;
    const document = readObject(decodeXml(response, { lists: new Set() })).value;
    return readObject(Object.values(document)[0]).value;
  } catch (error) {
    if (error instanceof GatewayError) return {};
    throw error;
  }
}
