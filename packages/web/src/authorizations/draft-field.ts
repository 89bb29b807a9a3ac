import type { DraftFlaw, TermsDraft } from './terms-draft.ts';

/** The id of a field's control. */
export const fieldId = (field: string): string => `draft-${field}`;

/** What each part of the form gets. */
export interface DraftPartProps {
  readonly draft: TermsDraft;
  readonly onChange: (change: Partial<TermsDraft>) => void;
  readonly error: (field: DraftFlaw['field']) => string | undefined;
}
