import { plainOfHtml } from '../explanation.ts';

/** What a rule of the benchmark adds to its results. */
export interface Rule {
  title: string;
  severity: string | undefined;
  /** Texts that may hold CVE ids. */
  readonly idents: string[];
  /** As the file has them: XHTML of some is escaped, of others it is part of the XML, where only its text is read. */
  readonly texts: Partial<Record<RuleText, string>>;
}

export type RuleText = 'description' | 'rationale' | 'fixtext';

export function isRuleText(name: string): name is RuleText {
  return name === 'description' || name === 'rationale' || name === 'fixtext';
}

/** The largest published benchmarks have some ten thousand rules; of further ones only the id is known. */
const MAX_RULES = 100_000;
const MAX_TITLE = 500;
const MAX_IDENTS = 500;
const MAX_TEXT = 10_000;
/** Characters of the texts of all rules; of further rules there is no text. */
const MAX_TEXTS = 16_000_000;

/** The rules of a benchmark, which stand in front of the results. */
export class Rules {
  readonly #byId = new Map<string, Rule>();
  #room = MAX_TEXTS;

  open(id: string, severity: string | undefined): Rule {
    const rule: Rule = { title: '', severity, idents: [], texts: {} };
    if (this.#byId.size < MAX_RULES && !this.#byId.has(id)) this.#byId.set(id, rule);
    return rule;
  }

  /** Of several, in other languages, the first counts. */
  addText(rule: Rule, name: RuleText, text: string): void {
    if (rule.texts[name] !== undefined || this.#room <= 0) return;
    rule.texts[name] = text.slice(0, MAX_TEXT);
    this.#room -= text.length;
  }

  of(id: string): Rule | undefined {
    return this.#byId.get(id);
  }
}

export function addTitle(rule: Rule, text: string): void {
  rule.title ||= text.replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE);
}

export function addIdent(rule: Pick<Rule, 'idents'>, text: string): void {
  if (rule.idents.length < MAX_IDENTS) rule.idents.push(text.trim().slice(0, MAX_TITLE));
}

/** STIGs write elements of their own into the description, of which one explains the rule. */
const DISCUSSION = /<VulnDiscussion>([\s\S]*?)(?:<\/VulnDiscussion>|$)/;
/** Angle brackets that are not of HTML are part of a command. */
const HTML = /<\/?(?:p|br|div|ul|ol|li|pre|code|tt|b|i|em|strong|a|span|table)\b[^<>]*>/i;

export function wordsOf({ texts }: Rule) {
  const { description = '', rationale = '', fixtext = '' } = texts;
  const said = DISCUSSION.exec(description)?.[1] ?? description;
  return { description: plain(said), harm: plain(rationale), advice: plain(fixtext) };
}

const plain = (text: string): string => (HTML.test(text) ? plainOfHtml(text) : text);
