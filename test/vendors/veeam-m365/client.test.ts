import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { BackupSource, Rows } from '../../../src/vendors/contract.ts';
import { API_VERSIONS, type ApiVersion } from '../../../src/vendors/veeam-m365/versions.ts';
import { readCall } from '../../support/read-call.ts';
import { payload } from './payload.ts';
import { connect, serve, type Answer, type Asked, type TinyServer } from './tiny-server.ts';

let server: TinyServer;
let source: BackupSource;

afterEach(async () => {
  await source.close();
  await server.close();
});

async function start(answer: (asked: Asked) => Answer | undefined, version: ApiVersion = 'v3') {
  server = await serve(answer);
  const connected = connect(server.url, version);
  source = connected.source;
  return connected.environment;
}

/** Answers by path and query without the version; a path that is not listed is a 404. */
function routes(table: Record<string, unknown>): (asked: Asked) => Answer | undefined {
  return ({ method, url }) => {
    const key = url.replace(/^\/v\d/, '');
    return method === 'GET' && key in table ? { status: 200, body: table[key] } : undefined;
  };
}

function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function job(number: number, changes: Record<string, unknown> = {}) {
  return {
    id: guid(number),
    name: `Job ${number}`,
    lastStatus: 'Success',
    lastRun: '2026-11-20T08:00:00Z',
    isEnabled: true,
    backupType: 'SelectedItems',
    ...changes,
  };
}

function session(number: number, jobNumber: number | undefined, changes: Record<string, unknown> = {}) {
  const links =
    jobNumber === undefined
      ? {}
      : { _links: { job: { href: `https://elsewhere.example/v3/jobs/${guid(jobNumber)}` } } };
  return {
    id: guid(number),
    creationTime: `2026-11-${String(number % 28 || 28).padStart(2, '0')}T08:00:00Z`,
    status: 'Success',
    ...links,
    ...changes,
  };
}

function page(results: readonly unknown[], members: Record<string, unknown> = {}) {
  return { offset: 0, limit: 2000, results, ...members };
}

/** A link to a next page on another host. */
function nextLink(query: string) {
  return { _links: { next: { href: `http://127.0.0.1:9/v8/other?${query}` } } };
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error as GatewayError;
}

function idsOf(rows: readonly { readonly nativeId: string }[]): string[] {
  return rows.map(({ nativeId }) => nativeId);
}

describe('vendors/veeam-m365/client login', () => {
  it('asks for a token with a form and carries it', async () => {
    await start(routes({ '/Jobs': [job(1)] }));
    await source.listJobs(readCall());
    const [login, read] = server.asked;
    expect([login?.method, login?.url, login?.headers['content-type']]).toEqual([
      'POST',
      '/v3/Token',
      'application/x-www-form-urlencoded',
    ]);
    expect(login?.body).toBe('grant_type=password&username=LAB%5Csvc-gateway&password=p%26ss%2Bword');
    expect([read?.headers['authorization'], read?.headers['accept']]).toEqual(['Bearer AQAAANCM', 'application/json']);
  });

  it.each(API_VERSIONS)('names the antiforgery field in %s only where it is known', async (version) => {
    await start(routes({ '/Jobs': [], '/Jobs?limit=2000': page([]) }), version);
    await source.listJobs(readCall());
    expect(server.logins()[0]?.includes('disable_antiforgery_token=true')).toBe(version === 'v7' || version === 'v8');
  });

  it('logs in once for parallel reads, and once again when the token is refused', async () => {
    let refused = new Set<string>();
    await start(({ method, headers, url }) => {
      if (method === 'POST')
        return {
          status: 200,
          body: { access_token: `token${server.logins().length}`, token_type: 'Bearer', expires_in: '3600' },
        };
      return refused.has(String(headers['authorization']))
        ? { status: 401 }
        : { status: 200, body: url.endsWith('/Jobs') ? [job(1)] : [] };
    });
    await Promise.all([
      source.listJobs(readCall()),
      source.listRuns({}, readCall()),
      source.listProtectedObjects(readCall()),
    ]);
    expect(server.logins()).toHaveLength(1);
    refused = new Set(['Bearer token1']);
    const later = { freshSince: Date.now() + 1 };
    const [jobs] = await Promise.all([source.listJobs(readCall(later)), source.listRuns({}, readCall(later))]);
    expect([jobs.rows.length, server.logins().length]).toEqual([1, 2]);
  });

  it('renews with the refresh token, the newest one', async () => {
    let good = 0;
    await start(({ method, headers }) => {
      const number = server.logins().length;
      if (method === 'POST')
        return {
          status: 200,
          body: { access_token: `token${number}`, refresh_token: `refresh${number}`, expires_in: 3600 },
        };
      return headers['authorization'] === `Bearer token${good}` ? { status: 200, body: [] } : { status: 401 };
    });
    for (good of [1, 2, 3]) await source.listJobs(readCall({ freshSince: Date.now() + 1 }));
    expect(server.logins().map((body) => body.replace(/&username.*/, ''))).toEqual([
      'grant_type=password',
      'grant_type=refresh_token&refresh_token=refresh1',
      'grant_type=refresh_token&refresh_token=refresh2',
    ]);
  });

  it.each([400, 401, 500])('logs in with the password, once, when the refresh is answered with %i', async (status) => {
    let good = 1;
    await start(({ method, body, headers }) => {
      if (body.includes('refresh_token')) return { status, body: { error: 'invalid_grant' } };
      if (method === 'POST')
        return { status: 200, body: { access_token: `token${good}`, refresh_token: 'refresh', expires_in: 3600 } };
      return headers['authorization'] === `Bearer token${good}` ? { status: 200, body: [] } : { status: 401 };
    }, 'v7');
    await source.listJobs(readCall());
    good = 2;
    await source.listJobs(readCall({ freshSince: Date.now() + 1 }));
    expect(server.logins().map((body) => body.replace(/&(username|refresh_token=).*?(?=&disable|$)/, ''))).toEqual([
      'grant_type=password&disable_antiforgery_token=true',
      'grant_type=refresh_token&disable_antiforgery_token=true',
      'grant_type=password&disable_antiforgery_token=true',
    ]);
  });

  it.each([
    [
      { status: 400, body: { error: 'invalid_grant', error_description: 'svc-gateway is wrong' } },
      'AUTHENTICATION',
      'invalid_grant',
    ],
    [{ status: 401, body: '<html>no</html>' }, 'AUTHENTICATION', undefined],
    [{ status: 403 }, 'PERMISSION', undefined],
    [{ status: 404 }, 'BAD_REQUEST', undefined],
    [{ status: 200, body: { token_type: 'bearer' } }, 'MALFORMED_RESPONSE', undefined],
    [{ status: 200, body: { access_token: 'a\r\nb' } }, 'MALFORMED_RESPONSE', undefined],
    [{ status: 200, body: { access_token: 'a', token_type: 'mac' } }, 'MALFORMED_RESPONSE', undefined],
  ])('takes the token answer %j for %s', async (answer, code, nativeCode) => {
    await start(({ method }) => (method === 'POST' ? answer : { status: 200, body: [] }));
    const error = await failure(source.listJobs(readCall()));
    expect([error.code, error.nativeCode, error.sourceKey]).toEqual([code, nativeCode, 'm365']);
    expect(error.message).not.toMatch(/svc-gateway|p&ss|html/);
    expect(server.calls()).toEqual([]);
  });

  it('does not take a server without the API version for one without the job', async () => {
    await start(({ method }) => (method === 'POST' ? { status: 404 } : undefined), 'v8');
    const error = await failure(source.readJobs([guid(1)], readCall()));
    expect(error.message).toMatch(/API v8 .*check baseUrl and apiVersion/);
  });

  it('does not hammer with a password that is refused', async () => {
    await start(({ method }) => (method === 'POST' ? { status: 400, body: { error: 'invalid_grant' } } : undefined));
    for (let times = 0; times < 5; times += 1) await failure(source.listJobs(readCall()));
    expect(server.logins()).toHaveLength(1);
  });

  it.each([{}, { expires_in: 0 }, { expires_in: 'soon' }, { expires_in: -1 }])(
    'takes %j for a life of an hour',
    async (told) => {
      await start(({ method }) => ({ status: 200, body: method === 'POST' ? { access_token: 'a', ...told } : [] }));
      await source.listJobs(readCall());
      await source.listJobs(readCall({ freshSince: Date.now() + 1 }));
      expect(server.logins()).toHaveLength(1);
    },
  );

  it.each(API_VERSIONS)('ends the token of %s only where it can be ended', async (version) => {
    await start(routes({ '/Jobs': [], '/Jobs?limit=2000': page([]) }), version);
    await source.listJobs(readCall());
    await source.close();
    const ends = server.asked
      .filter(({ url }) => url.endsWith('/logout'))
      .map(({ method, url, headers }) => [method, url, headers['authorization']]);
    expect(ends).toEqual(
      version === 'v7' || version === 'v8' ? [['POST', `/${version}/token/logout`, 'Bearer AQAAANCM']] : [],
    );
  });
});

describe('vendors/veeam-m365/client errors', () => {
  it.each([
    [400, { message: 'bad' }, 'BAD_REQUEST', undefined],
    [403, { message: 'no' }, 'PERMISSION', undefined],
    [
      400,
      { message: 'no', errorCode: 'ResourceAccessDenied', stackTrace: 'at Veeam.Secret()' },
      'PERMISSION',
      'ResourceAccessDenied',
    ],
    [400, { errorCode: 'ResourceNotFound' }, 'NOT_FOUND', 'ResourceNotFound'],
    [500, { errorCode: 'ParameterValidationFailure' }, 'BAD_REQUEST', 'ParameterValidationFailure'],
    [400, { errorCode: 'OperationConflict' }, 'CONFLICT', 'OperationConflict'],
    [400, { errorCode: 'OutdatedChangeToken' }, 'CONFLICT', 'OutdatedChangeToken'],
    [400, { errorCode: 'OrganizationTransfer' }, 'CONFLICT', 'OrganizationTransfer'],
    [400, { errorCode: 'RepositoryOwnerChangeTooManyLinks' }, 'CONFLICT', 'RepositoryOwnerChangeTooManyLinks'],
    [400, { errorCode: 'ProxyOffline' }, 'VENDOR_FAULT', 'ProxyOffline'],
    [400, { errorCode: 'Timeout' }, 'VENDOR_FAULT', 'Timeout'],
    [400, { errorCode: 'HttpError' }, 'BAD_REQUEST', 'HttpError'],
    [409, { errorCode: null, message: 'busy' }, 'CONFLICT', undefined],
    [400, { errorCode: 'BrandNew' }, 'BAD_REQUEST', 'BrandNew'],
    [400, { errorCode: 'A whole sentence about at Veeam.Secret()' }, 'BAD_REQUEST', undefined],
    [404, undefined, 'NOT_FOUND', undefined],
    [400, '<html>Veeam.Secret</html>', 'BAD_REQUEST', undefined],
    [401, { errorCode: 'ResourceNotFound' }, 'AUTHENTICATION', 'ResourceNotFound'],
    [502, '<html>Veeam.Secret</html>', 'VENDOR_FAULT', undefined],
  ])('takes %i with %j for %s', async (status, body, code, nativeCode) => {
    await start(({ method }) => (method === 'GET' ? { status, body } : undefined), 'v8');
    const error = await failure(source.listJobs(readCall()));
    expect([error.code, error.nativeCode, error.httpStatus, error.sourceKey]).toEqual([
      code,
      nativeCode,
      status,
      'm365',
    ]);
    expect(`${error.message} ${String(error.cause)}`).not.toMatch(/Veeam\.Secret|busy|bad/);
  });
});

describe('vendors/veeam-m365/client jobs', () => {
  it('reads an array in one call, the good rows beside the bad one, and no id twice', async () => {
    await start(routes({ '/Jobs': [job(1), { name: 'no id' }, job(2), job(1, { name: 'again' })] }));
    const { rows, problems } = await source.listJobs(readCall());
    expect(rows.map(({ name }) => name)).toEqual(['Job 1', 'Job 2']);
    expect(problems.map(({ code, message, sourceKey }) => [code, message, sourceKey])).toEqual([
      ['MALFORMED_RESPONSE', 'Source "m365": $[1].id is not text', 'm365'],
    ]);
    expect(server.calls()).toEqual(['GET /v3/Jobs']);
    expect(rows[0]?.observedAt.getTime()).toBeGreaterThan(Date.now() - 10_000);
  });

  it.each(API_VERSIONS)('takes a page where an array is promised and the reverse, in %s', async (version) => {
    for (const body of [[job(1)], page([job(1)])]) {
      await start(({ method }) => (method === 'GET' ? { status: 200, body } : undefined), version);
      expect((await source.listJobs(readCall())).rows).toHaveLength(1);
      expect(server.calls()).toEqual([`GET /${version}/Jobs${version === 'v8' ? '?limit=2000' : ''}`]);
      await source.close();
      await server.close();
    }
    await start(() => undefined);
  });

  it('follows a next link by its parameters, never to its host', async () => {
    await start(
      routes({
        '/Jobs?limit=2000': page([job(1), job(2)], { limit: 2, ...nextLink('offset=2&limit=2&setId=s-1') }),
        '/Jobs?limit=2&offset=2&setId=s-1': page([job(2), job(3)], {
          limit: 2,
          ...nextLink('offset=4&limit=2&setId=s-1'),
        }),
        '/Jobs?limit=2&offset=4&setId=s-1': page([]),
      }),
      'v8',
    );
    const { rows, problems } = await source.listJobs(readCall());
    expect([rows.map(({ name }) => name), problems]).toEqual([['Job 1', 'Job 2', 'Job 3'], []]);
  });

  it('goes on without links while pages are full, by the size that the server says', async () => {
    await start(
      routes({
        '/Jobs?limit=2000': page([job(1), job(2)], { limit: 2 }),
        '/Jobs?limit=2&offset=2': page([job(3)], { limit: 2 }),
      }),
      'v8',
    );
    expect((await source.listJobs(readCall())).rows).toHaveLength(3);
  });

  it('ends at a page that repeats, and says that the list is cut when more was promised', async () => {
    const links = { _links: { next: { href: '/v8/Jobs?limit=1' } } };
    await start(
      ({ method }) => (method === 'GET' ? { status: 200, body: page([job(1)], { limit: 1, ...links }) } : undefined),
      'v8',
    );
    const { rows, problems } = await source.listJobs(readCall());
    expect([rows.length, problems.map(({ code }) => code), server.calls().length]).toEqual([
      1,
      ['MALFORMED_RESPONSE'],
      2,
    ]);
    expect(problems[0]?.message).toMatch(/cut, a page repeats/);
  });

  it('ends without a complaint where a server does not page after all', async () => {
    await start(
      ({ method }) => (method === 'GET' ? { status: 200, body: page([job(1)], { limit: 1 }) } : undefined),
      'v8',
    );
    expect(await source.listJobs(readCall())).toMatchObject({ rows: [{ name: 'Job 1' }], problems: [] });
    expect(server.calls()).toHaveLength(2);
  });

  it('ends endless pages at a limit', async () => {
    await start(({ method, url }) => {
      const offset = Number(/offset=(\d+)/.exec(url)?.[1] ?? 0);
      const links = { _links: { next: { href: `/v8/Jobs?offset=${offset + 1}&limit=1` } } };
      return method === 'GET' ? { status: 200, body: page([job(offset + 1)], links) } : undefined;
    }, 'v8');
    const { rows, problems } = await source.listJobs(readCall());
    expect([rows.length, server.calls().length]).toEqual([100, 100]);
    expect(problems.map(({ message }) => message)).toEqual([
      'Source "m365": the list is cut, 100 pages are the limit.',
    ]);
  });

  it('does not take an empty page for the end when its link or its total promises more', async () => {
    await start(
      routes({
        '/Jobs?limit=2000': page([job(1)], { limit: 1, ...nextLink('offset=1&limit=1') }),
        '/Jobs?limit=1&offset=1': page([], nextLink('offset=2&limit=1')),
        '/JobSessions?jobType=Backup&limit=2000': page([], { totalCount: 2 }),
        '/Organizations?limit=2000': page([], { totalCount: 0 }),
      }),
      'v8',
    );
    const cut = async (reading: Promise<Rows<unknown>>) => {
      const { rows, problems } = await reading;
      return [rows.length, problems.map(({ message }) => message)];
    };
    expect(await cut(source.listJobs(readCall()))).toEqual([1, ['Source "m365": the list is cut, page 2 is empty.']]);
    expect(await cut(source.listRuns({}, readCall()))).toEqual([
      0,
      ['Source "m365": the list is cut, page 1 is empty.'],
    ]);
    await expect(source.probe(readCall())).resolves.toBeUndefined();
  });

  it('keeps the first pages when a later one fails', async () => {
    await start(({ method, url }) => {
      if (method === 'POST') return undefined;
      return url.includes('offset') ? { status: 403 } : { status: 200, body: page([job(1)], { limit: 1 }) };
    }, 'v8');
    const { rows, problems } = await source.listJobs(readCall());
    expect([rows.length, problems.map(({ code }) => code)]).toEqual([1, ['PERMISSION']]);
  });

  it('reads up to three jobs one by one and more from the list', async () => {
    const jobs = [1, 2, 3, 4, 5].map((number) => job(number));
    await start(routes({ '/Jobs': jobs, [`/Jobs/${guid(1)}`]: jobs[0], [`/Jobs/${guid(2)}`]: jobs[1] }));
    const few = await source.readJobs([guid(1), guid(2), guid(9)], readCall());
    expect([...few.keys()]).toEqual([guid(1), guid(2)]);
    expect(server.calls()).toEqual([1, 2, 9].map((number) => `GET /v3/Jobs/${guid(number)}`));
    const many = await source.readJobs([1, 2, 3, 9].map(guid), readCall());
    expect([[...many.keys()], server.calls().slice(3)]).toEqual([[guid(1), guid(2), guid(3)], ['GET /v3/Jobs']]);
  });

  it('needs no call for jobs that a list of the same operation told', async () => {
    await start(routes({ '/Jobs': [job(1), job(2)] }));
    const call = readCall();
    await source.listJobs(call);
    const answers = await source.readJobs([guid(2)], call);
    expect(answers.get(guid(2))).toMatchObject({ name: 'Job 2' });
    expect(server.calls()).toHaveLength(1);
  });

  it.each([
    '',
    '..',
    '../Organizations',
    guid(1).toUpperCase().replace('00000000', 'ABCDEF00'),
    'schedule/x',
    `${guid(1)}/stop`,
    '%2e%2e',
  ])('makes no call for "%s", which no job of this vendor is called', async (id) => {
    await start(() => undefined);
    const answers = await Promise.all([
      source.readJobs([id], readCall()),
      source.readRuns([id], readCall()),
      source.readRunsOfJobs([id], {}, readCall()),
      source.readMessages([id], readCall()),
      source.readProtectedObjects([id, `organization/${id}`, `selection/${id}`, `other/${guid(1)}`], readCall()),
    ]);
    expect(answers.map(({ size }) => size)).toEqual([0, 0, 0, 0, 0]);
    expect(server.asked).toEqual([]);
  });

  it('tells the error of each job apart, and throws when no job could be read', async () => {
    await start(({ url }) => {
      if (url.endsWith(guid(1))) return { status: 200, body: job(1) };
      return url.endsWith(guid(2)) ? { status: 403 } : undefined;
    });
    const answers = await source.readJobs([guid(1), guid(2)], readCall());
    expect(answers.get(guid(1))).toMatchObject({ name: 'Job 1' });
    expect(answers.get(guid(2))).toMatchObject({ code: 'PERMISSION' });
    expect((await failure(source.readJobs([guid(2)], readCall()))).code).toBe('PERMISSION');
  });

  it('does not say of a job that it does not exist when its list could not be read whole', async () => {
    await start(routes({ '/Jobs': [job(1), { id: 7 }] }));
    const answers = await source.readJobs([1, 2, 3, 4].map(guid), readCall());
    expect(answers.get(guid(1))).toMatchObject({ name: 'Job 1' });
    expect(answers.get(guid(2))).toMatchObject({ code: 'MALFORMED_RESPONSE' });
  });
});

describe('vendors/veeam-m365/client runs', () => {
  it('makes lists once for as long as the same answers serve', async () => {
    await start(routes({ '/Jobs': [job(1)], '/JobSessions': [session(11, 1)], '/Organizations': [] }));
    const read = (freshSince: number) => {
      const call = readCall({ freshSince });
      return Promise.all([source.listJobs(call), source.listRuns({}, call), source.listProtectedObjects(call)]);
    };
    const [jobs, runs, objects] = await read(0);
    const [jobsAgain, runsAgain, objectsAgain] = await read(0);
    expect([jobsAgain === jobs, runsAgain === runs, objectsAgain === objects]).toEqual([true, true, true]);
    expect(runs.rows).toMatchObject([{ nativeId: guid(11), jobNativeId: guid(1) }]);
    const [, fresh] = await read(Date.now() + 1);
    expect(fresh === runs).toBe(false);
    expect(fresh.rows).toMatchObject([{ nativeId: guid(11) }]);
  });

  const SESSIONS: Record<ApiVersion, string> = {
    v3: '/JobSessions',
    v4: '/JobSessions',
    v5: '/JobSessions?limit=2000',
    v6: '/JobSessions?jobType=Backup&limit=2000',
    v7: '/JobSessions?jobType=Backup&limit=2000',
    v8: '/JobSessions?jobType=Backup&limit=2000',
  };

  it.each(API_VERSIONS)('lists the sessions of %s in one call and leaves those of copy jobs out', async (version) => {
    const rows = [session(1, 1), session(2, 2), session(3, 3, { jobType: 'Copy' }), session(4, undefined)];
    await start(routes({ [SESSIONS[version]]: version < 'v5' ? rows : page(rows) }), version);
    const runs = await source.listRuns({}, readCall());
    expect(runs.rows.map(({ nativeId, jobNativeId }) => [nativeId, jobNativeId])).toEqual([
      [guid(1), guid(1)],
      [guid(2), guid(2)],
      [guid(4), undefined],
    ]);
    expect([runs.problems, server.calls()]).toEqual([[], [`GET /${version}${SESSIONS[version]}`]]);
  });

  const SINCE = new Date('2026-11-20T00:00:00Z');
  const NARROWED = '/JobSessions?jobType=Backup&endTimeLowerBound=2026-11-19T23%3A59%3A59.000Z&limit=2000';

  it.each(['v3', 'v4', 'v5'] as const)('does not narrow in %s, which cannot', async (version) => {
    await start(routes({ [SESSIONS[version]]: [session(1, 1)] }), version);
    await source.listRuns({ startedAfter: SINCE }, readCall());
    expect(server.calls()).toEqual([`GET /${version}${SESSIONS[version]}`]);
  });

  it('narrows by time from v6 on, and never by the upper bound, which goes by the end', async () => {
    await start(routes({ [NARROWED]: page([session(20, 1)]), '/Jobs': [job(1)] }), 'v7');
    const { rows } = await source.listRuns(
      { startedAfter: SINCE, startedBefore: new Date('2026-11-21T00:00:00Z') },
      readCall(),
    );
    expect([idsOf(rows), server.calls().toSorted()]).toEqual([
      [guid(20)],
      [`GET /v7${NARROWED}`, 'GET /v7/Jobs'].toSorted(),
    ]);
  });

  it('adds what has not ended when a narrowed list lacks it', async () => {
    const running = session(21, 2, { status: 'Running', endTime: null });
    const jobs = [job(1, { lastStatus: 'Running' }), job(2, { lastStatus: 'Running' }), job(3)];
    await start(
      routes({
        [NARROWED]: page([session(20, 1, { status: 'Running' })]),
        '/Jobs': jobs,
        [`/Jobs/${guid(2)}/JobSessions?limit=2000`]: page([running, session(1, 2)]),
      }),
      'v6',
    );
    const { rows, problems } = await source.listRuns({ startedAfter: SINCE }, readCall());
    expect([idsOf(rows).toSorted(), problems]).toEqual([[guid(1), guid(20), guid(21)], []]);
  });

  it('reads the whole list when many active jobs are missing from a narrowed one', async () => {
    const jobs = [1, 2, 3, 4].map((number) => job(number, { lastStatus: 'Queued' }));
    await start(
      routes({ [NARROWED]: page([]), [SESSIONS.v8]: page([session(20, 1)]), '/Jobs?limit=2000': page(jobs) }),
      'v8',
    );
    expect(idsOf((await source.listRuns({ startedAfter: SINCE }, readCall())).rows)).toEqual([guid(20)]);
    expect(server.calls()).toHaveLength(3);
  });

  it('says so when a narrowed list cannot be completed', async () => {
    await start(routes({ [NARROWED]: page([session(20, 1)]) }), 'v7');
    const { rows, problems } = await source.listRuns({ startedAfter: SINCE }, readCall());
    expect([idsOf(rows), problems.map(({ code }) => code)]).toEqual([[guid(20)], ['NOT_FOUND']]);
  });

  const OF_JOB: Record<ApiVersion, (id: string) => string> = {
    v3: (id) => `/Jobs/${id}/JobSessions`,
    v4: (id) => `/Jobs/${id}/JobSessions`,
    v5: (id) => `/Jobs/${id}/JobSessions?limit=2000`,
    v6: (id) => `/Jobs/${id}/JobSessions?limit=2000`,
    v7: (id) => `/JobSessions?jobId=${id}&jobType=Backup&limit=2000`,
    v8: (id) => `/JobSessions?jobId=${id}&jobType=Backup&limit=2000`,
  };

  it.each(API_VERSIONS)('reads the runs of few jobs by job in %s, newest first', async (version) => {
    const path = OF_JOB[version];
    const rows = [session(3, undefined), session(5, 1), session(4, 2), session(6, 1, { jobType: 'Copy' })];
    await start(routes({ [path(guid(1))]: version < 'v5' ? rows : page(rows) }), version);
    const answers = await source.readRunsOfJobs([guid(1)], { newest: 1 }, readCall());
    const answer = answers.get(guid(1));
    if (answer === undefined || answer instanceof GatewayError) throw new Error('no runs');
    expect(answer.rows.map(({ nativeId, jobNativeId }) => [nativeId, jobNativeId])).toEqual([
      [guid(5), guid(1)],
      [guid(3), guid(1)],
    ]);
    expect(server.calls()).toEqual([`GET /${version}${path(guid(1))}`]);
  });

  it.each(API_VERSIONS)('tells a job without runs from a job that does not exist, in %s', async (version) => {
    const path = OF_JOB[version];
    const empty = version < 'v5' ? [] : page([]);
    const unknown = version < 'v7' ? {} : { [path(guid(2))]: empty };
    await start(routes({ [path(guid(1))]: empty, [`/Jobs/${guid(1)}`]: job(1), ...unknown }), version);
    const answers = await source.readRunsOfJobs([guid(1), guid(2)], {}, readCall());
    expect([...answers]).toEqual([[guid(1), { rows: [], problems: [] }]]);
    expect(server.calls()).toHaveLength(version < 'v7' ? 2 : 4);
  });

  it('reads the runs of many jobs from one list', async () => {
    await start(
      routes({
        '/JobSessions': [1, 2, 3, 4].flatMap((number) => [session(number, number), session(number + 10, number)]),
      }),
    );
    const answers = await source.readRunsOfJobs([1, 2, 3, 4].map(guid), {}, readCall());
    expect(
      [...answers].map(([id, answer]) => [id, answer instanceof GatewayError ? answer : idsOf(answer.rows)]),
    ).toEqual([1, 2, 3, 4].map((number) => [guid(number), [guid(number + 10), guid(number)]]));
    expect(server.calls()).toEqual(['GET /v3/JobSessions']);
  });

  it('asks the list of jobs once about jobs that a list of sessions does not name', async () => {
    await start(routes({ '/JobSessions': [session(1, 1)], '/Jobs': [1, 2, 3].map((number) => job(number)) }));
    const answers = await source.readRunsOfJobs([1, 2, 3, 4].map(guid), {}, readCall());
    expect([...answers.keys()]).toEqual([1, 2, 3].map(guid));
    expect(server.calls()).toEqual(['GET /v3/JobSessions', 'GET /v3/Jobs']);
  });

  it('marks the runs of each job when the list of sessions has a bad row', async () => {
    await start(routes({ '/JobSessions': [...[1, 2, 3, 4].map((number) => session(number, number)), { id: 'x' }] }));
    const answers = await source.readRunsOfJobs([1, 2, 3, 4].map(guid), {}, readCall());
    for (const answer of answers.values()) {
      if (answer instanceof GatewayError) throw answer;
      expect(answer.problems.map(({ message }) => message)).toEqual(['Source "m365": $[4].id is not a GUID']);
    }
  });

  it('says with the runs of many jobs that some sessions do not name theirs', async () => {
    await start(
      routes({ '/JobSessions': [...[1, 2, 3, 4].map((number) => session(number, number)), session(5, undefined)] }),
    );
    const answers = await source.readRunsOfJobs([1, 2, 3, 4].map(guid), {}, readCall());
    expect(answers.size).toBe(4);
    for (const answer of answers.values()) {
      if (answer instanceof GatewayError) throw answer;
      expect(answer.rows).toHaveLength(1);
      expect(answer.problems.map(({ code, sourceKey }) => [code, sourceKey])).toEqual([['MALFORMED_RESPONSE', 'm365']]);
    }
  });

  it('lists the runs of a job that is gone, with the id of that job', async () => {
    await start(routes({ '/JobSessions': [session(1, 1), session(2, 9, { status: 'Failed' })], '/Jobs': [job(1)] }));
    const { rows, problems } = await source.listRuns({}, readCall());
    expect(rows.map(({ jobNativeId, status }) => [jobNativeId, status])).toEqual([
      [guid(1), 'SUCCEEDED'],
      [guid(9), 'FAILED'],
    ]);
    expect(problems).toEqual([]);
  });

  it('reads few runs one by one and more from the list, never those of copy jobs', async () => {
    const sessions = [session(1, 1), session(2, 1), session(3, 1, { jobType: 'Copy' }), session(4, 1)];
    await start(
      routes({
        '/JobSessions': sessions,
        [`/JobSessions/${guid(1)}`]: sessions[0],
        [`/JobSessions/${guid(3)}`]: sessions[2],
      }),
    );
    expect([...(await source.readRuns([1, 3, 9].map(guid), readCall())).keys()]).toEqual([guid(1)]);
    expect(server.calls()).toHaveLength(3);
    expect([...(await source.readRuns([1, 2, 3, 4, 9].map(guid), readCall())).keys()]).toEqual([1, 2, 4].map(guid));
    expect(server.calls().slice(3)).toEqual(['GET /v3/JobSessions']);
  });

  it('reads all pages of a log, whatever the link of the session says', async () => {
    const first = payload('v3-log-page-from-the-documentation', {
      _links: { next: { href: 'https://elsewhere.example/v3/x/log?offset=4&limit=4' } },
    });
    const path = `/JobSessions/${guid(1)}/LogItems`;
    await start(
      routes({
        [`${path}?limit=2000`]: first,
        [`${path}?limit=4&offset=4`]: page([{ id: 'z', usn: 1, title: '[Running] First of all' }]),
      }),
    );
    const answers = await source.readMessages([guid(1), guid(2)], readCall());
    expect([...answers.keys()]).toEqual([guid(1)]);
    expect(answers.get(guid(1))).toMatchObject([
      { text: 'First of all', severity: 'INFO' },
      { severity: 'INFO' },
      { text: 'Connected to the organisation', severity: undefined },
      { severity: 'WARNING' },
      { severity: 'ERROR' },
    ]);
  });

  it('says in the log itself that a line of it could not be read', async () => {
    await start(
      routes({
        [`/JobSessions/${guid(1)}/LogItems?limit=2000`]: page([{ usn: 1, title: '[Success] ok' }, { usn: 2 }]),
      }),
    );
    const messages = (await source.readMessages([guid(1)], readCall())).get(guid(1));
    expect(messages).toMatchObject([
      { text: 'ok' },
      { severity: undefined, text: 'Part of the log is missing. Source "m365": $.results[1].title is not text' },
    ]);
  });
});

describe('vendors/veeam-m365/client objects', () => {
  const organization = (number: number) => ({ id: guid(number), name: `org ${number}` });
  const jobs = [job(1), job(2, { backupType: 'EntireOrganization', organizationId: guid(7) }), job(3)];

  it.each([
    ['v3', '/Organizations', '/Jobs'],
    ['v6', '/Organizations?extendedView=false', '/Jobs'],
    ['v7', '/Organizations?extendedView=false', '/Jobs'],
    ['v8', '/Organizations?limit=2000', '/Jobs?limit=2000'],
  ] as const)('lists organisations and selections of %s in two calls', async (version, organizationPath, jobPath) => {
    await start(routes({ [organizationPath]: [organization(7), organization(8)], [jobPath]: jobs }), version);
    const { rows } = await source.listProtectedObjects(readCall());
    expect(rows.map(({ nativeId, name }) => [nativeId, name])).toEqual([
      [`organization/${guid(7)}`, 'org 7'],
      [`organization/${guid(8)}`, 'org 8'],
      [`selection/${guid(1)}`, 'Job 1'],
      [`selection/${guid(3)}`, 'Job 3'],
    ]);
    expect(server.calls()).toHaveLength(2);
  });

  it('keeps one half when the other cannot be read, and throws when neither can', async () => {
    await start(({ url }) => {
      if (url.startsWith('/v3/Organizations')) return { status: 403 };
      return url === '/v3/Jobs'
        ? { status: 200, body: jobs }
        : routes({ [`/Jobs/${guid(1)}`]: jobs[0] })({ method: 'GET', url, headers: {}, body: '' });
    });
    const { rows, problems } = await source.listProtectedObjects(readCall());
    expect([idsOf(rows), problems.map(({ code }) => code)]).toEqual([
      [`selection/${guid(1)}`, `selection/${guid(3)}`],
      ['PERMISSION'],
    ]);
    const answers = await source.readProtectedObjects(
      [`organization/${guid(7)}`, `organization/${guid(8)}`, `selection/${guid(1)}`],
      readCall(),
    );
    expect([...answers.values()].map((one) => (one instanceof GatewayError ? one.code : one.name))).toEqual([
      'PERMISSION',
      'PERMISSION',
      'Job 1',
    ]);
    await source.close();
    await server.close();
    await start(({ method }) => (method === 'GET' ? { status: 403 } : undefined));
    expect((await failure(source.listProtectedObjects(readCall()))).code).toBe('PERMISSION');
    expect((await failure(source.readProtectedObjects([`organization/${guid(7)}`], readCall()))).code).toBe(
      'PERMISSION',
    );
  });

  it('reads one organisation by itself, several from the list, selections as jobs', async () => {
    await start(
      routes({
        '/Organizations': [organization(7), organization(8)],
        [`/Organizations/${guid(7)}`]: organization(7),
        [`/Jobs/${guid(1)}`]: jobs[0],
        [`/Jobs/${guid(2)}`]: jobs[1],
      }),
    );
    const ids = [`organization/${guid(7)}`, `selection/${guid(1)}`, `selection/${guid(2)}`];
    expect([...(await source.readProtectedObjects(ids, readCall())).keys()]).toEqual(ids.slice(0, 2));
    expect(server.calls().toSorted()).toEqual([
      `GET /v3/Jobs/${guid(1)}`,
      `GET /v3/Jobs/${guid(2)}`,
      `GET /v3/Organizations/${guid(7)}`,
    ]);
    const several = await source.readProtectedObjects(
      [7, 8, 9].map((number) => `organization/${guid(number)}`),
      readCall(),
    );
    expect([...several.keys()]).toEqual([`organization/${guid(7)}`, `organization/${guid(8)}`]);
    expect(server.calls()).toHaveLength(4);
  });

  it('probes with the shortest list', async () => {
    await start(routes({ '/Organizations': [] }));
    await source.probe(readCall());
    expect([server.logins().length, server.calls()]).toEqual([1, ['GET /v3/Organizations']]);
  });

  it('tells the configured version without a call', async () => {
    await start(() => undefined, 'v6');
    expect([source.apiVersion(), server.asked]).toEqual(['v6', []]);
  });
});
