import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CSRF_HEADER, Import, Organization, OrganizationList } from '@backcheck/contract';
import { z } from 'zod';
import { ROOT } from './steps.ts';

const CITY = join(ROOT, 'fixtures/city');

/** `fixtures/city/manifest.json`; paths are relative to that folder. */
const Manifest = z.object({
  organizations: z.array(
    z.object({
      name: z.string(),
      nameZh: z.string(),
      files: z.array(z.object({ path: z.string(), declaredAt: z.string().optional() })),
    }),
  ),
});
type City = z.infer<typeof Manifest>['organizations'];

interface Door {
  readonly url: string;
  newSignInLink(): Promise<string>;
}

/** Sends the invented city to a running server and waits until each of its files is imported. */
export async function loadCity(server: Door): Promise<void> {
  const path = join(CITY, 'manifest.json');
  if (!existsSync(path)) {
    process.stdout.write('There is no invented city in fixtures/city; starting empty.\n没有示例城市数据，以空库启动。\n');
    return;
  }
  const { organizations } = Manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  const client = await Client.signIn(server);
  const ids = await register(client, organizations);
  const imports: string[] = [];
  for (const organization of organizations) {
    for (const file of organization.files) imports.push(await send(client, ids.get(organization.name) ?? '', file));
  }
  for (const id of imports) await finished(client, id);
  process.stdout.write(`The invented city is loaded: ${organizations.length} organizations, ${imports.length} scan files.\n`);
  process.stdout.write(`示例城市已载入：${organizations.length} 个单位，${imports.length} 个扫描文件。\n`);
}

/** Ids by name; those of an earlier run are found again. */
async function register(client: Client, organizations: City): Promise<Map<string, string>> {
  const { items } = OrganizationList.parse(await client.get('/organizations'));
  const ids = new Map(items.map(({ name, id }) => [name, id]));
  for (const { name, nameZh } of organizations) {
    if (ids.has(name)) continue;
    const body = JSON.stringify({ name, nameZh });
    const made = Organization.parse(await client.post('/organizations', body, { 'content-type': 'application/json' }));
    ids.set(name, made.id);
  }
  return ids;
}

/** The key makes a second run get the imports of the first. */
async function send(
  client: Client,
  organizationId: string,
  { path, declaredAt }: City[number]['files'][number],
): Promise<string> {
  const form = new FormData();
  form.set('organizationId', organizationId);
  form.set('confirm', 'true');
  if (declaredAt !== undefined) form.set('declaredAt', declaredAt);
  form.set('file', await openAsBlob(join(CITY, path)), basename(path));
  return Import.parse(await client.post('/imports', form, { 'idempotency-key': `demo/${path}` })).id;
}

async function finished(client: Client, id: string): Promise<void> {
  for (;;) {
    const { state, fileName, problem } = Import.parse(await client.get(`/imports/${id}`));
    if (state === 'done') return;
    if (state === 'refused') throw new Error(`${fileName} was refused: ${problem?.detail.en}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A signed-in user of the API. */
class Client {
  readonly #url: string;
  readonly #cookie: string;

  constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  static async signIn({ url, newSignInLink }: Door): Promise<Client> {
    const answer = await fetch(await newSignInLink(), { redirect: 'manual' });
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
    return new Client(`${url}/api/v1`, cookie.join('; '));
  }

  get(path: string): Promise<unknown> {
    return this.#send(path, {});
  }

  post(path: string, body: string | FormData, headers: Record<string, string>): Promise<unknown> {
    return this.#send(path, { method: 'POST', body, headers });
  }

  async #send(path: string, init: { method?: string; body?: string | FormData; headers?: Record<string, string> }) {
    const headers = { ...init.headers, cookie: this.#cookie, [CSRF_HEADER]: '1' };
    const answer = await fetch(this.#url + path, { ...init, headers });
    const body: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(body)}`);
    return body;
  }
}
