import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runStep } from './steps.ts';

/** What the tests use besides npm packages: Debian's package, and how to tell that it is there. */
const NEEDED: readonly { readonly name: string; readonly present: () => boolean }[] = [
  { name: 'nmap', present: () => isOnPath('nmap') },
  { name: 'sslscan', present: () => isOnPath('sslscan') },
  { name: 'testssl.sh', present: () => isOnPath('testssl') || isOnPath('testssl.sh') },
  { name: 'chromium', present: () => isOnPath('chromium') },
  // reads a printed certificate, and the code on it, as whoever holds the paper does
  { name: 'poppler-utils', present: () => isOnPath('pdftotext') },
  { name: 'zbar-tools', present: () => isOnPath('zbarimg') },
  // a mailbox for mails that come back
  { name: 'dovecot-imapd', present: () => isOnPath('dovecot') },
  { name: 'iproute2', present: () => isOnPath('ip') },
  // keeps a tool to the address that its target's name was resolved to
  { name: 'libnss-wrapper', present: () => hasLibrary('libnss_wrapper.so') },
  {
    name: 'fonts-noto-cjk',
    present: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
  },
];

/** An ordinary user's path often leaves out the sbin folders, where `ip` may be. */
function isOnPath(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}

/** Where Debian has the libraries of any architecture. */
function hasLibrary(file: string): boolean {
  const folders = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').filter((one) => one.endsWith('-linux-gnu'))
    : [];
  return folders.some((folder) => existsSync(join('/usr/lib', folder, file)));
}

function missingPackages(): string[] {
  return NEEDED.filter((needed) => !needed.present()).map((needed) => needed.name);
}

/**
 * On Debian as root, installs what is missing. Elsewhere it only says what is missing,
 * and the tests that need it are skipped by name. False when an installation was tried and failed.
 */
export function installSystemPackages(): boolean {
  const missing = missingPackages();
  if (missing.length === 0) return true;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stdout.write(`Not installed, tests that need them are skipped: ${missing.join(', ')}\n`);
    return true;
  }
  process.env['DEBIAN_FRONTEND'] = 'noninteractive';
  const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...missing] as const;
  runStep({ title: 'package lists', command: ['apt-get', 'update', '-q'] });
  return runStep({ title: 'system packages', command: install }) && missingPackages().length === 0;
}
