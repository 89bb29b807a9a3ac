import type { ProblemText } from './problems.ts';

/** Refusals about records of the registers; a part of PROBLEMS. */
export const REGISTER_PROBLEMS = {
  ORGANIZATION_UNKNOWN: {
    status: 422,
    title: { zh: '单位不存在', en: 'This organization does not exist' },
    detail: {
      zh: '没有编号为 {organizationId} 的单位。',
      en: 'There is no organization with the id {organizationId}.',
    },
  },
  ORGANIZATION_NAME_TAKEN: {
    status: 409,
    title: { zh: '单位名称已存在', en: 'An organization of this name exists' },
    detail: { zh: '已有名为“{name}”的单位。', en: 'There is already an organization named "{name}".' },
  },
  ORGANIZATION_PARENT_NEEDED: {
    status: 422,
    title: { zh: '请选择上级单位', en: 'Choose the organization above' },
    detail: {
      zh: '您的权限限于部分单位：请指明放在哪个单位之下。',
      en: 'Your access covers a part of the tree: say below which organization this belongs.',
    },
  },
  ORGANIZATION_BELOW_ITSELF: {
    status: 422,
    title: { zh: '上级单位形成循环', en: 'An organization cannot be below itself' },
    detail: {
      zh: '所选上级单位就是本单位，或在本单位之下。请选择其他单位。',
      en: 'The chosen parent is this organization or lies below it. Choose another one.',
    },
  },
  CODE_TAKEN: {
    status: 409,
    title: { zh: '编码已存在', en: 'This code is taken' },
    detail: { zh: '编码“{code}”已被使用。', en: 'Another record has the code "{code}".' },
  },
  KEY_LIST_NAME_TAKEN: {
    status: 409,
    title: { zh: '名单名称已存在', en: 'A key list of this name exists' },
    detail: { zh: '已有名为“{name}”的名单。', en: 'There is already a key list named "{name}".' },
  },
  CHANGED_MEANWHILE: {
    status: 409,
    title: { zh: '记录已被他人修改', en: 'Somebody changed this record meanwhile' },
    detail: {
      zh: '您打开之后记录有了新的版本，没有保存。请重新载入，再作修改。',
      en: 'It has a newer version than the one you began with. Nothing was saved: load it again and repeat your change.',
    },
  },
  SYSTEM_UNKNOWN: {
    status: 422,
    title: { zh: '系统不存在', en: 'This system does not exist' },
    detail: {
      zh: '该单位没有编号为 {systemId} 的系统。',
      en: 'The organization has no system with the id {systemId}.',
    },
  },
  ASSET_CANDIDATES: {
    status: 409,
    title: { zh: '可能是已知资产', en: 'This may be an asset that is known' },
    detail: {
      zh: '这些标识已属于：{assets}。请选择是其中哪一个，或说明是另一台设备。',
      en: 'These have the same identifiers: {assets}. Say which one it is, or that it is none of them.',
    },
  },
} as const satisfies Record<string, ProblemText>;
