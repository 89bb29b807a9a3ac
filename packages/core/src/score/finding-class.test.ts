import { describe, expect, test } from 'vitest';
import { findingClassOf } from './finding-class.ts';

describe('what a finding is about', () => {
  test.each([
    ['nuclei:CVE-2021-44228', 'Apache Log4j2 Remote Code Injection', ['CVE-2021-44228'], 'vulnerability'],
    ['nessus:51192', 'SSL Certificate Cannot Be Trusted', [], 'certificate'],
    ['testssl:cert_expirationStatus', 'certificate expires soon', [], 'certificate'],
    [
      'nessus:42873',
      'SSL Medium Strength Cipher Suites Supported (SWEET32)',
      ['CVE-2016-2183'],
      'vulnerability',
    ],
    ['sslscan:tls1.0', 'TLSv1.0 is enabled', [], 'misconfiguration'],
    ['nuclei:tomcat-default-login', 'ApahceTomcat Manager Default Login', [], 'weak-credential'],
    [
      'openvas:1.3.6.1.4.1.25623.1.0.108012',
      'FTP Brute Force Logins With Default Credentials',
      ['CVE-1999-0501'],
      'weak-credential',
    ],
    ['nessus:41028', 'SNMP Agent Default Community Name (public)', ['CVE-1999-0517'], 'weak-credential'],
    ['generic:1', '后台存在弱口令', [], 'weak-credential'],
    ['nessus:33850', 'Unix Operating System Unsupported Version Detection', [], 'end-of-support'],
    ['greenbone:1', 'Operating System (OS) End of Life (EOL) Detection', [], 'end-of-support'],
    ['nmap:open-port', '3389/tcp open ms-wbt-server', [], 'exposed-service'],
    ['nuclei:kibana-panel', 'Kibana Panel', [], 'exposed-service'],
    ['generic:2', 'Redis 未授权访问', [], 'exposed-service'],
    ['zap:10038', 'Content Security Policy (CSP) Header Not Set', [], 'missing-control'],
    ['nessus:57608', 'SMB Signing not required', [], 'missing-control'],
    ['zap:40012', 'Cross Site Scripting (Reflected)', [], 'vulnerability'],
    ['generic:3', '登录页面存在 SQL 注入', [], 'vulnerability'],
    ['checklist:bc40/29', 'Logs are kept for six months', [], 'process-gap'],
    ['kube-bench:1.2.3', 'Ensure that the audit log path is set', [], 'misconfiguration'],
  ])('%s "%s"', (check, title, cve, expected) => {
    expect(findingClassOf({ check, title, cve })).toBe(expected);
  });
});
