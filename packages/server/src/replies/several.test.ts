import { type Finding, FindingList, FindingReplies, Import, ReplyPreview } from '@backcheck/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { EXTENSION, INTERIM, inDays, OBJECTION, ReplyLab } from './replies.fixture.ts';

const DAY = 86_400_000;
let lab: ReplyLab;
beforeAll(async () => {
  lab = await ReplyLab.open();
});

const ids = (findings: readonly Pick<Finding, 'id'>[]): string[] => findings.map(({ id }) => id);
const codesOf = ({ leftOut }: ReplyPreview): (readonly [string, string])[] =>
  leftOut.map(({ id, because }) => [id, because.en]);

async function preview(findings: readonly Pick<Finding, 'id'>[], body: object): Promise<ReplyPreview> {
  const payload = { findingIds: ids(findings), ...body };
  const answer = await lab.liaison.send({ method: 'POST', url: '/api/v1/replies/preview', payload });
  return ReplyPreview.parse(answer.json());
}

/** Two checks of one tool that name the same CVE at one port. */
async function twoOfOneProblem(address: string): Promise<[Finding, Finding]> {
  const cve = ['CVE-2014-3566'];
  const lines = houseScan({ at: inDays(-1), assets: [[{ kind: 'ip', value: address }]], present: true })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const both = lines.flatMap((one) => {
    if (one.record === 'coverage')
      return [{ ...one, checks: { ids: ['house-audit:weak-tls', 'house-audit:poodle'] } }];
    if (one.record === 'end') return [{ ...one, observations: 2 }];
    if (one.record !== 'observation') return [one];
    return [
      { ...one, cve },
      { ...one, cve, check: 'house-audit:poodle' },
    ];
  });
  const file = both.map((one) => `${JSON.stringify(one)}\n`).join('');
  const { id } = Import.parse(
    (await lab.running.upload(file, { organizationId: lab.organizationId, confirm: 'true' })).json(),
  );
  await lab.running.settled(id);
  const list = await lab.running.get(
    `/api/v1/findings?organizationId=${lab.organizationId}&asset=${address}&groupBy=check`,
  );
  const [first, second] = FindingList.parse(list.json()).items;
  if (first === undefined || second === undefined) throw new Error('the scan made no two findings');
  return [first, second];
}

describe('one wish for many findings', () => {
  test('is about those that can take part, and says of each other one why it cannot', async () => {
    const [ready, lacking, soon] = [
      await lab.finding('medium'),
      await lab.finding('medium'),
      await lab.finding('low', { daysAgo: 8 }),
    ];
    for (const one of [ready, soon]) await lab.reply(lab.liaison, one, INTERIM);
    const due = [await lab.dueOf(ready), await lab.dueOf(soon)];
    const said = await preview([ready, lacking, soon], { kind: 'extension' });
    expect(said.findingIds).toEqual(ids([ready, soon]));
    expect(codesOf(said)).toEqual([
      [
        lacking.id,
        'More time for this finding needs an interim measure. File it with evidence, then ask again.',
      ],
    ]);
    expect(said.leftOut[0]).toMatchObject({ title: lacking.title, asset: '192.0.2.2', port: lacking.port });
    // too late for the first of them when the earliest date has passed; the latest is that of the last one
    const offers = FindingReplies.parse(
      (await lab.liaison.get(`/api/v1/findings/${ready.id}/replies`)).json(),
    );
    const latest = offers.offers.find(({ kind }) => kind === 'extension')?.latest;
    expect([said.before, said.latest]).toEqual([new Date(Math.min(...due)).toISOString(), latest]);
  });

  test('names those for which a chosen date would not do, and is taken for the rest', async () => {
    const early = await lab.finding('medium', { daysAgo: 8 });
    const late = await lab.finding('medium', { daysAgo: 1 });
    for (const one of [early, late]) await lab.reply(lab.liaison, one, INTERIM);
    const until = new Date((await lab.dueOf(early)) + DAY).toISOString();
    const said = await preview([early, late], { kind: 'extension', until });
    expect([said.findingIds, said.leftOut.map(({ id }) => id)]).toEqual([[early.id], [late.id]]);
    const made = await lab.reply(lab.liaison, early, { ...EXTENSION, until, findingIds: said.findingIds });
    expect(made.findings).toBe(1);
  });

  test('leaves out of an objection what was decided on that ground', async () => {
    const [decided, fresh] = [await lab.finding('medium'), await lab.finding('medium')];
    const made = await lab.reply(lab.liaison, decided, OBJECTION);
    await lab.step(lab.analyst, made, 'decide', { grant: false, text: 'no' });
    const said = await preview([decided, fresh], { kind: 'objection', ground: 'fact' });
    expect([said.findingIds, said.leftOut.map(({ id }) => id)]).toEqual([[fresh.id], [decided.id]]);
    expect(said.grounds).toContain('fact');
    expect((await preview([decided], { kind: 'objection' })).grounds).not.toContain('fact');
  });

  test('reaches the other findings of a problem where rows stand for whole problems', async () => {
    const [first, second] = await twoOfOneProblem('192.0.2.200');
    const whole = await preview([first], { kind: 'interim', wholeProblems: true });
    expect(whole.findingIds.toSorted()).toEqual(ids([first, second]).toSorted());
    expect((await preview([first], { kind: 'interim' })).findingIds).toEqual([first.id]);
  });

  test('is not told to who answers for nobody there, and never mixes organizations', async () => {
    const finding = await lab.finding('medium');
    const ask = (who: Pick<typeof lab.lead, 'send'>, findingIds: string[]) =>
      who.send({ method: 'POST', url: '/api/v1/replies/preview', payload: { kind: 'plan', findingIds } });
    expect((await ask(lab.lead, [finding.id])).json().code).toBe('FORBIDDEN');
    expect((await ask(lab.liaison, ['999999999'])).json().code).toBe('NOT_FOUND');
    const other = await lab.running.organization('Riverside Clinic');
    const file = houseScan({
      at: inDays(-1),
      assets: [[{ kind: 'ip', value: '198.51.100.7' }]],
      present: true,
    });
    const { id } = (await lab.running.upload(file, { organizationId: other, confirm: 'true' })).json();
    await lab.running.settled(id);
    const list = await lab.running.get(`/api/v1/findings?organizationId=${other}`);
    const both = await lab.running.visitor('Liaison of both', [
      { role: 'liaison', organizationId: Number(lab.organizationId) },
      { role: 'liaison', organizationId: Number(other) },
    ]);
    const mixed = await ask(both, [finding.id, list.json().items[0].id]);
    expect(mixed.json().code).toBe('FINDINGS_OF_SEVERAL');
  });
});
