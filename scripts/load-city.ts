import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Import, Organization, OrganizationList, Party } from '@backcheck/contract';
import { z } from 'zod';
import { actInCity } from './city-action.ts';
import { CityClient, type Door } from './city-client.ts';

/** What is not said here is the importer's default. Strict: an unread `submittedBy` would let a file close. */
const CityFile = z.strictObject({
  path: z.string(),
  declaredAt: z.string().optional(),
  declaredBy: Party.optional(),
  submittedBy: Party.optional(),
  vantage: z.string().optional(),
});

/** `manifest.json` of a city; paths are relative to its folder. */
const Manifest = z.object({
  organizations: z.array(
    z.object({
      name: z.string(),
      nameZh: z.string(),
      files: z.array(CityFile),
    }),
  ),
});
type City = z.infer<typeof Manifest>['organizations'];

/** Sends the invented city to a running server and waits until each of its files is imported. */
export async function loadCity(server: Door, folder: string): Promise<void> {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) {
    process.stdout.write(
      `There is no ${path}; the demo starts without an invented city.\n没有 ${path}，演示以空库启动。\n`,
    );
    return;
  }
  const { organizations } = Manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  const client = await CityClient.signIn(server);
  const ids = await register(client, organizations);
  const imports: string[] = [];
  for (const organization of organizations) {
    for (const file of organization.files)
      imports.push(await send(client, { file, folder, organizationId: ids.get(organization.name) ?? '' }));
  }
  for (const id of imports) await finished(client, id);
  await actInCity(client, ids);
  process.stdout.write(
    `The invented city is loaded: ${organizations.length} organizations, ${imports.length} scan files.\n`,
  );
  process.stdout.write(`示例城市已载入：${organizations.length} 个单位，${imports.length} 个扫描文件。\n`);
}

/** Ids by name; those of an earlier run are found again. */
async function register(client: CityClient, organizations: City): Promise<Map<string, string>> {
  const { items } = OrganizationList.parse(await client.get('/organizations'));
  const ids = new Map(items.map(({ name, id }) => [name, id]));
  for (const { name, nameZh } of organizations) {
    if (ids.has(name)) continue;
    const made = Organization.parse(await client.post('/organizations', { name, nameZh }));
    ids.set(name, made.id);
  }
  return ids;
}

interface FileToSend {
  readonly folder: string;
  readonly file: z.infer<typeof CityFile>;
  readonly organizationId: string;
}

/** The key makes a second run get the imports of the first, and a changed file a new one. */
async function send(client: CityClient, { folder, file, organizationId }: FileToSend): Promise<string> {
  const { path, ...said } = file;
  const form = new FormData();
  form.set('organizationId', organizationId);
  form.set('confirm', 'true');
  for (const [field, text] of Object.entries(said)) form.set(field, text);
  const bytes = readFileSync(join(folder, path));
  form.set('file', new Blob([bytes]), basename(path));
  const key = `demo/${organizationId}/${createHash('sha256').update(bytes).digest('hex')}`;
  return Import.parse(await client.post('/imports', form, { 'idempotency-key': key })).id;
}

async function finished(client: CityClient, id: string): Promise<void> {
  for (;;) {
    const { state, fileName, problem } = Import.parse(await client.get(`/imports/${id}`));
    if (state === 'done') return;
    if (state === 'refused') throw new Error(`${fileName} was refused: ${problem?.detail.en}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
