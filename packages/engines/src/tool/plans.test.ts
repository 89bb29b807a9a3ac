import type { Question } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import type { Order } from '../engine.ts';
import { nmapPlan } from '../nmap/engine.ts';
import { nucleiPlan } from '../nuclei/engine.ts';
import { sslscanPlan } from '../sslscan/engine.ts';
import { testsslPlan } from '../testssl/engine.ts';
import { wapitiPlan } from '../wapiti/engine.ts';
import type { ToolPlan } from './run-for-file.ts';

interface Asked {
  readonly port?: number;
  readonly locus?: string;
}

const ask = (check: string, { port = 443, locus = '' }: Asked = {}): Question => ({
  findingId: `${check} ${port}`,
  transport: 'tcp',
  port,
  check,
  locus,
});

const order = (questions: readonly Question[], more: Partial<Order> = {}): Order => ({
  engine: 'nmap',
  method: 'tls',
  host: '192.0.2.7',
  address: '192.0.2.7',
  rate: 10,
  questions,
  ...more,
});

const line = (plan: ToolPlan | null): string => (plan === null ? '' : [plan.command, ...plan.args].join(' '));

const NAMED = { host: 'www.example.org' };
const SIX = { host: '2001:db8::7', address: '2001:db8::7' };

describe('the command line of nmap', () => {
  const ports = [
    ask('nmap:open-port', { port: 23 }),
    ask('nmap:open-port', { port: 22 }),
    ask('nmap:open-port', { port: 21 }),
  ];

  test('knocks on the ports asked for and on no other, no faster than the rate', () => {
    expect(line(nmapPlan(order(ports), true))).toBe(
      'nmap -n -Pn --max-rate 10 -p 21-23 --reason -oX nmap.xml 192.0.2.7',
    );
  });

  test('connects where it may not make packets by itself, and knows IPv6', () => {
    expect(line(nmapPlan(order(ports.slice(0, 1), SIX), false))).toBe(
      'nmap -n -Pn -6 --unprivileged --max-rate 10 -p 23 --reason -oX nmap.xml 2001:db8::7',
    );
  });

  test('forces the scripts asked for, and has them say also that nothing is wrong', () => {
    const scripts = [
      ask('nmap-script:ssl-poodle'),
      ask('nmap-script:ssl-cert', { locus: 'expired' }),
      ask('nmap-script:ssl-poodle'),
    ];
    expect(line(nmapPlan(order(scripts, NAMED), true))).toBe(
      'nmap -n -Pn --max-rate 10 -p 443 --reason --script +ssl-cert,+ssl-poodle --script-args vulns.showall -oX nmap.xml www.example.org',
    );
  });
});

describe('the command line of sslscan', () => {
  const least = '--no-compression --no-fallback --no-groups --no-cipher-details';

  test('leaves out all that nobody asked for, and pauses before each connection', () => {
    expect(line(sslscanPlan(order([ask('sslscan:ssl3'), ask('sslscan:weak-key')])))).toBe(
      `env --ignore-signal=PIPE sslscan --no-colour --sleep=100 ${least} --no-ciphersuites --no-heartbleed --no-renegotiation --xml=sslscan.xml 192.0.2.7:443`,
    );
  });

  test('asks for the server name of the finding', () => {
    const locus = 'www.example.org#TLSv1.0#TLS_RSA_WITH_RC4_128_SHA';
    expect(line(sslscanPlan(order([ask('sslscan:weak-cipher', { locus })])))).toContain(
      `--sleep=100 --sni-name=www.example.org ${least} --no-heartbleed --no-renegotiation --xml`,
    );
    const plain = ask('sslscan:weak-cipher', { locus: 'TLSv1.0#TLS_RSA_WITH_RC4_128_SHA' });
    expect(line(sslscanPlan(order([plain])))).not.toContain('--sni-name');
    expect(line(sslscanPlan(order([ask('sslscan:heartbleed', { locus: 'TLSv1.2' })])))).not.toContain(
      '--sni-name',
    );
  });

  test('asks for TLS in the words of the port, and writes an IPv6 address in brackets', () => {
    const plan = line(sslscanPlan(order([ask('sslscan:ssl3', { port: 5432 })], SIX)));
    expect(plan).toContain('--starttls-psql');
    expect(plan).toMatch(/ \[2001:db8::7\]:5432$/);
  });
});

describe('the command line of testssl.sh', () => {
  test('names the pinned address, the sections of the rows asked for, and always the protocols', () => {
    const plan = testsslPlan(
      order([ask('testssl:BEAST'), ask('testssl:HSTS'), ask('testssl:BEAST_CBC_TLS1')], NAMED),
    );
    expect(line(plan)).toBe(
      'testssl --warnings batch --quiet --color 0 --nodns none --connect-timeout 10 --openssl-timeout 10 --ip=192.0.2.7 -p -A -h --jsonfile-pretty testssl.json www.example.org:443',
    );
  });

  test('asks for TLS in the words of the port, and knows IPv6', () => {
    const plan = line(testsslPlan(order([ask('testssl:SSLv3', { port: 25 })], SIX)));
    expect(plan).toContain('--ip=2001:db8::7 -6 --starttls smtp -p --jsonfile-pretty');
  });
});

test('the command line of nuclei names templates and pages, and leads through the proxy', () => {
  const questions = [
    ask('nuclei:exposed-panel', { locus: '/admin/#body-matcher' }),
    ask('nuclei:env-file', { locus: '/' }),
  ];
  const means = {
    origin: 'https://www.example.org:443',
    proxy: 'http://127.0.0.1:9',
    templates: '/templates',
  };
  expect(line(nucleiPlan(order(questions, NAMED), means))).toBe(
    'nuclei -target https://www.example.org:443/ -target https://www.example.org:443/admin/ -templates /templates' +
      ' -template-id env-file,exposed-panel -type http -matcher-status -jsonl -scan-strategy template-spray -no-mhe' +
      ' -disable-update-check -no-httpx -no-interactsh -no-color -silent -rate-limit 10 -proxy http://127.0.0.1:9' +
      ' -output nuclei.jsonl',
  );
});

describe('the command line of wapiti', () => {
  const plan = (...questions: Question[]): string =>
    line(wapitiPlan(order(questions), 'http://192.0.2.7:80', 'http://127.0.0.1:9'));

  test('starts the modules asked for at the pages of the findings, with the parameter', () => {
    expect(
      plan(
        ask('wapiti:cross-site-scripting', { locus: '/search#GET q' }),
        ask('wapiti:sql-injection', { locus: '/' }),
      ),
    ).toContain(
      'wapiti --url http://192.0.2.7:80/ --start http://192.0.2.7:80/ --start http://192.0.2.7:80/search?q=1' +
        ' --scope folder --depth 0 --module sql,xss --proxy http://127.0.0.1:9 ',
    );
  });

  test('is not written for a class without a module', () => {
    expect(plan(ask('wapiti:internal-server-error'))).toBe('');
  });
});
