import type { ExplanationRecord, ImportedScan } from '@backcheck/core';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { assetsOf, give } from '../../../tests/support/hand-over.ts';
import { nessusScan } from '../../../tests/support/nessus-scan.ts';
import { listAll, newOrganization, takeIn } from '../../../tests/support/stored-world.ts';
import { type Explanation, findExplanations } from './explanations.ts';
import { createWidePool, inTransaction } from './pool.ts';
import { quarantineScan } from './refold-all.ts';

let pool: pg.Pool;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
afterAll(() => pool.end());

const says = (advice: string): ExplanationRecord => ({
  record: 'explanation',
  check: 'nessus:104',
  description: 'Old versions of TLS are broken.',
  harm: '',
  advice,
});
const scan = (day: number, more: Partial<ImportedScan> = {}): ImportedScan => ({
  ...nessusScan(`2026-09-0${day}`, true, [{ kind: 'ip', value: '192.0.2.7' }]),
  ...more,
});

async function toldOf(organizationId: number): Promise<Explanation | undefined> {
  const [finding] = await listAll(pool, organizationId);
  const id = finding?.id ?? '';
  return inTransaction(pool, async (tx) => (await findExplanations(tx, [id])).get(id));
}

test('a finding is explained by the latest file that explains its check, and by no other organization', async () => {
  const [one, other] = [await newOrganization(pool), await newOrganization(pool)];
  await takeIn(pool, one, scan(1), [says('Turn TLS 1.0 off.'), says('Never read.')]);
  await takeIn(pool, other, scan(1));
  expect(await toldOf(one)).toMatchObject({
    description: 'Old versions of TLS are broken.',
    harm: '',
    advice: 'Turn TLS 1.0 off.',
    tool: 'nessus',
  });
  expect(await toldOf(other)).toBeUndefined();
  await takeIn(pool, one, scan(2), [says('Offer TLS 1.2 alone.')]);
  expect(await toldOf(one)).toMatchObject({ advice: 'Offer TLS 1.2 alone.' });
});

test('words of the inspected organization stand only where there are no others, those of a distrusted file nowhere', async () => {
  const id = await newOrganization(pool);
  await takeIn(pool, id, scan(1, { submittedBy: 'organization' }), [says('Nothing to do.')]);
  expect(await toldOf(id)).toMatchObject({ advice: 'Nothing to do.' });
  const trusted = await takeIn(pool, id, scan(2), [says('Turn TLS 1.0 off.')]);
  await takeIn(pool, id, scan(3, { submittedBy: 'organization' }), [says('Nothing at all.')]);
  expect(await toldOf(id)).toMatchObject({ advice: 'Turn TLS 1.0 off.', scanId: trusted.scanId });
  await inTransaction(pool, (tx) =>
    quarantineScan(tx, { organizationId: id, scanId: trusted.scanId }, '2026-09-09T00:00:00.000Z'),
  );
  expect(await toldOf(id)).toMatchObject({ advice: 'Nothing at all.' });
});

test('an asset that is handed over takes along what its files say', async () => {
  const [from, to] = [await newOrganization(pool), await newOrganization(pool)];
  await takeIn(pool, from, scan(1), [says('Turn TLS 1.0 off.')]);
  const assets = [...(await assetsOf(pool, from)).values()];
  await give(pool, { from, to, assets });
  expect(await toldOf(to)).toMatchObject({ advice: 'Turn TLS 1.0 off.' });
});
