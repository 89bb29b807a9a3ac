import type { Text } from './text.ts';

/** What each named assumption takes for granted (COVERAGE: the names that `backcheck read` prints). */
const ASSUMPTIONS: Readonly<Record<string, Text>> = {
  'A-time': {
    zh: '扫描时间由人填写，文件本身没有时间',
    en: 'The time of the scan was declared; the file has none',
  },
  'A-identity': {
    zh: '扫描时用的是另一个标识，由人认定为这台资产',
    en: 'The scan met the asset under another name; a person said that it is this one',
  },
  'A-closed': {
    zh: '连接被拒绝表示从该位置看没有服务在监听',
    en: 'A refused connection means that nothing listens, seen from this vantage',
  },
  'A-ran': { zh: '命令行中点名的脚本确实运行过', en: 'A script named on the command line did run' },
  'A-launched': { zh: '策略中启用的插件都实际启动过', en: 'Every plugin enabled in the policy was launched' },
  'A-default': {
    zh: '“默认端口”指扫描器自带的服务列表',
    en: '"Default ports" means the scanner\'s own service list',
  },
  'A-ports': {
    zh: '端口范围取自扫描参数，而非逐一列出',
    en: 'The ports are taken from the settings of the scan, not listed one by one',
  },
  'A-build': {
    zh: '扫描工具的构建支持所测的弱协议或算法',
    en: 'The build of the tool can speak the weak protocol or cipher',
  },
  'A-rules': { zh: '文件列出的规则全部被执行', en: 'All rules that the file lists were evaluated' },
  'A-files': {
    zh: '文件列出的对象就是全部被检查的对象',
    en: 'The files that the report lists are all that were examined',
  },
  'A-qod': {
    zh: '导出时的检测质量过滤没有隐藏该问题',
    en: 'The quality filter of the export did not hide the finding',
  },
  'A-filter': {
    zh: '导出时的过滤条件没有隐藏该问题',
    en: 'The filter of the export did not hide the finding',
  },
};

/** The sentence for an assumption; a name that a newer reader brought is shown as it is. */
export function assumptionText(name: string): Text {
  return ASSUMPTIONS[name] ?? { zh: name, en: name };
}
