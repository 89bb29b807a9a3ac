import type { ProblemText } from './problems.ts';

/** A part of PROBLEMS. */
export const REPLY_PROBLEMS = {
  REPLY_FINDING_CLOSED: {
    status: 409,
    title: { zh: '问题已销号', en: 'The finding is proven gone' },
    detail: {
      zh: '问题 {finding} 已凭复测证明销号，无需再答复。',
      en: 'Finding {finding} is closed by proof; there is nothing left to answer.',
    },
  },
  REPLY_FINDING_RETURNED: {
    status: 409,
    title: { zh: '问题销号后又复发', en: 'The finding was gone and came back' },
    detail: {
      zh: '问题 {finding} 在本申请提出后曾经销号，之后复发，期限重新起算。对本申请只能决定不同意，或由该单位撤回；该单位可就复发的问题重新提出。',
      en: 'Finding {finding} was proven gone after this was asked for, and came back; its clock began anew. This can only be refused or withdrawn. The organization can ask again.',
    },
  },
  REPLY_PENDING: {
    status: 409,
    title: { zh: '已有同类申请在办理', en: 'One of this kind is still waiting' },
    detail: {
      zh: '问题 {finding} 已有一份同类申请尚未办结。请等待决定，或先撤回它。',
      en: 'A reply of this kind about finding {finding} has not been decided. Wait for it, or withdraw it first.',
    },
  },
  OBJECTION_DECIDED: {
    status: 409,
    title: { zh: '同一理由的异议已有决定', en: 'This ground was decided already' },
    detail: {
      zh: '问题 {finding} 以同一理由提出的异议已经作出决定。如有其他理由，可另行提出。',
      en: 'An objection to finding {finding} on this ground has been decided. You can object on another ground.',
    },
  },
  REPLY_DATE_PAST: {
    status: 422,
    title: { zh: '日期已过', en: 'The date has passed' },
    detail: { zh: '请填写将来的日期。', en: 'Give a date that is still to come.' },
  },
  EXTENSION_NO_DEADLINE: {
    status: 422,
    title: { zh: '没有整改期限', en: 'There is no deadline' },
    detail: {
      zh: '问题 {finding} 目前没有整改期限，无需申请延期。',
      en: 'Finding {finding} has no deadline now, so there is nothing to extend.',
    },
  },
  EXTENSION_TOO_LATE: {
    status: 422,
    title: { zh: '已超过整改期限', en: 'The deadline has passed' },
    detail: {
      zh: '延期须在期限届满前提出，问题 {finding} 的期限为 {due}。请提交整改方案，或联系检查方。',
      en: 'More time can only be asked for before the deadline, which was {due} for finding {finding}. File a plan, or talk to the coordinator.',
    },
  },
  EXTENSION_NOT_LATER: {
    status: 422,
    title: { zh: '日期不晚于现有期限', en: 'The date is not later than the present one' },
    detail: {
      zh: '问题 {finding} 的现有期限为 {due}，请填写更晚的日期。',
      en: 'The deadline of finding {finding} is {due}; give a later date.',
    },
  },
  EXTENSIONS_USED: {
    status: 422,
    title: { zh: '延期次数已用完', en: 'No further extension is possible' },
    detail: {
      zh: '问题 {finding} 最多可延期 {most} 次，已经用完。',
      en: 'A deadline can be extended {most} times, and that of finding {finding} has been.',
    },
  },
  REPLY_TOO_LONG: {
    status: 422,
    title: { zh: '日期过晚', en: 'The date is too late' },
    detail: { zh: '最晚可至 {latest}。', en: 'It can be {latest} at the latest.' },
  },
  EXTENSION_NEEDS_INTERIM: {
    status: 422,
    title: { zh: '请先提交临时措施', en: 'An interim measure comes first' },
    detail: {
      zh: '问题 {finding} 延期期间须有临时措施。请先提交临时措施及佐证，再申请延期。',
      en: 'More time for finding {finding} needs an interim measure. File it with evidence, then ask again.',
    },
  },
  EXTENSION_INTERIM_UNVERIFIED: {
    status: 409,
    title: { zh: '临时措施尚未核实', en: 'The interim measure is not verified' },
    detail: {
      zh: '请先核实问题 {finding} 的临时措施，再批准延期。',
      en: 'Verify the interim measure of finding {finding} before you grant more time.',
    },
  },
  ACCEPTANCE_VETOED: {
    status: 422,
    title: { zh: '此项不得接受风险', en: 'Nobody may accept this risk' },
    detail: {
      zh: '问题 {finding} 属于一票否决的检测项，必须整改。原因：{reason}',
      en: 'Finding {finding} is of a check whose failure must be fixed. Why: {reason}',
    },
  },
  ACCEPTANCE_NEEDS_OWNER: {
    status: 403,
    title: { zh: '须由网络安全负责人签署', en: 'The security lead signs for a risk' },
    detail: {
      zh: '风险由本单位网络安全负责人承担，请其登录后签署。',
      en: 'A risk is borne by the security lead of the organization, who signs for it with their own account.',
    },
  },
  REPLY_STATE: {
    status: 409,
    title: { zh: '当前状态不允许此操作', en: 'It does not wait for this' },
    detail: {
      zh: '可能刚刚有人办理过。请刷新页面查看。',
      en: 'Somebody may have acted on it just now. Load the page again.',
    },
  },
  REPLY_OF_THE_INSPECTED: {
    status: 403,
    title: { zh: '被检单位不能作出决定', en: 'The inspected side does not decide' },
    detail: {
      zh: '您在该单位有被检方角色，请由检查方其他人员办理。',
      en: 'You have a role of the inspected side there. Somebody else of the coordinator decides.',
    },
  },
  REPLY_OWN: {
    status: 403,
    title: { zh: '不能办理自己提出或签署的申请', en: 'Nobody decides what they made or signed' },
    detail: { zh: '请由他人办理。', en: 'Ask somebody else.' },
  },
  REPLY_NEEDS_LEAD: {
    status: 403,
    title: { zh: '须由检查负责人决定', en: 'The coordinator’s lead decides this' },
    detail: {
      zh: '延期、风险接受，以及高危、超危问题的异议和误报，由检查负责人决定。',
      en: 'Extensions, accepted risks, and objections and false positives of high and critical findings are the lead’s to decide.',
    },
  },
  REPLY_OWN_FINDING: {
    status: 403,
    title: { zh: '发现人不能办理', en: 'Not for who found it' },
    detail: {
      zh: '该问题由您导入的扫描发现，请由他人办理。',
      en: 'A scan that you brought in found this. Somebody else judges it.',
    },
  },
  REPLY_OPINION_FIRST: {
    status: 409,
    title: { zh: '须先有研判意见', en: 'An opinion comes first' },
    detail: {
      zh: '高危、超危问题认定为误报，或同意对其事实的异议，须先由另一人出具研判意见。',
      en: 'That the tool is wrong about a high or critical finding, as a false positive or by an objection to the fact, needs the opinion of another person first.',
    },
  },
  REPLY_SECOND_PERSON: {
    status: 403,
    title: { zh: '意见和决定须由两人作出', en: 'Opinion and decision are of two people' },
    detail: { zh: '研判意见由您出具，请由他人决定。', en: 'The opinion was yours. Somebody else decides.' },
  },
  FIX_CLAIM_DECIDED: {
    status: 409,
    title: { zh: '整改申报已有结论', en: 'The claim of fix is decided' },
    detail: {
      zh: '复测、处置决定或新的申报已取代这份整改申报，不能再签字。',
      en: 'A scan, a decision or a newer claim has taken its place, so that there is nothing left to sign.',
    },
  },
  VETO_EXISTS: {
    status: 409,
    title: { zh: '该检测项已列入', en: 'This check is on the list' },
    detail: { zh: '同一范围内已列入该检测项。', en: 'The check is on the list for this node already.' },
  },
} as const satisfies Record<string, ProblemText>;
