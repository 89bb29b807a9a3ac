import { expect, it } from 'vitest';
import { engineOfCheck } from './engine-facts.ts';

/** What a scan file says comes from whoever wrote it; it ends up in the command line of a tool. */
const ability = (check: string, locus: string) =>
  engineOfCheck(check)?.ability({ transport: 'tcp', port: 443, check, locus }) ?? null;

it.each([
  '/a,https://192.0.2.9/',
  '/a\nhttps://192.0.2.9/',
  '/{{resolve("attacker.example")}}',
  '/a b',
  '/"',
  '/\\',
  '/ü',
])('nuclei is not pointed at a path that its command line would read as something else: %j', (path) => {
  expect(ability('nuclei:exposed-panel', `${path}#word`)).toBeNull();
});

it('nuclei is pointed at paths as browsers write them', () => {
  expect(ability('nuclei:exposed-panel', "/~a/b;c=1/%7B/(x)/@:!$&'*+=-_.#word")).toMatchObject({
    method: 'template',
  });
});

it.each([
  'nuclei:*',
  'nuclei:a,b',
  'nuclei:/etc/passwd',
  'nuclei:../a',
  'nuclei:-tags',
  'nmap-script:all',
  'nmap-script:dos',
  'nmap-script:exploit',
  'nmap-script:./x.nse',
  'nmap-script:ssl-poodle,dos',
  'testssl:-p --file x',
])('%s is no check of a retest', (check) => {
  expect(ability(check, check.startsWith('nuclei') ? '/' : '')).toBeNull();
});

it('a stored request that may change something needs more than leave to read pages', () => {
  const check = 'backcheck-http:stored-request';
  expect(ability(check, 'GET /item?id=%27 200 "SQL"')?.method).toBe('http');
  expect(ability(check, 'HEAD / 200 ""')?.method).toBe('http');
  expect(ability(check, 'POST /search 5xx "SQL" safe "q=%27"')?.method).toBe('template');
  expect(ability(check, 'DELETE /item/1 200 "" safe')?.method).toBe('template');
  expect(ability(check, 'CONNECT /x 200 "" safe')).toBeNull();
});
