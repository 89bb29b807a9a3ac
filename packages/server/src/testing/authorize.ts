import { Authorization, type AuthorizationTerms } from '@backcheck/contract';
import type { LightMyRequestResponse } from 'fastify';
import type { RunningApp, Visitor } from './running-app.ts';

const DAY = 86_400_000;

/** Of a paper that allows everything at any time on the network of the recorded scans. */
export const TERMS = (now = Date.now()): AuthorizationTerms => ({
  title: 'Autumn inspection',
  ranges: ['192.0.2.0/24'],
  names: [],
  allowed: ['port-scan', 'tls', 'http', 'script'],
  forbidden: [],
  windows: [],
  timeZone: 'Asia/Shanghai',
  rate: 100,
  sourceAddresses: ['198.51.100.7'],
  stopContact: { name: 'Duty desk', phone: '13800000009' },
  signedBy: 'Director Lin',
  validFrom: new Date(now - DAY).toISOString(),
  expiresAt: new Date(now + 30 * DAY).toISOString(),
});

type Sender = Pick<Visitor, 'send'>;

/** Sends a draft as the form does. */
export function sendDraft(
  sender: Sender,
  organizationId: string,
  terms: Partial<Record<keyof AuthorizationTerms, unknown>> = {},
): Promise<LightMyRequestResponse> {
  const payload = new FormData();
  payload.set('organizationId', organizationId);
  payload.set('terms', JSON.stringify({ ...TERMS(), ...terms }));
  payload.set('file', new Blob(['%PDF-1.7 signed']), '检测授权书.pdf');
  return sender.send({ method: 'POST', url: '/api/v1/authorizations', payload });
}

/** Drafted by the tester, approved by the organization's security lead. */
export async function authorized(
  running: RunningApp,
  organizationId: string,
  terms: Partial<AuthorizationTerms> = {},
): Promise<Authorization> {
  const draft = Authorization.parse((await sendDraft(running, organizationId, terms)).json());
  const lead = await running.visitor(`lead of ${organizationId}`, [
    { role: 'security-lead', organizationId: Number(organizationId) },
  ]);
  const answer = await lead.send({ method: 'POST', url: `/api/v1/authorizations/${draft.id}/approve` });
  return Authorization.parse(answer.json());
}
