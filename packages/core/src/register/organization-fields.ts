import { COUNT, choice, field, NOTES, text } from './define-field.ts';
import type { Field } from './field.ts';

const KINDS = [
  choice('government', '党政机关 | Government | 机关 | 政府机关 | 行政机关'),
  choice('institution', '事业单位 | Public institution'),
  choice('state-enterprise', '国有企业 | State enterprise | 国企 | 国有'),
  choice('private', '民营企业 | Private company | 民企 | 私营企业 | 企业 | company'),
  choice('school', '学校 | School | 高校 | 院校 | university'),
  choice('hospital', '医院 | Hospital | 医疗机构'),
  choice('operator', '运营商 | Operator | 电信运营商 | telecom operator'),
  choice('other', '其他 | Other | 其它'),
];

const NIS2_CLASSES = [
  choice('essential', '基本实体 | Essential'),
  choice('important', '重要实体 | Important'),
  choice('none', '不适用 | Not applicable | 无 | none | n/a'),
];

const STATES = [
  choice('active', '正常 | Active | 在用 | 有效'),
  choice('merged', '已合并 | Merged | 合并 | merged into'),
  choice('dissolved', '已撤销 | Dissolved | 撤销 | 注销'),
];

/** 单位台账: who is inspected. */
export const ORGANIZATION_FIELDS: readonly Field[] = [
  field(
    'organizationCode',
    '单位编码 | Organization code | 单位代码 | 单位编号 | 机构编码 | org_code | code',
    { kind: 'code' },
    { required: true },
  ),
  field('nameZh', '单位名称 | Chinese name | 单位全称 | 机构名称 | 名称 | name_zh', text()),
  field(
    'name',
    '英文名称 | Name | 单位英文名称 | 英文名 | English name | name_en | organization name',
    text(),
  ),
  field('shortName', '单位简称 | Short name | 简称', text(60)),
  field(
    'parentCode',
    '上级单位编码 | Parent code | 上级单位代码 | 上级编码 | 上级单位 | 主管单位编码 | parent organization | parent_id',
    { kind: 'code' },
    { refersTo: 'organization' },
  ),
  field('uscc', '统一社会信用代码 | Unified social credit code | 社会信用代码 | 信用代码 | uscc', {
    kind: 'uscc',
  }),
  field('kind', '单位性质 | Kind | 单位类型 | 单位类别 | 机构类型 | organization type', {
    kind: 'choice',
    choices: KINDS,
  }),
  field('sector', '行业 | Sector | 所属行业 | 行业类别 | 行业领域 | industry', text(100), { required: true }),
  field('regionCode', '行政区划代码 | Region code | 区划代码 | 所属区域代码 | 行政区划 | division code', {
    kind: 'region',
  }),
  field('address', '地址 | Address | 单位地址 | 通讯地址 | 详细地址', text(300)),
  field(
    'ciiOperator',
    '关基运营者 | Critical infrastructure operator | 是否关基运营者 | 关键信息基础设施运营者 | is_cii_operator',
    { kind: 'boolean' },
  ),
  field('nis2Class', 'NIS2 类别 | NIS2 class', { kind: 'choice', choices: NIS2_CLASSES }),
  field('staffTotal', '职工人数 | Staff | 员工总数 | 人员总数 | 单位人数 | staff_total', COUNT),
  field('securityStaff', '网络安全人员数 | Security staff | 安全人员数量 | 专职安全人员', COUNT),
  field('securityStaffGap', '安全人员缺口 | Security staff missing | 人员缺口 | security_staff_gap', COUNT),
  field('leaderName', '分管领导 | Leader in charge | 分管领导姓名 | 主管领导 | leader', text(100)),
  field('leaderTitle', '分管领导职务 | Leader title | 领导职务', text(100)),
  field(
    'officeName',
    '责任部门 | Office in charge | 主管部门 | 网络安全责任部门 | 责任科室 | department',
    text(),
  ),
  field('officeHead', '责任部门负责人 | Head of the office | 部门负责人', text(100)),
  field('internetAccess', '互联网出口 | Internet access | 互联网接入 | 出口链路', {
    kind: 'list',
    of: 'text',
  }),
  field('planRevisedOn', '预案修订日期 | Plan revised on | 应急预案修订日期', { kind: 'date' }),
  field('lastDrillOn', '最近演练日期 | Last drill on | 应急演练日期 | 上次演练日期', { kind: 'date' }),
  field('languages', '工作语言 | Languages | 语言', { kind: 'list', of: 'text' }),
  field('status', '状态 | Status | 单位状态', { kind: 'choice', choices: STATES }),
  field('notes', '备注 | Notes | 说明 | remarks | comment', NOTES),
];
