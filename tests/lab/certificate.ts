import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSoundly } from './process.ts';

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/**
 * A self-signed certificate. Weak: 1,024 bits, SHA-1, no alternative name, ten days.
 * Fixed: 2,048 bits, SHA-256, the address as alternative name, 90 days; still self-signed.
 */
export async function makeCertificate(mode: 'weak' | 'fixed', address: string): Promise<KeyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'backcheck-lab-'));
  const name = isIP(address) === 0 ? `DNS:${address}` : `IP:${address}`;
  const kind =
    mode === 'weak'
      ? ['rsa:1024', '-sha1', '-days', '10', '-subj', '/CN=lab.invalid']
      : [
          'rsa:2048',
          '-sha256',
          '-days',
          '90',
          '-subj',
          '/CN=lab.example',
          '-addext',
          `subjectAltName=${name}`,
        ];
  try {
    const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
    await runSoundly({
      command: 'openssl',
      args: ['req', '-x509', '-nodes', ...files, '-newkey', ...kind],
      cwd: folder,
    });
    const [key, cert] = await Promise.all(
      ['key.pem', 'cert.pem'].map((file) => readFile(join(folder, file), 'utf8')),
    );
    if (key === undefined || cert === undefined) throw new Error('openssl wrote no certificate');
    return { key, cert };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
