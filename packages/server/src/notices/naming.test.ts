import { expect, test } from 'vitest';
import { namedByProduct } from './naming.ts';

test('a finding of testssl.sh has a Chinese name and the measure that mends it', () => {
  const parts = { check: 'testssl:cert_signatureAlgorithm', locus: '', title: 'SHA1 with RSA' };
  expect(namedByProduct(parts)).toEqual({
    name: { zh: '证书签名使用了不安全的散列算法', en: 'The certificate is signed with a broken hash' },
    measure: { zh: '更换服务器数字证书', en: 'Replace the server certificate' },
  });
});

test('a finding of our own probes has the name that the probe gives it', () => {
  const parts = { check: 'backcheck-dns:spf', locus: '', title: 'The domain has no SPF record' };
  expect(namedByProduct(parts).name?.zh).toBe('域名缺少 SPF 记录');
});

test('a package that is to be upgraded is named as it stands in the paper of its vendor', () => {
  const parts = { check: 'trivy:CVE-2021-44228', locus: 'pkg:maven/org.x/log4j-core$&', title: 'log4j' };
  expect(namedByProduct(parts).measure?.zh).toContain('升级 log4j-core');
});

test('what nobody declared stays in the words of the tool, with no measure made up', () => {
  expect(namedByProduct({ check: 'house-audit:weak-tls', locus: '', title: 'Weak TLS is offered' })).toEqual(
    {},
  );
});
