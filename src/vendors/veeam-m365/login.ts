import { GatewayError } from '../../domain/errors.ts';
import { decodeJson, type HttpResponse } from '../../transport/decode.ts';
import { malformed, readObject } from '../../transport/reader.ts';
import { Secret } from '../../domain/secret.ts';
import type { Login, SessionOptions } from '../../transport/session.ts';
import type { SourceHttp } from '../../transport/source-http.ts';
import { refuseLogin } from './refusals.ts';
import type { VeeamSettings } from './settings.ts';
import { VERSIONS } from './versions.ts';

/**
 * Makes the login of one source: with the refresh token of the login that has ended where there is one, else, and when the server
 * does not take it, with the password.
 *
 * @throws AUTHENTICATION when the password is refused; BAD_REQUEST when the server does not have the API version.
 */
export function loginOf(http: SourceHttp, settings: VeeamSettings, now: () => Date): SessionOptions['login'] {
  const refreshTokens = new WeakMap<Login, Secret>();

  async function ask(grant: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Login> {
    const askedAt = now().getTime();
    const response = await http.send(tokenRequest(grant, settings), signal);
    if (response.status < 200 || response.status > 299) throw refuseLogin(response, settings.key, settings.apiVersion);
    const { refreshToken, ...login } = parseToken(response, askedAt);
    if (refreshToken !== undefined) refreshTokens.set(login, refreshToken);
    return login;
  }

  return async (signal, expired) => {
    const refreshToken = expired && refreshTokens.get(expired);
    if (refreshToken !== undefined) {
      try {
        return await ask({ grant_type: 'refresh_token', refresh_token: refreshToken.reveal() }, signal);
      } catch (error) {
        if (!isAboutRefreshToken(error)) throw error;
      }
    }
    const { username, password } = settings;
    return ask({ grant_type: 'password', username, password: password.reveal() }, signal);
  };
}

/** Whether another grant may fare better: the server answered, and did not ask for a pause. */
function isAboutRefreshToken(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  return error.httpStatus === undefined ? error.code === 'MALFORMED_RESPONSE' : error.code !== 'THROTTLED';
}

function tokenRequest(grant: Readonly<Record<string, string>>, { apiVersion }: VeeamSettings) {
  const antiforgery = VERSIONS[apiVersion].hasAntiforgery ? { disable_antiforgery_token: 'true' } : {};
  return {
    method: 'POST',
    path: `/${apiVersion}/Token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ ...grant, ...antiforgery }).toString(),
  } as const;
}

function parseToken(response: HttpResponse, askedAt: number): Login & { readonly refreshToken: Secret | undefined } {
  const body = readObject(decodeJson(response));
  const token = body.text('access_token');
  if (!/^[\x21-\x7e]+$/.test(token)) throw malformed('$.access_token', 'a token');
  const tokenType = body.optionalText('token_type') ?? 'bearer';
  if (tokenType.toLowerCase() !== 'bearer') throw malformed('$.token_type', 'bearer');
  const refreshToken = body.optionalText('refresh_token');
  return {
    headers: { authorization: `Bearer ${token}` },
    expiresAt: askedAt + lifeSeconds(body.value['expires_in']) * 1000,
    refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
  };
}

/** An administrator chooses the life of tokens; what is no positive number of seconds counts as not told. */
function lifeSeconds(told: unknown): number {
  const seconds = typeof told === 'number' || typeof told === 'string' ? Number(told) : NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_LIFE_SECONDS;
}

const DEFAULT_LIFE_SECONDS = 3600;
