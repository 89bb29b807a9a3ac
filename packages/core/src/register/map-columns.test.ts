import { expect, test } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { REGISTER_KINDS } from './field.ts';
import { mapColumns } from './map-columns.ts';

test('headers are known by key, label and synonym, however they are dressed', () => {
  const headers = [
    '*资产编号',
    '单位编码（必填）',
    ' ＩＰ 地 址 ',
    'Host Name:',
    '设备类型',
    'os_version',
    '存放地点\n(机柜)',
    '我们的列',
  ];
  expect(mapColumns(headers, 'asset')).toEqual([
    'assetCode',
    'organizationCode',
    'ips',
    'hostname',
    'type',
    'osVersion',
    'location',
    null,
  ]);
});

test('a header in two languages is known by either', () => {
  expect(mapColumns(['单位编码 / Organization code', '某某 | Role', '姓名\nName'], 'contact')).toEqual([
    'organizationCode',
    'role',
    'name',
  ]);
});

test('a field has one column: the better fit, else the first', () => {
  expect(mapColumns(['IP', 'IP地址'], 'asset')).toEqual(['ips', null]);
  expect(mapColumns(['IP 地址（内网）', 'IP 地址'], 'asset')).toEqual([null, 'ips']);
});

test('a register that is written out is mapped back column by column', () => {
  for (const kind of REGISTER_KINDS) {
    const { fields } = CATALOGUE[kind];
    const keys = fields.map(({ key }) => key);
    for (const headers of [keys, fields.map(({ label }) => label.zh), fields.map(({ label }) => label.en)])
      expect(mapColumns(headers, kind)).toEqual(keys);
  }
});
