import { expect, test } from 'vitest';
import { generated, readAll } from './testing/generated.ts';
import { fixture } from './testing/scan-of.ts';

/** The formats whose own folders have no test of size: one asset or record of a real file, many times over. */
const HUGE = [
  { format: 'nmap', path: 'nmap/before.xml', element: /<host [\s\S]*?<\/host>\n?/, times: 4000 },
  {
    format: 'nessus',
    path: 'nessus/before.nessus',
    element: /<ReportHost [\s\S]*?<\/ReportHost>\n?/,
    times: 30_000,
  },
  { format: 'sslscan', path: 'sslscan/before.xml', element: /<ssltest [\s\S]*?<\/ssltest>\n?/, times: 8000 },
];

/** Another address each time, as a scan of a large network has. */
const address = (index: number): string => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

test.each(HUGE)(
  '$times assets of $format are read whole, in memory that does not grow with them',
  async ({ path, element, times }) => {
    const text = await fixture(path);
    const [one = ''] = element.exec(text) ?? [];
    const [head = '', tail = ''] = text.split(one);
    const alone = await readAll(generated(1, () => one, [head, tail]));
    const asset = (index: number): string => one.replaceAll(/192\.0\.2\.\d+/g, address(index));
    const { present, complete, grownMegabytes } = await readAll(generated(times, asset, [head, tail]));
    expect(alone.present).toBeGreaterThan(0);
    expect([present, complete]).toEqual([alone.present * times, true]);
    expect(present).toBeGreaterThan(50_000);
    expect(grownMegabytes).toBeLessThan(150);
  },
  60_000,
);

test('100,000 results of SARIF are read whole, in memory that does not grow with them', async () => {
  const head = '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x","rules":[]}},"results":[{}';
  const result = (index: number): string =>
    `,{"ruleId":"r${index % 100}","message":{"text":"found"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/${index}.js"},"region":{"startLine":1}}}]}`;
  const { present, grownMegabytes } = await readAll(generated(100_000, result, [head, ']}]}']));
  expect(present).toBeGreaterThanOrEqual(100_000);
  expect(grownMegabytes).toBeLessThan(150);
});

test('100,000 rows of testssl JSON are read whole, in memory that does not grow with them', async () => {
  const row = (index: number): string =>
    `${index === 0 ? '' : ','}{"id":"TLS1","ip":"www${index}.example.org/${address(index)}","port":"443","severity":"LOW","finding":"offered"}`;
  const { present, grownMegabytes } = await readAll(generated(100_000, row, ['[', ']\n']));
  expect(present).toBe(100_000);
  expect(grownMegabytes).toBeLessThan(150);
});
