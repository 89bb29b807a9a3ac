import type { ProblemText } from './problems.ts';

/** Refusals about who is who and whose an asset is; a part of PROBLEMS. */
export const ASSET_PROBLEMS = {
  ASSET_UNKNOWN: {
    status: 422,
    title: { zh: '资产不存在', en: 'This asset does not exist' },
    detail: {
      zh: '该单位没有编号为 {asset} 的资产。资产只能在同一单位内合并。',
      en: 'The organization has no asset with the id {asset}. Assets are merged within one organization only.',
    },
  },
  ASSET_SAME: {
    status: 422,
    title: { zh: '同一个资产', en: 'This is the same asset' },
    detail: { zh: '资产不能与自身合并。', en: 'An asset cannot be merged with itself.' },
  },
  ASSET_ALREADY_LINKED: {
    status: 409,
    title: { zh: '该时间段内已有归属', en: 'It belongs to another asset at that time' },
    detail: {
      zh: '在这段时间内，此名称的扫描已归属其他资产。请先拆分，或另选时间段。',
      en: 'Scans of this name already count for another asset in that time. Split it first, or choose another time.',
    },
  },
  ASSET_LINK_CHAIN: {
    status: 409,
    title: { zh: '不能连环合并', en: 'A merge cannot lead to another merge' },
    detail: {
      zh: '在这段时间内，保留的资产已并入别处，或另一资产已有其他名称并入。请改选保留的资产，或先拆分。',
      en: 'In that time the asset that stays is itself merged elsewhere, or others are merged into the one that goes. Choose the other one to stay, or split first.',
    },
  },
  ASSET_LINK_EMPTY: {
    status: 422,
    title: { zh: '时间段为空', en: 'The time is empty' },
    detail: { zh: '结束时间必须晚于开始时间。', en: 'The end must lie after the beginning.' },
  },
  ASSET_NOT_LINKED: {
    status: 409,
    title: { zh: '没有可拆分的内容', en: 'There is nothing to split' },
    detail: {
      zh: '在该时间，“{identity}”的扫描没有归属此资产。',
      en: 'At that time no scans of "{identity}" count for this asset.',
    },
  },
  ASSET_NAME_INVALID: {
    status: 422,
    title: { zh: '资产名称无效', en: 'This is not the name of an asset' },
    detail: {
      zh: '“{identity}”不是扫描会给出的名称。应为“类型:值”，例如 ip:192.0.2.7 或 fqdn:www.example.org，均为小写。',
      en: 'No scan could name an asset "{identity}". Write kind:value in lower case, such as ip:192.0.2.7 or fqdn:www.example.org.',
    },
  },
  IDENTITY_TASK_RESOLVED: {
    status: 409,
    title: { zh: '已有答复', en: 'This question is answered' },
    detail: {
      zh: '此前已作出另一种答复。如需更改，请在资产页面合并或拆分。',
      en: 'It was answered otherwise before. Merge or split on the page of the asset to change that.',
    },
  },
  IDENTITY_TASK_ONE_ASSET: {
    status: 409,
    title: { zh: '只有一个资产', en: 'There is only one asset' },
    detail: {
      zh: '这里没有可以合并的对象。如果是两台机器，请拆分该资产。',
      en: 'There is nothing to merge. If it is two machines, split the asset.',
    },
  },
  ADDRESS_RANGE_INVALID: {
    status: 422,
    title: { zh: '地址段无效', en: 'This is not a range of addresses' },
    detail: {
      zh: '“{cidr}”不正确。请写网络地址和前缀长度，例如 192.0.2.0/24。',
      en: '"{cidr}" is not right. Write the network address and the length of its prefix, such as 192.0.2.0/24.',
    },
  },
  CLAIM_INVALID: {
    status: 422,
    title: { zh: '归属声明无效', en: 'This cannot be claimed' },
    detail: {
      zh: '“{value}”不正确。请写网络地址和前缀长度（IPv4 至少 /8，IPv6 至少 /16），或至少两级的域名。',
      en: '"{value}" is not right. Write a network address with the length of its prefix (at least /8, for IPv6 /16), or a domain of two labels or more.',
    },
  },
  CLAIM_TAKEN: {
    status: 409,
    title: { zh: '本单位已有此声明', en: 'The organization claims this already' },
    detail: { zh: '“{value}”已由该单位声明。', en: 'The organization has a claim of "{value}" that stands.' },
  },
  OWNERSHIP_NOT_DISPUTED: {
    status: 409,
    title: { zh: '归属没有异议', en: 'Nobody disputes whose it is' },
    detail: {
      zh: '此资产没有待处理的“非本单位资产”异议。',
      en: 'There is no "not ours" about this asset that could be taken back.',
    },
  },
  HAND_OVER_SAME_ORGANIZATION: {
    status: 422,
    title: { zh: '资产已属该单位', en: 'It is of this organization already' },
    detail: { zh: '请选择另一个单位。', en: 'Choose another organization.' },
  },
  HAND_OVER_LINKED: {
    status: 409,
    title: { zh: '资产与其他资产相关联', en: 'The asset is tied to another one' },
    detail: {
      zh: '此资产或其某个名称的扫描，在某段时间内还归属另一资产（本单位或接收单位）。请先拆分。',
      en: 'Its scans, or those of one of its names, count for another asset at some time, here or at the receiver. Split it first.',
    },
  },
  HAND_OVER_DISTRUSTED: {
    status: 409,
    title: { zh: '双方对同一扫描文件的处置不一致', en: 'The two sides trust a file of scans differently' },
    detail: {
      zh: '包含此资产的某个扫描文件，只有移交单位或接收单位一方已隔离。请在两边作相同处理后再移交。',
      en: 'A file with scans of the asset is in quarantine on one side only. Treat it alike on both, then hand over.',
    },
  },
} as const satisfies Record<string, ProblemText>;
