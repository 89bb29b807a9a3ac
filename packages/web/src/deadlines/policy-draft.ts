import { PolicyContent } from '@backcheck/contract';
import type { Term } from '@backcheck/core';

type Rule = PolicyContent['rules'][number];

/** The term that a rule asks for, whatever it is called there. */
export function termOfRule({ fix }: Rule): Term {
  if (fix.kind === 'within') return fix.term;
  return fix.kind === 'upgrade' ? fix.review : fix.otherwise;
}

function withTerm({ fix, ...rule }: Rule, term: Term): Rule {
  if (fix.kind === 'within') return { ...rule, fix: { kind: 'within', term } };
  return fix.kind === 'upgrade'
    ? { ...rule, fix: { kind: 'upgrade', review: term } }
    : { ...rule, fix: { kind: 'kev-due-date', otherwise: term } };
}

/** The policy with another term in one rule. */
export const changedTerm = (content: PolicyContent, id: string, term: Term): PolicyContent => ({
  ...content,
  rules: content.rules.map((rule) => (rule.id === id ? withTerm(rule, term) : rule)),
});

/** What was typed as JSON: a policy, or where it is none; `''`: it is not even JSON. */
export function readPolicy(text: string): PolicyContent | { readonly place: string } {
  try {
    const read = PolicyContent.safeParse(JSON.parse(text));
    if (read.success) return read.data;
    return { place: read.error.issues[0]?.path.join('.') || '/' };
  } catch {
    return { place: '' };
  }
}
