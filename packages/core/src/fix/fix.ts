import type { Text } from '../observe/text.ts';
import { EQUIVALENCES, equivalenceOf } from '../problem/equivalence.ts';
import { PACKAGE_IN_LOCUS } from '../problem/problem.ts';
import { productIn } from './product.ts';

/** What kind of measure mends a finding. Stored by name. */
export const FIX_KINDS = ['upgrade', 'configure', 'certificate', 'replace', 'single'] as const;
export type FixKind = (typeof FIX_KINDS)[number];

/** One measure that mends all findings with the same key: one task, as many proofs as there are findings. */
export interface Fix {
  /** Equal for findings that the same measure mends, within one organization. */
  readonly key: string;
  readonly kind: FixKind;
  /** Of what: a package, a product, a part of the configuration. */
  readonly subject: Text;
}

/** The parts of a finding from which the measure is told. */
export interface FixParts {
  readonly check: string;
  readonly locus: string;
  readonly title: string;
}

/** Equivalences that one change of one configuration mends together. */
const FAMILIES: readonly {
  readonly key: string;
  readonly kind: FixKind;
  readonly subject: Text;
  readonly names: readonly string[];
}[] = [
  {
    key: 'tls',
    kind: 'configure',
    subject: { zh: 'TLS 协议版本与加密套件', en: 'TLS protocol versions and cipher suites' },
    names: [
      'ssl-2.0-offered',
      'ssl-3.0-offered',
      'tls-1.0-offered',
      'tls-1.1-offered',
      'beast',
      'robot',
      'tls-compression',
      'insecure-renegotiation',
      'downgrade-not-prevented',
      '64-bit-block-ciphers',
      'rc4-accepted',
      'export-ciphers-accepted',
      'null-ciphers-accepted',
      'anonymous-ciphers-accepted',
      'weak-ciphers-accepted',
      'logjam',
      'weak-dh-group',
    ],
  },
  {
    key: 'openssl',
    kind: 'upgrade',
    subject: { zh: 'OpenSSL', en: 'OpenSSL' },
    names: ['heartbleed', 'ccs-injection'],
  },
  {
    key: 'tls-certificate',
    kind: 'certificate',
    subject: { zh: '服务器数字证书', en: 'the server certificate' },
    names: [
      'certificate-expired',
      'certificate-self-signed',
      'certificate-untrusted',
      'certificate-wrong-name',
      'certificate-weak-signature',
      'certificate-weak-key',
    ],
  },
  {
    key: 'web-headers',
    kind: 'configure',
    subject: {
      zh: 'Web 安全响应头与 Cookie 属性',
      en: 'security headers and cookie attributes of web servers',
    },
    names: [
      'hsts-missing',
      'x-frame-options-missing',
      'x-content-type-options-missing',
      'content-security-policy-missing',
      'cookie-without-httponly',
      'cookie-without-secure',
      'cookie-without-samesite',
    ],
  },
  {
    key: 'ssh',
    kind: 'configure',
    subject: { zh: 'SSH 算法', en: 'SSH algorithms' },
    names: ['ssh-weak-key-exchange', 'ssh-weak-encryption', 'ssh-weak-mac', 'ssh-weak-host-key'],
  },
  {
    key: 'operating-system',
    kind: 'replace',
    subject: { zh: '停止支持的操作系统', en: 'operating systems that are no longer supported' },
    names: ['operating-system-end-of-life'],
  },
];
const FAMILY_OF = new Map(FAMILIES.flatMap((family) => family.names.map((name) => [name, family] as const)));
const TITLE_OF = new Map(EQUIVALENCES.map(({ name, title }) => [name, title] as const));

/** testssl.sh and sslscan name many rows that no equivalence declares: all are the configuration of TLS. */
const TLS_CHECK =
  /^(testssl|sslscan|sslyze):(?!cert|certificate|heartbleed|HSTS|HPKP|banner|cookie|security_headers)/i;
const TLS_CERTIFICATE = /^(testssl:cert|sslscan:certificate)/;
const PACKAGE = new RegExp(PACKAGE_IN_LOCUS);

/**
 * The measure: by the declared weakness, the package, the product that the title names; else the check stands alone.
 * Two findings of one check that differ in nothing but asset, port or place always have one key.
 */
export function fixOf({ check, locus, title }: FixParts): Fix {
  const declared = equivalenceOf({ check, locus })?.name;
  const family = declared === undefined ? familyOfCheck(check) : FAMILY_OF.get(declared);
  if (family !== undefined) return { key: family.key, kind: family.kind, subject: family.subject };
  const of = PACKAGE.exec(locus)?.[1];
  if (of !== undefined) return ofProduct(of.replace(/^pkg:/, ''), packageName(of));
  if (declared !== undefined) {
    const subject = TITLE_OF.get(declared) ?? { zh: check, en: check };
    return { key: `weakness:${declared}`, kind: 'single', subject };
  }
  const product = productIn(title);
  if (product === null) return { key: `check:${check}`, kind: 'single', subject: { zh: title, en: title } };
  const { name, unsupported } = product;
  return unsupported
    ? { key: `replace:${name.toLowerCase()}`, kind: 'replace', subject: { zh: name, en: name } }
    : ofProduct(`product/${name.toLowerCase()}`, name);
}

function familyOfCheck(check: string) {
  const key = TLS_CERTIFICATE.test(check) ? 'tls-certificate' : TLS_CHECK.test(check) ? 'tls' : undefined;
  return FAMILIES.find((one) => one.key === key);
}

function ofProduct(key: string, name: string): Fix {
  return { key: `upgrade:${key}`, kind: 'upgrade', subject: { zh: name, en: name } };
}

/** "pkg:maven/org.apache.logging.log4j/log4j-core" -> "log4j-core (maven)" */
function packageName(purl: string): string {
  const [type = '', ...path] = purl.replace(/^pkg:/, '').split('/');
  return `${unescaped(path.at(-1) ?? '')} (${type})`;
}

/** As the file has it where that is no proper escape, or hides what no name has and the database refuses: a control character. */
function unescaped(part: string): string {
  try {
    const text = decodeURIComponent(part);
    return /\p{Cc}/u.test(text) ? part : text;
  } catch {
    return part;
  }
}
