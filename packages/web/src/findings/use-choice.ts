import { useCallback, useState } from 'react';
import { allows, useAccess } from '../app/use-access.ts';

/** Rows of the list that a person picked out. */
export interface Choice {
  /** Whether there is anything that this person could do with them. */
  readonly isOffered: boolean;
  readonly ids: ReadonlySet<string>;
  readonly set: (ids: readonly string[]) => void;
  readonly choose: (id: string, isChosen: boolean) => void;
}

export function useChoice(): Choice {
  const { data } = useAccess();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const set = useCallback((chosen: readonly string[]) => setIds(new Set(chosen)), []);
  // The same function always: a row that did not change is not drawn again.
  const choose = useCallback(
    (id: string, isChosen: boolean) =>
      setIds((before) =>
        isChosen ? new Set([...before, id]) : new Set([...before].filter((one) => one !== id)),
      ),
    [],
  );
  const isOffered = (['reply', 'retest', 'notice'] as const).some((object) =>
    allows(data, { object, action: 'create' }),
  );
  return { isOffered, ids, set, choose };
}
