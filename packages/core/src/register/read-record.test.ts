import { expect, test } from 'vitest';
import { identityOf } from '../observe/identity.ts';
import { identifiersOf } from './asset-identifiers.ts';
import { recordKey } from './catalogue.ts';
import type { Cell, RegisterKind } from './field.ts';
import { missingColumns, readRecord } from './read-record.ts';

const read = (kind: RegisterKind, cells: Readonly<Record<string, Cell>>) =>
  readRecord(kind, new Map(Object.entries(cells)));

const codes = (kind: RegisterKind, cells: Readonly<Record<string, Cell>>) =>
  read(kind, cells).problems.map(({ field, problem }) => [field, problem.code]);

const HOSPITAL = { organizationCode: 'H1', nameZh: '湖畔医院', sector: '卫生' };
const SERVER = { organizationCode: 'H1', assetCode: 'A1' };
const DOCTOR = { organizationCode: 'H1', role: '联络员', name: '张三' };

test('a row of an organization needs a name and another parent than itself', () => {
  expect(codes('organization', HOSPITAL)).toEqual([]);
  expect(codes('organization', { ...HOSPITAL, nameZh: null })).toEqual([['nameZh', 'ROW_WITHOUT_NAME']]);
  expect(codes('organization', { ...HOSPITAL, nameZh: null, name: 'Lakeside Hospital' })).toEqual([]);
  expect(codes('organization', { ...HOSPITAL, parentCode: 'H1' })).toEqual([
    ['parentCode', 'ROW_IS_ITS_OWN_PARENT'],
  ]);
});

test('an asset without any name of a machine could never be met by a scan', () => {
  expect(codes('asset', SERVER)).toEqual([['ips', 'ROW_WITHOUT_IDENTIFIER']]);
  expect(codes('asset', { ...SERVER, hostname: '门诊服务器' })).toEqual([]);
  expect(codes('asset', { ...SERVER, serial: 'SN-1' })).toEqual([]);
});

test('a wrong cell is blamed once, not also for what it would have said', () => {
  expect(codes('asset', { ...SERVER, ips: '192.0.2' })).toEqual([['ips', 'CELL_NOT_AN_IP']]);
});

test('a contact can be reached, by the preferred channel too, and its time ends after it begins', () => {
  expect(codes('contact', DOCTOR)).toEqual([['mobile', 'ROW_WITHOUT_CHANNEL']]);
  expect(codes('contact', { ...DOCTOR, phone: '010-6666 0000', channel: '短信' })).toEqual([
    ['channel', 'ROW_CHANNEL_EMPTY'],
  ]);
  const times = { validFrom: '2026-02-01', validTo: '2026-01-01' };
  expect(codes('contact', { ...DOCTOR, email: 'zhang@example.org', ...times })).toEqual([
    ['validTo', 'ROW_ENDS_BEFORE_START'],
  ]);
});

test('an emptied cell is told apart from a column that is not in the sheet', () => {
  const { record, empty } = read('asset', { ...SERVER, ips: '192.0.2.7', notes: '' });
  expect(empty).toEqual(['notes']);
  expect(record).toEqual({ ...SERVER, ips: ['192.0.2.7'] });
  expect(missingColumns('asset', ['assetCode', null, 'ips']).map(({ key }) => key)).toEqual([
    'organizationCode',
  ]);
});

test('codes name a record in its organization', () => {
  expect(recordKey('asset', read('asset', SERVER).record)).toBe('["H1","A1"]');
  expect(recordKey('asset', { assetCode: 'A1' })).toBeNull();
});

test('an asset is named as a scanner would address it', () => {
  const identity = (cells: Readonly<Record<string, Cell>>) =>
    identityOf(identifiersOf(read('asset', { ...SERVER, ...cells }).record));
  const names = { ips: '192.0.2.7', domains: 'www.example.org', urls: 'https://www.example.org/login' };
  expect(identity(names)).toBe('ip:192.0.2.7');
  expect(identity({ ...names, type: 'web-application' })).toBe('url:https://www.example.org');
  expect(identity({ ...names, serial: 'SN-1' })).toBe('serial:sn-1');
  expect(identity({ hostname: 'SRV-01' })).toBe('fqdn:srv-01');
});
