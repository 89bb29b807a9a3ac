import { type Escalation, FindingList, NoticeDetail, type NoticeDraftInput } from '@backcheck/contract';
import type { JobHelpers } from 'graphile-worker';
import { expect, vi } from 'vitest';
import { createMailer } from '../platform/mail/mailer.ts';
import { houseScan } from '../testing/house-scan.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { RunningApp } from '../testing/running-app.ts';
import { escalateTask } from './escalate.ts';
import { deliveriesWhen, issueNotice, type Office, openOffice } from './issue-notice.fixture.ts';

/** A Monday, 10:00 in Shanghai. */
export const ISSUED = new Date('2026-03-02T02:00:00Z');
/** By cn-default from that Monday: three working days of what is critical, thirty of what is low. */
export const CRITICAL_DUE = '2026-03-05T16:00:00.000Z';
export const LOW_DUE = '2026-04-14T16:00:00.000Z';

/** An organization with a liaison. */
export interface Place {
  readonly organizationId: string;
  /** Where mails to the liaison go. */
  readonly address: string;
}

/** An office that issues notices, with a mail server and a clock that the test sets. */
export class LadderOffice {
  now = ISSUED;
  readonly server: MailServer;
  readonly running: RunningApp;
  readonly office: Office;
  #places = 0;

  private constructor(server: MailServer, running: RunningApp, office: Office) {
    this.server = server;
    this.running = running;
    this.office = office;
  }

  static async open(): Promise<LadderOffice> {
    const server = await startMailServer();
    const mailer = createMailer({ smtpUrl: server.url, from: 'Backcheck <notices@example.org>' });
    let opened: LadderOffice | null = null;
    const running = await RunningApp.start(
      { clock: () => opened?.now ?? ISSUED },
      { signIn: { mailer, publicUrl: 'https://backcheck.example.org' } },
    );
    opened = new LadderOffice(server, running, await openOffice(running));
    await running.work();
    return opened;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  async place(): Promise<Place> {
    this.#places += 1;
    const [name, address] = [`Clinic ${this.#places}`, `liaison${this.#places}@example.org`];
    const organizationId = await this.running.organization(name);
    const { accountId } = await this.running.visitor(`Liaison ${this.#places}`, [
      { role: 'liaison', organizationId: Number(organizationId) },
    ]);
    await this.running.parts.widePool.query(
      `update account set email = $2, language = 'en' where account_id = $1`,
      [accountId, address],
    );
    return { organizationId, address };
  }

  /** The finding of each grade, in the order in which they were asked for, on 192.0.2.1 and what follows. */
  async findings({ organizationId }: Place, grades: readonly ('critical' | 'low')[]): Promise<string[]> {
    const found: string[] = [];
    for (const [index, grade] of grades.entries()) {
      const assets = [[{ kind: 'ip' as const, value: `192.0.2.${index + 1}` }]];
      const file = houseScan({ at: '2026-03-01T02:00:00Z', assets, present: true });
      const sent = await this.running.upload(file.replaceAll('"severity":"high"', `"severity":"${grade}"`), {
        organizationId,
        confirm: 'true',
      });
      expect((await this.running.settled(sent.json().id)).state).toBe('done');
      const answer = await this.running.get(`/api/v1/findings?organizationId=${organizationId}`);
      const { items } = FindingList.parse(answer.json());
      found.push(...items.map(({ id }) => id).filter((id) => !found.includes(id)));
    }
    return found;
  }

  /** The job that counts deadlines has done all that it was asked for. */
  determined(): Promise<void> {
    return vi.waitFor(
      async () => {
        const { rowCount } = await this.running.parts.widePool.query('select from determination_wanted');
        expect(rowCount).toBe(0);
      },
      { timeout: 20_000 },
    );
  }

  async issue({ organizationId }: Place, draft: Partial<NoticeDraftInput>): Promise<string> {
    this.now = ISSUED;
    await this.determined();
    const id = await issueNotice(this.office, organizationId, draft);
    await deliveriesWhen(this.office.writer, id, ({ planned }) => planned);
    await this.determined();
    return id;
  }

  async climb(at: string, atOnce?: number): Promise<void> {
    this.now = new Date(at);
    // the task needs nothing of its job
    await escalateTask(this.running.parts, atOnce)({}, {} as JobHelpers);
  }

  async rungs(id: string): Promise<readonly Escalation[]> {
    return (await deliveriesWhen(this.office.writer, id, () => true)).escalations;
  }

  /** The findings in the paper that a rung proposes. */
  async namedBy(rung: Escalation | undefined): Promise<string[] | undefined> {
    const answer = await this.office.writer.get(`/api/v1/notices/${rung?.noticeMade}`);
    return NoticeDetail.parse(answer.json()).draft?.findingIds;
  }

  /** The text of the next reminder that comes to the liaison. */
  async reminderTo({ address }: Place): Promise<string> {
    for (;;) {
      const mail = await this.server.next(address);
      if (mail.subject?.startsWith('Reminder') === true) return mail.text ?? '';
    }
  }
}
