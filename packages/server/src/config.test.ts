import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

function config(environment: Record<string, string>) {
  const read = readConfig(environment);
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return read.config;
}

function mistakes(environment: Record<string, string>): string[] {
  const read = readConfig(environment);
  return read.ok ? [] : read.mistakes.map(({ setting }) => setting);
}

describe('the settings', () => {
  it('need none: the server runs on loopback with its own database', () => {
    const standard = config({});
    expect(standard).toMatchObject({ host: '127.0.0.1', port: 8080, databaseUrl: null, publicUrl: null });
    expect(isAbsolute(standard.dataDir)).toBe(true);
    expect(standard.signingKeyFile).toBe(join(standard.dataDir, 'keys/signing-key.pem'));
  });

  it('are all wrong at once, not one start after the other', () => {
    const wrong = {
      PORT: '80a',
      LOG_LEVEL: 'loud',
      MAX_UPLOAD_BYTES: '0',
      PUBLIC_URL: 'backcheck',
      DATABASE_URL: 'mysql://x',
    };
    expect(mistakes(wrong).sort()).toEqual(Object.keys(wrong).sort());
  });

  it('let the server look again from one place, several tasks at a time, or none', () => {
    expect(config({})).toMatchObject({ vantage: 'main', runnerTasks: 8 });
    expect(config({ VANTAGE: 'outside', RUNNER_TASKS: '0' })).toMatchObject({
      vantage: 'outside',
      runnerTasks: 0,
    });
    expect(mistakes({ RUNNER_TASKS: '51' })).toEqual(['RUNNER_TASKS']);
  });

  it('say what is wrong in both languages', () => {
    const read = readConfig({ PORT: '80a' });
    expect(read).toMatchObject({
      mistakes: [{ message: { en: expect.stringContaining('80a'), zh: expect.stringMatching(/80a.*$/) } }],
    });
  });

  it.each(['-1', '65536', '1e3', '0x50', '8080 '.repeat(2), '８０８０'])('take no port %j', (port) => {
    expect(mistakes({ PORT: port })).toEqual(['PORT']);
  });

  it('count an empty one as unset', () => {
    expect(config({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ port: 8080, databaseUrl: null });
  });

  it.each([
    ['https://backcheck.example.org/', 'https://backcheck.example.org'],
    ['http://192.0.2.7:8080', 'http://192.0.2.7:8080'],
  ])('take the public address %s', (text, url) => {
    expect(config({ PUBLIC_URL: text }).publicUrl).toBe(url);
  });

  it.each(['ftp://example.org', 'https://', 'https://user:secret@example.org', 'https://example.org/?a'])(
    'take no public address %s',
    (text) => {
      expect(mistakes({ PUBLIC_URL: text })).toEqual(['PUBLIC_URL']);
    },
  );

  it('take the address of a database behind a socket, which is no URL to a browser', () => {
    const url = 'postgresql://backcheck@/backcheck?host=/run/postgresql';
    expect(config({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it('keep files in the data folder, and let nobody look for viruses', () => {
    const { dataDir, evidence } = config({});
    expect(evidence).toEqual({
      keyFile: join(dataDir, 'keys/evidence-keys.json'),
      s3: null,
      mostBytes: 536_870_912,
      most: 100,
      virusScan: null,
      takeUnscanned: false,
    });
  });

  it('keep files in a bucket whose credentials are all there', () => {
    expect(mistakes({ EVIDENCE_S3_ENDPOINT: 'https://s3.example.org' }).sort()).toEqual([
      'EVIDENCE_S3_ACCESS_KEY_ID',
      'EVIDENCE_S3_BUCKET',
      'EVIDENCE_S3_SECRET_ACCESS_KEY',
    ]);
    const s3 = {
      EVIDENCE_S3_ENDPOINT: 'https://s3.example.org/',
      EVIDENCE_S3_BUCKET: 'evidence',
      EVIDENCE_S3_ACCESS_KEY_ID: 'id',
      EVIDENCE_S3_SECRET_ACCESS_KEY: 'secret',
    };
    expect(config(s3).evidence?.s3).toEqual({
      endpoint: 'https://s3.example.org',
      bucket: 'evidence',
      region: 'us-east-1',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
    });
  });

  it.each([
    ['clamd://127.0.0.1:3310', { kind: 'clamd', host: '127.0.0.1', port: 3310 }],
    ['clamd:///run/clamd.ctl', { kind: 'clamd-socket', path: '/run/clamd.ctl' }],
    [
      '/usr/bin/clamdscan --no-summary -',
      { kind: 'command', command: ['/usr/bin/clamdscan', '--no-summary', '-'] },
    ],
  ])('have viruses looked for by %s', (VIRUS_SCAN, virusScan) => {
    expect(config({ VIRUS_SCAN }).evidence?.virusScan).toEqual(virusScan);
  });

  it.each(['clamd', 'clamd://host', 'clamscan -', 'http://127.0.0.1:3310'])(
    'know no scanner %s',
    (VIRUS_SCAN) => {
      expect(mistakes({ VIRUS_SCAN })).toEqual(['VIRUS_SCAN']);
    },
  );

  it('for mail and single sign-on also want to know where this server is', () => {
    expect(mistakes({ SMTP_URL: 'smtp://127.0.0.1:25' }).sort()).toEqual(['MAIL_FROM', 'PUBLIC_URL']);
    expect(mistakes({ OIDC_ISSUER: 'https://login.example.org' }).sort()).toEqual([
      'OIDC_CLIENT_ID',
      'PUBLIC_URL',
    ]);
  });

  it.each([
    ['MAIL_FROM', 'nobody'],
    ['SMTP_URL', 'http://mail.example.org'],
    ['IMAP_URL', 'imaps://mail.example.org'],
    ['IMAP_URL', 'https://me:secret@mail.example.org'],
    ['AUTH_SECRET', 'short'],
    ['REQUIRE_TOTP', 'sometimes'],
    ['OIDC_ADDRESS', 'any'],
    ['TRUSTED_PROXIES', '192.0.2.7, proxy.example.org'],
  ])('for sign-in are looked at: %s', (setting, value) => {
    expect(mistakes({ [setting]: value })).toContain(setting);
  });

  it('take a name before the address that mail comes from', () => {
    const mail = {
      SMTP_URL: 'smtps://me:secret@mail.example.org',
      MAIL_FROM: 'Backcheck <no-reply@example.org>',
    };
    expect(config({ ...mail, PUBLIC_URL: 'https://backcheck.example.org' }).mail).toEqual({
      smtpUrl: mail.SMTP_URL,
      from: mail.MAIL_FROM,
      dkim: null,
    });
  });

  it('name the mailbox to which mails come back, with odd characters of its password', () => {
    expect(config({}).mailbox).toBeNull();
    const IMAP_URL = 'imaps://backcheck%40example.org:a%2Fb%3F%ff@mail.example.org/Returned%20mail';
    expect(config({ IMAP_URL, IMAP_DONE_FOLDER: 'Done' }).mailbox).toMatchObject({
      host: 'mail.example.org',
      port: 993,
      user: 'backcheck@example.org',
      password: expect.stringContaining('a/b?'),
      folder: 'Returned mail',
      tls: 'from the beginning',
      doneFolder: 'Done',
    });
    expect(config({ IMAP_URL: 'imap://me:secret@mail.example.org?requireTLS=true' }).mailbox).toMatchObject({
      port: 143,
      folder: 'INBOX',
      tls: 'asked for',
    });
  });

  it('sign mails only with a key that can be read, and never show it', () => {
    const mail = {
      SMTP_URL: 'smtps://mail.example.org',
      MAIL_FROM: 'a@example.org',
      PUBLIC_URL: 'https://b.example.org',
    };
    const dkim = { DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 'backcheck' };
    expect(mistakes({ ...mail, ...dkim })).toEqual(['DKIM_KEY_FILE']);
    expect(mistakes({ ...mail, ...dkim, DKIM_KEY_FILE: '/nowhere/key.pem' })).toContain('DKIM_KEY_FILE');
    expect(mistakes({ ...mail, ...dkim, DKIM_KEY_FILE: import.meta.filename })).toContain('DKIM_KEY_FILE');
    expect(mistakes({ WEBHOOK_ALLOW: '10.0.0.0/8, tickets' })).toEqual(['WEBHOOK_ALLOW']);
  });

  it('never repeat a password in a mistake', () => {
    const read = readConfig({ DATABASE_URL: 'mysql://me:secret@db' });
    expect(JSON.stringify(read)).not.toContain('secret');
  });

  it('are all described in docs/configuration.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
    const read = new Set<string>();
    readConfig(new Proxy<Record<string, string>>({}, { get: (_, name) => void read.add(String(name)) }));
    const described = [...page.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual([...read].sort());
  });
});
