import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FindingList,
  IssuedPaper,
  NoticeDetail,
  NoticeOffice,
  NoticeTemplate,
  NoticeTemplateList,
} from '@backcheck/contract';
import { DEFAULT_OFFICE } from '@backcheck/core';
import { officeOf } from '@backcheck/db';
import mammoth from 'mammoth';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import { sampleTemplate } from './paper/sample-template.ts';

const folder = mkdtempSync(join(tmpdir(), 'backcheck-papers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const canReadPdf = spawnSync('pdftotext', ['-v']).error === undefined;

let running: RunningApp;
let region: string;
let hospital: string;
let findingIds: string[];
let manager: Visitor;
let lead: Visitor;
let liaison: Visitor;

beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  region = await running.organization('Lake Region');
  const added = await running.send({
    method: 'POST',
    url: '/api/v1/organizations',
    payload: { name: 'Lakeside Hospital', nameZh: '湖畔医院', parentId: region },
  });
  hospital = added.json().id;
  const here = { organizationId: Number(region) };
  manager = await running.visitor('Manager', [{ role: 'campaign-manager', ...here }]);
  lead = await running.visitor('Lead', [{ role: 'coordinator-lead', ...here }]);
  liaison = await running.visitor('Liaison', [{ role: 'liaison', organizationId: Number(hospital) }]);
  const assets = ['192.0.2.1', '192.0.2.2'].map((value) => [{ kind: 'ip' as const, value }]);
  const file = houseScan({ at: '2026-11-20T02:00:00.000Z', assets, present: true });
  const sent = (await running.upload(file, { organizationId: hospital, confirm: 'true' })).json();
  expect((await running.settled(sent.id)).state).toBe('done');
  const list = FindingList.parse((await running.get(`/api/v1/findings?organizationId=${hospital}`)).json());
  findingIds = list.items.map(({ id }) => id);
});

const step = async (who: Visitor, id: string, name: string, payload?: object): Promise<NoticeDetail> => {
  const url = `/api/v1/notices/${id}/${name}`;
  const answer = await who.send({ method: 'POST', url, ...(payload === undefined ? {} : { payload }) });
  return NoticeDetail.parse(answer.json());
};

async function drafted(changes: object = {}): Promise<string> {
  const draft = {
    kind: 'rectification',
    language: 'both',
    title: { zh: '关于整改的通知', en: 'To be fixed' },
    body: { zh: '请整改。', en: 'Please fix.' },
    findingIds,
    ...changes,
  };
  const url = '/api/v1/notices';
  const answer = await manager.send({ method: 'POST', url, payload: { organizationId: hospital, draft } });
  return NoticeDetail.parse(answer.json()).id;
}

async function issued(changes: object = {}): Promise<NoticeDetail> {
  const id = await drafted(changes);
  await step(manager, id, 'submit');
  await step(lead, id, 'approve');
  return step(lead, id, 'issue');
}

const paper = (who: Visitor, id: string, query = '') => who.get(`/api/v1/notices/${id}/paper?${query}`);
const nameIn = (header: unknown) => decodeURIComponent(String(header).split("UTF-8''")[1] ?? '');
const rawText = async (buffer: Buffer) => (await mammoth.extractRawText({ buffer })).value;

function textOfPdf(pdf: Buffer): string {
  const file = join(folder, 'paper.pdf');
  writeFileSync(file, pdf);
  return execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
}

/** As a stranger: no cookie, no key. */
const ask = (sha256: string, remoteAddress = '198.51.100.1') =>
  running.app.inject({ method: 'GET', url: `/api/v1/notice-papers/${sha256}`, remoteAddress });

describe('the paper of an issued notice', () => {
  let notice: NoticeDetail;
  beforeAll(async () => {
    notice = await issued();
  });

  it.skipIf(!canReadPdf)(
    'has its number, its hash and each finding, and is the same bytes each time',
    async () => {
      const [one, two] = [await paper(liaison, notice.id), await paper(lead, notice.id)];
      expect(one.headers['content-type']).toBe('application/pdf');
      expect(nameIn(one.headers['content-disposition'])).toBe(`整改通知书-${notice.number}.pdf`);
      expect(one.rawPayload.equals(two.rawPayload)).toBe(true);
      const text = textOfPdf(one.rawPayload);
      for (const fact of [notice.contentSha256 ?? '', ...findingIds.map((id) => `#${id}`)])
        expect(text).toContain(fact);
      expect(text.replaceAll(/\s/g, '')).toContain(notice.number);
    },
  );

  it('is a Word document as well, with the same number and hash', async () => {
    const answer = await paper(liaison, notice.id, 'format=docx&language=zh');
    const text = await rawText(answer.rawPayload);
    for (const fact of [notice.number, notice.contentSha256, ...findingIds.map((id) => `#${id}`)])
      expect(text).toContain(fact);
  });

  it('is written down in the audit log when it is read', async () => {
    expect(await running.everyRow()).toContain('GET /api/v1/notices/:id/paper');
  });

  it('is not handed to a neighbour, and nothing is there for an unknown number', async () => {
    const other = await running.organization('Neighbour');
    const neighbour = await running.visitor('Neighbour', [
      { role: 'liaison', organizationId: Number(other) },
    ]);
    expect((await paper(neighbour, notice.id)).statusCode).toBe(404);
    expect((await paper(lead, '999999')).statusCode).toBe(404);
  });

  it('is not set in a language that nobody wrote', async () => {
    const chinese = await issued({
      language: 'zh',
      title: { zh: '通知', en: '' },
      body: { zh: '请整改。', en: '' },
    });
    const answer = await paper(lead, chinese.id, 'language=en');
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'NOTICE_LANGUAGE_MISSING']);
  });

  it.skipIf(!canReadPdf)('before its issue is a draft without number and hash', async () => {
    const text = textOfPdf((await paper(manager, await drafted())).rawPayload);
    expect(text).toContain('DRAFT');
    expect(text).not.toContain('SHA-256');
  });
});

describe('a paper in hand', () => {
  test('is genuine for anybody who has its hash, and says nothing about weaknesses', async () => {
    const { contentSha256, number } = await issued();
    const answer = await ask(contentSha256 ?? '');
    expect(IssuedPaper.parse(answer.json())).toMatchObject({
      kind: 'rectification',
      number,
      authority: DEFAULT_OFFICE.authority,
      state: 'issued',
      supersededBy: null,
      ledger: { seq: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/), same: true },
    });
    for (const secret of ['Lakeside', '湖畔', '192.0.2.1', ...findingIds.map((id) => `"${id}"`)])
      expect(answer.body).not.toContain(secret);
  });

  test.skipIf(!canReadPdf)(
    'that was withdrawn is said to be, on the page and on what is printed again',
    async () => {
      const notice = await issued();
      expect((await step(lead, notice.id, 'withdraw', { reason: 'wrong addressee' })).state).toBe(
        'withdrawn',
      );
      const answer = IssuedPaper.parse((await ask(notice.contentSha256 ?? '')).json());
      expect(answer).toMatchObject({ state: 'withdrawn', number: notice.number });
      expect(textOfPdf((await paper(lead, notice.id)).rawPayload)).toContain('WITHDRAWN');
    },
  );

  test('is not that of a draft, and guessing hashes soon has to wait', async () => {
    const guess = (digit: number) => ask(`${digit}`.repeat(64), '198.51.100.66');
    const answers = [];
    for (const digit of [1, 2, 3, 4, 5, 6, 7]) answers.push(await guess(digit));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404, 404, 429]);
    expect(answers[0]?.json().code).toBe('NOTICE_PAPER_UNKNOWN');
  });
});

/** Patterns of an office that nobody else has. */
const numbersOf = (mark: string) =>
  Object.fromEntries(
    Object.entries(DEFAULT_OFFICE.numbers).map(([kind, pattern]) => [kind, `${mark}${pattern}`]),
  );

describe('the office', () => {
  const office = {
    ...DEFAULT_OFFICE,
    authority: { zh: '湖区网信办', en: 'Lake Region Office' },
    contact: '0531-5550100',
    numbers: numbersOf('湖区'),
  };
  const read = async (who: Visitor, id: string) =>
    NoticeOffice.parse((await who.get(`/api/v1/notice-office?organizationId=${id}`)).json());
  const set = (who: Visitor, query: string, payload: object) =>
    who.send({ method: 'PUT', url: `/api/v1/notice-office${query}`, payload });

  test('has our own words until somebody sets some, which hold for all below', async () => {
    expect(await read(manager, region)).toEqual({ office: DEFAULT_OFFICE, heldBy: 'nobody', history: [] });
    expect((await set(manager, `?organizationId=${region}`, office)).statusCode).toBe(200);
    expect(await read(manager, region)).toMatchObject({
      office,
      heldBy: 'here',
      history: [{ setBy: 'Manager' }],
    });
    expect(await read(liaison, hospital)).toMatchObject({ office, heldBy: 'above', history: [] });
    expect(await officeOf(running.parts.widePool, Number(hospital))).toEqual(office);
  });

  test('keeps what was set before', async () => {
    await set(manager, `?organizationId=${region}`, { ...office, contact: 'anew' });
    const { history } = await read(manager, region);
    expect(history.map((one) => one.office.contact)).toEqual(['anew', '0531-5550100']);
  });

  test.each([
    ['a number without its year', { numbers: { ...DEFAULT_OFFICE.numbers, reminder: '第{seq}号' } }],
    ['a number without its sequence', { numbers: { ...DEFAULT_OFFICE.numbers, reminder: '〔{yyyy}〕' } }],
    [
      'one series for two kinds',
      { numbers: { ...DEFAULT_OFFICE.numbers, reminder: DEFAULT_OFFICE.numbers.closing } },
    ],
    [
      'two series that differ in their zeros alone',
      {
        numbers: {
          ...DEFAULT_OFFICE.numbers,
          reminder: DEFAULT_OFFICE.numbers.closing.replace('{seq}', '{seq:4}'),
        },
      },
    ],
    ['a zone that does not exist', { timeZone: 'Lake/City' }],
  ])('refuses %s', async (_, wrong) => {
    const answer = await set(manager, `?organizationId=${region}`, { ...office, ...wrong });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'REQUEST_INVALID']);
  });

  test("is not the inspected side's to set, nor the installation's for whoever sees a part of it", async () => {
    expect((await set(liaison, `?organizationId=${hospital}`, office)).statusCode).toBe(403);
    expect((await set(manager, '', office)).statusCode).toBe(403);
  });
});

describe("the office's own template", () => {
  const send = (who: Visitor, file: Buffer, fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(file)]), '整改通知书.docx');
    return who.send({ method: 'POST', url: '/api/v1/notice-templates', payload: form });
  };
  const fields = { kind: 'rectification', language: 'zh' };
  const list = async () =>
    NoticeTemplateList.parse((await manager.get(`/api/v1/notice-templates?organizationId=${region}`)).json())
      .items;

  test('fills the papers of its kind and language at all organizations below, until it is retired', async () => {
    const notice = await issued();
    const own = (await paper(lead, notice.id, 'format=docx&language=zh')).rawPayload;
    const sample = await manager.get('/api/v1/notice-templates/sample?kind=rectification&language=zh');
    expect(nameIn(sample.headers['content-disposition'])).toBe('template-rectification-zh.docx');
    const answer = await send(manager, sample.rawPayload, { ...fields, organizationId: region });
    const taken = NoticeTemplate.parse(answer.json());
    expect(taken).toMatchObject({ fileName: '整改通知书.docx', inUse: true, takenInBy: 'Manager' });

    const filled = await paper(liaison, notice.id, 'format=docx&language=zh');
    expect(filled.rawPayload.equals(own)).toBe(false);
    expect(await rawText(filled.rawPayload)).toContain(notice.contentSha256);
    expect(
      (await paper(lead, notice.id, 'format=docx&language=zh&template=own')).rawPayload.equals(own),
    ).toBe(true);
    expect(await rawText((await paper(lead, notice.id, 'format=docx&language=both')).rawPayload)).toContain(
      '送达回执',
    );

    const document = await manager.get(`/api/v1/notice-templates/${taken.id}/document`);
    expect(document.rawPayload.equals(sample.rawPayload)).toBe(true);
    const retired = await manager.send({ method: 'DELETE', url: `/api/v1/notice-templates/${taken.id}` });
    expect(retired.statusCode).toBe(204);
    const { rows: logged } = await running.parts.widePool.query(
      `select organization_id::text as id from audit_entry where details ->> 'operation' = 'DELETE /api/v1/notice-templates/:id'`,
    );
    expect(logged).toEqual([{ id: region }]);
    expect(await list()).toEqual([]);
    expect((await paper(lead, notice.id, 'format=docx&language=zh')).rawPayload.equals(own)).toBe(true);
  });

  test('that came later takes the place of an earlier one', async () => {
    const template = await sampleTemplate('rectification', 'zh');
    for (const _ of [1, 2]) await send(manager, template, { ...fields, organizationId: region });
    expect((await list()).map(({ inUse }) => inUse)).toEqual([true, false]);
  });

  test('that is none is refused and not kept', async () => {
    const before = (await list()).length;
    const answer = await send(manager, Buffer.from('%PDF-1.7'), { ...fields, organizationId: region });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'NOTICE_TEMPLATE_UNREADABLE']);
    expect(await list()).toHaveLength(before);
  });

  test('is the coordinator’s to give', async () => {
    const template = await sampleTemplate('rectification', 'zh');
    expect((await send(liaison, template, { ...fields, organizationId: hospital })).statusCode).toBe(403);
    expect((await send(manager, template, fields)).statusCode).toBe(403);
  });
});
