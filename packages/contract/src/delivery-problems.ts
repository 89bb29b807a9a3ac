import type { ProblemText } from './problems.ts';

/** Refusals of deliveries, receipts, webhooks and the ladder; a part of PROBLEMS. */
export const DELIVERY_PROBLEMS = {
  NOTICE_NOT_ISSUED: {
    status: 409,
    title: { zh: '通知书尚未签发或已撤回', en: 'This notice is not in force' },
    detail: {
      zh: '只有已签发且有效的通知书才能送达和签收。当前状态：{state}。',
      en: 'Only a notice that was issued and still stands is delivered and acknowledged. Its state is {state}.',
    },
  },
  DELIVERY_NOT_READY: {
    status: 409,
    title: { zh: '该送达记录当前状态不允许此操作', en: 'The delivery is not in a state for this' },
    detail: {
      zh: '当前状态：{state}。失败、被退回和送出未确认的邮件可以重新发送，送出未确认的可以确认已到达。',
      en: 'Its state is {state}. What failed, bounced or is unconfirmed can be sent again; what is unconfirmed can be said to have arrived.',
    },
  },
  LOG_IN_FUTURE: {
    status: 422,
    title: { zh: '时间不能晚于现在', en: 'This time lies in the future' },
    detail: { zh: '请填写实际通话或递交的时间。', en: 'Enter when you called or handed it over.' },
  },
  LOG_BEFORE_ISSUE: {
    status: 422,
    title: { zh: '时间不能早于签发', en: 'This time lies before the notice' },
    detail: {
      zh: '该通知书当时尚未签发。请核对日期和年份，填写实际通话或递交的时间。',
      en: 'The notice was not issued yet by then. Check day and year, and enter when you called or handed it over.',
    },
  },
  ESCALATION_NOT_OPEN: {
    status: 409,
    title: { zh: '该督促步骤已处理', en: 'This step is no longer open' },
    detail: { zh: '当前状态：{state}。', en: 'Its state is {state}.' },
  },
  BOUNCE_UNREADABLE: {
    status: 422,
    title: { zh: '无法读取退信', en: 'The returned mail cannot be read' },
    detail: {
      zh: '请以 message/rfc822 原样提交收到的退信。',
      en: 'Send the mail as it came, as message/rfc822.',
    },
  },
  WEBHOOK_ADDRESS_REFUSED: {
    status: 422,
    title: { zh: '不能推送到该地址', en: 'This address cannot be a webhook' },
    detail: {
      zh: '地址须为 https，且不得指向本机、内网或保留地址：{detail}。内网接收方须由管理员在 WEBHOOK_ALLOW 中允许。',
      en: 'It must be https and lead to no local, private or reserved address: {detail}. An administrator can allow a range inside with WEBHOOK_ALLOW.',
    },
  },
  WEBHOOK_OFF: {
    status: 409,
    title: { zh: '推送地址已停用', en: 'This webhook is off' },
    detail: { zh: '请重新登记一个推送地址。', en: 'Register a new one.' },
  },
} as const satisfies Record<string, ProblemText>;
