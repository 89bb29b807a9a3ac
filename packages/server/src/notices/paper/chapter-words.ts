import type { Text } from '@backcheck/contract';

/** Headings of the chapters. */
export const HEADINGS = {
  basis: { zh: '依据', en: 'Basis' },
  arrangements: { zh: '检查安排', en: 'Arrangements' },
  known: { zh: '相关问题', en: 'Findings concerned' },
  cooperation: { zh: '配合要求', en: 'What is asked of you' },
  consequences: { zh: '逾期后果', en: 'If it is not done' },
  contact: { zh: '联系方式', en: 'Contact' },
  circumstances: { zh: '检查情况', en: 'What was found' },
  list: { zh: '问题清单', en: 'Findings' },
  deadline: { zh: '整改期限', en: 'Deadline' },
  feedback: { zh: '整改反馈与复测', en: 'Feedback and retest' },
  objection: { zh: '异议与延期', en: 'Objection and extension' },
  situation: { zh: '情况通报', en: 'Situation' },
  disposal: { zh: '处置要求与时限', en: 'What to do, and until when' },
  reminded: { zh: '催办事项', en: 'What this is about' },
  overdue: { zh: '逾期未完成的问题', en: 'Overdue findings' },
  demand: { zh: '办理要求', en: 'What is asked of you' },
  supervised: { zh: '督办事项', en: 'What is supervised' },
  supervisedFindings: { zh: '督办问题', en: 'Findings under supervision' },
  supervisionDemand: { zh: '督办要求', en: 'What is demanded' },
  asked: { zh: '申请事项', en: 'What was asked' },
  decision: { zh: '决定', en: 'Decision' },
  reason: { zh: '理由', en: 'Reason' },
  explanation: { zh: '说明', en: 'Explanation' },
  retest: { zh: '复测情况', en: 'The retest' },
  result: { zh: '复测结果', en: 'Result' },
  next: { zh: '后续要求', en: 'What follows' },
  closed: { zh: '销号情况', en: 'What was closed' },
  closedList: { zh: '已销号的问题', en: 'Closed findings' },
  annex: { zh: '附：问题说明', en: 'Annex: what the scanner says of each problem' },
} as const satisfies Record<string, Text>;

/** Sentences that every paper of a kind has. What is particular to a case is written by its drafter. */
export const SENTENCES = {
  seeAnnex: {
    zh: '各问题的说明、危害和整改建议见文后所附“问题说明”。',
    en: 'What the scanner says of each problem, its harm and what to do stands in the annex.',
  },
  annex: {
    zh: '以下为检测工具的原文，供核实和整改时参考；与正文要求不一致的，以正文为准。',
    en: 'These are the words of the scanning tools, in their own language, to help with the fix. Where they differ from the notice, the notice holds.',
  },
  cooperation: {
    zh: '请指定一名联络员，按上述安排准备材料并到场配合。远程检测以双方签署的检测授权书为准，未经授权不开展。对安排有异议的，请在检查开始前书面提出。',
    en: 'Please name one liaison, prepare what is listed above and be present. Remote tests are made only under an authorization that both sides have signed. Objections to the arrangements are to be made in writing before the inspection begins.',
  },
  eachItsDate: { zh: '各问题的整改期限见上表。', en: 'The date for each finding is in the table above.' },
  noDate: { zh: '本文书未设定整改期限。', en: 'This paper sets no date.' },
  feedback: {
    zh: '整改完成后，请通过平台逐项提交整改反馈和佐证材料，并申请复测。问题以复测证明销号：复测须到达同一资产、检查同一端口、以不低于发现时的深度运行同一检测项，且未再发现。书面说明不作为销号依据。',
    en: 'When a finding is fixed, report it on the platform with evidence and ask for a retest. A finding is closed by proof: a retest that reached the same asset, examined the same port, ran the same check at least as deeply, and did not find it. A statement in writing does not close it.',
  },
  objection: {
    zh: '对问题的事实、归属、级别或期限有异议的，请在期限届满前提出并附证据，由发现人以外的人员复核。确需延期的，请在期限届满前申请，说明原因和已采取的临时措施。',
    en: 'Objections to the facts, the owner, the grade or the date are to be made before the date, with evidence; somebody other than the finder reviews them. An extension is to be asked for before the date, with the reason and the interim measure that is in place.',
  },
  disposal: {
    zh: '请立即核实，并排查使用相同产品或版本的其他系统。暂不能修复的，先采取临时防护措施，并通过平台反馈处置情况。',
    en: 'Please verify at once, and look for other systems with the same product or version. Where a fix is not possible yet, put an interim measure in place first, and report on the platform what was done.',
  },
  reminder: {
    zh: '请尽快完成整改并申请复测，同时书面说明逾期原因。仍未完成的，将转为督办。',
    en: 'Please complete the fix and ask for a retest, and state in writing why it is late. What remains open will be put under supervision.',
  },
  supervision: {
    zh: '请由单位负责人牵头，逐项明确责任人、措施和完成时间，并书面反馈办理结果。',
    en: 'The head of the organization is asked to name, for each finding, who is responsible, what will be done and by when, and to report the result in writing.',
  },
  extension: {
    zh: '延长的期限内应保持临时措施有效。延期不改变问题的级别，也不代替复测。',
    en: 'The interim measure is to be kept in place until the new date. An extension changes no grade and stands in for no retest.',
  },
  exception: {
    zh: '接受风险不表示问题已经消除，问题不予销号。有效期届满，或补偿措施失效的，应立即恢复整改。',
    en: 'To accept a risk does not make it go away: the finding is not closed. When the term ends, or the compensating control fails, the fix is due at once.',
  },
  retest: {
    zh: '“仍存在”的问题，请在期限内继续整改。“无法判定”表示复测未到达该处，或未能以不低于发现时的深度检查；它既不证明问题已经消除，也不证明仍然存在，请配合再次复测。',
    en: 'What is still present remains due on its date. "Inconclusive" means that the retest did not reach the place, or could not look as deeply as when the finding was made; it proves neither that the finding is gone nor that it is there. Please help to have it tested again.',
  },
  closing: {
    zh: '以上问题经复测证明已消除，销号证明编号见上表，可凭编号在平台查看和核验。再次发现同一问题的，相应证明自行失效，问题恢复为未整改。',
    en: 'A retest has proved that these findings are gone. The numbers of the certificates are in the table; each can be read and verified on the platform. When the same finding is seen again, its certificate no longer stands and the finding is open again.',
  },
} as const satisfies Record<string, Text>;
