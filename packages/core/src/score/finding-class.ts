/** What a finding is about, told from its check and title; domain section 5.7. */
export const FINDING_CLASSES = [
  'vulnerability',
  'misconfiguration',
  'weak-credential',
  'exposed-service',
  'missing-control',
  'end-of-support',
  'certificate',
  'process-gap',
] as const;
export type FindingClass = (typeof FINDING_CLASSES)[number];

export interface ClassFacts {
  /** Full name: `nuclei:tomcat-default-login`. */
  readonly check: string;
  readonly title: string;
  readonly cve: readonly string[];
}

/**
 * The first line that matches says the class. `check` is matched against the full name of the check, `title` against
 * what the tool calls it; both without case. Lines that hold whatever the CVE stand before those that do not.
 */
const LINES: readonly { readonly class: FindingClass; readonly check?: RegExp; readonly title?: RegExp }[] = [
  { class: 'process-gap', check: /^checklist:/ },
  {
    class: 'weak-credential',
    check:
      /default-(login|password|credential)|weak-(password|credential)|-brute$|snmp-default|community-(string|name)/,
    title:
      /(default|weak|blank|empty|guessable|hard-?coded|null) (user ?name|passwords?|credentials?|logins?|community)|(logins?|passwords?|credentials?) (is|are|was|were) (default|weak|blank|empty)|without (a )?password|anonymous (ftp )?(login|access|authentication)|community (name|string)|(弱|空|默认)口令|(弱|空|默认)密码/,
  },
  {
    class: 'end-of-support',
    check: /(^|[:-])(eol|end-of-life)\b/,
    title:
      /unsupported (version|operating system|software|web server|os\b|windows|unix)|unsupported.*(detection|installation)|end[ -]of[ -](life|support|security support)|\beol\b|obsolete (version|operating system|os\b)|no longer (supported|maintained)|seol\b|停止(支持|维护|服务)|(停服|已停更)/,
  },
  {
    class: 'certificate',
    check:
      /^(testssl:cert|sslscan:cert|sslyze:certificate|nmap-script:ssl-cert)|expired-ssl|self-signed-ssl|mismatched-ssl|untrusted-root/,
    title:
      /(ssl|tls|x\.?509|server|signed)[ /-]*certificate|certificate.{0,40}(expir|self-signed|not trusted|untrusted|mismatch|chain|revoked|weak|valid|wrong host)|证书/,
  },
];

/** Only where no CVE says that it is a vulnerability of a product. */
const LINES_WITHOUT_CVE: typeof LINES = [
  {
    class: 'exposed-service',
    check:
      /^(nmap|masscan|naabu|nessus-port|rapid7-port):(open-)?port$|:open-port$|exposed-(panel|service)|-panel$|-exposure$/,
    title:
      /\b(rdp|telnet|vnc|ssh|ftp|smb|x11|ipmi|winrm|mysql|postgresql|redis|mongodb|memcached|elasticsearch|docker|kubelet|etcd|remote desktop|database) .{0,40}(exposed|accessible|reachable|open|unauthenticated|without authentication)|(exposed|unauthenticated|publicly accessible) .{0,40}(service|panel|dashboard|port|database|api|console)|(service|port)s? (is|are) (exposed|open)|open port|开放.{0,10}端口|端口.{0,6}(开放|暴露)|未授权访问/,
  },
  {
    class: 'missing-control',
    check: /missing-(security-)?header|^(zap|wapiti|nikto|nuclei):.*(header|csp|hsts)/,
    title:
      /(header|policy|protection|flag|attribute).{0,30}(missing|not set|not implemented|not enabled|not defined|not enforced|absent)|(missing|lack(s|ing)?|no|absence of) .{0,40}(header|hsts|csp|content security policy|rate limit|lockout|x-frame-options|csrf|flag|attribute|signing|authentication)|signing not required|缺少|未(启用|配置|设置)/,
  },
  {
    class: 'vulnerability',
    title:
      /\b(injection|cross[ -]site|xss|overflow|traversal|deserializ|ssrf|xxe|remote code|code execution|command execution|use after free|privilege escalation|denial of service|vulnerab)|注入|跨站|溢出|遍历|反序列化|命令执行|代码执行|提权|漏洞/,
  },
];

/**
 * What a finding is about. A CVE makes it a vulnerability, unless its check or title says plainly that a password, a
 * certificate or the end of support is meant; without a CVE what no line tells is a misconfiguration.
 */
export function findingClassOf({ check, title, cve }: ClassFacts): FindingClass {
  const texts = { check: check.toLowerCase(), title: title.toLowerCase() };
  const lines = cve.length > 0 ? LINES : [...LINES, ...LINES_WITHOUT_CVE];
  const line = lines.find(
    (one) => one.check?.test(texts.check) === true || one.title?.test(texts.title) === true,
  );
  return line?.class ?? (cve.length > 0 ? 'vulnerability' : 'misconfiguration');
}
