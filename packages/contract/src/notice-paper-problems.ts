import type { ProblemText } from './problems.ts';

/** Refusals about papers of notices and templates of an office; a part of PROBLEMS. */
export const NOTICE_PAPER_PROBLEMS = {
  NOTICE_LANGUAGE_MISSING: {
    status: 409,
    title: { zh: '此文书没有该语种文本', en: 'This notice is not written in that language' },
    detail: {
      zh: '文书拟稿语种为 {written}，不能以 {language} 印制。请另行拟稿。',
      en: 'It was written in {written}, so it cannot be printed in {language}. Draft another one.',
    },
  },
  NOTICE_PAPER_WHOLE: {
    status: 403,
    title: { zh: '文书涉及您无权查看的系统', en: 'The paper also names systems that you may not see' },
    detail: {
      zh: '文书只能整份提供。请在页面上查看与您负责的系统有关的问题，或向本单位联络员索取。',
      en: 'A paper is handed out whole. The screen shows the findings of your own systems; for the paper ask the liaison of your organization.',
    },
  },
  NOTICE_PAPER_UNKNOWN: {
    status: 404,
    title: { zh: '没有这份文书', en: 'There is no such paper' },
    detail: {
      zh: '本处没有签发过内容哈希为此值的文书。请与纸面上的 SHA-256 逐字核对；仍不一致的，请与文书所载联系人联系，勿信其内容。',
      en: 'No paper with this SHA-256 was issued here. Compare it with the paper, character by character; if it still differs, call the contact you already know and trust nothing in it.',
    },
  },
  NOTICE_TEMPLATE_UNREADABLE: {
    status: 422,
    title: { zh: '无法读取模板文件', en: 'The template cannot be read' },
    detail: {
      zh: '需要未加密的 Word 文档（.docx）。请在文字处理软件中另存为“Word 文档（*.docx）”后再上传。位置：{part}',
      en: 'A Word document (.docx) without a password is needed. Save it again as "Word document (*.docx)" and upload that. Place: {part}',
    },
  },
  NOTICE_TEMPLATE_TOO_LARGE: {
    status: 422,
    title: { zh: '模板解压后过大', en: 'The template is too large when unpacked' },
    detail: {
      zh: '解压后最多 {most} 字节、{parts} 个部件。请压缩其中的图片后再上传。',
      en: 'It may have {most} bytes and {parts} parts when unpacked. Make its pictures smaller and upload it again.',
    },
  },
  NOTICE_TEMPLATE_LOOP_TOO_LARGE: {
    status: 422,
    title: { zh: '模板的循环内容过多', en: 'A loop of the template holds too much' },
    detail: {
      zh: '一份文书最多可列两千项问题，循环每次约可重复 {most} 个元素。请把不必重复的内容移到循环之外。',
      en: 'A notice may list two thousand findings, and a loop may repeat some {most} elements for each. Move what need not be repeated out of the loop.',
    },
  },
  NOTICE_TEMPLATE_MACROS: {
    status: 422,
    title: { zh: '模板含有宏', en: 'The template has macros' },
    detail: {
      zh: '不接受含宏的文件（{part}）。请另存为不含宏的“Word 文档（*.docx）”。',
      en: 'A file with macros is not taken ({part}). Save it as "Word document (*.docx)", which has none.',
    },
  },
  NOTICE_TEMPLATE_EXTERNAL: {
    status: 422,
    title: { zh: '模板引用了外部内容', en: 'The template refers to something outside of it' },
    detail: {
      zh: '{part} 引用了 {target}。打开文书时不得取用外部内容，请将其嵌入文档或删除。',
      en: '{part} refers to {target}. A paper must not fetch anything when it is opened: put it into the document, or remove it.',
    },
  },
  NOTICE_TEMPLATE_ACTIVE: {
    status: 422,
    title: { zh: '模板含有可执行内容', en: 'The template has active content' },
    detail: {
      zh: '{part} 含有嵌入对象、控件或会取用其他文件的域（{what}）。请删除后再上传。',
      en: '{part} has an embedded object, a control or a field that fetches another file ({what}). Remove it and upload it again.',
    },
  },
  NOTICE_TEMPLATE_TAG_UNKNOWN: {
    status: 422,
    title: { zh: '模板含有未知标签', en: 'The template has an unknown tag' },
    detail: {
      zh: '没有标签 {tag}（位置：{place}）。可用标签见 docs/notice-templates.md 或范例模板。',
      en: 'There is no tag {tag} (place: {place}). docs/notice-templates.md and the sample template have all of them.',
    },
  },
  NOTICE_TEMPLATE_TAG_UNBALANCED: {
    status: 422,
    title: { zh: '模板标签不配对', en: 'The tags of the template do not match' },
    detail: {
      zh: '请检查此处的括号以及循环的开始与结束标签：{place}',
      en: 'Check the braces and the tags that open and close a loop, here: {place}',
    },
  },
  NOTICE_TEMPLATE_TAG_MISSING: {
    status: 422,
    title: { zh: '模板缺少必需的标签', en: 'The template lacks tags that a paper must have' },
    detail: { zh: '请加入：{tags}', en: 'Add: {tags}' },
  },
} as const satisfies Record<string, ProblemText>;
