import type { Fact } from '@backcheck/core';
import { type JsonElement, walkJson } from '../json.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import type { Reader } from '../reader.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { type Fields, ZapReport } from './report.ts';

/** Before ZAP 2.8 the report of one site had the site in place of the list. */
const PATHS = ['site.*.alerts.*.instances', 'site.alerts.*.instances'];

/** ZAP's "Traditional JSON" reports, with and without requests and insights; they say what the XML says. */
export const zapJsonReader: Reader = {
  format: 'zap-json',
  detect: (head) =>
    /^\s*\{/.test(head) &&
    /"@version"\s*:/.test(head) &&
    /"@generated"\s*:|"@programName"\s*:\s*"(?:OWASP )?ZAP/.test(head),
  async *read(bytes) {
    const report = new ZapReport();
    try {
      const placed = new Set<string>();
      const walk = walkJson(bytes, PATHS);
      for (;;) {
        const step = await walk.next();
        if (step.done !== true) {
          for (const element of step.value.elements) placed.add(addInstance(report, element));
          continue;
        }
        const { document, truncated, warnings } = step.value;
        yield [...warnings, ...addDocument(report, document, placed)];
        yield* report.facts(truncated);
        return report.head(truncated);
      }
    } finally {
      report.close();
    }
  },
};

/** Gives the name of the alert. */
function addInstance(report: ZapReport, { keys, value }: JsonElement): string {
  const site = typeof keys[1] === 'number' ? keys[1] : 0;
  const alert = `${site}.${keys.at(-3)}`;
  report.addInstance(site, alert, fieldsOf(value));
  return alert;
}

/** Gives what explains the checks. */
function addDocument(report: ZapReport, document: unknown, placed: ReadonlySet<string>): Fact[] {
  const facts: Fact[] = [];
  report.version = textAt(document, '@version') ?? null;
  report.writtenAt = zonedInstant(textAt(document, 'created'));
  report.stopped = valueAt(document, 'stoppingInsight') !== undefined;
  for (const insight of listAt(document, 'insights')) report.addInsight(fieldsOf(insight));
  const site = valueAt(document, 'site');
  for (const [s, value] of (Array.isArray(site) ? site : [site]).entries()) {
    if (value === undefined) continue;
    const [name, host, port] = ['@name', '@host', '@port'].map((key) => textAt(value, key));
    report.addSite(s, { name, host, port });
    for (const [a, alert] of listAt(value, 'alerts').entries()) {
      const tags = listAt(alert, 'tags').map((tag) => textAt(tag, 'tag') ?? '');
      if (!placed.has(`${s}.${a}`)) report.addInstance(s, `${s}.${a}`, {});
      facts.push(...report.addAlert(s, `${s}.${a}`, { ...fieldsOf(alert), tags: tags.join(' ') }));
    }
  }
  return facts;
}

/** What is read of an alert, an instance and an insight. */
const NAMES =
  'pluginid alertRef alert name riskcode reference cweid systemic desc solution uri method param attack site key statistic'.split(
    ' ',
  );

/** Numbers and booleans as text: versions of ZAP differ in what they quote. */
function fieldsOf(value: unknown): Fields {
  const texts = NAMES.map((name) => [name, valueAt(value, name)] as const);
  const scalar = texts.filter(([, one]) => ['string', 'number', 'boolean'].includes(typeof one));
  return Object.fromEntries(scalar.map(([name, one]) => [name, String(one)]));
}
