import { expect, test } from 'vitest';
import { closedByCuts, ODD_VALUES } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const BUCKET = 'prowler:s3_bucket_public_access eu-central-1#arn:aws:s3:::town-archive';
const OLD = 'prowler:s3_bucket_public_access eu-central-1#arn:aws:s3:::town-old';
const ROOT = 'prowler:iam_root_mfa_enabled us-east-1#arn:aws:iam::123456789012:root';

const EARLIER = { declaredAt: '2026-03-02T08:00:00.000Z' };
const LATER = { declaredAt: '2026-04-02T08:00:00.000Z' };
const before = await gather(await fixture('prowler/before.json'));
const clean = await fixture('prowler/after.json');

async function after(content: string): Promise<Record<string, string>> {
  return statesOf([before, await gather(content)]);
}

test('a FAIL is a finding of the account at its region and resource; the epoch is its time, not the local clock', () => {
  expect(before.scan).toMatchObject({ tool: { name: 'prowler', version: '5.4.0' }, timeSource: 'file' });
  expect(before.assets).toMatchObject([
    { identifiers: [{ kind: 'cloud', value: '123456789012' }], startedAt: '2026-03-02T08:00:00.000Z' },
  ]);
  expect(before.observations[0]).toMatchObject({ verdict: 'present', severity: 'high', method: 'local' });
});

test('PASS for the same resource closes; a resource that is gone from its region is likely fixed', async () => {
  expect(await after(clean)).toEqual({
    [BUCKET]: 'verified-fixed',
    [ROOT]: 'verified-fixed',
    [OLD]: 'fixed-unverified CHECK_NOT_RUN',
  });
});

test('a resource without a row stays open where its check said nothing in that region', async () => {
  expect(await after(await fixture('prowler/after-narrow.json'))).toEqual({
    [BUCKET]: 'open CHECK_NOT_RUN',
    [ROOT]: 'verified-fixed',
    [OLD]: 'open CHECK_NOT_RUN',
  });
});

test('a muted PASS and a MANUAL check close nothing', async () => {
  expect(await after(await fixture('prowler/after-unsure.json'))).toMatchObject({
    [BUCKET]: 'open CHECK_NOT_RUN',
    [ROOT]: 'open CHECK_NOT_RUN',
  });
});

test.each([
  ['another account', /123456789012"/g, '210987654321"', 'open'],
  ['another region', /"eu-central-1"/g, '"eu-west-1"', 'open CHECK_NOT_RUN'],
  ['an older Prowler', /5\.4\.0/g, '5.3.9', 'open OLDER_FEED'],
  ['a file that does not name the account', /"(provider_)?uid": "123456789012"/g, '"x": 1', 'open'],
])('%s closes nothing', async (_, part, instead, state) => {
  expect((await after(clean.replace(part, instead)))[BUCKET]).toBe(state);
});

test('a resource says nothing of another whose name begins with it, nor one cluster of all with its name', async () => {
  const renamed = (text: string) => text.replaceAll('s3:::town-archive', 's3:::town-archive#2');
  const first = await gather(renamed(await fixture('prowler/before.json')));
  expect(statesOf([first, await gather(clean)])[`${BUCKET}%232`]).toBe('fixed-unverified CHECK_NOT_RUN');
  const common = (text: string) => text.replaceAll('"123456789012"', '"kubernetes-admin@kubernetes"');
  const cluster = await gather(common(await fixture('prowler/before.json')));
  expect(statesOf([cluster, await gather(common(clean))])[BUCKET]).toBe('open PORT_OUTSIDE');
});

test('a muted FAIL is still a fact', async () => {
  const muted = (await fixture('prowler/before.json')).replaceAll('"New"', '"Suppressed"');
  expect((await gather(muted)).observations.filter((one) => one.verdict === 'present')).toHaveLength(3);
});

test.each(['before.csv', 'before-version-3.csv', 'before-version-3.json'])(
  'a finding of %s is closed by a later CSV of a declared time, because its own has no zone',
  async (name) => {
    const earlier = await gather(await fixture(`prowler/${name}`), EARLIER);
    const later = await fixture('prowler/after.csv');
    expect(statesOf([earlier, await gather(later, LATER)])[BUCKET]).toBe('verified-fixed');
    expect(statesOf([earlier, await gather(later)])[BUCKET]).toBe('open NO_TIME');
  },
);

test('a CSV with --unix-timestamp has a time of its own', async () => {
  const later = (await fixture('prowler/after.csv')).replace(/2026-04-02 [\d:.]+/g, '1775116800');
  expect((await gather(later)).scan).toMatchObject({
    timeSource: 'file',
    startedAt: '2026-04-02T08:00:00.000Z',
  });
});

test('a file that was cut closes nothing', async () => {
  expect(await closedByCuts(before, clean)).toEqual([]);
  expect(await closedByCuts(before, await fixture('prowler/after.csv'), LATER)).toEqual([]);
});

test('a row without a check or a resource is a warning, and silence then stands for nothing', async () => {
  const { scan, coverage, warnings } = await gather(clean.replace('"arn:aws:s3:::town-logs"', '""'));
  expect([scan.complete, coverage]).toEqual([false, []]);
  expect(warnings).toMatchObject([{ code: 'BAD_RECORD', line: expect.any(Number) }]);
});

test('wrong types anywhere are survived', async () => {
  const [record] = JSON.parse(clean);
  for (const key of Object.keys(record)) {
    for (const odd of ODD_VALUES) {
      const text = JSON.stringify([record, { ...record, [key]: odd }]);
      await expect(gather(text, { format: 'prowler' })).resolves.toBeDefined();
    }
  }
});

test('100,000 results are read in memory that does not grow', async () => {
  const [record] = JSON.parse(clean);
  const one = (i: number) =>
    `${i === 0 ? '' : ','}${JSON.stringify({ ...record, status_code: 'FAIL', resources: [{ uid: `arn:${i}`, region: `r${i % 30}` }] })}`;
  const read = await readAll(generated(100_000, one, ['[', ']']));
  expect(read).toMatchObject({ present: 100_000, complete: true });
  expect(read.grownMegabytes).toBeLessThan(50);
});

const SAID = {
  description: 'The bucket is public.',
  harm: 'Anyone reads it.',
  advice: 'Block public access.',
};

test('a failed check says what the catalogue of Prowler says of it, in each of its forms', async () => {
  const ocsf = JSON.parse(await fixture('prowler/before.json'));
  for (const one of ocsf) {
    one.finding_info.desc = `${SAID.description}\n`;
    one.status_detail = 'Bucket town-archive is public.';
    one.risk_details = SAID.harm;
    one.remediation = { desc: SAID.advice, references: ['https://www.example.org'] };
  }
  ocsf[0].status_code = 'PASS';
  ocsf[0].metadata.event_code = 'passed';
  expect(await explanationsOf(JSON.stringify(ocsf))).toEqual({
    'prowler:s3_bucket_public_access': SAID,
    'prowler:iam_root_mfa_enabled': SAID,
  });
  const [third] = JSON.parse(await fixture('prowler/before-version-3.json'));
  const Recommendation = { Text: SAID.advice, Url: 'https://www.example.org' };
  const words = { Description: SAID.description, Risk: SAID.harm, Remediation: { Recommendation } };
  expect(
    Object.values(await explanationsOf(JSON.stringify([{ ...third, Status: 'FAIL', ...words }]))),
  ).toEqual([SAID]);
});

test('so does the CSV', async () => {
  const [header = ''] = (await fixture('prowler/before.csv')).split('\n');
  const cells: Record<string, string> = {
    ACCOUNT_UID: '1',
    CHECK_ID: 'a',
    STATUS: 'FAIL',
    RESOURCE_UID: 'r',
    DESCRIPTION: SAID.description,
  };
  const row = header.split(';').map((name) => cells[name] ?? '');
  const content = `${header};RISK;REMEDIATION_RECOMMENDATION_TEXT\n${row.join(';')};${SAID.harm};${SAID.advice}\n`;
  expect(await explanationsOf(content)).toEqual({ 'prowler:a': SAID });
});
