import { Finding, Import, ProblemDocument, ReplyDetail } from '@backcheck/contract';
import type { Policy, Severity } from '@backcheck/core';
import type { Parts } from '../platform/parts.ts';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';

const DAY = 86_400_000;

/** Ten days for everything, twice as long again, with an interim measure. */
const TEN_DAYS: Policy = {
  code: 'ten-days',
  title: { zh: '十日', en: 'Ten days' },
  source: { zh: '测试', en: 'a test' },
  clockStart: 'detected',
  timeZone: 'Asia/Shanghai',
  calendar: null,
  unknownExposure: false,
  unknownAutomatable: false,
  unknownTechnicalImpact: 'partial',
  rules: [{ id: '1', when: [], fix: { kind: 'within', term: { amount: 10, unit: 'calendar-days' } } }],
  pauses: ['retest', 'objection'],
  neverPaused: ['critical'],
  extension: { most: 2, upToTerm: true, needsInterim: true },
  escalation: [],
};

export const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

/** An organization with its people, those of the coordinator, and findings with a date. */
export class ReplyLab {
  readonly running: RunningApp;
  readonly organizationId: string;
  readonly lead: Visitor;
  readonly otherLead: Visitor;
  readonly analyst: Visitor;
  readonly liaison: Visitor;
  readonly securityLead: Visitor;
  #hosts = 0;

  private constructor(
    made: Pick<
      ReplyLab,
      'running' | 'organizationId' | 'lead' | 'otherLead' | 'analyst' | 'liaison' | 'securityLead'
    >,
  ) {
    this.running = made.running;
    this.organizationId = made.organizationId;
    this.lead = made.lead;
    this.otherLead = made.otherLead;
    this.analyst = made.analyst;
    this.liaison = made.liaison;
    this.securityLead = made.securityLead;
  }

  static async open(changes: Partial<Parts> = {}): Promise<ReplyLab> {
    const running = await RunningApp.start(changes);
    const organizationId = await running.organization();
    await running.parts.widePool.query(
      `with policy as (
         insert into deadline_policy (organization_id, code, version, content, drafted_at)
         values ($1, 'ten-days', 1, $2, now()) returning deadline_policy_id)
       insert into policy_assignment (organization_id, deadline_policy_id, applies_to, assigned_at)
       select $1, deadline_policy_id, 'open', now() from policy`,
      [organizationId, JSON.stringify(TEN_DAYS)],
    );
    await running.work();
    const here = { organizationId: Number(organizationId) };
    return new ReplyLab({
      running,
      organizationId,
      lead: await running.visitor('Director Li', [{ role: 'coordinator-lead' }]),
      otherLead: await running.visitor('Director Zhao', [{ role: 'coordinator-lead' }]),
      analyst: await running.visitor('Analyst Chen', [{ role: 'finding-analyst' }]),
      liaison: await running.visitor('Liaison Wang', [{ role: 'liaison', ...here }]),
      securityLead: await running.visitor('Doctor Zhou', [{ role: 'security-lead', ...here }]),
    });
  }

  /** On a machine of its own, found so many days ago, brought in by the administrator or whoever has this cookie. */
  async finding(severity: Severity = 'medium', { daysAgo = 1, cookie = '' } = {}): Promise<Finding> {
    this.#hosts += 1;
    const address = `192.0.2.${this.#hosts}`;
    const file = houseScan({
      at: inDays(-daysAgo),
      assets: [[{ kind: 'ip', value: address }]],
      present: true,
    }).replace('"severity":"high"', `"severity":"${severity}"`);
    const fields = { organizationId: this.organizationId, confirm: 'true' };
    const answer = await this.running.upload(file, fields, cookie === '' ? {} : { cookie });
    const { problem } = await this.running.settled(Import.parse(answer.json()).id);
    if (problem !== null) throw new Error(`the scan was refused: ${problem.code}`);
    const query = new URLSearchParams({ organizationId: this.organizationId, asset: address });
    const finding = Finding.parse((await this.running.get(`/api/v1/findings?${query}`)).json().items[0]);
    await this.dueOf(finding);
    return finding;
  }

  /** As soon as its deadline is determined; milliseconds since 1970. */
  async dueOf({ id }: Pick<Finding, 'id'>, not: number | null = null): Promise<number> {
    for (let tries = 0; tries < 500; tries += 1) {
      const { rows } = await this.running.parts.widePool.query<{ due_at: Date | null }>(
        'select due_at from finding_due where finding_id = $1',
        [id],
      );
      const due = rows[0]?.due_at?.getTime() ?? null;
      if (due !== null && due !== not) return due;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`finding ${id} gets no deadline`);
  }

  /** The reply, or the code of the refusal. */
  async reply(
    who: Pick<Visitor, 'send'>,
    finding: Pick<Finding, 'id'>,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<ReplyDetail> {
    return ReplyDetail.parse(
      await this.#post(who, '/replies', { findingIds: [finding.id], ...body }, headers),
    );
  }

  async step(
    who: Pick<Visitor, 'send'>,
    { id }: Pick<ReplyDetail, 'id'>,
    step: string,
    body: object = {},
  ): Promise<ReplyDetail> {
    return ReplyDetail.parse(await this.#post(who, `/replies/${id}/${step}`, body));
  }

  grant(who: Pick<Visitor, 'send'>, reply: Pick<ReplyDetail, 'id'>, body: object = {}): Promise<ReplyDetail> {
    return this.step(who, reply, 'decide', { grant: true, text: 'granted', ...body });
  }

  /** A finished upload; its id. */
  async upload(who: Pick<Visitor, 'send'>, content: string, fileName: string): Promise<string> {
    const tus = { 'tus-resumable': '1.0.0' };
    const begun = await who.send({
      method: 'POST',
      url: '/api/v1/uploads',
      headers: {
        ...tus,
        'upload-length': String(Buffer.byteLength(content)),
        'upload-metadata': `filename ${Buffer.from(fileName).toString('base64')}`,
      },
    });
    const id = String(begun.headers['location']).split('/').at(-1) ?? '';
    const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    await who.send({
      method: 'PATCH',
      url: `/api/v1/uploads/${id}`,
      headers,
      payload: Buffer.from(content),
    });
    return id;
  }

  async #post(
    who: Pick<Visitor, 'send'>,
    path: string,
    payload: object,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const answer = await who.send({ method: 'POST', url: `/api/v1${path}`, payload, headers });
    if (answer.statusCode < 300) return answer.json();
    throw new Refused(ProblemDocument.parse(answer.json()));
  }

  /** With what lies over it now. */
  async overlayOf({ id }: Pick<Finding, 'id'>): Promise<string | null> {
    const finding = Finding.parse((await this.running.get(`/api/v1/findings/${id}`)).json());
    if (finding.state !== 'open') throw new Error(`finding ${id} is ${finding.state}`);
    return finding.overlay;
  }
}

class Refused extends Error {
  constructor({ code, detail }: ProblemDocument) {
    super(`${code} ${detail}`);
  }
}

export const OBJECTION = { kind: 'objection', ground: 'fact', text: 'TLS 1.0 is off since May' } as const;
export const INTERIM = { kind: 'interim', text: 'The port is open to two addresses only' } as const;
export const EXTENSION = {
  kind: 'extension',
  reason: 'vendor-silent',
  text: 'The vendor delivers in January',
} as const;
export const ACCEPTANCE = {
  kind: 'acceptance',
  control: 'A separate network',
  text: 'The device cannot be updated',
} as const;
export const FALSE_POSITIVE = {
  kind: 'false-positive',
  reason: 'patch-backported',
  text: 'Debian brought the patch back',
} as const;
