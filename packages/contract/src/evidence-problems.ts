import type { ProblemText } from './problems.ts';

/** Refusals of uploads and of the files that are kept; a part of PROBLEMS. */
export const EVIDENCE_PROBLEMS = {
  UPLOAD_UNKNOWN: {
    status: 422,
    title: { zh: '上传文件不存在', en: 'There is no such upload' },
    detail: {
      zh: '您没有编号为 {upload} 的上传文件，或其已过期被清除。请重新上传。',
      en: 'You have no upload with the id {upload}, or it is over its time. Please send the file again.',
    },
  },
  UPLOAD_UNFINISHED: {
    status: 409,
    title: { zh: '文件尚未传完', en: 'The file has not arrived whole' },
    detail: {
      zh: '“{file}”还没有全部到达。请继续上传后再提交。',
      en: '"{file}" has not arrived whole. Go on with the upload, then send this again.',
    },
  },
  UPLOAD_UNSCANNED: {
    status: 409,
    title: { zh: '文件尚未完成病毒查杀', en: 'The file is not yet scanned for viruses' },
    detail: {
      zh: '“{file}”正在等待病毒查杀，查杀通过后才能引用。请稍后再试。',
      en: '"{file}" waits for the virus scanner and can be used when that has passed it. Please try again shortly.',
    },
  },
  UPLOAD_INFECTED: {
    status: 422,
    title: { zh: '文件含有恶意代码', en: 'The virus scanner refused this file' },
    detail: {
      zh: '“{file}”中发现 {found}，文件已删除。',
      en: 'It found {found} in "{file}"; the file was deleted.',
    },
  },
  UPLOAD_TOO_LARGE: {
    status: 413,
    title: { zh: '文件过大', en: 'The file is too large' },
    detail: {
      zh: '最多 {most} 字节。可由管理员调整 MAX_EVIDENCE_BYTES。',
      en: 'At most {most} bytes. An administrator can change MAX_EVIDENCE_BYTES.',
    },
  },
  UPLOAD_TOO_MANY: {
    status: 409,
    title: { zh: '未使用的上传文件过多', en: 'There are too many uploads that nothing took' },
    detail: {
      zh: '每个账号最多保留 {most} 个尚未引用的上传文件。请先引用或删除一些。',
      en: 'An account may have {most} uploads that nothing has taken yet. Use or delete some first.',
    },
  },
  UPLOAD_OFFSET: {
    status: 409,
    title: { zh: '续传位置不符', en: 'The upload goes on at another place' },
    detail: {
      zh: '请先查询服务器已收到的字节数，再从该处续传。',
      en: 'Ask how many bytes have arrived, and go on from there.',
    },
  },
  UPLOAD_PROTOCOL: {
    status: 400,
    title: { zh: '不符合续传协议', en: 'This is not the protocol of resumable uploads' },
    detail: {
      zh: '请求不符合 tus 1.0：{message}。',
      en: 'The request is not as tus 1.0 wants it: {message}.',
    },
  },
  FILE_GONE: {
    status: 410,
    title: { zh: '文件已不在', en: 'The file is no longer there' },
    detail: {
      zh: '其登记信息与 SHA-256 仍在，内容已不在存储中。若按留存规则删除，审计日志中有记录；否则请联系管理员从备份恢复。',
      en: 'Its record and SHA-256 remain, its bytes do not. Where a retention rule let it go, the audit log says so; else an administrator restores it from a backup.',
    },
  },
} as const satisfies Record<string, ProblemText>;
