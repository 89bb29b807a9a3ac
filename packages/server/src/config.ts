import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Text } from '@backcheck/contract';

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
  readonly mail: { readonly smtpUrl: string; readonly from: string } | null;
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

const MAIL_SERVER = /^smtps?:\/\/[^\s/]+(\/?\?\S*)?\/?$/;
/** An address, or a name and an address in angle brackets. */
const MAIL_FROM = /^([^<>@]+<)?[^\s<>@]+@[^\s<>@]+>?$/;
const SECRET = /^\S{32,}$/;

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
    jobConcurrency: read.integer('JOB_CONCURRENCY', { least: 1, most: 8, standard: 2 }),
    vantage: read.text('VANTAGE') ?? 'main',
    runnerTasks: read.integer('RUNNER_TASKS', { least: 0, most: 50, standard: 8 }),
    authSecret: read.address('AUTH_SECRET', SECRET, '32-or-more-random-characters'),
    requireTotp: read.oneOf('REQUIRE_TOTP', TOTP_RULES, 'privileged'),
    trustedProxies: read.addresses('TRUSTED_PROXIES'),
    mail: readMail(read),
    oidc: readOidc(read),
  };
  return mistakes.length === 0 ? { ok: true, config } : { ok: false, mistakes };
}

/** Links in mails and the way back from the identity provider need to know where this server is. */
function readMail(read: Settings): Config['mail'] {
  const smtpUrl = read.address('SMTP_URL', MAIL_SERVER, 'smtps://user:password@mail.example.org');
  const from = read.address('MAIL_FROM', MAIL_FROM, 'Backcheck <backcheck@example.org>');
  if (smtpUrl === null) return null;
  read.need('SMTP_URL', ['MAIL_FROM', 'PUBLIC_URL']);
  return { smtpUrl, from: from ?? '' };
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
