import {
  AUTHORIZATION_STATES,
  Authorization,
  AuthorizationList,
  type AuthorizationState,
} from '@backcheck/contract';
import { AUTHORIZATION_STEPS, type AuthorizationStep } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorized, sendDraft, TERMS } from '../testing/authorize.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import { authorizationState, stepFrom } from './state.ts';

const DAY = 86_400_000;
let running: RunningApp;
let organizationId: string;
let lead: Visitor;
const clock = { now: Date.now() };
beforeAll(async () => {
  running = await RunningApp.start({ clock: () => new Date(clock.now) });
  organizationId = await running.organization();
  lead = await running.visitor('Lead', [{ role: 'security-lead', organizationId: Number(organizationId) }]);
});

const draft = async (terms = {}): Promise<Authorization> =>
  Authorization.parse((await sendDraft(running, organizationId, terms)).json());
const step = (who: Pick<Visitor, 'send'>, { id }: { id: string }, name: AuthorizationStep) =>
  who.send({ method: 'POST', url: `/api/v1/authorizations/${id}/${name}` });
const read = async ({ id }: { id: string }): Promise<Authorization> =>
  Authorization.parse((await running.get(`/api/v1/authorizations/${id}`)).json());

describe('an authorization to test', () => {
  it('is drafted from its signed paper, and nothing runs under it before somebody else approves', async () => {
    const answer = await sendDraft(running, organizationId, { ranges: ['192.0.2.0/24', '198.51.100.9'] });
    expect(answer.statusCode).toBe(201);
    const one = Authorization.parse(answer.json());
    expect(one).toMatchObject({
      state: 'drafted',
      ranges: ['192.0.2.0/24', '198.51.100.9/32'],
      windowOpen: false,
      draftedBy: { name: 'Tester' },
      approvedBy: null,
      document: { fileName: '检测授权书.pdf', sizeBytes: 15 },
    });
    const approved = Authorization.parse((await step(lead, one, 'approve')).json());
    expect(approved).toMatchObject({ state: 'in-force', windowOpen: true, approvedBy: { name: 'Lead' } });
  });

  it('keeps windows, and says when the next one opens', async () => {
    const weekday = new Date(clock.now).getUTCDay() || 7;
    const tomorrow = (weekday % 7) + 1;
    const windows = [{ days: [tomorrow], from: '00:00', until: '01:00' }];
    const one = await authorized(running, organizationId, { windows, timeZone: 'UTC' });
    const midnight = new Date(Math.ceil((clock.now + 1) / DAY) * DAY).toISOString();
    expect(one).toMatchObject({ state: 'in-force', windowOpen: false, nextWindow: midnight, windows });
  });

  it('is refused with every flaw by its place in the form', async () => {
    const answer = await sendDraft(running, organizationId, {
      ranges: ['192.0.2.1/24', 'not a range'],
      names: ['Example.ORG'],
      timeZone: 'Mars/Olympus',
      sourceAddresses: ['300.1.1.1'],
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'AUTHORIZATION_FLAWED' });
    const fields = answer.json().errors.map((one: { field: string }) => one.field);
    expect(fields).toEqual([
      'terms.ranges.0',
      'terms.ranges.1',
      'terms.names.0',
      'terms.timeZone',
      'terms.sourceAddresses.0',
    ]);
  });

  it('takes terms of five hundred ranges, and refuses text that is no JSON', async () => {
    const ranges = Array.from({ length: 500 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    expect((await draft({ ranges })).ranges).toHaveLength(500);
    const payload = new FormData();
    payload.set('organizationId', organizationId);
    payload.set('terms', '{');
    payload.set('file', new Blob(['x']), 'x.pdf');
    expect((await running.refused({ method: 'POST', url: '/api/v1/authorizations', payload })).code).toBe(
      'REQUEST_INVALID',
    );
  });

  it('is not approved by its drafter, who may hold every role', async () => {
    const both = await running.visitor('Both', [
      { role: 'liaison', organizationId: Number(organizationId) },
      { role: 'security-lead', organizationId: Number(organizationId) },
    ]);
    const one = Authorization.parse((await sendDraft(both, organizationId)).json());
    expect((await step(both, one, 'approve')).json().code).toBe('AUTHORIZATION_NOT_YOURS_TO_APPROVE');
    expect((await step(lead, one, 'approve')).statusCode).toBe(200);
    expect((await step(both, one, 'stop')).statusCode).toBe(200);
    expect((await step(both, one, 'resume')).json().code).toBe('AUTHORIZATION_NOT_YOURS_TO_APPROVE');
    expect((await step(both, one, 'revoke')).statusCode).toBe(200);
  });

  it('is stopped by whoever is on duty, once or twice, and resumed only by an approval', async () => {
    const one = await authorized(running, organizationId);
    const duty = await running.visitor('Duty', [
      { role: 'duty-officer', organizationId: Number(organizationId) },
    ]);
    expect((await step(duty, one, 'stop')).json()).toMatchObject({
      state: 'stopped',
      stoppedBy: { name: 'Duty' },
    });
    expect((await step(duty, one, 'stop')).statusCode).toBe(200);
    expect((await step(duty, one, 'resume')).json().code).toBe('FORBIDDEN');
    expect((await step(lead, one, 'resume')).json()).toMatchObject({ state: 'in-force', stoppedBy: null });
  });

  it('is revoked by its drafter or by who may approve, and by nobody else', async () => {
    const one = await draft();
    const liaison = await running.visitor('Liaison', [
      { role: 'liaison', organizationId: Number(organizationId) },
    ]);
    expect((await step(liaison, one, 'revoke')).json().code).toBe('FORBIDDEN');
    expect((await step(running, one, 'revoke')).json()).toMatchObject({ state: 'revoked' });
    expect((await step(lead, await draft(), 'revoke')).statusCode).toBe(200);
  });

  it('gives its paper to be saved, and writes down who took it', async () => {
    const one = await draft();
    const answer = await running.get(`/api/v1/authorizations/${one.id}/document`);
    expect(answer.body).toBe('%PDF-1.7 signed');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename*=UTF-8''%E6%A3%80%E6%B5%8B%E6%8E%88%E6%9D%83%E4%B9%A6.pdf`,
    });
    const { items } = (
      await running.get(`/api/v1/audit?organizationId=${organizationId}&object=authorization`)
    ).json();
    expect(items[0]).toMatchObject({ action: 'read', objectId: one.id });
  });

  it('is listed latest first, page by page, by organization', async () => {
    const first = AuthorizationList.parse(
      (await running.get(`/api/v1/authorizations?organizationId=${organizationId}&limit=2`)).json(),
    );
    expect(first.items).toHaveLength(2);
    const second = AuthorizationList.parse(
      (await running.get(`/api/v1/authorizations?limit=2&cursor=${first.nextCursor}`)).json(),
    );
    const ids = [...first.items, ...second.items].map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
  });
});

/** How to bring a draft into each state, and when it is looked at. */
const WAYS: Record<
  AuthorizationState,
  { readonly steps: AuthorizationStep[]; readonly after?: number; readonly terms?: object }
> = {
  drafted: { steps: [] },
  approved: { steps: ['approve'], terms: { validFrom: new Date(clock.now + DAY).toISOString() } },
  'in-force': { steps: ['approve'] },
  stopped: { steps: ['approve', 'stop'] },
  expired: {
    steps: ['approve'],
    after: 120_000,
    terms: { expiresAt: new Date(clock.now + 60_000).toISOString() },
  },
  revoked: { steps: ['approve', 'revoke'] },
};

const BECOMES: Record<AuthorizationState, Record<AuthorizationStep, AuthorizationState | 'refused'>> = {
  drafted: { approve: 'in-force', stop: 'refused', resume: 'refused', revoke: 'revoked' },
  approved: { approve: 'refused', stop: 'stopped', resume: 'refused', revoke: 'revoked' },
  'in-force': { approve: 'refused', stop: 'stopped', resume: 'refused', revoke: 'revoked' },
  stopped: { approve: 'refused', stop: 'stopped', resume: 'in-force', revoke: 'revoked' },
  expired: { approve: 'refused', stop: 'refused', resume: 'refused', revoke: 'refused' },
  revoked: { approve: 'refused', stop: 'refused', resume: 'refused', revoke: 'refused' },
};

describe.each(AUTHORIZATION_STATES)('one that is %s', (state) => {
  it.each(AUTHORIZATION_STEPS)('answers to %s as the table says', async (name) => {
    const { now } = clock;
    const { steps, after = 0, terms = {} } = WAYS[state];
    const officer = await running.visitor('Officer', [
      { role: 'security-lead', organizationId: Number(organizationId) },
      { role: 'duty-officer', organizationId: Number(organizationId) },
    ]);
    const one = await draft(terms);
    for (const taken of steps) expect((await step(officer, one, taken)).statusCode).toBe(200);
    clock.now = now + after;
    try {
      expect((await read(one)).state).toBe(state);
      const answer = await step(officer, one, name);
      const expected = BECOMES[state][name];
      if (expected === 'refused') {
        expect(answer.json()).toMatchObject({ code: 'AUTHORIZATION_NOT_READY' });
        expect((await read(one)).state).toBe(state);
      } else expect(answer.json().state).toBe(expected);
      expect(stepFrom(state, name) === 'refuse').toBe(expected === 'refused');
    } finally {
      clock.now = now;
    }
  });
});

it('what ends an authorization for good shows before what holds it up', () => {
  const { validFrom, expiresAt } = TERMS(0);
  const all = { validFrom, expiresAt, approvedAt: validFrom, stoppedAt: validFrom, revokedAt: validFrom };
  expect(authorizationState(all, validFrom)).toBe('revoked');
  expect(authorizationState({ ...all, revokedAt: null }, expiresAt)).toBe('expired');
  expect(authorizationState({ ...all, revokedAt: null }, validFrom)).toBe('stopped');
  expect(authorizationState({ ...all, revokedAt: null, approvedAt: null }, validFrom)).toBe('drafted');
});
