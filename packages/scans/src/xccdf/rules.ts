/** What a rule of the benchmark adds to its results. */
export interface Rule {
  title: string;
  severity: string | undefined;
  /** Texts that may hold CVE ids. */
  readonly idents: string[];
}

/** The largest published benchmarks have some ten thousand rules; of further ones only the id is known. */
const MAX_RULES = 100_000;
const MAX_TITLE = 500;
const MAX_IDENTS = 500;

/** The rules of a benchmark, which stand in front of the results. */
export class Rules {
  readonly #byId = new Map<string, Rule>();

  open(id: string, severity: string | undefined): Rule {
    const rule: Rule = { title: '', severity, idents: [] };
    if (this.#byId.size < MAX_RULES && !this.#byId.has(id)) this.#byId.set(id, rule);
    return rule;
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
