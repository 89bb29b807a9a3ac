import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { askWhoIsSignedIn } from '../app/query-client.ts';
import { type Origin, upload } from './upload.ts';
import { importKey, importListKey } from './use-imports.ts';

/** One dropped file on its way. With `importId` the server has it whole, and the import's own card takes over. */
export interface Upload {
  readonly key: number;
  readonly file: File;
  readonly share: number;
  readonly importId: string | null;
  readonly error: Error | null;
}

export interface Uploads {
  readonly all: readonly Upload[];
  readonly add: (files: readonly File[], origin: Origin) => void;
  readonly forget: (key: number) => void;
}

/** Files go one after the other: the first sheet comes soonest, and a slow line is not split between them. */
export function useUploads(): Uploads {
  const client = useQueryClient();
  const [all, setAll] = useState<readonly Upload[]>([]);
  const nextKey = useRef(1);
  const line = useRef<Promise<void>>(Promise.resolve());

  const change = useCallback((key: number, part: Partial<Upload>) => {
    setAll((before) => before.map((one) => (one.key === key ? { ...one, ...part } : one)));
  }, []);

  const send = useCallback(
    async ({ key, file }: Upload, origin: Origin) => {
      try {
        const created = await upload(file, origin, (share) => change(key, { share }));
        client.setQueryData(importKey(created.id), created);
        change(key, { importId: created.id, share: 1 });
        await client.invalidateQueries({ queryKey: importListKey });
      } catch (error) {
        const fault = error instanceof Error ? error : new Error(String(error));
        change(key, { error: fault });
        askWhoIsSignedIn(fault);
      }
    },
    [change, client],
  );

  const add = useCallback(
    (files: readonly File[], origin: Origin) => {
      const fresh = files.map((file) => ({
        key: nextKey.current++,
        file,
        share: 0,
        importId: null,
        error: null,
      }));
      setAll((before) => [...fresh, ...before]);
      for (const one of fresh) line.current = line.current.then(() => send(one, origin));
    },
    [send],
  );

  const forget = useCallback(
    (key: number) => setAll((before) => before.filter((one) => one.key !== key)),
    [],
  );
  return { all, add, forget };
}
