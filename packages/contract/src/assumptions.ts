import type { Text } from './text.ts';

/**
 * What each named assumption takes for granted, as far as it is the same for every tool that names it. What it means
 * for one tool stands in docs/formats.md.
 */
export const ASSUMPTIONS: Readonly<Record<string, Text>> = {
  'A-time': {
    zh: '扫描时间由人填写，文件本身没有时间',
    en: 'The time of the scan was declared; the file has none',
  },
  'A-identity': {
    zh: '扫描时用的是另一个标识，由人认定为这台资产',
    en: 'The scan met the asset under another name; a person said that it is this one',
  },

  // What the scan was told to run
  'A-launched': { zh: '策略中启用的插件都实际启动过', en: 'Every plugin enabled in the policy was launched' },
  'A-config': {
    zh: '扫描配置包含发现该问题的检测项',
    en: 'The scan configuration holds the test that saw the finding',
  },
  'A-policy': {
    zh: '扫描策略启用了该规则，强度和阈值不低于发现时',
    en: 'The scan policy has the rule switched on, as strong as when it saw the finding',
  },
  'A-profile': {
    zh: '扫描模板包含发现该问题的检测项',
    en: "The tool's own scan profile holds the test that saw the finding",
  },
  'A-modules': {
    zh: '发现该问题的模块这次也运行过',
    en: 'The module that saw the finding was run this time as well',
  },
  'A-rules': { zh: '文件列出的规则全部被执行', en: 'All rules that the file lists were evaluated' },
  'A-analyzers': {
    zh: '发现该组件的分析器这次也启用',
    en: 'The analyzer that found the component was switched on this time as well',
  },
  'A-scanners': {
    zh: '扫描时启用了漏洞检测，而不只是列出软件包',
    en: 'The run looked for vulnerabilities and did not only list packages',
  },
  'A-db': {
    zh: '工具自带的检测库是完整的，没有比发现时少',
    en: "The tool's database of tests or weaknesses was whole and not older than when it saw the finding",
  },
  'A-api': {
    zh: '工具查询的漏洞数据库给出了应答，并且仍收录该漏洞',
    en: 'The database that the tool asks over the network answered and still lists the weakness',
  },
  'A-scan': {
    zh: '所标时间的那次扫描确实执行了该检测',
    en: 'The scan that the stated time belongs to is one that ran this check',
  },

  // Where it looked
  'A-ports': {
    zh: '扫描的端口包含该端口，文件没有列出端口',
    en: 'The scan examined this port; the file does not list the ports',
  },
  'A-crawl': {
    zh: '扫描再次访问了有问题的页面',
    en: 'The scan visited the page of the finding again',
  },
  'A-duration': {
    zh: '扫描用时与发现问题的那次相近，没有提前收场',
    en: 'The scan took about as long as the one that saw the finding and did not cut its work short',
  },
  'A-enumeration': {
    zh: '组件若仍在，这次扫描会再次认出它',
    en: 'A component that is still installed would have been recognized again',
  },
  'A-files': {
    zh: '有问题的文件这次也被检查',
    en: 'The file of the finding was among those examined this time',
  },
  'A-src': {
    zh: '扫描的是同一个目录、项目或镜像',
    en: 'The same folder, project or image was scanned as before',
  },
  'A-lock': {
    zh: '检查的是同一个项目的同一份依赖清单，且没有排除任何一类依赖',
    en: 'The audit was of the same project and lockfile, and no kind of dependency was left out',
  },
  'A-catalog': {
    zh: '有问题的软件包若仍在，这次会被列入检查',
    en: 'The package, if it is still there, was among those that were looked at',
  },
  'A-sbom': {
    zh: '所用的软件物料清单与被检系统当前状态一致',
    en: 'The list of components that was checked is that of the system as it is now',
  },
  'A-scope': {
    zh: '资源已不存在，而不是这次没有权限看到它',
    en: 'The resource is gone and was not merely out of sight of the account that was used',
  },
  'A-revision': {
    zh: '被检查的代码是较新的版本，且属于同一分支',
    en: 'The code that was examined is a newer revision of the same branch',
  },
  'A-key': {
    zh: '对整个端口的“无问题”结论适用于其上的每个页面、参数或用户',
    en: 'A clean verdict on the port as a whole holds for each page, parameter or user there',
  },
  'A-node': {
    zh: '检查的是同一台集群节点，文件没有写明节点',
    en: 'The file is from the same cluster node; it does not name the node',
  },
  'A-host': {
    zh: '检查的是同一台机器，文件没有主机标识',
    en: 'The file is from the same machine; it has no id of the machine',
  },
  'A-os': {
    zh: '该操作系统版本仍有厂商发布的安全公告',
    en: 'Advisories are still published for this release of the operating system',
  },

  // Whether an answer came back
  'A-answered': { zh: '网站应答了扫描的请求', en: 'The site answered the requests of the scan' },
  'A-response': {
    zh: '目标给出了应答，只是文件没有记录应答',
    en: 'The target answered, although the file does not show the answer',
  },
  'A-answering': {
    zh: '目标当时仍在应答，尽管后来的请求失败了',
    en: 'The target was still answering at that moment, although later requests failed',
  },
  'A-waf': {
    zh: '请求没有被防火墙挡掉，尽管有应答是拒绝',
    en: 'The requests reached the server, although some answers were refusals as a firewall gives them',
  },
  'A-oast': {
    zh: '目标的回连（若有）已在扫描期间收到',
    en: 'A call back from the target, had there been one, would have arrived during the scan',
  },
  'A-flow': {
    zh: '多步骤检测的每一步都执行过',
    en: 'Every step of a test of several steps was carried out',
  },
  'A-finished': {
    zh: '扫描一直运行到结束，没有中途放弃',
    en: 'The scan ran to its end and did not give up halfway',
  },

  // What the export may have left out
  'A-qod': {
    zh: '导出时的检测质量过滤没有隐藏该问题',
    en: 'The quality filter of the export did not hide the finding',
  },
  'A-filter': {
    zh: '过滤条件或忽略规则没有隐藏该问题',
    en: 'No filter of the export and no ignore rule hid the finding',
  },

  // What somebody says
  'A-vendor': {
    zh: '扫描产品的数据库称该问题已修复',
    en: "The vendor's own database, which calls the finding fixed, is right",
  },
  'A-party': {
    zh: '产品的一方声明该问题已解决',
    en: 'The party that states that the weakness is resolved is right',
  },
};

/** The sentence for an assumption; a name that a newer reader brought is shown as it is. */
export function assumptionText(name: string): Text {
  return ASSUMPTIONS[name] ?? { zh: name, en: name };
}
