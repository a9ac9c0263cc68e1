import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import { malformed, readObject } from '../../transport/reader.ts';
import type { Login } from '../../transport/session.ts';
import type { SourceHttp } from '../../transport/source-http.ts';
import { refuseLogin } from './errors.ts';
import type { SailPointSettings } from './settings.ts';

/**
 * Asks for a token with the client's credentials in a form body, never in the query, which ends up in logs.
 *
 * There is no refresh token in this grant, so that every renewal is a new login.
 * @throws AUTHENTICATION when the credentials are refused.
 */
export async function logIn(
  http: SourceHttp,
  settings: SailPointSettings,
  signal: AbortSignal,
  now: () => Date,
): Promise<Login> {
  const askedAt = now().getTime();
  const response = await http.send(
    {
      method: 'POST',
      path: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: settings.clientId.reveal(),
        client_secret: settings.clientSecret.reveal(),
      }).toString(),
    },
    signal,
  );
  if (response.status < 200 || response.status > 299) throw refuseLogin(response, settings.key);
  return parseToken(response, askedAt);
}

/** `askedAt` is epoch milliseconds: the token's life is counted from the asking, which is never too late. */
function parseToken(response: HttpResponse, askedAt: number): Login {
  const body = readObject(decodeJson(response));
  const token = body.text('access_token');
  if (!/^[\x21-\x7e]+$/.test(token)) throw malformed('$.access_token', 'a token');
  const lifeSeconds = positiveNumber(body.value['expires_in']);
  return {
    headers: { authorization: `Bearer ${token}` },
    expiresAt: lifeSeconds === undefined ? undefined : askedAt + lifeSeconds * 1000,
  };
}

/** Undefined for anything that is no positive number: then the first 401 renews the login. */
function positiveNumber(told: unknown): number | undefined {
  const number = typeof told === 'number' || typeof told === 'string' ? Number(told) : NaN;
  return Number.isFinite(number) && number > 0 ? number : undefined;
}
