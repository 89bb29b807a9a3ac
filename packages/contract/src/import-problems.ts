import type { ProblemText } from './problems.ts';

/** Refusals of uploads and scan files; a part of PROBLEMS. */
export const IMPORT_PROBLEMS = {
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
    title: { zh: '已提交过，且内容不同', en: 'Something else was sent already' },
    detail: {
      zh: '这份表单先前提交的内容已经收到，与本次不一致（Idempotency-Key 相同）。请先查看先前的结果；需要另行提交的，请重新打开表单。',
      en: 'What this form sent before has arrived, and it was something else (same Idempotency-Key). Look at what came of it; to send another one, open the form again.',
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
  SCAN_NOT_OF_RUN: {
    status: 422,
    title: { zh: '文件不属于本次复测', en: 'The file is not of this run' },
    detail: {
      zh: '执行器交来的文件与任务的工具、目标或时间不符，未导入任何内容。',
      en: 'What the runner handed in is not of the tool, target or time of its task; nothing was imported: {message}.',
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
} as const satisfies Record<string, ProblemText>;
