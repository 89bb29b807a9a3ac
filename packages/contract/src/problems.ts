import { z } from 'zod';
import { Text } from './text.ts';

interface ProblemText {
  /** HTTP status (RFC 9110). For a problem of an import it is the status a direct answer would have had. */
  readonly status: number;
  readonly title: Text;
  /** What happened and what to do now. `{name}` is filled from the facts of the case. */
  readonly detail: Text;
}

/**
 * Every refusal this product can answer with, in one closed table. docs/problems.md explains each;
 * a test fails when a code is missing there or is used nowhere.
 */
export const PROBLEMS = {
  NOT_SIGNED_IN: {
    status: 401,
    title: { zh: '尚未登录', en: 'You are not signed in' },
    detail: {
      zh: '请打开服务器启动时打印的登录链接，或使用有效的 API 密钥。',
      en: 'Open the sign-in link that the server prints at start, or use a valid API key.',
    },
  },
  SIGN_IN_LINK_INVALID: {
    status: 401,
    title: { zh: '登录链接无效', en: 'This sign-in link is not valid' },
    detail: {
      zh: '链接只能使用一次，24 小时后失效。重新启动服务器会打印新的链接。',
      en: 'A link works once and for 24 hours. Starting the server again prints a fresh one.',
    },
  },
  FORBIDDEN: {
    status: 403,
    title: { zh: '没有权限', en: 'Your role does not allow this' },
    detail: {
      zh: '您当前的授权不包含此操作。请让管理员为您授予相应角色。',
      en: 'None of your grants allows this operation. Ask an administrator for a role that does.',
    },
  },
  REQUEST_NOT_FROM_HERE: {
    status: 403,
    title: { zh: '请求来源不可信', en: 'This request may come from another site' },
    detail: {
      zh: '用登录会话修改数据的请求必须带有 X-Backcheck-Request 请求头，且来自本站。',
      en: 'A request that changes something with a session cookie must carry the header X-Backcheck-Request and come from this site.',
    },
  },
  REQUEST_INVALID: {
    status: 400,
    title: { zh: '请求内容不正确', en: 'The request is not valid' },
    detail: { zh: '请检查：{fields}', en: 'Please check: {problems}' },
  },
  CURSOR_INVALID: {
    status: 400,
    title: { zh: '翻页标记无效', en: 'The cursor is not valid' },
    detail: {
      zh: '请使用同一查询上一页返回的 nextCursor，或从第一页重新开始。',
      en: 'Use the nextCursor that the page before returned for the same query, or start again at the first page.',
    },
  },
  NOT_FOUND: {
    status: 404,
    title: { zh: '找不到', en: 'Not found' },
    detail: {
      zh: '这个地址没有内容，或内容已被移除。',
      en: 'There is nothing at this address, or it was removed.',
    },
  },
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
  SCAN_PROFILE_UNKNOWN: {
    status: 422,
    title: { zh: '扫描方案不可用', en: 'This scan profile cannot be used' },
    detail: {
      zh: '该单位没有编号为 {profile} 的在用扫描方案。',
      en: 'There is no scan profile with the id {profile} in use for this organization.',
    },
  },
  SCAN_PROFILE_TAKEN: {
    status: 409,
    title: { zh: '扫描方案已登记', en: 'This scan profile is registered' },
    detail: {
      zh: '方案“{name}”第 {version} 版已登记，且不可更改；请使用新的版本号。',
      en: 'Version {version} of "{name}" is registered and never changes; give the new one another version.',
    },
  },
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
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: { zh: '不支持的内容类型', en: 'This content type is not supported' },
    detail: { zh: '此处需要 {expected}。', en: '{expected} is needed here.' },
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: { zh: '请求内容过大', en: 'The request body is too large' },
    detail: { zh: '请求内容超过了此处允许的大小。', en: 'The body is larger than is accepted here.' },
  },
  FILE_MISSING: {
    status: 400,
    title: { zh: '没有文件', en: 'There is no file' },
    detail: {
      zh: '表单中需要一个名为 file 的文件，且只能有一个。',
      en: 'The form needs one file in the field named "file", and only one.',
    },
  },
  FILE_TOO_LARGE: {
    status: 413,
    title: { zh: '文件过大', en: 'The file is too large' },
    detail: {
      zh: '最多 {most} 字节。可由管理员调整 MAX_UPLOAD_BYTES。',
      en: 'At most {most} bytes. An administrator can change MAX_UPLOAD_BYTES.',
    },
  },
  UPLOAD_INTERRUPTED: {
    status: 400,
    title: { zh: '上传中断', en: 'The upload was interrupted' },
    detail: {
      zh: '文件没有完整到达，未保留任何内容。请重新上传。',
      en: 'The file did not arrive whole; nothing was kept. Please send it again.',
    },
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    title: { zh: '幂等键已用于其他请求', en: 'This Idempotency-Key was used for another request' },
    detail: {
      zh: '同一个键只能重复同一文件和同样的字段。',
      en: 'The same key may only repeat the same file with the same fields.',
    },
  },
  IMPORT_NOT_READY: {
    status: 409,
    title: { zh: '此导入现在不能这样处理', en: 'This cannot be done with the import now' },
    detail: {
      zh: '导入的状态是“{state}”，需要“ready”。',
      en: 'The import is "{state}"; it must be "ready".',
    },
  },
  SCAN_UNKNOWN_FORMAT: {
    status: 422,
    title: { zh: '无法识别的文件格式', en: 'The format of this file is not known' },
    detail: {
      zh: '未导入任何内容：内容不是已知格式。可导入的格式见 docs/formats.md。',
      en: 'Nothing was imported: {message}.',
    },
  },
  SCAN_DAMAGED: {
    status: 422,
    title: { zh: '文件已损坏', en: 'The file is damaged' },
    detail: { zh: '未导入任何内容：{message}。', en: 'Nothing was imported: {message}.' },
  },
  SCAN_EMPTY: {
    status: 422,
    title: { zh: '文件是空的', en: 'The file is empty' },
    detail: {
      zh: '未导入任何内容：文件里什么也没有。请重新导出后再发送。',
      en: 'Nothing was imported: {message}.',
    },
  },
  SCAN_ENCODING: {
    status: 422,
    title: { zh: '文件编码无法读取', en: 'The encoding of this file cannot be read' },
    detail: { zh: '未导入任何内容：{message}。', en: 'Nothing was imported: {message}.' },
  },
  SCAN_TOO_LARGE: {
    status: 422,
    title: { zh: '解压后过大', en: 'The file unpacks to too much' },
    detail: {
      zh: '未导入任何内容：压缩文件解压后超出限制。若确认可信，请先解压并拆分。',
      en: 'Nothing was imported: {message}.',
    },
  },
  SCAN_SEVERAL_FILES: {
    status: 422,
    title: { zh: '压缩包内有多个文件', en: 'The zip holds several files' },
    detail: {
      zh: '未导入任何内容：一次只能导入一个扫描文件。请解压后逐个发送。',
      en: 'Nothing was imported: {message}.',
    },
  },
  SCAN_FROM_FUTURE: {
    status: 422,
    title: { zh: '扫描时间在未来', en: 'The scan lies in the future' },
    detail: {
      zh: '扫描时间 {at} 比现在晚 10 分钟以上，未导入任何内容。请检查扫描器时钟或填写的时间。',
      en: 'Its time {at} is more than 10 minutes after now; nothing was imported. Check the clock of the scanner or the declared time.',
    },
  },
  IMPORT_FAILED: {
    status: 500,
    title: { zh: '导入因内部故障停止', en: 'The import stopped by a fault in this product' },
    detail: {
      zh: '未导入任何内容。日志中以导入编号 {importId} 记录了原因；可重新发送该文件。',
      en: 'Nothing was imported. The log holds the cause under import {importId}; the file can be sent again.',
    },
  },
  TEMPORARILY_UNAVAILABLE: {
    status: 503,
    title: { zh: '服务暂时不可用', en: 'The service is not available for the moment' },
    detail: {
      zh: '数据库没有应答，请稍后重试。',
      en: 'The database does not answer; please try again shortly.',
    },
  },
  INTERNAL: {
    status: 500,
    title: { zh: '内部故障', en: 'A fault in this product' },
    detail: {
      zh: '日志中以请求编号 {requestId} 记录了原因。',
      en: 'The log holds the cause under request {requestId}.',
    },
  },
} as const satisfies Record<string, ProblemText>;

export type ProblemCode = keyof typeof PROBLEMS;

// Object.keys types its result as string[]; the table above is closed and frozen by `as const`.
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** What fills the `{name}` places of a problem's detail. */
export type ProblemFacts = Readonly<Record<string, string | number>>;

const fill = (text: string, facts: ProblemFacts): string =>
  text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(facts[name] ?? place));

/** Title and detail of a problem in both languages. A place without a fact stays visible as `{name}`. */
export function problemTexts(code: ProblemCode, facts: ProblemFacts = {}): { title: Text; detail: Text } {
  const { title, detail } = PROBLEMS[code];
  return { title, detail: { zh: fill(detail.zh, facts), en: fill(detail.en, facts) } };
}

/**
 * RFC 9457. `title` and `detail` are in the language of Accept-Language; `texts` always holds both.
 * Switch on `code`, never on a text.
 */
export const ProblemDocument = z
  .object({
    type: z.string().meta({ example: 'urn:backcheck:problem:NOT_SIGNED_IN' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string().optional(),
    code: z.enum(PROBLEM_CODES),
    texts: z.object({ title: Text, detail: Text }),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemDocument = z.infer<typeof ProblemDocument>;
