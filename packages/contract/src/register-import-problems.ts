/** The part of `PROBLEMS` that speaks of sheets of records. */
export const REGISTER_IMPORT_PROBLEMS = {
  REGISTER_FILE_UNREADABLE: {
    status: 422,
    title: { zh: '无法读取此表格文件', en: 'This sheet cannot be read' },
    detail: { zh: '{zh}。未导入任何内容。', en: '{en}. Nothing was imported.' },
  },
  REGISTER_COLUMNS_MISSING: {
    status: 422,
    title: { zh: '缺少必要的列', en: 'A column is missing' },
    detail: {
      zh: '工作表“{sheet}”没有指明这些列：{fieldsZh}。没有它们就无法确定是哪条记录。',
      en: 'The sheet "{sheet}" has no column for: {fieldsEn}. Without them no row tells which record it is.',
    },
  },
  REGISTER_ROWS_OPEN: {
    status: 409,
    title: { zh: '还有未处理的行', en: 'Some rows need a decision' },
    detail: {
      zh: '{errors} 行有错误，{conflicts} 行有冲突。请修改文件后重新上传，或明确选择跳过这些行。',
      en: '{errors} rows have errors and {conflicts} conflict. Mend the file and send it again, or say that such rows are skipped.',
    },
  },
  REGISTER_IMPORT_STATE: {
    status: 409,
    title: { zh: '此导入现在不能这样处理', en: 'This cannot be done with the import now' },
    detail: {
      zh: '导入的状态是“{state}”，需要“{needed}”。',
      en: 'The import is "{state}"; it must be one of: {needed}.',
    },
  },
  REGISTERS_CHANGED: {
    status: 409,
    title: { zh: '台账在此期间有变化', en: 'The registers changed in the meantime' },
    detail: {
      zh: '未写入任何内容。已按现在的台账重新比对，请再次查看后应用。',
      en: 'Nothing was written. The file was compared with the registers as they are now; look at it again, then apply.',
    },
  },
  REGISTER_UNDO_REFUSED: {
    status: 409,
    title: { zh: '无法撤销', en: 'This import cannot be undone' },
    detail: {
      zh: '其中有记录后来被修改、已被使用，或您无权修改。未撤销任何内容。',
      en: 'Some of its records were changed since, are in use, or are not yours to change. Nothing was undone.',
    },
  },
  REGISTER_EXPORT_TOO_LARGE: {
    status: 422,
    title: { zh: '记录过多', en: 'There are too many records' },
    detail: {
      zh: '一个文件最多 {most} 条记录。请选择一个单位后分别导出。',
      en: 'One file holds at most {most} records. Choose an organization and export it by itself.',
    },
  },
  REGISTER_IMPORT_FAILED: {
    status: 500,
    title: { zh: '导入因内部故障停止', en: 'The import stopped by a fault in this product' },
    detail: {
      zh: '这一步未写入任何内容。日志中以台账导入编号 {registerImportId} 记录了原因；可再试一次。',
      en: 'This step wrote nothing. The log holds the cause under register import {registerImportId}; it can be tried again.',
    },
  },
} as const;
