import { Access, FindingList, Grant, GrantList } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunningApp, type Visitor } from '../../testing/running-app.ts';
import { sarif } from '../../testing/sarif.ts';
import { requireRule } from './guard.ts';

/** Moves only when a test says so; sessions are made for longer than that. */
let now = new Date();
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

let running: RunningApp;
let hospital: string;
let school: string;
beforeAll(async () => {
  running = await RunningApp.start({ clock: () => now });
  await running.work();
  hospital = await running.organization('Hospital');
  school = await running.organization('School');
  for (const organizationId of [hospital, school]) {
    const sent = await running.upload(sarif(['R1'], '2026-01-01T10:00:00Z'), {
      organizationId,
      confirm: 'true',
    });
    await running.settled(sent.json().id);
  }
});

const at = (organizationId: string) => ({ organizationId: Number(organizationId) });
const findingsOf = async (visitor: Visitor): Promise<string[]> =>
  FindingList.parse((await visitor.get('/api/v1/findings')).json()).items.map(
    ({ organization }) => organization.id,
  );
const codeOf = (answer: { json(): { code: string } }): string => answer.json().code;

describe('a caller', () => {
  it('sees the findings of the organizations of their grants and of no others', async () => {
    const liaison = await running.visitor('Liaison of the hospital', [{ role: 'liaison', ...at(hospital) }]);
    expect(await findingsOf(liaison)).toEqual([hospital]);
    const analyst = await running.visitor('Analyst', [{ role: 'finding-analyst' }]);
    expect((await findingsOf(analyst)).sort()).toEqual([hospital, school].sort());
  });

  it('meets a foreign finding as one that does not exist', async () => {
    const liaison = await running.visitor('Liaison of the school', [{ role: 'liaison', ...at(school) }]);
    const all = FindingList.parse((await running.get('/api/v1/findings')).json()).items;
    const foreign = all.find(({ organization }) => organization.id === hospital);
    const answers = [`/api/v1/findings/${foreign?.id}`, '/api/v1/findings/999999'].map((url) =>
      liaison.get(url),
    );
    for (const answer of await Promise.all(answers)) {
      expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('without any grant for an operation is refused, and told what to do', async () => {
    const administrator = await running.visitor('Platform', [{ role: 'platform-administrator' }]);
    const answer = await administrator.get('/api/v1/findings');
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
    expect(answer.json().detail).toContain('administrator');
  });

  it('cannot import for an organization that they do not see', async () => {
    const support = await running.visitor('Lab', [
      { role: 'technical-support', ...at(school), expiresAt: later(10).toISOString() },
    ]);
    const foreign = await running.upload(
      sarif(['R2'], '2026-01-02T10:00:00Z'),
      { organizationId: hospital },
      { cookie: support.cookie },
    );
    expect(codeOf(foreign)).toBe('ORGANIZATION_UNKNOWN');
    const own = await running.upload(
      sarif(['R2'], '2026-01-02T10:00:00Z'),
      { organizationId: school },
      { cookie: support.cookie },
    );
    expect(own.statusCode).toBe(202);
  });

  it('whose grant ends loses access with the very next request', async () => {
    const start = now;
    const contractor = await running.visitor('Lab until Friday', [
      { role: 'technical-support', ...at(school), expiresAt: later(1 / 24).toISOString() },
    ]);
    expect(await findingsOf(contractor)).toEqual([school]);
    now = later(2 / 24);
    const answer = await contractor.get('/api/v1/findings');
    now = start;
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
  });
});

async function made(path: string, payload: object): Promise<string> {
  const answer = await running.send({ method: 'POST', url: `/api/v1${path}`, payload });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json().id;
}

const campaign = (title: string, units: readonly string[]) =>
  made('/campaigns', { code: title, title, units });
const system = (organizationId: string) =>
  made('/systems', {
    organizationId,
    fields: {
      systemCode: 'S-1',
      name: 'Grades',
      mlpsLevel: '2',
      ownerPerson: 'Li',
      ownerPhone: '13800000000',
    },
  });

describe('grants', () => {
  const give = (sender: Pick<Visitor, 'send'>, accountId: number, payload: object) =>
    sender.send({ method: 'POST', url: `/api/v1/accounts/${accountId}/grants`, payload });

  it('are given and taken back, each from the next request on', async () => {
    const somebody = await running.visitor('New colleague', []);
    expect((await somebody.get('/api/v1/findings')).statusCode).toBe(403);
    const given = await give(running, somebody.accountId, { role: 'liaison', organizationId: hospital });
    const grant = Grant.parse(given.json());
    expect(grant).toMatchObject({ role: 'liaison', organization: { id: hospital }, grantedBy: 'Tester' });
    expect(await findingsOf(somebody)).toEqual([hospital]);
    await running.send({ method: 'DELETE', url: `/api/v1/grants/${grant.id}` });
    expect((await somebody.get('/api/v1/findings')).statusCode).toBe(403);
    const left = GrantList.parse((await running.get(`/api/v1/accounts/${somebody.accountId}/grants`)).json());
    expect(left.items).toEqual([]);
  });

  it('that break a rule are refused with what is missing', async () => {
    const { accountId } = await running.visitor('Supplier', []);
    const flaw = async (payload: object) => codeOf(await give(running, accountId, payload));
    const contractor = { role: 'contractor', organizationId: hospital };
    expect(await flaw(contractor)).toBe('GRANT_NEEDS_END');
    expect(await flaw({ ...contractor, expiresAt: later(9).toISOString() })).toBe('GRANT_NEEDS_SYSTEM');
    expect(await flaw({ ...contractor, expiresAt: '2020-01-01T00:00:00Z' })).toBe('GRANT_ENDS_BEFORE_START');
    expect(await flaw({ role: 'liaison', organizationId: null })).toBe('GRANT_NEEDS_ORGANIZATION');
  });

  it('are not given to oneself', async () => {
    const { accountId } = await running.visitor('Tester', []);
    const answer = await give(running, accountId, { role: 'coordinator-lead', organizationId: hospital });
    expect(codeOf(answer)).toBe('GRANT_TO_SELF');
  });

  it('of a subtree are given only inside it', async () => {
    const county = await running.visitor('Administrator of the school', [
      { role: 'platform-administrator', ...at(school) },
    ]);
    const { accountId } = await running.visitor('Teacher', [{ role: 'observer', ...at(school) }]);
    const role = 'liaison';
    expect((await give(county, accountId, { role, organizationId: school })).statusCode).toBe(201);
    for (const payload of [
      { role, organizationId: hospital },
      { role: 'finding-analyst', organizationId: null },
    ]) {
      expect(codeOf(await give(county, accountId, payload))).toBe('ORGANIZATION_UNKNOWN');
    }
    const outside = Grant.parse((await give(running, accountId, { role, organizationId: hospital })).json());
    const seen = GrantList.parse((await county.get(`/api/v1/accounts/${accountId}/grants`)).json());
    expect(seen.items.map(({ organization }) => organization?.id)).toEqual([school, school]);
    const taken = await county.send({ method: 'DELETE', url: `/api/v1/grants/${outside.id}` });
    expect(codeOf(taken)).toBe('NOT_FOUND');
  });

  it('of a subtree are given only to accounts that are seen there: nobody learns by them who else has one', async () => {
    const county = await running.visitor('Curious administrator', [
      { role: 'platform-administrator', ...at(school) },
    ]);
    const { accountId } = await running.visitor('Nurse', [{ role: 'liaison', ...at(hospital) }]);
    const answer = await give(county, accountId, { role: 'observer', organizationId: school });
    expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    expect((await county.get(`/api/v1/accounts/${accountId}`)).statusCode).toBe(404);
  });

  it('that are cut to a system or a campaign give nobody anything, and take nothing', async () => {
    const campaignId = Number(await campaign('cut', [school]));
    const systemId = Number(await system(school));
    const { accountId } = await running.visitor('Friend', [{ role: 'observer', ...at(school) }]);
    const [held] = (await running.get(`/api/v1/accounts/${accountId}/grants`)).json().items;
    for (const cut of [{ ...at(school), systemId }, { ...at(school), campaignId }, { campaignId }]) {
      const limited = await running.visitor(`Administrator ${JSON.stringify(cut)}`, [
        { role: 'platform-administrator', ...cut },
      ]);
      const answers = [
        await give(limited, accountId, { role: 'finding-analyst', organizationId: school }),
        await limited.send({ method: 'DELETE', url: `/api/v1/grants/${held.id}` }),
        await limited.send({ method: 'POST', url: `/api/v1/accounts/${accountId}/disable` }),
      ];
      expect(answers.map(codeOf)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    }
  });

  it('name only a campaign that whoever gives them sees', async () => {
    const county = await running.visitor('Administrator of a school', [
      { role: 'platform-administrator', ...at(school) },
    ]);
    const { accountId } = await running.visitor('Caretaker', [{ role: 'observer', ...at(school) }]);
    const observer = { role: 'observer', organizationId: school };
    const own = await campaign('of the school', [school]);
    expect((await give(county, accountId, { ...observer, campaignId: own })).statusCode).toBe(201);
    for (const campaignId of [await campaign('of the hospital', [hospital]), '999999']) {
      const answer = await give(county, accountId, { ...observer, campaignId });
      expect([codeOf(answer), answer.body.includes('of the hospital')]).toEqual([
        'ORGANIZATION_UNKNOWN',
        false,
      ]);
    }
    const nowhere = { role: 'inspector', organizationId: null, systemId: '1', campaignId: '999999' };
    const flaws = [nowhere, { ...nowhere, systemId: null }].map((one) => ({
      ...one,
      expiresAt: later(9).toISOString(),
    }));
    for (const payload of flaws) {
      expect(codeOf(await give(running, accountId, payload))).toBe('ORGANIZATION_UNKNOWN');
    }
  });

  it('of ids that nothing can have are not there', async () => {
    const none = '999999999999999';
    const answers = [
      await give(running, Number(none), { role: 'observer', organizationId: school }),
      await running.send({ method: 'DELETE', url: `/api/v1/grants/${none}` }),
    ];
    expect(answers.map(codeOf)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect((await running.get(`/api/v1/accounts/${none}/grants`)).json()).toEqual({ items: [] });
  });

  it('tell the screens what an account may do and where it is at home', async () => {
    const liaison = await running.visitor('At home', [{ role: 'liaison', ...at(school) }]);
    const access = Access.parse((await liaison.get('/api/v1/access')).json());
    expect(access.home).toBe(school);
    expect(access.permissions).toContainEqual({ object: 'asset', action: 'create' });
    expect(access.permissions).not.toContainEqual({ object: 'import', action: 'create' });
    expect(Access.parse((await running.get('/api/v1/access')).json()).home).toBeNull();
  });
});

describe('an operation', () => {
  it('without a rule of access stops the start', () => {
    expect(() => requireRule({ url: '/api/v1/new', method: 'GET', handler: () => undefined })).toThrow(
      '/api/v1/new',
    );
  });
});
