import type { NoticeContent, NoticeFinding, NoticeKind } from '@backcheck/core';

const FINDINGS: readonly NoticeFinding[] = [
  {
    id: '1042',
    asset: 'www.hospital.example (192.0.2.10)',
    place: 'tcp 443',
    check: 'nessus:156327',
    title: 'OpenSSL 1.1.1 < 1.1.1m 远程缓冲区溢出 / Remote buffer overflow',
    cve: ['CVE-2022-0778', 'CVE-2021-3711'],
    grade: 'critical',
    firstSeen: '2026-11-02T02:20:00.000Z',
    dueAt: '2026-11-26T16:00:00.000Z',
    dueBasis: {
      zh: '政策 cn-default 第 1 行：超危，3 个工作日',
      en: 'Policy cn-default, row 1: critical, 3 working days',
    },
    outcome: 'proven',
    certificateId: '907',
  },
  {
    id: '1043',
    asset: 'vpn.hospital.example (192.0.2.11)',
    place: 'udp 500',
    check: 'nuclei:weak-ike-transform',
    title: 'Default credentials on the management interface',
    name: { zh: '管理界面使用默认口令', en: 'A management interface has default credentials' },
    measure: { zh: '加固 管理界面', en: 'Configure the management interface' },
    cve: [],
    grade: 'high',
    firstSeen: '2026-11-02T02:21:00.000Z',
    dueAt: '2026-11-22T06:30:00.000Z',
    dueBasis: null,
    outcome: 'still-present',
    certificateId: null,
  },
  {
    id: '1044',
    asset: '192.0.2.12',
    place: '',
    check: 'greenbone:1.3.6.1.4.1.25623.1.0.117274',
    title: '操作系统已停止支持',
    cve: ['CVE-2020-0601'],
    grade: 'medium',
    firstSeen: '2026-10-30T22:00:00.000Z',
    dueAt: null,
    dueBasis: null,
    outcome: 'inconclusive',
    certificateId: null,
  },
];

const ANNEX: NonNullable<NoticeContent['annex']> = {
  explanations: [
    {
      check: 'nessus:156327',
      description:
        'The version of OpenSSL on the remote host is before 1.1.1m.\nThe scanner relied on the version that the service tells.',
      harm: 'An attacker can run code of their choice with the rights of the service.',
      advice: 'Upgrade to OpenSSL 1.1.1m or later. See https://www.openssl.example/news/secadv/20211214.txt',
    },
    {
      check: 'nuclei:weak-ike-transform',
      description: '管理界面可以用出厂口令登录。',
      harm: '',
      advice: '修改口令，并只允许管理网段访问。',
    },
  ],
  more: 1,
};
/** Those to which a drafter may add what the scanners say. */
const EXPLAINED: readonly NoticeKind[] = ['rectification', 'circular'];

const TITLES: Readonly<Record<NoticeKind, NoticeContent['title']>> = {
  inspection: { zh: '关于开展网络安全检查的通知', en: 'On an inspection of network security' },
  rectification: { zh: '关于网络安全问题整改的通知', en: 'On findings that are to be fixed' },
  circular: { zh: '关于 OpenSSL 漏洞的通报', en: 'On weaknesses in OpenSSL' },
  reminder: { zh: '关于逾期问题的催办', en: 'On findings that are overdue' },
  supervision: { zh: '关于逾期问题的督办', en: 'On findings under supervision' },
  'extension-decision': { zh: '关于延期申请的决定', en: 'On the extension asked for' },
  'exception-decision': { zh: '关于风险接受申请的决定', en: 'On the risk acceptance asked for' },
  'retest-result': { zh: '关于复测结果的通知', en: 'On the result of the retest' },
  closing: { zh: '关于问题销号的通知', en: 'On findings that are closed' },
};

/** After the dates of the findings. */
const LATE: readonly NoticeKind[] = ['reminder', 'supervision'];
const DECISIONS: readonly NoticeKind[] = ['extension-decision', 'exception-decision'];
const FOLLOWING: readonly NoticeKind[] = [
  ...DECISIONS,
  'reminder',
  'supervision',
  'retest-result',
  'closing',
];

/** A made-up notice of each kind: what an office's template is tried with, and what the tests print. */
export function exampleContent(kind: NoticeKind): NoticeContent {
  return {
    version: 1,
    kind,
    language: 'both',
    number: '湖城网安〔2026〕第12号',
    issuedAt: LATE.includes(kind) ? '2026-11-30T02:20:00.000Z' : '2026-11-21T02:20:00.000Z',
    timeZone: 'Asia/Shanghai',
    authority: { zh: '湖城市网络安全检查办公室', en: 'Lake City Network Security Inspection Office' },
    organization: { id: '7', code: '370100-H-012', name: 'Lakeside Hospital', nameZh: '湖畔医院' },
    addressee: '信息科',
    title: TITLES[kind],
    legalBasis: '《湖城市网络安全检查办法》（2025年修订，2026年1月1日起施行）',
    body: {
      zh: ['我办于2026年11月2日对你单位进行了网络安全检查，现将有关情况函告如下。', '请结合实际认真落实。'],
      en: ['We inspected the security of your network on 2 November 2026. This is what follows from it.'],
    },
    findings: kind === 'inspection' ? [] : FINDINGS,
    ...(EXPLAINED.includes(kind) ? { annex: ANNEX } : {}),
    dueAt: LATE.includes(kind) ? '2026-12-04T16:00:00.000Z' : null,
    decision: DECISIONS.includes(kind)
      ? {
          asked: {
            zh: '将 1042 号问题的整改期限延长至2026年12月4日。',
            en: 'To extend the date of finding 1042 to 4 December 2026.',
          },
          granted: true,
          reason: '供应商补丁将于12月1日发布；临时措施已经核实。',
          until: '2026-12-04T16:00:00.000Z',
        }
      : null,
    consequences: '逾期未整改的，依照《湖城市网络安全检查办法》第二十条处理。',
    contact: '湖城市网络安全检查办公室，0531-5550100，inspection@lake-city.example',
    refersTo: FOLLOWING.includes(kind) ? '湖城网安〔2026〕第9号' : null,
    drafter: '李明',
    approver: '王芳',
    tlp: 'AMBER',
  };
}
