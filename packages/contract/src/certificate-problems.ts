import type { ProblemText } from './problems.ts';

/** Refusals about certificates, on paper and to strangers; a part of PROBLEMS. */
export const CERTIFICATE_PROBLEMS = {
  CERTIFICATE_UNKNOWN: {
    status: 404,
    title: { zh: '没有这份销号证明', en: 'There is no such certificate' },
    detail: {
      zh: '没有以此 SHA-256 发出过的销号证明。请核对纸面上“机读文件 SHA-256”一栏；签名密钥更换后，旧文件请向持有人索取。',
      en: 'No certificate with this SHA-256 was given out here. Compare it with the paper, at "SHA-256 of the machine-readable form"; one that an earlier key signed is with whoever downloaded it.',
    },
  },
  VERIFICATION_PAGE_MISSING: {
    status: 404,
    title: { zh: '验证页面尚未构建', en: 'The verification page is not built' },
    detail: {
      zh: '本服务器没有构建网页。可用命令行验证：backcheck verify 证明文件。',
      en: 'This server was started without its web pages. On a command line: backcheck verify FILE.',
    },
  },
} as const satisfies Record<string, ProblemText>;
