import { RetestDetail, RetestList } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorized } from '../testing/authorize.ts';
import { at, post, RetestLab, WEAK } from '../testing/retest-lab.ts';

let lab: RetestLab;
beforeAll(async () => {
  lab = await RetestLab.open();
  await authorized(lab.running, lab.organizationId);
  for (const last of [91, 92]) await lab.importScan(at(WEAK, `192.0.2.${last}`));
});

const found = (last: number) => lab.findingOf(`192.0.2.${last}`, 'sslscan:tls1.0');
const retestsOf = async (id: string) =>
  RetestList.parse((await lab.running.get(`/api/v1/retests?findingId=${id}`)).json()).items;

describe('a finding that is asked for again while its retest waits', () => {
  it('gets one retest of many requests at the same time', async () => {
    const finding = await found(91);
    const [first, ...others] = await Promise.all([1, 2, 3, 4].map(() => lab.ask([finding])));
    expect(others.map(({ id }) => id)).toEqual([first?.id, first?.id, first?.id]);
    expect(await retestsOf(finding.id)).toHaveLength(1);
  });

  it('gets the same one later and with others, which takes the claim that it had not', async () => {
    const [one, two] = [await found(91), await found(92)];
    const [waiting] = await retestsOf(one.id);
    const claimed = { findingIds: [one.id], cause: 'other', measure: 'done' };
    const { id: fixClaimId } = (await post(lab.liaison, '/fix-claims', claimed)).json();
    const again = await post(lab.liaison, '/retests', { findingIds: [one.id], fixClaimId });
    expect(RetestDetail.parse(again.json())).toMatchObject({ id: waiting?.id, fixClaimId });
    // more than what waits is another retest, and the next one for a part of it is the older
    const both = await lab.ask([one, two]);
    expect(both.id).not.toBe(waiting?.id);
    expect((await lab.ask([two])).id).toBe(both.id);
    expect((await lab.ask([one])).id).toBe(waiting?.id);
  });

  it('gets one of its own from the coordinator, because an order stops no clock', async () => {
    const [waiting] = await retestsOf((await found(91)).id);
    const ordered = await lab.ask([await found(91)], lab.running);
    expect([ordered.origin, ordered.id === waiting?.id]).toEqual(['order', false]);
  });

  it('gets a new one when the first has begun: that may have looked before it was fixed', async () => {
    const finding = await found(92);
    const before = await lab.ask([finding]);
    await lab.runner.take();
    const after = await lab.ask([finding]);
    expect(after.id).not.toBe(before.id);
    expect((await lab.ask([finding])).id).toBe(after.id);
  });
});
