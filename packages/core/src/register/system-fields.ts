import { COUNT, choice, field, NOTES, text } from './define-field.ts';
import type { Field } from './field.ts';

const KINDS = [
  choice('website', '网站 | Website | 门户网站 | web site'),
  choice('platform', '平台 | Platform | 业务平台'),
  choice(
    'office',
    '生产业务/办公系统 | Production or office system | 业务系统 | 办公系统 | OA | 生产业务系统 | production',
  ),
  choice('ics', '工业控制系统 | Industrial control system | 工控系统 | ICS | SCADA'),
  choice('cloud', '云平台 | Cloud platform | 云计算平台'),
  choice('app', '移动应用 | Mobile app | APP | 移动APP'),
  choice('big-data', '大数据系统 | Big data | 大数据平台'),
  choice('iot', '物联网系统 | Internet of things | 物联网 | IoT'),
  choice('other', '其他 | Other | 其它'),
];

const SCOPES = [
  choice('unit', '本单位 | The organization | 单位内部 | unit'),
  choice('city', '全市 | City | 本市 | 市级 | 地市'),
  choice('province', '全省 | Province | 本省 | 省级 | 全区'),
  choice('nation', '全国 | Nation | 国家 | 跨省'),
  choice('public', '社会公众 | The public | 公众 | public'),
];

const ACCESS = [
  choice('isolated', '物理隔离 | Isolated | 独立网络 | 不联网'),
  choice('intranet', '内网 | Intranet | 局域网 | 单位内网'),
  choice('government-network', '政务网 | Government network | 政务外网 | 电子政务外网 | 政务内网 | 专网'),
  choice('internet', '互联网 | Internet | 外网 | 公网'),
];

const MLPS_LEVELS = [
  choice('1', '第一级 | Level 1 | 一级 | 1级 | 等保一级'),
  choice('2', '第二级 | Level 2 | 二级 | 2级 | 等保二级'),
  choice('3', '第三级 | Level 3 | 三级 | 3级 | 等保三级'),
  choice('4', '第四级 | Level 4 | 四级 | 4级 | 等保四级'),
  choice('5', '第五级 | Level 5 | 五级 | 5级 | 等保五级'),
  choice('not-graded', '未定级 | Not graded | 无 | 未评级 | 未备案 | none'),
];

export const IMPORTANCE = [
  choice('vital', '核心 | Vital | 非常重要 | 关键 | critical'),
  choice('important', '重要 | Important | 高 | high'),
  choice('general', '一般 | General | 普通 | 中 | 低 | medium | low'),
];

const HOSTING = [
  choice('own-room', '自建机房 | Own machine room | 本地机房 | 自有机房 | 本地部署'),
  choice('hosted', '托管 | Hosted | 主机托管 | IDC 托管 | IDC'),
  choice('government-cloud', '政务云 | Government cloud'),
  choice('public-cloud', '公有云 | Public cloud'),
];

const OPERATION = [
  choice('own', '自行运维 | Own staff | 自主运维 | 自运维'),
  choice('outsourced', '外包运维 | Outsourced | 委托运维 | 第三方运维'),
];

/** 系统台账: the business systems that assets make up. */
export const SYSTEM_FIELDS: readonly Field[] = [
  field(
    'systemCode',
    '系统编码 | System code | 系统代码 | 系统编号 | sys_code | code',
    { kind: 'code' },
    { required: true },
  ),
  field('name', '系统名称 | Name | 信息系统名称 | 被测系统名称 | 名称 | system name', text(), {
    required: true,
  }),
  field(
    'organizationCode',
    '单位编码 | Organization code | 单位代码 | 单位编号 | 所属单位编码 | 所属单位 | org_code',
    { kind: 'code' },
    { required: true, refersTo: 'organization' },
  ),
  field('keyBusiness', '关键业务 | Key business | 承载业务 | 业务名称', text(300)),
  field('kind', '系统类型 | Kind | 类型 | 系统类别 | system type', { kind: 'choice', choices: KINDS }),
  field('function', '主要功能 | Main function | 功能描述 | 业务功能 | 系统功能', NOTES),
  field('usersCount', '用户数 | Users | 用户数量 | 用户规模 | number of users', COUNT),
  field('serviceScope', '服务范围 | Service scope | 服务对象', { kind: 'choice', choices: SCOPES }),
  field('access', '网络接入 | Network access | 网络类型 | 接入网络 | 所在网络', {
    kind: 'choice',
    choices: ACCESS,
  }),
  field('urls', '访问地址 | Addresses | 网址 | 域名/网址 | URL | 系统网址 | 访问URL', {
    kind: 'list',
    of: 'url',
  }),
  field('loginEntry', '登录入口 | Login entry | 登录地址 | 后台地址', { kind: 'list', of: 'url' }),
  field('icpNumber', 'ICP 备案号 | ICP number | 网站备案号 | ICP备案编号 | icp_no', { kind: 'icp' }),
  field(
    'mlpsLevel',
    '等保级别 | MLPS level | 安全保护等级 | 等级保护级别 | 等保等级 | 定级 | 系统级别 | protection level',
    { kind: 'choice', choices: MLPS_LEVELS },
    { required: true },
  ),
  field(
    'mlpsFilingNumber',
    '等保备案编号 | MLPS filing number | 备案编号 | 备案证明编号 | 备案号 | mlps_filing_no',
    { kind: 'mlps-filing' },
  ),
  field('mlpsFiledOn', '等保备案日期 | MLPS filed on | 备案日期 | 备案时间', { kind: 'date' }),
  field('lastEvaluationOn', '最近测评日期 | Last evaluation on | 测评日期 | 测评时间 | 上次测评日期', {
    kind: 'date',
  }),
  field('evaluator', '测评机构 | Evaluator | 测评单位', text()),
  field('evaluationConclusion', '测评结论 | Evaluation conclusion', text(100)),
  field(
    'cryptoEvaluationOn',
    '密评日期 | Cryptography evaluation on | 商用密码应用安全性评估日期 | 密评时间',
    { kind: 'date' },
  ),
  field('cii', '关基 | Critical infrastructure | 是否关基 | 关键信息基础设施 | is_cii', { kind: 'boolean' }),
  field('criticality', '重要程度 | Criticality | 重要性 | 系统重要程度', {
    kind: 'choice',
    choices: IMPORTANCE,
  }),
  field('impactIfLost', '中断后果 | Impact if lost | 中断影响', NOTES),
  field('dataKinds', '数据种类 | Kinds of data | 数据类型', { kind: 'list', of: 'text' }),
  field('storagePlace', '数据存放地点 | Where data is stored | 数据存储位置', text()),
  field('hostMode', '部署方式 | Hosting | 部署模式 | 部署位置', { kind: 'choice', choices: HOSTING }),
  field('operationMode', '运维方式 | Operation | 运维模式 | om_mode', { kind: 'choice', choices: OPERATION }),
  field('operationOrganization', '运维单位 | Operated by | 运维厂商 | om_org', text()),
  field('developer', '开发单位 | Developed by | 开发厂商 | 承建单位 | dev_org', text()),
  field('ownerPerson', '系统责任人 | System owner | 责任人 | 系统负责人 | 负责人 | owner', text(100), {
    required: true,
  }),
  field(
    'ownerPhone',
    '系统责任人电话 | Owner phone | 责任人电话 | 联系电话 | 负责人电话 | 联系方式 | phone',
    { kind: 'phone' },
    { required: true },
  ),
  field('backupCycle', '备份周期 | Backup cycle | 备份频率', text(100)),
  field('logRetentionDays', '日志留存天数 | Log retention in days | 日志保存天数', {
    kind: 'integer',
    min: 0,
    max: 36_500,
  }),
  field('goLiveOn', '上线日期 | Live since | 上线时间 | 投入使用日期 | 投运日期', { kind: 'date' }),
  field('retirePlanOn', '计划下线日期 | Planned retirement on | 下线日期', { kind: 'date' }),
  field('protection', '防护措施 | Protection | 安全防护措施 | 安全措施', { kind: 'list', of: 'text' }),
  field('notes', '备注 | Notes | 说明 | remarks | comment', NOTES),
];
