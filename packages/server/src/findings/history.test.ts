import { FindingHistory, ReplyDetail } from '@backcheck/contract';
import { expect, test } from 'vitest';
import { NoticeDesk } from '../notices/notice-desk.fixture.ts';
import type { Visitor } from '../testing/running-app.ts';

test('the history of a finding tells of notice, receipt, reply and decision, to whoever may read them', async () => {
  const desk = await NoticeDesk.open();
  const [findingId = ''] = desk.findingIds;
  const send = async (who: Pick<Visitor, 'send'>, path: string, payload: object) => {
    const answer = await who.send({ method: 'POST', url: `/api/v1${path}`, payload });
    expect([answer.statusCode, answer.body]).toEqual([
      expect.toSatisfy((code) => code < 300),
      expect.any(String),
    ]);
    return answer.body === '' ? null : answer.json();
  };
  const events = async (who: Pick<Visitor, 'get'>) =>
    FindingHistory.parse((await who.get(`/api/v1/findings/${findingId}/history`)).json()).events;
  const notice = await desk.issued();
  await send(desk.liaison, `/notices/${notice.id}/receipts`, {});
  const objection = { kind: 'objection', ground: 'fact', text: 'TLS 1.0 is off', findingIds: [findingId] };
  const reply = ReplyDetail.parse(await send(desk.liaison, '/replies', objection));
  const analyst = await desk.running.visitor('Analyst', [{ role: 'finding-analyst' }]);
  await send(analyst, `/replies/${reply.id}/opinion`, { inFavour: true, text: 'it is off' });
  await send(desk.lead, `/replies/${reply.id}/decide`, { grant: true, text: 'it is so' });

  const seen = await events(desk.liaison);
  expect(new Set(seen.map(({ kind }) => kind))).toEqual(
    new Set(['ruling', 'reply', 'receipt', 'notice', 'present']),
  );
  const paper = { id: notice.id, kind: 'rectification', number: notice.number };
  expect(seen).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'notice', notice: paper }),
      expect.objectContaining({ kind: 'receipt', notice: paper, by: 'Liaison' }),
      expect.objectContaining({
        kind: 'reply',
        by: 'Liaison',
        reply: { id: reply.id, kind: 'objection', state: 'made' },
      }),
      expect.objectContaining({
        kind: 'ruling',
        by: 'Lead',
        reply: { id: reply.id, kind: 'objection', state: 'granted' },
      }),
    ]),
  );

  const technician = await desk.running.visitor('Technician', [
    { role: 'technical-support', organizationId: Number(desk.organizationId) },
  ]);
  // roles that may read neither: only what came of it
  expect((await events(technician)).map(({ kind }) => kind)).toEqual(['decision', 'present']);
});
