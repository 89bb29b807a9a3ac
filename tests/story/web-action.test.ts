import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Finding,
  FindingDeadline,
  NoticeDetail,
  NoticeList,
  NoticeProposal,
  RegisteredRunner,
} from '@backcheck/contract';
import { DEMANDS, NOTICE_KINDS, type NoticeKind } from '@backcheck/core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCommand } from '../../packages/cli/src/verify.ts';
import { TERMS } from '../../packages/server/src/testing/authorize.ts';
import { type MailServer, startMailServer } from '../../packages/server/src/testing/mail-server.ts';
import { canMakeNamespaces } from '../lab/namespace.ts';
import { hasCommands } from '../lab/process.ts';
import { runSslscan } from '../lab/scanners.ts';
import { type LabServer, startTlsServer } from '../lab/server.ts';
import { Inspection, PORT } from '../support/inspection.ts';
import { flatten, textOfDocx, textOfPdf } from '../support/papers.ts';
import {
  changeFirstAnswer,
  chooseOption,
  confirmDialog,
  expectAccessible,
  expectFits,
  fillDate,
  hasBrowser,
  searchOption,
} from '../support/screens.ts';
import { knownAddress } from '../support/stage.ts';

/**
 * From a scan file to a certificate, by everything that lies between: a notice with a deadline, its receipt, an objection,
 * an extension, a claim that was not true, a second one that was, and the papers of all of it.
 */
const ADDRESS = '192.0.2.10';
const CHECK = 'sslscan:tls1.0';
const DAY = 86_400_000;

const ready = hasBrowser() && canMakeNamespaces() && hasCommands('sslscan', 'pdftotext');
if (!ready)
  console.warn('Skipped: from finding to action needs root, iproute2, sslscan, poppler-utils and Chromium.');

describe.skipIf(!ready)('from a scan file to a certificate, in browsers', () => {
  let inspection: Inspection;
  let mail: MailServer;
  let weak: LabServer;
  /** The case handler, the lead and the lead's deputy on one side, the liaison on the other. */
  let handler: Page;
  let lead: Page;
  let deputy: Page;
  let liaison: Page;
  let finding: Finding;
  const numbers = new Map<NoticeKind, string>();

  beforeAll(async () => {
    mail = await startMailServer();
    inspection = await Inspection.open('Lakeside Hospital', [ADDRESS], {
      ...(await knownAddress()),
      mailServer: mail,
      mail: { smtpUrl: mail.url, from: 'Backcheck <backcheck@example.org>' },
    });
    const { network, organizationId } = inspection;
    handler = inspection.manager;
    lead = await inspection.join('lead@example.org', 'Director Li', {
      role: 'coordinator-lead',
      organizationId: null,
    });
    deputy = await inspection.join('deputy@example.org', 'Deputy Zhao', {
      role: 'coordinator-lead',
      organizationId: null,
    });
    liaison = await inspection.join('wang@example.org', 'Wang Min', { role: 'liaison', organizationId });
    weak = await startTlsServer({ address: ADDRESS, port: PORT, namespace: network.servers, mode: 'weak' });
    await authorize();
    const made = await inspection.send('/runners', { name: 'Basement', vantage: 'hospital-lan' });
    inspection.startRunner(RegisteredRunner.parse(made).key);
  });

  afterAll(async () => {
    await weak?.stop();
    await inspection?.close();
    await mail?.stop();
  });

  const api = (path: string): string => `${inspection.server.url}/api/v1${path}`;

  async function authorize(): Promise<void> {
    const answer = await handler.request.post(api('/authorizations'), {
      headers: { 'X-Backcheck-Request': '1' },
      multipart: {
        organizationId: inspection.organizationId,
        terms: JSON.stringify(TERMS()),
        file: {
          name: 'authorization.pdf',
          mimeType: 'application/pdf',
          buffer: Buffer.from('%PDF-1.4 signed'),
        },
      },
    });
    const { id } = (await answer.json()) as { id: string };
    await inspection.send(`/authorizations/${id}/approve`, {}, lead);
  }

  async function notices(kind: NoticeKind): Promise<readonly { id: string; number: string | null }[]> {
    const answer = await handler.request.get(api(`/notices?kind=${kind}`));
    return NoticeList.parse(await answer.json()).items;
  }

  async function noticeOf(id: string): Promise<NoticeDetail> {
    return NoticeDetail.parse(await (await handler.request.get(api(`/notices/${id}`))).json());
  }

  /** Presses a step on the notice that the page shows, and says yes. */
  async function take(page: Page, step: string): Promise<void> {
    await page.locator('.notice-steps').getByRole('button', { name: step, exact: true }).click();
    await confirmDialog(page, step);
    // It goes with the answer; the dialog does not wait for that.
    await page.getByRole('button', { name: step, exact: true }).waitFor({ state: 'hidden' });
  }

  /** The drafter submits, somebody else approves and issues; then it has a number. */
  async function issue(drafter: Page, approver: Page, kind: NoticeKind): Promise<string> {
    await take(drafter, 'Submit for approval');
    await drafter.locator('.notice-state.submitted').waitFor();
    expect(await drafter.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
    await approver.goto(drafter.url());
    await take(approver, 'Approve');
    await approver.locator('.notice-state.approved').waitFor();
    await take(approver, 'Issue');
    await approver.locator('.notice-state.issued').waitFor();
    const number = (await approver.getByRole('heading', { level: 1 }).textContent()) ?? '';
    expect(number).toContain(`${new Date().getFullYear()}`);
    numbers.set(kind, number);
    return number;
  }

  /** A notice of this kind about the finding, drafted by the handler on the screen, in both languages. */
  async function draft(kind: NoticeKind, more = ''): Promise<void> {
    const { organizationId, server } = inspection;
    await handler.goto(
      `${server.url}/notices/new?kind=${kind}&language=both&organizationId=${organizationId}${more}`,
    );
    await handler.getByRole('button', { name: 'Save draft' }).click();
    await handler.locator('.notice-state.draft').waitFor();
  }

  const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

  /** The dialog of one reply on the page of the finding, filled in and sent. */
  async function reply(what: string, fill: (page: Page) => Promise<void>): Promise<void> {
    await liaison.goto(`${inspection.server.url}/findings/${finding.id}`);
    await panel(liaison, 'Replies').getByRole('button', { name: what }).click();
    const dialog = liaison.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send' }).waitFor();
    await fill(liaison);
    await expectAccessible(liaison);
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
  }

  /** Opens the newest reply of a kind as a judge, and decides. */
  async function judge(
    page: Page,
    kind: string,
    { step, choice, text }: { step: string; choice: string; text: string },
  ) {
    await page.goto(`${inspection.server.url}/findings/${finding.id}`);
    await panel(page, 'Replies').getByRole('link', { name: kind }).first().click();
    await page.getByRole('button', { name: step, exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(choice, { exact: true }).click();
    await dialog.getByRole('textbox').last().fill(text);
    await confirmDialog(page, step);
    // It goes with the answer; the dialog does not wait for that.
    await page.getByRole('button', { name: step, exact: true }).waitFor({ state: 'hidden' });
  }

  /** Claims the fix with an evidence file, and waits for what the retest says. */
  async function claim(outcome: string): Promise<void> {
    await liaison.goto(`${inspection.server.url}/findings/${finding.id}`);
    await liaison.getByRole('button', { name: 'It is fixed: look again' }).click();
    const dialog = liaison.getByRole('dialog');
    await chooseOption(dialog.getByLabel('What was wrong'), 'Weak protocol');
    await dialog.getByLabel('What was done').fill('TLS 1.0 switched off in the configuration of the server');
    await attach(liaison, 'configuration.txt', 'ssl_protocols TLSv1.2 TLSv1.3;\n');
    await dialog.getByText('Under authorization').first().waitFor();
    await dialog.getByRole('button', { name: 'Claim the fix and ask' }).click();
    await panel(liaison, 'Look again').locator(`.outcome-${outcome}`).first().waitFor({ timeout: 120_000 });
  }

  /** Into the upload of the open dialog; it is whole when the server says the same hash. */
  async function attach(page: Page, name: string, text: string): Promise<void> {
    const path = join(inspection.folder, name);
    writeFileSync(path, text);
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles(path);
    await dialog.locator('.evidence-done', { hasText: name }).waitFor();
  }

  test('a scan is imported on the screen, and its findings have a priority and wait for a notice', async () => {
    const { folder, network, server } = inspection;
    const target = `${ADDRESS}:${PORT}`;
    const path = await runSslscan({ folder, file: 'before.xml', target, namespace: network.scanner });
    const at = new Date();
    await handler.goto(`${server.url}/imports`);
    await searchOption(handler.getByLabel('Organization', { exact: true }), 'Lakeside');
    await handler.getByText('Where these files come from').click();
    await handler.getByLabel('Scanned from').fill('hospital-lan');
    await handler.setInputFiles('input[type=file]', path);
    const card = handler.locator('.queue article', { hasText: 'before.xml' });
    await fillDate(card.getByLabel('When was the scan made?'), localMinute(at));
    await card.getByRole('button', { name: 'Read again with this time' }).click();
    await card.getByText('Declared (Coordinator)').waitFor();
    await card.getByRole('button', { name: 'Import', exact: true }).click();
    await card.getByText('What this file proved').waitFor();
    finding = await inspection.findingAt(ADDRESS, CHECK);
    // As when the screen comes before the job that determines it.
    await changeFirstAnswer(handler, '**/deadline', { present: null });
    await handler.goto(`${server.url}/findings/${finding.id}`);
    await panel(handler, 'Deadline and priority').getByText('Not determined yet').waitFor();
    await panel(handler, 'Deadline and priority').getByText('no notice that names this finding').waitFor();
    await expectAccessible(handler);
  });

  test('a rectification notice is drafted by one person, approved by another, and numbered when it is issued', async () => {
    await draft('rectification');
    await expectFits(handler, { en: /Security findings/, zh: /隐患/ });
    const number = await issue(handler, lead, 'rectification');
    expect(number).toMatch(/第1号|1/);
    await expectFits(lead, { en: number, zh: number });
  });

  test('the liaison gets a mail with a link and no weakness, opens it, and acknowledges receipt', async () => {
    const sent = await mail.next('wang@example.org');
    const text = `${sent.subject} ${sent.text} ${sent.html}`;
    expect(text).toContain(numbers.get('rectification'));
    for (const secret of ['TLS', 'tls', 'sslscan', ADDRESS, 'CVE']) expect(text).not.toContain(secret);
    const [link = ''] = /https?:\/\/\S+\/notices\/\d+/.exec(sent.text ?? '') ?? [];
    await liaison.goto(link);
    await liaison.getByRole('button', { name: 'Acknowledge receipt' }).click();
    await confirmDialog(liaison, 'Acknowledge receipt');
    await liaison.getByText('You acknowledged it').waitFor();
    await expectAccessible(liaison);
    await lead.reload();
    await lead.getByText('Wang Min has received it').waitFor();
  });

  test('the finding says until when, by which rule, and from when the clock runs', async () => {
    await expect.poll(due).not.toBeNull();
    await liaison.goto(`${inspection.server.url}/findings/${finding.id}`);
    const why = panel(liaison, 'Deadline and priority');
    await why.getByText('at the latest').first().waitFor();
    await why.getByText(/rule ".+" of .+ applies/).waitFor();
    await expectAccessible(liaison);
  });

  test('an objection to the grade is answered with a reason', async () => {
    await reply('Object', async (page) => {
      await chooseOption(page.getByLabel('Ground'), 'grade');
      await chooseOption(page.getByLabel('The grade should be'), 'Low');
      await page.getByLabel('The facts, and why').fill('The server is reached from the ward only.');
    });
    await judge(deputy, 'Objection', {
      step: 'Decide',
      choice: 'Refuse',
      text: 'The ward is open to visitors.',
    });
    await liaison.reload();
    await panel(liaison, 'Replies').getByText('Refused').waitFor();
  });

  test('more time is asked for with an interim measure, granted, and the decision is a paper of its own', async () => {
    await reply('File an interim measure', async (page) => {
      await page.getByLabel('What was done for the time being').fill('Reached through the gateway only.');
      await attach(page, 'gateway.txt', 'deny from all but the gateway\n');
    });
    await judge(deputy, 'Interim measure', {
      step: 'Verify',
      choice: 'It holds',
      text: 'Seen on the gateway.',
    });
    const before = (await due()) ?? '';
    await reply('Ask for more time', async (page) => {
      await chooseOption(page.getByLabel('Why it takes longer'), 'No patch yet');
      const wished = new Date(Date.parse(before) + 2 * DAY).toISOString().slice(0, 10);
      await fillDate(page.getByLabel('New date'), wished);
      await page.getByLabel('How things stand').fill('The vendor delivers on Friday.');
    });
    await judge(lead, 'Extension', { step: 'Decide', choice: 'Grant', text: 'Granted once.' });
    await lead.getByRole('link', { name: 'open the draft' }).click();
    await lead.locator('.notice-state.draft').waitFor();
    // whoever decided has drafted it, so another lead approves
    await handler.goto(lead.url());
    await issue(handler, deputy, 'extension-decision');
    await expect.poll(due).not.toBe(before);
    expect(Date.parse((await due()) ?? '')).toBeGreaterThan(Date.parse(before));
  });

  /** Null: nothing was determined yet. */
  async function determined(): Promise<FindingDeadline['present']> {
    const answer = await handler.request.get(api(`/findings/${finding.id}/deadline`));
    return FindingDeadline.parse(await answer.json()).present;
  }
  const due = async (): Promise<string | null> => (await determined())?.dueAt ?? null;

  test('a claim that is not true is answered "still present", and that is a paper, too', async () => {
    await claim('still-present');
    const { organizationId } = inspection;
    const answer = await handler.request.get(api(`/retests?organizationId=${organizationId}`));
    const { items } = (await answer.json()) as { items: readonly { id: string }[] };
    await draft('retest-result', `&retestId=${items[0]?.id}`);
    await issue(handler, deputy, 'retest-result');
  });

  test('what is really fixed is proven, with a certificate that verifies, and the closing notice names it', async () => {
    await weak.stop();
    const { network, server, folder } = inspection;
    weak = await startTlsServer({ address: ADDRESS, port: PORT, namespace: network.servers, mode: 'fixed' });
    await claim('proven');
    const { certificateId } = await inspection.findingAt(ADDRESS, CHECK);
    const certificate = await liaison.request.get(`${server.url}/api/v1/certificates/${certificateId}`);
    const file = join(folder, 'certificate.json');
    writeFileSync(file, await certificate.body());
    const said: string[] = [];
    const note = (text: string) => said.push(text);
    expect([
      await verifyCommand([file], {}, { out: note, err: note, language: 'en' }),
      said.join(''),
    ]).toEqual([0, expect.any(String)]);
    await draft('closing');
    await handler.getByText('Proven').first().waitFor();
    await issue(handler, lead, 'closing');
    const [closing] = await notices('closing');
    const { content } = await noticeOf(closing?.id ?? '');
    expect(content.findings.map(({ certificateId: one }) => one)).toContain(certificateId);
  });

  /** A notice of a kind that the story had no need for. */
  async function issueQuietly(kind: NoticeKind): Promise<void> {
    const { organizationId } = inspection;
    // nobody is told to mend what is proven gone
    const about = DEMANDS.includes(kind) ? 'which=open' : `findingIds=${finding.id}`;
    const asked = await handler.request.get(
      api(`/notices/proposal?kind=${kind}&language=both&organizationId=${organizationId}&${about}`),
    );
    const { draft: proposed } = NoticeProposal.parse(await asked.json());
    const decision = kind.endsWith('-decision')
      ? { asked: { zh: '延期', en: 'More time' }, granted: false, reason: 'No.', until: null }
      : null;
    const { id } = NoticeDetail.parse(
      await inspection.send('/notices', { organizationId, draft: { ...proposed, decision } }),
    );
    await inspection.send(`/notices/${id}/submit`, {});
    for (const step of ['approve', 'issue']) await inspection.send(`/notices/${id}/${step}`, {}, lead);
  }

  test('every kind of paper opens again, as PDF and as DOCX, with its text, its number and its hash', async () => {
    for (const kind of NOTICE_KINDS.filter((one) => !numbers.has(one))) await issueQuietly(kind);
    const issued = NoticeList.parse(await (await handler.request.get(api('/notices?state=issued'))).json());
    expect(new Set(issued.items.map(({ kind }) => kind))).toEqual(new Set(NOTICE_KINDS));
    for (const { id } of issued.items) {
      const notice = await noticeOf(id);
      for (const language of languagesOf(notice)) {
        const paper = `/notices/${id}/paper?language=${language}`;
        const texts = [
          textOfPdf(await bodyOf(`${paper}&format=pdf`), inspection.folder),
          await textOfDocx(await bodyOf(`${paper}&format=docx`)),
        ];
        for (const flat of texts) {
          const { title, body } = notice.content;
          const written = language === 'en' ? 'en' : 'zh';
          expect(flat).toContain(flatten(notice.number ?? '?'));
          expect(flat).toContain(flatten(title[written]));
          expect(flat).toContain(flatten(body[written][0] ?? '?'));
          expect(flat).toContain(notice.contentSha256);
        }
      }
    }
  });

  async function bodyOf(path: string): Promise<Buffer> {
    const answer = await handler.request.get(api(path));
    expect([path, answer.status()]).toEqual([path, 200]);
    return answer.body();
  }
});

const languagesOf = ({ language }: NoticeDetail) =>
  language === 'both' ? (['zh', 'en', 'both'] as const) : [language];

function localMinute(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
