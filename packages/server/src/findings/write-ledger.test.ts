import { Zip } from 'easy-template-x';
import { expect, test } from 'vitest';
import { writeLedger } from './write-ledger.ts';

test('the header of a ledger looks like one, and its rows are text', async () => {
  async function* pages() {
    yield [['0042', '2026-11-21']];
  }
  const zip = await Zip.load(await writeLedger(pages(), { format: 'xlsx', language: 'zh' }));
  const sheet = (await zip.getFile('xl/worksheets/sheet1.xml')?.getContentText()) ?? '';
  const styles = (await zip.getFile('xl/styles.xml')?.getContentText()) ?? '';
  const looks = [...styles.matchAll(/<xf [^>]*xfId[^>]*>/g)].map(([xf]) => xf);
  const lookOf = (cell: string) => looks[Number(new RegExp(`r="${cell}"[^>]* s="(\\d+)"`).exec(sheet)?.[1])];
  expect(lookOf('A1')).toContain('applyFont="true" applyFill="true"');
  expect(lookOf('A2')).toContain('applyNumberFormat="true"');
  expect(sheet).toContain('<t>0042</t>');
});
