import { z } from 'zod';
import { ACCESS_PROBLEMS } from './access-problems.ts';
import { ASSET_PROBLEMS } from './asset-problems.ts';
import { CERTIFICATE_PROBLEMS } from './certificate-problems.ts';
import { DEADLINE_PROBLEMS } from './deadline-problems.ts';
import { DELIVERY_PROBLEMS } from './delivery-problems.ts';
import { EVIDENCE_PROBLEMS } from './evidence-problems.ts';
import { FEED_PROBLEMS } from './feed-problems.ts';
import { FINDING_PROBLEMS } from './finding-problems.ts';
import { IMPORT_PROBLEMS } from './import-problems.ts';
import { LOOK_BACK_PROBLEMS } from './look-back-problems.ts';
import { NOTICE_PAPER_PROBLEMS } from './notice-paper-problems.ts';
import { NOTICE_PROBLEMS } from './notice-problems.ts';
import { REGISTER_IMPORT_PROBLEMS } from './register-import-problems.ts';
import { REGISTER_PROBLEMS } from './register-problems.ts';
import { REPLY_PROBLEMS } from './reply-problems.ts';
import { RETEST_PROBLEMS } from './retest-problems.ts';
import { SIGN_IN_PROBLEMS } from './sign-in-problems.ts';
import { Text } from './text.ts';

export interface ProblemText {
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
  ...ASSET_PROBLEMS,
  ...REGISTER_PROBLEMS,
  ...IMPORT_PROBLEMS,
  ...ACCESS_PROBLEMS,
  ...SIGN_IN_PROBLEMS,
  ...RETEST_PROBLEMS,
  ...LOOK_BACK_PROBLEMS,
  ...CERTIFICATE_PROBLEMS,
  ...FINDING_PROBLEMS,
  ...FEED_PROBLEMS,
  ...DEADLINE_PROBLEMS,
  ...NOTICE_PROBLEMS,
  ...NOTICE_PAPER_PROBLEMS,
  ...DELIVERY_PROBLEMS,
  ...REPLY_PROBLEMS,
  ...EVIDENCE_PROBLEMS,
  NOT_SIGNED_IN: {
    status: 401,
    title: { zh: '尚未登录', en: 'You are not signed in' },
    detail: {
      zh: '请登录，或使用有效的 API 密钥。',
      en: 'Sign in, or use a valid API key.',
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
  ...REGISTER_IMPORT_PROBLEMS,
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
