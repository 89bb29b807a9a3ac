import { choice, field, NOTES, text } from './define-field.ts';
import type { Field } from './field.ts';
import { IMPORTANCE } from './system-fields.ts';

const TYPES = [
  choice('server', '服务器 | Server | 主机 | 物理服务器 | 虚拟机 | host'),
  choice('network', '网络设备 | Network device | 交换机 | 路由器 | switch | router | network'),
  choice('security-device', '安全设备 | Security device | 防火墙 | firewall'),
  choice('terminal', '终端 | Terminal | 办公终端 | 电脑 | 工作站 | PC | workstation'),
  choice('database', '数据库 | Database'),
  choice('middleware', '中间件 | Middleware'),
  choice('storage', '存储设备 | Storage | 存储'),
  choice('ics', '工控设备 | Industrial control device | 工业控制设备 | PLC | ICS'),
  choice('iot', '物联网设备 | IoT device | 摄像头 | 物联网 | IoT'),
  choice('cloud', '云资源 | Cloud resource | 云主机 | cloud object'),
  choice('domain', '域名 | Domain'),
  choice('web-application', 'Web 应用 | Web application | 网站 | 应用系统 | web app | website'),
  choice('certificate', '数字证书 | TLS certificate | 证书 | certificate'),
  choice('other', '其他 | Other | 其它'),
];

const EXPOSURES = [
  choice('yes', '是 | Yes | 互联网暴露 | 暴露 | y | true | 1 | √ | 公网'),
  choice('no', '否 | No | 未暴露 | 不暴露 | n | false | 0 | 内网'),
  choice('unknown', '未知 | Unknown | 不清楚 | 不详 | 待确认'),
];

const ENVIRONMENTS = [
  choice('production', '生产 | Production | 生产环境 | prod'),
  choice('test', '测试 | Test | 测试环境 | staging'),
  choice('development', '开发 | Development | 开发环境 | dev'),
];

const STATES = [
  choice('candidate', '待确认 | Candidate | 候选'),
  choice('confirmed', '已确认 | Confirmed | 在用 | 确认'),
  choice('disputed', '有争议 | Disputed | 争议'),
  choice('retired', '已下线 | Retired | 下线 | 报废 | 停用'),
];

/** 资产台账. What scans tell (ports, software, when last seen) is not typed in. */
export const ASSET_FIELDS: readonly Field[] = [
  field(
    'assetCode',
    '资产编号 | Asset code | 资产编码 | 设备编号 | 资产代码 | asset_code | asset id',
    { kind: 'code' },
    { required: true },
  ),
  field(
    'organizationCode',
    '单位编码 | Organization code | 单位代码 | 单位编号 | 所属单位编码 | 所属单位 | org_code',
    { kind: 'code' },
    { required: true, refersTo: 'organization' },
  ),
  field(
    'systemCode',
    '系统编码 | System code | 所属系统编码 | 系统编号 | 所属系统 | sys_code',
    { kind: 'code' },
    { refersTo: 'system' },
  ),
  field('name', '资产名称 | Name | 设备名称 | 名称 | 应用名称 | asset name | device name', text()),
  field('type', '资产类型 | Type | 设备类型 | 类型 | 资产类别 | asset type', {
    kind: 'choice',
    choices: TYPES,
  }),
  field('hostname', '主机名 | Host name | 计算机名 | hostname', text(253)),
  field('ips', 'IP 地址 | IP addresses | IP | 管理IP | 内网IP | 设备IP | ip address', {
    kind: 'list',
    of: 'ip',
  }),
  field('macs', 'MAC 地址 | MAC addresses | MAC | 物理地址', { kind: 'list', of: 'mac' }),
  field('domains', '域名 | Domain names | 资产域名 | fqdn | domain', { kind: 'list', of: 'domain' }),
  field('urls', '访问地址 | Web addresses | 网址 | URL | 应用地址', { kind: 'list', of: 'url' }),
  field('cloudId', '云资源标识 | Cloud resource ID | 云资源ID | 实例ID | instance id', text(300)),
  field('serial', '序列号 | Serial number | 设备序列号 | SN | 出厂编号 | serial', text(100)),
  field('vendor', '厂商 | Vendor | 品牌 | 生产厂商 | 品牌厂商 | manufacturer', text(100)),
  field('model', '型号 | Model | 设备型号 | 规格型号', text(100)),
  field('os', '操作系统 | Operating system | 系统软件 | OS', text(100)),
  field(
    'osVersion',
    '操作系统版本 | Operating system version | 系统版本 | 版本 | 版本号 | os_version',
    text(100),
  ),
  field('virtual', '虚拟设备 | Virtual | 是否虚拟设备 | 是否虚拟机', { kind: 'boolean' }),
  field('zone', '区域 | Zone | 网络区域 | 安全域 | 所属区域', text(100)),
  field('location', '位置 | Location | 机房/机柜 | 物理位置 | 所在机房 | 安装位置 | 存放地点', text()),
  field(
    'exposure',
    '互联网暴露 | Publicly exposed | 是否互联网暴露 | 是否暴露在互联网 | 公网暴露 | exposure',
    { kind: 'choice', choices: EXPOSURES },
  ),
  field('edgeDevice', '边缘设备 | Edge device | 是否边缘设备 | 边界设备', { kind: 'boolean' }),
  field('supportEndOn', '停止支持日期 | End of support on | 停服日期 | 维保到期日期 | EOL', { kind: 'date' }),
  field('environment', '环境 | Environment | 运行环境 | 所属环境', { kind: 'choice', choices: ENVIRONMENTS }),
  field('importance', '重要程度 | Importance | 重要性 | 资产重要程度', {
    kind: 'choice',
    choices: IMPORTANCE,
  }),
  field('ownerPerson', '责任人 | Owner | 资产责任人 | 负责人 | 使用人 | 管理员', text(100)),
  field('operator', '运维人员 | Operated by | 运维责任人 | 维护人 | om_person', text(100)),
  field('state', '资产状态 | State | 状态 | 使用状态', { kind: 'choice', choices: STATES }),
  field('notes', '备注 | Notes | 说明 | 用途 | remarks | comment', NOTES),
];
