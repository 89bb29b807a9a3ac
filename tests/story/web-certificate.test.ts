import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Finding, FindingList, looksLikeSupersessions } from '@backcheck/contract';
import { CERTIFICATE_STEPS, sha256Hex, verifyCertificate } from '@backcheck/core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCommand } from '../../packages/cli/src/verify.ts';
import { expectAccessible, hasBrowser } from '../support/screens.ts';
import { knownAddress, Stage } from '../support/stage.ts';

const NESSUS = fileURLToPath(new URL('../../fixtures/scans/nessus/', import.meta.url));
const OTHER_KEY = fileURLToPath(new URL('../../fixtures/certificates/other-test-key.hex', import.meta.url));
const FINDING = 'SMB Signing not required';
/** Where the page is, beside the short address that the QR code has. */
const PAGE = '/verify';
const LANGUAGES = ['zh', 'en', 'both'] as const;

const installed = (program: string, option: string) => spawnSync(program, [option]).error === undefined;
const readsPdf = installed('pdftotext', '-v') && installed('pdftoppm', '-v');
const readsCodes = installed('zbarimg', '--version');

/** From the proof to the paper in somebody's hand, and from the paper back to the proof. */
describe.skipIf(!hasBrowser())('a certificate, on paper and in the hands of a stranger', () => {
  let stage: Stage;
  let organizationId: string;
  let certificateId: string | null;
  let envelope: Buffer;
  let sha256: string;
  const file = (name: string) => join(stage.folder, name);

  beforeAll(async () => {
    // The address on the paper must be known before the server listens.
    stage = await Stage.open(await knownAddress());
    organizationId = await stage.organization('Lakeside Hospital', { nameZh: '湖畔医院' });
    await importScan(readFileSync(join(NESSUS, 'before.nessus')));
    await importScan(readFileSync(join(NESSUS, 'after-clean.nessus')));
    const { items } = FindingList.parse(await stage.get('/findings?state=verified-fixed'));
    const closed = items.find(({ title }) => title === FINDING);
    certificateId = Finding.parse(await stage.get(`/findings/${closed?.id}`)).certificateId;
    envelope = await bodyOf(`/certificates/${certificateId}`);
    sha256 = sha256Hex(envelope);
    writeFileSync(file('certificate.json'), envelope);
  });

  afterAll(() => stage?.close());

  const importScan = (content: string | Buffer): Promise<void> =>
    stage.import({ organizationId, name: 'scan.nessus', content });

  async function bodyOf(path: string): Promise<Buffer> {
    const answer = await stage.administrator.request.get(`${stage.server.url}/api/v1${path}`);
    expect([path, answer.status()]).toEqual([path, 200]);
    return answer.body();
  }

  /** A browser that nobody ever signed in with. */
  async function stranger(locale: string, width = 1100): Promise<Page> {
    const page = await stage.newPage({ locale, viewport: { width, height: 900 } });
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404')) stage.faults.push(message.text());
    });
    return page;
  }

  test('the finding offers its certificate for print in both languages, and the page to verify it', async () => {
    const page = stage.administrator;
    await page.goto(`${stage.server.url}/findings?state=verified-fixed`);
    await page.getByRole('link', { name: FINDING }).click();
    await page.getByText('Current: the proof holds.').waitFor();
    const panel = page.locator('section[aria-labelledby=certificate-title]');
    for (const name of ['中文', 'English', 'Both languages']) {
      const href = await panel.getByRole('link', { name, exact: true }).getAttribute('href');
      const answer = await page.request.get(`${stage.server.url}${href}`);
      expect(answer.headers()['content-type']).toBe('application/pdf');
    }
    await panel.getByRole('link', { name: 'verification page' }).waitFor();
  });

  test.skipIf(!readsPdf).each(LANGUAGES)(
    'the paper in %s says what the certificate says, on two pages at most',
    async (language) => {
      const text = await paper(language);
      const verdict = verifyCertificate(envelope);
      if (verdict.verdict !== 'valid') throw new Error(verdict.message);
      const { closure, leaf, entry, entryHash, key } = verdict;
      const hashes = [sha256, leaf, entry.root, entryHash, key.fingerprint, closure.need.scan];
      const scans = closure.witnesses.map(({ scan }) => scan.sha256);
      const titles = {
        zh: ['销号证明', '覆盖条件'],
        en: ['Certificate of closure', 'Needed'],
        both: ['销号证明', 'Needed'],
      };
      for (const fact of [...hashes, ...scans, FINDING, 'Lakeside Hospital', ...titles[language]])
        expect(text).toContain(fact);
      expect(text.split('\f').length - 1).toBeLessThanOrEqual(2);
    },
  );

  test.skipIf(!readsPdf || !readsCodes)(
    'the code on it is the address of the verification with the hash',
    async () => {
      await paper('both');
      execFileSync('pdftoppm', ['-png', '-r', '150', '-f', '1', '-l', '1', file('both.pdf'), file('both')]);
      const code = execFileSync('zbarimg', ['-q', '--raw', file('both-1.png')], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      expect(code.trim()).toBe(`${stage.server.url}/verify#${sha256}`);
    },
  );

  test.each(['en-GB', 'zh-CN'])(
    'whoever follows the code sees every step hold, on a phone, in %s',
    async (locale) => {
      const page = await stranger(locale, 390);
      await page.goto(`${stage.server.url}${PAGE}#${sha256}`);
      const title = locale === 'zh-CN' ? '证明有效' : 'The certificate is valid';
      await page.getByRole('heading', { name: title }).waitFor();
      await page.locator('[data-step=standing]').waitFor();
      expect(await resultsOf(page)).toEqual({ ...ALL_HELD, paper: 'held', standing: 'held' });
      await page
        .getByText(locale === 'zh-CN' ? '与本服务器公布的公钥一致' : 'the key that this server publishes')
        .waitFor();
      await page.getByText(FINDING).waitFor();
      await expectAccessible(page);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await page.close();
    },
  );

  test('the page asks for three public things, and a file that is dropped is sent nowhere', async () => {
    const page = await stranger('en-GB');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.goto(`${stage.server.url}${PAGE}`);
    await page.setInputFiles('#file', file('certificate.json'));
    await page.locator('[data-step=standing]').waitFor();
    const allowed = [PAGE, '/api/v1/public/public-key', '/api/v1/public/supersessions'];
    expect([...new Set(asked)].sort()).toEqual(allowed.map((path) => `GET ${path}`).sort());
    await page.close();
  });

  test('one changed byte fails, at the step that is named', async () => {
    const page = await stranger('en-GB');
    await page.goto(`${stage.server.url}${PAGE}`);
    const text = envelope.toString('utf8');
    const sig = /"sig":"(.)/.exec(text)?.[1] ?? '';
    const broken = text.replace(`"sig":"${sig}`, `"sig":"${sig === 'A' ? 'B' : 'A'}`);
    await page.setInputFiles('#file', {
      name: 'broken.json',
      mimeType: 'application/json',
      buffer: Buffer.from(broken),
    });
    await page.getByRole('heading', { name: 'The certificate is NOT valid' }).waitFor();
    expect(await resultsOf(page)).toMatchObject({
      envelope: 'held',
      key: 'held',
      signature: 'failed',
      payload: 'not-asked',
    });
    await expectAccessible(page);
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '证明无效' }).waitFor();
    await page.close();
  });

  test('a file that is not the one on the paper is told apart', async () => {
    const page = await stranger('en-GB');
    await page.goto(`${stage.server.url}${PAGE}#${'0'.repeat(64)}`);
    await page.getByText('is not available here').waitFor();
    await page.setInputFiles('#file', file('certificate.json'));
    await page.getByRole('heading', { name: 'Valid, but not the one that the paper names' }).waitFor();
    await page.close();
  });

  test('kept on a disk the page verifies offline, against a key or its fingerprint', async () => {
    const online = await stranger('en-GB');
    await online.goto(`${stage.server.url}${PAGE}`);
    const [download] = await Promise.all([
      online.waitForEvent('download'),
      online.getByRole('link', { name: 'Keep this page for offline use' }).click(),
    ]);
    await download.saveAs(file('backcheck-verify.html'));
    const { pem, keyid } = JSON.parse((await bodyOf('/public-key')).toString('utf8'));
    const page = await offline('backcheck-verify.html');
    await page.setInputFiles('#file', file('certificate.json'));
    await page.getByText('whether it still stands is not known').waitFor();
    expect(await resultsOf(page)).toEqual(ALL_HELD);
    for (const known of [pem, keyid]) {
      await page.getByLabel('Public key or its fingerprint').fill(known);
      await page.locator('[data-step=pin][data-result=held]').waitFor();
    }
    await page.getByLabel('Public key or its fingerprint').fill(readFileSync(OTHER_KEY, 'utf8'));
    await page.getByRole('heading', { name: 'The certificate is NOT valid' }).waitFor();
    expect(await resultsOf(page)).toMatchObject({ envelope: 'held', key: 'failed', signature: 'not-asked' });
    await page.context().close();
    await online.close();
  });

  test('when the finding returns, the page, the paper and the command line say so', async () => {
    await importScan(madeInNovember(readFileSync(join(NESSUS, 'before.nessus'), 'utf8')));
    const page = await stranger('en-GB');
    await page.goto(`${stage.server.url}${PAGE}#${sha256}`);
    await page.getByRole('heading', { name: 'Genuine, but it no longer stands' }).waitFor();
    await page.getByText('the finding was seen again').waitFor();
    expect(await resultsOf(page)).toMatchObject({ closure: 'held', standing: 'failed' });
    await expectAccessible(page);

    const list = await bodyOf('/public/supersessions');
    expect(looksLikeSupersessions(list.toString('utf8'))).toBe(true);
    writeFileSync(file('superseded.json'), list);
    const kept = await offline('backcheck-verify.html');
    await kept.setInputFiles('#file', [file('superseded.json'), file('certificate.json')]);
    await kept.getByRole('heading', { name: 'Genuine, but it no longer stands' }).waitFor();

    const said: string[] = [];
    const output = {
      out: (line: string) => said.push(line),
      err: (line: string) => said.push(line),
      language: 'en',
    } as const;
    expect(
      await verifyCommand([file('certificate.json')], { superseded: file('superseded.json') }, output),
    ).toBe(1);
    expect(said.join('')).toContain('SUPERSEDED since');
    if (readsPdf) expect(await paper('both')).toContain('No longer stands since');
    await kept.context().close();
    await page.close();
  });

  /** The page from a disk, in a browser without a network. */
  async function offline(name: string): Promise<Page> {
    const page = await stage.newPage({ offline: true });
    await page.goto(pathToFileURL(file(name)).href);
    return page;
  }

  /** Its text; the file stays in the folder. */
  async function paper(language: (typeof LANGUAGES)[number]): Promise<string> {
    const paper = await bodyOf(`/certificates/${certificateId}/paper?language=${language}`);
    writeFileSync(file(`${language}.pdf`), paper);
    return execFileSync('pdftotext', ['-layout', file(`${language}.pdf`), '-'], { encoding: 'utf8' });
  }
});

const ALL_HELD = Object.fromEntries(CERTIFICATE_STEPS.map((step) => [step, 'held']));

/** What the page says of each step. */
async function resultsOf(page: Page): Promise<Record<string, string | null>> {
  const steps = await page.locator('.steps li').all();
  const pairs = steps.map(
    async (step) => [await step.getAttribute('data-step'), await step.getAttribute('data-result')] as const,
  );
  return Object.fromEntries(await Promise.all(pairs));
}

/** The first scan once more, two months later and with a feed that is not older. */
const madeInNovember = (text: string): string =>
  text
    .replaceAll('Tue, 01 Sep 2026', 'Sun, 01 Nov 2026')
    .replaceAll(/17882(\d{5})/g, (second) => String(Number(second) + 61 * 86_400))
    .replaceAll('202608310001', '202610310001');
