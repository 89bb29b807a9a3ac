import type { Fact } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { WebAssets } from '../web-assets.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { checkOf, ISSUE_TEXTS, ISSUE_WORDS, type IssueTexts, issueFacts } from './issue.ts';

/**
 * The XML of Burp Suite ("report selected issues"). It holds what somebody chose to export and nothing of what
 * was audited, so it opens findings and closes none (COVERAGE.md section 1, row "Burp XML"). `exportTime` is not
 * the time of the scan.
 */
export const burpReader: Reader = {
  format: 'burp',
  detect: (head) => head.trimStart().startsWith('<') && /<issues\s[^<>]*burpVersion\s*=/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const report = new Report();
    const truncated = yield* walkXml(bytes, report);
    const tool = { name: 'burp', version: report.version, feed: null };
    return { tool, startedAt: null, finishedAt: null, complete: !truncated, truncated };
  },
};

class Report implements XmlWalker {
  version: string | null = null;
  readonly #context = { assets: new WebAssets(), explanations: new Explanations() };
  #facts: Fact[] = [];
  #issue: IssueTexts | undefined;
  #started = false;

  open(name: string, attributes: XmlAttributes): boolean {
    if (!this.#started) {
      if (name !== 'issues') {
        throw new UnreadableScan('UNKNOWN_FORMAT', `the file begins with <${name}>, not with <issues>`);
      }
      this.#started = true;
      this.version = attributes['burpVersion'] || null;
    } else if (name === 'issue') this.#issue = {};
    else if (name === 'host' && this.#issue !== undefined) this.#issue.ip = attributes['ip'];
    if (this.#issue === undefined) return false;
    if (ISSUE_WORDS.has(name)) return !this.#context.explanations.has(checkOf(this.#issue));
    return ISSUE_TEXTS.has(name);
  }

  close(name: string, text: string, line: number): void {
    if (this.#issue === undefined) return;
    if (ISSUE_TEXTS.has(name) || ISSUE_WORDS.has(name)) this.#issue[name] = text.trim();
    if (name !== 'issue') return;
    const facts = issueFacts(this.#issue, this.#context);
    this.#issue = undefined;
    const message = 'an issue without type, name or web address was left out';
    this.#facts.push(...(facts ?? [{ record: 'warning', code: 'BAD_RECORD', message, line } as const]));
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }
}
