import { describe, expect, it } from 'vitest';
import { readCall } from '../../support/read-call.ts';
import { benches, path } from './client-support.ts';
import { list, reportRow, routes, type VendorRequest } from './vendor-server.ts';

const REPORT = { [path.accountReport('oak_clinic')]: list([reportRow('0107', 'Shares')]) };

describe('vendors/barracuda-intronis/login', () => {
  const bench = benches();

  it("asks for a token in the vendor's form and carries it as OAuth, accepting one format only", async () => {
    const { source, vendor } = await bench(routes(REPORT));
    await source.listJobs(readCall());
    const [login, read] = vendor.requests;
    expect(login).toMatchObject({
      method: 'POST',
      url: '/oauth2/token',
      body: 'client_id=id+1&client_secret=s%26cret&grant_type=none&scope=accounts_read%2Bcomputers_read',
    });
    expect(login?.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(read?.method).toBe('GET');
    expect(read?.headers).toMatchObject({ authorization: 'OAuth token-1', accept: 'application/json' });
    expect(read?.headers['accept-encoding']).toBeUndefined();
  });

  it('asks for XML when the settings say so', async () => {
    const { source, vendor } = await bench(undefined, { format: 'xml' });
    await source.listJobs(readCall()).catch(() => undefined);
    expect(vendor.requests[1]?.headers['accept']).toBe('application/xml');
  });

  it('finds the token path when only the host is configured', async () => {
    const { source, vendor } = await bench(routes(REPORT));
    const hostOnly = await bench(routes(REPORT), { tokenUrl: vendor.url });
    await hostOnly.source.listJobs(readCall());
    expect(vendor.requests.map(({ url }) => url)).toEqual(['/oauth2/token']);
    expect(source.apiVersion()).toBe('v1');
  });

  it.each([
    ['"3600"', 3600],
    ['7200', 7200],
    ['"soon"', 3600],
    ['null', 3600],
    ['0', 3600],
  ])('renews a token of expires_in %s before its end', async (text, seconds) => {
    const { source, vendor, pass } = await bench((request) =>
      request.url === '/oauth2/token' ? { body: `{"access_token":"t","expires_in":${text}}` } : routes(REPORT)(request),
    );
    const logins = () => vendor.requests.filter(({ url }) => url === '/oauth2/token').length;
    await source.listJobs(readCall());
    pass((seconds - 60) * 1000);
    await source.listJobs(readCall());
    expect(logins()).toBe(1);
    pass(30_000);
    await source.listJobs(readCall());
    expect(logins()).toBe(2);
  });

  it('gets one new token when the vendor no longer takes the old one', async () => {
    let tokens = 0;
    const answer = (request: VendorRequest) => {
      if (request.url === '/oauth2/token') return { body: { access_token: `t${(tokens += 1)}`, expires_in: '3600' } };
      return request.headers.authorization === 'OAuth t1' ? { status: 401 } : routes(REPORT)(request);
    };
    const { source } = await bench(answer);
    await expect(source.listJobs(readCall())).resolves.toMatchObject({ rows: [{ name: 'Shares' }], problems: [] });
    expect(tokens).toBe(2);
  });

  it.each([400, 401, 403, 404])(
    'says AUTHENTICATION when the token host answers %d, without its text',
    async (status) => {
      const { source, vendor } = await bench(({ url }) =>
        url === '/oauth2/token'
          ? { status, body: { error: 'invalid_client', error_description: 'Bad secret s&cret for you' } }
          : undefined,
      );
      const failure = await source.listJobs(readCall()).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'AUTHENTICATION', sourceKey: 'msp', nativeCode: 'invalid_client' });
      expect(String(failure)).not.toMatch(/secret|s&cret/);
      expect(vendor.taken()).toEqual([]);
    },
  );

  it('does not take a refused login for a report that the vendor lacks', async () => {
    let refusing = true;
    const { source, pass, vendor } = await bench((request) =>
      request.url === '/oauth2/token' && refusing ? { status: 404 } : routes(REPORT)(request),
    );
    await expect(source.listJobs(readCall())).rejects.toMatchObject({ code: 'AUTHENTICATION' });
    refusing = false;
    pass(2000);
    await source.listJobs(readCall());
    expect(vendor.taken()).toEqual([path.accountReport('oak_clinic')]);
  });

  it.each([
    [{ error: 'invalid_client' }, 'AUTHENTICATION'],
    [{}, 'MALFORMED_RESPONSE'],
    [{ access_token: 'two\r\nlines' }, 'MALFORMED_RESPONSE'],
    ['<html>hello</html>', 'MALFORMED_RESPONSE'],
  ])('says of the token answer %j: %s', async (body, code) => {
    const { source } = await bench(({ url }) => (url === '/oauth2/token' ? { body } : undefined));
    await expect(source.listJobs(readCall())).rejects.toMatchObject({ code, sourceKey: 'msp' });
  });

  it.each([
    [JSON.stringify({ message: 'Quota_Exceeded' }), 'Quota_Exceeded'],
    [
      JSON.stringify({ message: 'You may not do this', reason: 'Running_Actions_FailedToAcquireLock' }),
      'Running_Actions_FailedToAcquireLock',
    ],
    ['<error><description>BackupSetActions.NotFound</description></error>', 'BackupSetActions.NotFound'],
    ['You may not', undefined],
    ['<html><body>You may not</body></html>', undefined],
    ['', undefined],
    ['[1]', undefined],
  ])('keeps of the error body %s only a name', async (body, nativeCode) => {
    const { source } = await bench(({ url }) => (url === '/oauth2/token' ? undefined : { status: 403, body }));
    const failure = await source.listJobs(readCall()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'PERMISSION', httpStatus: 403, nativeCode });
    expect(String(failure)).not.toContain('You may not');
  });
});
