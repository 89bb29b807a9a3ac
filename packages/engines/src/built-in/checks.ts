import { checkPrefix, type Method, type ProbeMethod, type Severity, type Text } from '@backcheck/core';
import type { Probe } from './answer.ts';
import { probeBanner } from './banner.ts';
import { probeDns } from './dns/probe.ts';
import { probeHttp } from './http/probe.ts';
import { probeSsh } from './ssh/probe.ts';
import { probeTcp } from './tcp.ts';
import { probeTls } from './tls/probe.ts';

/** What is known of one of our own checks before it runs. */
export interface BuiltInCheck {
  readonly title: Text;
  readonly severity: Severity;
  readonly cwe: readonly string[];
  readonly cve?: readonly string[];
}

const row = (severity: Severity, cwe: string, title: Text, cve: readonly string[] = []): BuiltInCheck => ({
  title,
  severity,
  cwe: [cwe],
  cve,
});

/** All checks of our own probes; the names never change, because findings carry them. */
export const BUILT_IN_CHECKS: Readonly<Record<string, BuiltInCheck>> = {
  'backcheck-tcp:open-port': row('info', 'CWE-1125', { en: 'The port is open', zh: '端口开放' }),

  'backcheck-tls:ssl2': row('critical', 'CWE-327', { en: 'SSL 2.0 is offered', zh: '提供 SSL 2.0' }),
  'backcheck-tls:ssl3': row(
    'high',
    'CWE-327',
    { en: 'SSL 3.0 is offered (POODLE)', zh: '提供 SSL 3.0（POODLE）' },
    ['CVE-2014-3566'],
  ),
  'backcheck-tls:tls1.0': row('medium', 'CWE-327', { en: 'TLS 1.0 is offered', zh: '提供 TLS 1.0' }),
  'backcheck-tls:tls1.1': row('low', 'CWE-327', { en: 'TLS 1.1 is offered', zh: '提供 TLS 1.1' }),
  'backcheck-tls:null-ciphers': row('high', 'CWE-327', {
    en: 'Ciphers without encryption are accepted',
    zh: '接受不加密的套件',
  }),
  'backcheck-tls:anonymous-ciphers': row('high', 'CWE-327', {
    en: 'Ciphers without authentication are accepted',
    zh: '接受不认证的套件',
  }),
  'backcheck-tls:export-ciphers': row(
    'high',
    'CWE-327',
    { en: 'Export ciphers are accepted (FREAK)', zh: '接受出口级弱套件（FREAK）' },
    ['CVE-2015-0204'],
  ),
  'backcheck-tls:rc4-ciphers': row(
    'medium',
    'CWE-327',
    { en: 'RC4 ciphers are accepted', zh: '接受 RC4 套件' },
    ['CVE-2013-2566', 'CVE-2015-2808'],
  ),
  'backcheck-tls:64-bit-block-ciphers': row(
    'medium',
    'CWE-327',
    { en: 'Ciphers with 64 bit blocks are accepted (SWEET32)', zh: '接受 64 位分组加密套件（SWEET32）' },
    ['CVE-2016-2183'],
  ),
  'backcheck-tls:cbc-before-tls1.1': row(
    'medium',
    'CWE-327',
    {
      en: 'CBC ciphers are accepted over TLS 1.0 or SSL 3.0 (BEAST)',
      zh: 'TLS 1.0 或 SSL 3.0 接受 CBC 套件（BEAST）',
    },
    ['CVE-2011-3389'],
  ),
  'backcheck-tls:certificate-expired': row('high', 'CWE-298', {
    en: 'The certificate has expired',
    zh: '证书已过期',
  }),
  'backcheck-tls:certificate-not-yet-valid': row('medium', 'CWE-298', {
    en: 'The certificate is not valid yet',
    zh: '证书尚未生效',
  }),
  'backcheck-tls:certificate-self-signed': row('medium', 'CWE-295', {
    en: 'The certificate is self-signed',
    zh: '证书为自签名',
  }),
  'backcheck-tls:certificate-untrusted': row('medium', 'CWE-295', {
    en: 'The certificate chain is not trusted',
    zh: '证书链不受信任',
  }),
  'backcheck-tls:certificate-wrong-name': row('medium', 'CWE-297', {
    en: 'The certificate does not match the name of the server',
    zh: '证书与服务器名称不符',
  }),
  'backcheck-tls:certificate-weak-key': row('medium', 'CWE-326', {
    en: 'The key of the certificate is too short',
    zh: '证书密钥过短',
  }),
  'backcheck-tls:certificate-weak-signature': row('medium', 'CWE-328', {
    en: 'The certificate is signed with a broken hash',
    zh: '证书签名使用了不安全的散列算法',
  }),

  'backcheck-http:hsts': row('low', 'CWE-319', {
    en: 'The header Strict-Transport-Security is missing',
    zh: '缺少 Strict-Transport-Security 响应头',
  }),
  'backcheck-http:weak-hsts': row('low', 'CWE-319', {
    en: 'The header Strict-Transport-Security is missing or ends too soon',
    zh: 'Strict-Transport-Security 响应头缺失或有效期过短',
  }),
  'backcheck-http:content-security-policy': row('low', 'CWE-693', {
    en: 'The header Content-Security-Policy is missing',
    zh: '缺少 Content-Security-Policy 响应头',
  }),
  'backcheck-http:weak-content-security-policy': row('low', 'CWE-693', {
    en: 'The Content-Security-Policy is missing or lets foreign scripts run',
    zh: 'Content-Security-Policy 缺失或允许外来脚本',
  }),
  'backcheck-http:x-frame-options': row('low', 'CWE-1021', {
    en: 'The page may be framed by others (no X-Frame-Options or frame-ancestors)',
    zh: '页面可被他站嵌套（缺少 X-Frame-Options 或 frame-ancestors）',
  }),
  'backcheck-http:x-content-type-options': row('low', 'CWE-693', {
    en: 'The header X-Content-Type-Options is missing',
    zh: '缺少 X-Content-Type-Options 响应头',
  }),
  'backcheck-http:referrer-policy': row('info', 'CWE-200', {
    en: 'The header Referrer-Policy is missing',
    zh: '缺少 Referrer-Policy 响应头',
  }),
  'backcheck-http:weak-referrer-policy': row('info', 'CWE-200', {
    en: 'The Referrer-Policy is missing or gives whole addresses away',
    zh: 'Referrer-Policy 缺失或泄露完整地址',
  }),
  'backcheck-http:cookie-without-secure': row('low', 'CWE-614', {
    en: 'A cookie is also sent unencrypted (no Secure)',
    zh: 'Cookie 未设置 Secure',
  }),
  'backcheck-http:cookie-without-httponly': row('low', 'CWE-1004', {
    en: 'A cookie can be read by scripts (no HttpOnly)',
    zh: 'Cookie 未设置 HttpOnly',
  }),
  'backcheck-http:cookie-without-samesite': row('low', 'CWE-1275', {
    en: 'A cookie is sent across sites (no SameSite)',
    zh: 'Cookie 未设置 SameSite',
  }),
  'backcheck-http:no-redirect-to-https': row('low', 'CWE-319', {
    en: 'The page is served without encryption',
    zh: '页面以明文提供，未跳转到 HTTPS',
  }),
  'backcheck-http:version-disclosed': row('info', 'CWE-200', {
    en: 'The server tells its version',
    zh: '服务器泄露版本信息',
  }),
  'backcheck-http:stored-request': row('medium', 'CWE-1125', {
    en: 'The stored request still gets the answer that shows the weakness',
    zh: '重放已存请求仍得到存在问题的响应',
  }),

  'backcheck-ssh:key-exchange': row('medium', 'CWE-327', {
    en: 'SSH offers weak key exchange',
    zh: 'SSH 提供弱密钥交换算法',
  }),
  'backcheck-ssh:host-key': row('medium', 'CWE-327', {
    en: 'SSH offers a weak host key',
    zh: 'SSH 提供弱主机密钥',
  }),
  'backcheck-ssh:encryption': row('low', 'CWE-327', {
    en: 'SSH offers weak encryption',
    zh: 'SSH 提供弱加密算法',
  }),
  'backcheck-ssh:mac': row('low', 'CWE-327', {
    en: 'SSH offers weak message authentication',
    zh: 'SSH 提供弱消息认证算法',
  }),
  'backcheck-ssh:protocol-1': row('high', 'CWE-327', {
    en: 'SSH speaks protocol version 1',
    zh: 'SSH 支持协议版本 1',
  }),

  'backcheck-dns:spf': row('low', 'CWE-290', { en: 'The domain has no SPF record', zh: '域名缺少 SPF 记录' }),
  'backcheck-dns:weak-spf': row('low', 'CWE-290', {
    en: 'The SPF record is missing or lets anybody send',
    zh: 'SPF 记录缺失或过于宽松',
  }),
  'backcheck-dns:dmarc': row('low', 'CWE-290', {
    en: 'The domain has no DMARC record',
    zh: '域名缺少 DMARC 记录',
  }),
  'backcheck-dns:weak-dmarc': row('low', 'CWE-290', {
    en: 'The DMARC policy is missing or asks for nothing',
    zh: 'DMARC 策略缺失或未要求处置',
  }),
  'backcheck-dns:zone-transfer': row('medium', 'CWE-200', {
    en: 'The whole zone is handed out (AXFR)',
    zh: '允许区域传送（AXFR）',
  }),
  'backcheck-dns:open-recursion': row('medium', 'CWE-406', {
    en: 'The name server resolves names for everybody',
    zh: 'DNS 服务器允许开放递归查询',
  }),

  'backcheck-banner:version': row('medium', 'CWE-1104', {
    en: 'The service tells an old version',
    zh: '服务标识显示旧版本',
  }),
};

interface ProbeFacts {
  readonly probe: Probe;
  /** What an authorization must allow. */
  readonly allowedAs: ProbeMethod;
  /** How deep it looks. */
  readonly method: Method;
}

export const PROBES: Readonly<Record<string, ProbeFacts>> = {
  'backcheck-tcp': { probe: probeTcp, allowedAs: 'port-scan', method: 'remote' },
  'backcheck-tls': { probe: probeTls, allowedAs: 'tls', method: 'remote' },
  'backcheck-http': { probe: probeHttp, allowedAs: 'http', method: 'remote' },
  'backcheck-ssh': { probe: probeSsh, allowedAs: 'ssh', method: 'remote' },
  'backcheck-dns': { probe: probeDns, allowedAs: 'dns', method: 'remote' },
  'backcheck-banner': { probe: probeBanner, allowedAs: 'banner', method: 'banner' },
};

/** What an authorization must allow for this check of ours; null where it is none. */
export function builtInMethod(check: string): ProbeMethod | null {
  return Object.hasOwn(BUILT_IN_CHECKS, check) ? (PROBES[checkPrefix(check)]?.allowedAs ?? null) : null;
}
