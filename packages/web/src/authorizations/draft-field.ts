import type { DraftFlaw, TermsDraft } from './terms-draft.ts';

/** The id of a field's control. */
export const fieldId = (field: string): string => `draft-${field}`;

/** What each part of the form gets. */
export interface DraftPartProps {
  readonly draft: TermsDraft;
  /** What changes; by a function where it follows from what is there, since two fields can change at once. */
  readonly onChange: (change: Partial<TermsDraft> | ((draft: TermsDraft) => Partial<TermsDraft>)) => void;
  readonly error: (field: DraftFlaw['field']) => string | undefined;
}
