import { looksLikeSupersessions } from '@backcheck/contract';
import { MAX_CERTIFICATE_BYTES } from '@backcheck/core';
import { type Dispatch, type SetStateAction, useEffect, useMemo, useState } from 'react';
import { examine, readPin } from './examine.ts';
import { FileChooser } from './FileChooser.tsx';
import { InLanguage, useSay } from './language.tsx';
import { Result } from './Result.tsx';
import {
  fetchCertificate,
  fetchFingerprint,
  fetchLists,
  hashInAddress,
  online,
  PAGE_ADDRESS,
} from './server.ts';
import { WORDS } from './words.ts';

interface Held {
  /** Null: the one that the paper's code names. */
  readonly name: string | null;
  readonly bytes: Uint8Array;
}

/** Drop a certificate, or come by a paper's QR code: the whole of verification, in the browser. */
export function VerificationPage() {
  return (
    <InLanguage>
      <Verification />
    </InLanguage>
  );
}

function Verification() {
  const say = useSay();
  const [certificate, hold] = useState<Held | null>(null);
  const [lists, setLists] = useState<readonly string[]>([]);
  const [key, setKey] = useState('');
  const paper = usePaper(hold);
  const server = useServer(setLists);
  const pin = useMemo(() => readPin(key), [key]);
  const answer = useMemo(
    () =>
      certificate === null
        ? null
        : examine({ certificate: certificate.bytes, expected: paper.hash, pin, lists }),
    [certificate, paper.hash, pin, lists],
  );
  const take = async (files: readonly File[]): Promise<void> => {
    for (const file of files) {
      const bytes = await bytesOf(file);
      const text = new TextDecoder().decode(bytes);
      if (looksLikeSupersessions(text)) setLists((held) => [...held, text]);
      else if (readPin(text).kind === 'key') setKey(text.trim());
      else hold({ name: file.name, bytes });
    }
  };
  return (
    <main>
      <h1>{say(WORDS.title)}</h1>
      <p className="lead">{say(WORDS.lead)}</p>
      <FileChooser take={take} />
      <KeyField text={key} change={setKey} unreadable={pin.kind === 'unreadable'} />
      <div role="status">
        {paper.state === 'fetching' ? <p>{say(WORDS.fetching)}</p> : null}
        {paper.state === 'missing' && certificate === null ? (
          <p className="alarm">{say(WORDS.notFetched)}</p>
        ) : null}
        {certificate === null ? null : (
          <p>
            {say(WORDS.chosen)} <bdi>{certificate.name ?? say(WORDS.fromPaper)}</bdi>
          </p>
        )}
      </div>
      {answer === null ? null : <Result answer={answer} serverKey={server} />}
      <footer>
        {online ? (
          <a href={PAGE_ADDRESS} download="backcheck-verify.html">
            {say(WORDS.keep)}
          </a>
        ) : null}
        <span>
          {say(WORDS.command)} <code>backcheck verify</code>
        </span>
      </footer>
    </main>
  );
}

/** More than a certificate may have is read only of what may be a list; what is cut off makes either unreadable. */
async function bytesOf(file: File): Promise<Uint8Array> {
  const most = 64 * MAX_CERTIFICATE_BYTES;
  return new Uint8Array(await file.slice(0, most).arrayBuffer());
}

interface Paper {
  readonly hash: string | null;
  readonly state: 'none' | 'fetching' | 'there' | 'missing';
}

/** The certificate that the address names, fetched by its hash; also when the address changes. */
function usePaper(hold: (held: Held) => void): Paper {
  const [hash, setHash] = useState(hashInAddress);
  const [state, setState] = useState<Paper['state']>('none');
  useEffect(() => {
    const follow = () => setHash(hashInAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    if (hash === null || !online) return;
    let left = false;
    setState('fetching');
    void fetchCertificate(hash).then((text) => {
      if (left) return;
      setState(text === null ? 'missing' : 'there');
      if (text !== null) hold({ name: null, bytes: new TextEncoder().encode(text) });
    });
    return () => {
      left = true;
    };
  }, [hash, hold]);
  return { hash, state };
}

/** The fingerprint that this server publishes, once it is there; hands over its lists of superseded certificates too. */
function useServer(setLists: Dispatch<SetStateAction<readonly string[]>>): string | null {
  const [fingerprint, setFingerprint] = useState<string | null>(null);
  useEffect(() => {
    if (!online) return;
    void fetchFingerprint().then(setFingerprint);
    void fetchLists().then((fetched) => setLists((held) => [...fetched, ...held]));
  }, [setLists]);
  return fingerprint;
}

interface KeyFieldProps {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly unreadable: boolean;
}

function KeyField({ text, change, unreadable }: KeyFieldProps) {
  const say = useSay();
  return (
    <p className="field">
      <label htmlFor="key">{say(WORDS.key)}</label>
      <textarea
        id="key"
        rows={2}
        spellCheck={false}
        value={text}
        aria-describedby="key-hint"
        aria-invalid={unreadable}
        onChange={(event) => change(event.target.value)}
      />
      <span id="key-hint" className={unreadable ? 'hint alarm' : 'hint'}>
        {say(unreadable ? WORDS.keyUnreadable : WORDS.keyHint)}
      </span>
    </p>
  );
}
