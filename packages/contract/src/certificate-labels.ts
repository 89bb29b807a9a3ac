import type { CertificateStep, Supersession } from '@backcheck/core';
import type { Text } from './text.ts';

/** What each step of verification asks, in the words of docs/certificate.md section 5. */
export const CERTIFICATE_STEP_LABELS = {
  envelope: { zh: '文件形式完整，没有多余内容', en: 'The file has its one exact form' },
  key: { zh: '签名公钥与其指纹相符', en: 'The key that signed is the one named' },
  signature: { zh: '签名有效，内容未被改动', en: 'The signature holds: nothing was changed' },
  payload: { zh: '内容为规范形式，只有一种读法', en: 'The content can be read in one way only' },
  statement: {
    zh: '声明的各项齐全，没有未知项',
    en: 'The statement is complete, with nothing unknown in it',
  },
  leaf: { zh: '编号就是销号记录的哈希', en: 'Its number is the hash of the closure' },
  inclusion: { zh: '已记入存证账本的这一条', en: 'It stands in that entry of the ledger' },
  chain: { zh: '该条账本与前一条相连', en: 'The entry follows the one before it' },
  closure: { zh: '扫描确实覆盖了该问题，且未发现', en: 'The scan covered the finding and did not find it' },
} as const satisfies Record<CertificateStep, Text>;

/** Why a certificate no longer stands. */
export const SUPERSESSION_LABELS = {
  regressed: { zh: '问题再次被发现', en: 'the finding was seen again' },
  quarantined: { zh: '所依据的扫描已被隔离', en: 'the scan behind it was quarantined' },
  replaced: { zh: '已由另一份证明取代', en: 'another certificate took its place' },
  disallowed: {
    zh: '单位不再接受替代检测项',
    en: 'the organization no longer accepts a check of another tool',
  },
  register: { zh: '资产登记有变更', en: 'what is registered about the asset changed' },
} as const satisfies Record<Supersession['cause'], Text>;

/** What a certificate does not say (docs/certificate.md section 7), in the order of how often it is misread. */
export const CERTIFICATE_LIMITS: readonly Text[] = [
  {
    zh: '不表示资产安全：只说明一处、一个检测项，以所列方法和时间，没有再发现。',
    en: 'Not that the asset is safe: one check, at one place, found nothing, by the method and at the time named.',
  },
  {
    zh: '不表示现在仍然有效：问题可能已再次出现，请查失效清单。',
    en: 'Not that it still stands: the finding may have returned. The list of superseded certificates tells.',
  },
  {
    zh: '不表示密钥属于检查组织方：请与另行取得的指纹核对。',
    en: 'Not whose key it is: compare the fingerprint with one that reached you another way.',
  },
  {
    zh: '不含扫描文件本身，只含其哈希；有文件即可比对。',
    en: 'Not the scan file itself, only its hash; whoever has the file can compare.',
  },
];
