import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Text } from '@backcheck/contract';
import { type EvidenceSettings, standardEvidence } from './platform/files/evidence-parts.ts';
import type { S3Bucket } from './platform/files/s3-blobs.ts';
import type { VirusScan } from './platform/files/virus-scan.ts';
import { type Mailbox, mailboxAt } from './platform/mail/mailbox.ts';
import type { DkimOptions } from './platform/mail/mailer.ts';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
const TOTP_RULES = ['all', 'privileged', 'none'] as const;

/** Everything that can be set from outside; docs/configuration.md describes each. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How browsers reach the server, without a slash at the end; null: host and port. */
  readonly publicUrl: string | null;
  /** Absolute path. */
  readonly dataDir: string;
  /** null: the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Ed25519 private key in PEM that signs certificates. */
  readonly signingKeyFile: string;
  readonly logLevel: LogLevel;
  readonly maxUploadBytes: number;
  /** Where files are kept, and what may come in; left out: `standardEvidence`. */
  readonly evidence?: EvidenceSettings;
  /** Jobs at the same time in this process. */
  readonly jobConcurrency: number;
  /** The place from which this server looks. */
  readonly vantage: string;
  /** Tasks of retests at the same time in this process; 0: it looks at nothing itself. */
  readonly runnerTasks: number;
  /** Null: the one in the data folder. */
  readonly authSecret: string | null;
  /** Which accounts with a password need a second factor. */
  readonly requireTotp: (typeof TOTP_RULES)[number];
  /** Addresses and ranges whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[];
  /** Null: links are passed on by hand. */
  readonly mail: {
    readonly smtpUrl: string;
    readonly from: string;
    readonly dkim?: DkimOptions | null;
  } | null;
  /** To which mails come back; null: nobody reads one. */
  readonly mailbox?: Mailbox | null;
  /** Ranges that are not global and may get webhooks all the same. */
  readonly webhookAllow?: readonly string[];
  /** Null: no single sign-on. */
  readonly oidc: {
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string | null;
    readonly trustAddress: boolean;
  } | null;
}

/** One mistake, ready to print: which setting, and what is wrong with it. */
export interface ConfigMistake {
  readonly setting: string;
  readonly message: Text;
}

export type ReadConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly mistakes: readonly ConfigMistake[] };

const WEB_ADDRESS = /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/;
/** Not every one is a URL to a browser: libpq allows an empty host, with a socket's folder in `?host=`. */
const DATABASE_ADDRESS = /^postgres(ql)?:\/\/\S+$/;

const MAILBOX = /^imaps?:\/\/[^\s/:@]+:[^\s/@]+@[^\s/?#@]+(\/[^\s?#]*)?(\?requireTLS=true)?$/;
const MAIL_SERVER = /^smtps?:\/\/[^\s/]+(\/?\?\S*)?\/?$/;
/** An address, or a name and an address in angle brackets. */
const MAIL_FROM = /^([^<>@]+<)?[^\s<>@]+@[^\s<>@]+>?$/;
const SECRET = /^\S{32,}$/;
const HOST_NAME = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings and reports every mistake at once, so that nobody fixes them one start at a time. */
export function readConfig(environment: Environment): ReadConfig {
  const mistakes: ConfigMistake[] = [];
  const read = new Settings(environment, mistakes);
  const dataDir = resolve(read.text('DATA_DIR') ?? 'data');
  const config: Config = {
    host: read.text('HOST') ?? '127.0.0.1',
    port: read.integer('PORT', { least: 0, most: 65535, standard: 8080 }),
    publicUrl:
      read.address('PUBLIC_URL', WEB_ADDRESS, 'https://backcheck.example.org')?.replace(/\/+$/, '') ?? null,
    dataDir,
    databaseUrl: read.address(
      'DATABASE_URL',
      DATABASE_ADDRESS,
      'postgresql://user@database.example.org/backcheck',
    ),
    signingKeyFile: resolve(read.text('SIGNING_KEY_FILE') ?? `${dataDir}/keys/signing-key.pem`),
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    maxUploadBytes: read.integer('MAX_UPLOAD_BYTES', { least: 1, most: 2 ** 40, standard: 2 * 2 ** 30 }),
    evidence: readEvidence(read, dataDir),
    jobConcurrency: read.integer('JOB_CONCURRENCY', { least: 1, most: 8, standard: 2 }),
    vantage: read.text('VANTAGE') ?? 'main',
    runnerTasks: read.integer('RUNNER_TASKS', { least: 0, most: 50, standard: 8 }),
    authSecret: read.address('AUTH_SECRET', SECRET, '32-or-more-random-characters'),
    requireTotp: read.oneOf('REQUIRE_TOTP', TOTP_RULES, 'privileged'),
    trustedProxies: read.addresses('TRUSTED_PROXIES'),
    mail: readMail(read),
    mailbox: readMailbox(read),
    webhookAllow: read.addresses('WEBHOOK_ALLOW'),
    oidc: readOidc(read),
  };
  return mistakes.length === 0 ? { ok: true, config } : { ok: false, mistakes };
}

/** Links in mails and the way back from the identity provider need to know where this server is. */
function readMail(read: Settings): Config['mail'] {
  const smtpUrl = read.address('SMTP_URL', MAIL_SERVER, 'smtps://user:password@mail.example.org');
  const from = read.address('MAIL_FROM', MAIL_FROM, 'Backcheck <backcheck@example.org>');
  const dkim = readDkim(read);
  if (smtpUrl === null) return null;
  read.need('SMTP_URL', ['MAIL_FROM', 'PUBLIC_URL']);
  return { smtpUrl, from: from ?? '', dkim };
}

function readMailbox(read: Settings): Mailbox | null {
  const imapUrl = read.address('IMAP_URL', MAILBOX, 'imaps://user:password@mail.example.org/INBOX');
  const doneFolder = read.text('IMAP_DONE_FOLDER');
  return imapUrl === null ? null : mailboxAt(imapUrl, doneFolder);
}

function readDkim(read: Settings): DkimOptions | null {
  const domain = read.address('DKIM_DOMAIN', HOST_NAME, 'example.org');
  const selector = read.address('DKIM_SELECTOR', HOST_NAME, 'backcheck');
  const privateKey = read.file('DKIM_KEY_FILE', /-----BEGIN (RSA )?PRIVATE KEY-----/);
  if (domain === null) return null;
  read.need('DKIM_DOMAIN', ['DKIM_SELECTOR', 'DKIM_KEY_FILE']);
  return { domain, selector: selector ?? '', privateKey: privateKey ?? '' };
}

function readOidc(read: Settings): Config['oidc'] {
  const issuer = read.address('OIDC_ISSUER', WEB_ADDRESS, 'https://login.example.org');
  const clientId = read.text('OIDC_CLIENT_ID');
  const clientSecret = read.text('OIDC_CLIENT_SECRET');
  const trustAddress = read.oneOf('OIDC_ADDRESS', ['verified', 'trusted'], 'verified') === 'trusted';
  if (issuer === null) return null;
  read.need('OIDC_ISSUER', ['OIDC_CLIENT_ID', 'PUBLIC_URL']);
  return { issuer, clientId: clientId ?? '', clientSecret, trustAddress };
}

function readEvidence(read: Settings, dataDir: string): EvidenceSettings {
  const standard = standardEvidence(dataDir);
  return {
    keyFile: resolve(read.text('EVIDENCE_KEY_FILE') ?? standard.keyFile),
    s3: readBucket(read),
    mostBytes: read.integer('MAX_EVIDENCE_BYTES', { least: 1, most: 2 ** 40, standard: standard.mostBytes }),
    most: read.integer('MAX_OPEN_UPLOADS', { least: 1, most: 10_000, standard: standard.most }),
    virusScan: readVirusScan(read),
    takeUnscanned: read.oneOf('VIRUS_SCAN_OUTAGE', ['wait', 'take'], 'wait') === 'take',
  };
}

function readBucket(read: Settings): S3Bucket | null {
  const endpoint = read.address('EVIDENCE_S3_ENDPOINT', WEB_ADDRESS, 'https://s3.example.org');
  const [bucket, region, accessKeyId, secretAccessKey] = [
    read.text('EVIDENCE_S3_BUCKET'),
    read.text('EVIDENCE_S3_REGION'),
    read.text('EVIDENCE_S3_ACCESS_KEY_ID'),
    read.text('EVIDENCE_S3_SECRET_ACCESS_KEY'),
  ];
  if (endpoint === null) return null;
  read.need('EVIDENCE_S3_ENDPOINT', [
    'EVIDENCE_S3_BUCKET',
    'EVIDENCE_S3_ACCESS_KEY_ID',
    'EVIDENCE_S3_SECRET_ACCESS_KEY',
  ]);
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    bucket: bucket ?? '',
    region: region ?? 'us-east-1',
    accessKeyId: accessKeyId ?? '',
    secretAccessKey: secretAccessKey ?? '',
  };
}

/** `clamd://host:port`, `clamd:///path/of/the/socket`, or a command by its absolute path with its parameters. */
function readVirusScan(read: Settings): VirusScan | null {
  const text = read.address(
    'VIRUS_SCAN',
    /^(clamd:\/\/([^\s/:]+:\d{1,5}|\/\S+)|\/\S+( \S+)*)$/,
    'clamd://127.0.0.1:3310',
  );
  if (text === null) return null;
  const [, host, port, path] = /^clamd:\/\/(?:([^\s/:]+):(\d+)|(\/\S+))$/.exec(text) ?? [];
  if (host !== undefined) return { kind: 'clamd', host, port: Number(port) };
  if (path !== undefined) return { kind: 'clamd-socket', path };
  const [program = '', ...parameters] = text.split(' ');
  return { kind: 'command', command: [program, ...parameters] };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // why it cannot be read is for whoever looks at the path, which the mistake names
    return null;
  }
}

class Settings {
  readonly #environment: Environment;
  readonly #mistakes: ConfigMistake[];

  constructor(environment: Environment, mistakes: ConfigMistake[]) {
    this.#environment = environment;
    this.#mistakes = mistakes;
  }

  /** An empty setting is an unset one: `PORT= npm start` is a habit. */
  text(setting: string): string | null {
    const value = this.#environment[setting]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  integer(
    setting: string,
    { least, most, standard }: { least: number; most: number; standard: number },
  ): number {
    const text = this.text(setting);
    if (text === null) return standard;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    this.#mistake(setting, {
      en: `must be a whole number from ${least} to ${most}, not "${text}"`,
      zh: `必须是 ${least} 到 ${most} 的整数，而不是“${text}”`,
    });
    return standard;
  }

  /** Null when unset. The value is not repeated in the mistake: it may hold a password. */
  address(setting: string, form: RegExp, example: string): string | null {
    const text = this.text(setting);
    if (text === null || form.test(text)) return text;
    this.#mistake(setting, {
      en: `must be an address such as ${example}`,
      zh: `必须是形如 ${example} 的地址`,
    });
    return null;
  }

  /** What a file holds; null when unset. A file that is not there or holds something else is a mistake. */
  file(setting: string, form: RegExp): string | null {
    const path = this.text(setting);
    if (path === null) return null;
    const text = textOf(path);
    if (text !== null && form.test(text)) return text;
    this.#mistake(setting, {
      en: `must name a readable file that holds a private key in PEM, not "${path}"`,
      zh: `必须是可读取的 PEM 私钥文件，而不是“${path}”`,
    });
    return null;
  }

  oneOf<T extends string>(setting: string, values: readonly T[], standard: T): T {
    const text = this.text(setting);
    if (text === null) return standard;
    const value = values.find((one) => one === text);
    if (value !== undefined) return value;
    const list = values.join(', ');
    this.#mistake(setting, {
      en: `must be one of ${list}, not "${text}"`,
      zh: `必须是 ${list} 之一，而不是“${text}”`,
    });
    return standard;
  }

  /** IP addresses and ranges, with commas between them. */
  addresses(setting: string): string[] {
    const items = (this.text(setting) ?? '').split(',').map((one) => one.trim());
    const given = items.filter((one) => one !== '');
    const isAddress = (one: string) => {
      const [address = '', bits = '0', ...rest] = one.split('/');
      return isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && rest.length === 0;
    };
    if (given.every(isAddress)) return given;
    this.#mistake(setting, {
      en: 'must be addresses or ranges such as 192.0.2.7,198.51.100.0/24',
      zh: '必须是形如 192.0.2.7,198.51.100.0/24 的地址或网段',
    });
    return [];
  }

  /** One setting is nothing without some others. */
  need(setting: string, others: readonly string[]): void {
    for (const other of others.filter((one) => this.text(one) === null)) {
      this.#mistake(other, {
        en: `must be set because ${setting} is`,
        zh: `必须设置，因为设置了 ${setting}`,
      });
    }
  }

  #mistake(setting: string, message: Text): void {
    this.#mistakes.push({ setting, message });
  }
}
