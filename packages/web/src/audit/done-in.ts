import { AUDIT_ACTION_LABELS, AUDIT_STEP_LABELS, type AuditEntry, type Language } from '@backcheck/contract';

const ACTIONS: Readonly<Partial<Record<string, { readonly [L in Language]: string }>>> = AUDIT_ACTION_LABELS;

/** What was done, in words: the step that the route names, else the action; one that only a newer version knows, as it is. */
export function doneIn(
  { action, details }: Pick<AuditEntry, 'action' | 'details'>,
  language: Language,
): string {
  const step =
    String(details['operation'] ?? '')
      .split('/')
      .at(-1) ?? '';
  return (AUDIT_STEP_LABELS[step] ?? ACTIONS[action])?.[language] ?? action;
}
