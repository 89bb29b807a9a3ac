import { useEffect, useRef, useState } from 'react';
import { askWhoIsSignedIn } from '../app/query-client.ts';
import { type Arrived, type Sending, sendEvidence } from './send-evidence.ts';

/** How far a file is; `from` is the share that had arrived when it was taken up again. */
export type Step =
  | { readonly is: 'sending'; readonly share: number; readonly from?: number | null }
  | { readonly is: 'lost'; readonly share: number }
  | { readonly is: 'scanning'; readonly why: string | null }
  | ({ readonly is: 'done' } & Arrived)
  | { readonly is: 'failed'; readonly error: Error };

export interface EvidenceFile {
  readonly key: number;
  readonly file: File;
  readonly step: Step;
}

export interface Evidence {
  readonly files: readonly EvidenceFile[];
  add(files: readonly File[]): void;
  again(key: number): void;
  remove(key: number): void;
  /** Ids of all uploads, when all have arrived; rejects with the first that failed. */
  settled(): Promise<string[]>;
}

interface EvidenceOptions {
  readonly onDone?: (arrived: Arrived) => void;
  /** Gets the id of an upload that had arrived. */
  readonly onRemoved?: (id: string) => void;
}

/** Sends a file and says each step of it. */
function sendAndTell(file: File, tell: (step: Step) => void): Sending {
  let share = 0;
  let from: number | null = null;
  const sending = sendEvidence(file, {
    onProgress: (now) => {
      share = now;
      tell({ is: 'sending', share, from });
    },
    onResumed: (at) => {
      from = at;
      share = at;
      tell({ is: 'sending', share, from });
    },
    onLost: () => tell({ is: 'lost', share }),
    onScanning: (why) => tell({ is: 'scanning', why }),
  });
  sending.done.then(
    (arrived) => tell({ is: 'done', ...arrived }),
    (error) => tell({ is: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
  );
  return sending;
}

/** Files that are sent as soon as they are chosen. What is still on its way when the screen is left is given up. */
export function useEvidence({ onDone, onRemoved }: EvidenceOptions = {}): Evidence {
  const [files, setFiles] = useState<readonly EvidenceFile[]>([]);
  const sendings = useRef(new Map<number, Sending>());
  const next = useRef(0);
  useEffect(() => {
    const { current } = sendings;
    return () => {
      for (const { leave } of current.values()) leave();
    };
  }, []);

  const set = (key: number, step: Step) =>
    setFiles((before) => before.map((one) => (one.key === key ? { ...one, step } : one)));
  const start = (key: number, file: File) => {
    const sending = sendAndTell(file, (step) => set(key, step));
    sendings.current.set(key, sending);
    sending.done.then(
      // One that was taken back meanwhile is nobody's any more.
      (arrived) => (sendings.current.get(key) === sending ? onDone?.(arrived) : undefined),
      askWhoIsSignedIn,
    );
  };

  return {
    files,
    add: (chosen) => {
      const added = chosen.map((file): EvidenceFile => {
        next.current += 1;
        return { key: next.current, file, step: { is: 'sending', share: 0 } };
      });
      setFiles((before) => [...before, ...added]);
      for (const { key, file } of added) start(key, file);
    },
    again: (key) => {
      const found = files.find((one) => one.key === key);
      if (found === undefined) return;
      set(key, { is: 'sending', share: 0 });
      start(key, found.file);
    },
    remove: (key) => {
      const found = files.find((one) => one.key === key);
      sendings.current.get(key)?.stop();
      sendings.current.delete(key);
      setFiles((before) => before.filter((one) => one.key !== key));
      if (found?.step.is === 'done') onRemoved?.(found.step.upload.id);
    },
    settled: async () => {
      const arrived = await Promise.all([...sendings.current.values()].map(({ done }) => done));
      return arrived.map(({ upload }) => upload.id);
    },
  };
}
