import { choice, field, NOTES, text } from './define-field.ts';
import type { Field } from './field.ts';

const ROLES = [
  choice('leader', '负责人 | Leader | 分管领导 | 领导 | 单位负责人'),
  choice('liaison', '联络员 | Liaison | 联系人 | 安全联络员'),
  choice('technical', '技术人员 | Technical | 技术负责人 | 安全管理员 | 网络管理员 | 系统管理员'),
  choice('duty-24x7', '24小时值班 | 24x7 duty | 值班 | 值班人员 | 7×24值班 | duty'),
  choice('contractor', '运维/服务单位 | Contractor | 运维单位 | 服务商 | 外包人员'),
];

const CHANNELS = [
  choice('phone', '电话 | Phone | 语音 | call'),
  choice('sms', '短信 | SMS | text message'),
  choice('email', '邮件 | Email | 电子邮件 | 邮箱'),
  choice('im', '即时通讯 | Messenger | 微信 | 企业微信 | im'),
];

/** 应急联络人: who is called, in which order. */
export const CONTACT_FIELDS: readonly Field[] = [
  field(
    'organizationCode',
    '单位编码 | Organization code | 单位代码 | 单位编号 | 所属单位编码 | 所属单位 | org_code',
    { kind: 'code' },
    { required: true, refersTo: 'organization' },
  ),
  field(
    'role',
    '联络角色 | Role | 角色 | 岗位 | 联络人类型 | 职责',
    { kind: 'choice', choices: ROLES },
    { required: true },
  ),
  field('name', '姓名 | Name | 联系人 | 联络人姓名 | 联络人 | 人员姓名', text(100), { required: true }),
  field('mobile', '手机 | Mobile | 手机号 | 手机号码 | 移动电话 | mobile phone', { kind: 'phone' }),
  field('phone', '固定电话 | Phone | 办公电话 | 座机 | 电话 | 联系电话 | telephone', { kind: 'phone' }),
  field('email', '邮箱 | Email | 电子邮箱 | 电子邮件 | e-mail | mail', { kind: 'email' }),
  field('im', '即时通讯 | Messenger | 微信 | 微信号 | im', text(100)),
  field('languages', '语言 | Languages | 使用语言', { kind: 'list', of: 'text' }),
  field('channel', '首选方式 | Preferred channel | 首选联系方式 | 通知方式', {
    kind: 'choice',
    choices: CHANNELS,
  }),
  field('order', '联络顺序 | Order | 顺序 | 优先级 | 排序', { kind: 'integer', min: 1, max: 999 }),
  field('validFrom', '有效期起 | Valid from | 生效日期 | 开始日期', { kind: 'date' }),
  field('validTo', '有效期止 | Valid to | 失效日期 | 结束日期 | 有效期至', { kind: 'date' }),
  field('lastVerifiedAt', '最近核实日期 | Last verified on | 核实日期 | 核实时间', { kind: 'date' }),
  field('notes', '备注 | Notes | 说明 | remarks | comment', NOTES),
];
