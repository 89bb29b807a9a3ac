import type { NoticeKind } from './vocabulary.ts';

interface Text {
  readonly zh: string;
  readonly en: string;
}

/** Who issues notices for a part of the tree, and in which words. */
export interface NoticeOffice {
  readonly authority: Text;
  /** Of each kind: "湖城网安整改〔{yyyy}〕第{seq}号"; `{yyyy}` and `{seq}` (or `{seq:4}`, with zeros) must be there. */
  readonly numbers: Readonly<Record<NoticeKind, string>>;
  /** Text with its version and date of effect; never a constant of the product. */
  readonly legalBasis: string;
  /** What follows when a demand is not met; empty: papers say nothing of it. */
  readonly consequences: string;
  readonly contact: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** Before anybody has set one: numbers tell the kinds apart, and neither a law nor a person is named. */
export const DEFAULT_OFFICE: NoticeOffice = {
  authority: { zh: '网络安全检查办公室', en: 'Network Security Inspection Office' },
  numbers: {
    inspection: '网安检查〔{yyyy}〕第{seq}号',
    rectification: '网安整改〔{yyyy}〕第{seq}号',
    circular: '网安通报〔{yyyy}〕第{seq}号',
    reminder: '网安催办〔{yyyy}〕第{seq}号',
    supervision: '网安督办〔{yyyy}〕第{seq}号',
    'extension-decision': '网安延期〔{yyyy}〕第{seq}号',
    'exception-decision': '网安风险〔{yyyy}〕第{seq}号',
    'retest-result': '网安复测〔{yyyy}〕第{seq}号',
    closing: '网安销号〔{yyyy}〕第{seq}号',
  },
  legalBasis: '',
  consequences: '',
  contact: '',
  timeZone: 'Asia/Shanghai',
};
