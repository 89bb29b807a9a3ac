import type {
  CertificateStep,
  CertificateVerdict,
  Evidence,
  ValidCertificate,
  Witness,
} from '@backcheck/core';

export type Language = 'en' | 'zh';

/** As POSIX ranks them: LC_ALL, LC_MESSAGES, LANG. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

interface Words {
  readonly valid: string;
  readonly invalid: (step: string, meaning: string, message: string) => string;
  readonly unreadable: (message: string) => string;
  readonly badKey: (file: string) => string;
  readonly labels: Readonly<
    Record<
      | 'finding'
      | 'check'
      | 'asset'
      | 'organization'
      | 'seen'
      | 'gone'
      | 'proof'
      | 'file'
      | 'standIn'
      | 'profile'
      | 'assumptions'
      | 'ledger'
      | 'certificate'
      | 'key',
      string
    >
  >;
  readonly none: string;
  readonly evidence: Readonly<Record<Evidence, string>>;
  readonly witness: (tool: string, at: string, vantage: string, evidence: string) => string;
  readonly time: (by: string) => string;
  readonly trusted: string;
  readonly compare: string;
  readonly place: (seq: number, hash: string) => string;
  readonly steps: Readonly<Record<CertificateStep, string>>;
}

const EN: Words = {
  valid: 'valid',
  invalid: (step, meaning, message) => `INVALID at step "${step}" (${meaning}): ${message}`,
  unreadable: (message) => `unreadable: ${message}`,
  badKey: (file) => `${file}: no Ed25519 public key (PEM, or 64 hex digits)`,
  labels: {
    finding: 'finding',
    check: 'check',
    asset: 'asset',
    organization: 'organization',
    seen: 'last seen',
    gone: 'gone since',
    proof: 'proved by',
    file: 'scan file',
    standIn: 'standing in',
    profile: 'scan profile',
    assumptions: 'assumptions',
    ledger: 'ledger',
    certificate: 'certificate',
    key: 'signed by key',
  },
  none: 'none',
  evidence: {
    E0: 'E0, no evidence',
    E1: 'E1, silence that rests on an assumption',
    E2: 'E2, the file shows that the check ran here and is silent',
    E3: 'E3, the file says that the check ran here and found nothing',
  },
  witness: (tool, at, vantage, evidence) => `${tool} at ${at} from "${vantage}"; ${evidence}`,
  time: (by) => `A-time: the file does not say when it was made; the time was declared by: ${by}`,
  trusted: 'the key given with --key',
  compare: 'any key passes without --key: compare this fingerprint with one that reached you another way',
  place: (seq, hash) => `entry ${seq}, hash ${hash}`,
  steps: {
    envelope: 'form of the file',
    key: 'public key',
    signature: 'signature',
    payload: 'canonical form',
    statement: 'form of the statement',
    leaf: 'hash of the closure',
    inclusion: 'place in the ledger entry',
    chain: 'link to the ledger entry before',
    closure: 'whether the scan covers the finding',
  },
};

const ZH: Words = {
  valid: '有效',
  invalid: (step, meaning, message) => `无效，未通过的步骤：${step}（${meaning}）：${message}`,
  unreadable: (message) => `无法读取：${message}`,
  badKey: (file) => `${file}：不是 Ed25519 公钥（PEM 或 64 位十六进制）`,
  labels: {
    finding: '问题',
    check: '检测项',
    asset: '资产',
    organization: '单位',
    seen: '最后一次发现',
    gone: '自此已消除',
    proof: '证明',
    file: '扫描文件',
    standIn: '替代检测项',
    profile: '扫描方案',
    assumptions: '假定',
    ledger: '存证账本',
    certificate: '销号证明',
    key: '签名密钥',
  },
  none: '无',
  evidence: {
    E0: 'E0，无证据',
    E1: 'E1，未报告，但有一项依赖假定',
    E2: 'E2，文件表明此处已检测，且未报告',
    E3: 'E3，文件明确写明此处已检测且未发现',
  },
  witness: (tool, at, vantage, evidence) => `${tool}，${at}，扫描位置“${vantage}”；${evidence}`,
  time: (by) => `A-time：文件未写明生成时间，时间由其申报：${by}`,
  trusted: '与 --key 指定的公钥一致',
  compare: '未用 --key 指定公钥，任何密钥都会通过：请与另行取得的指纹核对',
  place: (seq, hash) => `第 ${seq} 条，哈希 ${hash}`,
  steps: {
    envelope: '文件格式',
    key: '公钥',
    signature: '签名',
    payload: '规范形式',
    statement: '声明格式',
    leaf: '销号内容的哈希',
    inclusion: '在账本条目中的位置',
    chain: '与上一条账本的链接',
    closure: '扫描是否覆盖该问题',
  },
};

export function verifyWords(language: Language): Words {
  return language === 'zh' ? ZH : EN;
}

/** What a file says is a stranger's: control and format characters could rewrite the terminal. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');

/** A verdict in words, one line or a block of them. */
export function verdictText(file: string, verdict: CertificateVerdict, language: Language): string {
  const words = verifyWords(language);
  switch (verdict.verdict) {
    case 'unreadable':
      return plain(`${file}: ${words.unreadable(verdict.message)}`);
    case 'invalid':
      return plain(`${file}: ${words.invalid(verdict.step, words.steps[verdict.step], verdict.message)}`);
    case 'valid':
      return [`${file}: ${words.valid}`, ...factsOf(verdict, words).map((line) => `  ${line}`)]
        .map(plain)
        .join('\n');
  }
}

function factsOf({ leaf, closure, entry, entryHash, key }: ValidCertificate, words: Words): string[] {
  const { labels } = words;
  const { finding, organization, need, at, witnesses } = closure;
  const { check, transport, port, locus } = finding.key;
  return [
    `${labels.finding}: ${finding.title} [${finding.severity}] ${finding.cve.join(' ')}`.trimEnd(),
    `${labels.check}: ${check} ${transport}/${port} ${locus}`.trimEnd(),
    `${labels.asset}: ${finding.asset.map(({ kind, value }) => `${kind} ${value}`).join(', ')}`,
    `${labels.organization}: ${organization.name} (${organization.id})`,
    `${labels.seen}: ${need.last}`,
    `${labels.gone}: ${at}`,
    ...witnesses.flatMap((witness) => witnessFacts(witness, words)),
    `${labels.ledger}: ${words.place(entry.seq, entryHash)}`,
    `${labels.certificate}: ${leaf}`,
    `${labels.key}: ${key.fingerprint}`,
    key.trusted ? words.trusted : words.compare,
  ];
}

function witnessFacts({ scan, visit, claim, standIn, profile }: Witness, words: Words): string[] {
  const { labels } = words;
  const { name, version, feed } = scan.tool;
  const tool = [name, version, feed].filter((part) => part !== null).join(' ');
  const assumptions = claim.assumptions.map((name) =>
    name === 'A-time' ? words.time(scan.declaredBy ?? '') : name,
  );
  return [
    `${labels.proof}: ${words.witness(tool, visit.startedAt ?? '', scan.vantage, words.evidence[claim.evidence])}`,
    `${labels.file}: ${scan.format}, sha256 ${scan.sha256}`,
    ...(standIn === undefined
      ? []
      : [
          `${labels.standIn}: ${[standIn.check, standIn.locus].join(' ').trimEnd()} (${standIn.equivalence})`,
        ]),
    ...(profile === undefined
      ? []
      : [`${labels.profile}: ${profile.name} ${profile.version}, sha256 ${profile.sha256}`]),
    `${labels.assumptions}: ${assumptions.length === 0 ? words.none : assumptions.join('; ')}`,
  ];
}
