import {
  CERTIFICATE_LIMITS,
  CERTIFICATE_STEP_LABELS,
  SUPERSESSION_LABELS,
  type Text,
  utcTime,
} from '@backcheck/contract';
import type { ValidCertificate } from '@backcheck/core';
import type { Answer, StepResult } from './examine.ts';
import { useSay } from './language.tsx';
import { Statement } from './Statement.tsx';
import { WORDS } from './words.ts';

interface ResultProps {
  readonly answer: Answer;
  /** The fingerprint that the server of this page publishes; null: unknown. */
  readonly serverKey: string | null;
}

export function Result({ answer, serverKey }: ResultProps) {
  const say = useSay();
  const { verdict, sha256 } = answer;
  const [title, mood] = headline(answer);
  return (
    <article aria-label={say(title)}>
      <div className="verdict" data-mood={mood}>
        <h2>
          <span aria-hidden="true">{mood === 'good' ? '✓' : mood === 'bad' ? '✗' : '!'}</span> {say(title)}
        </h2>
        <Why answer={answer} />
      </div>
      <Steps answer={answer} />
      <dl>
        <dt>{say(WORDS.sha256)}</dt>
        <dd>
          <code>{sha256}</code>
        </dd>
        {verdict.verdict === 'valid' ? (
          <Key certificate={verdict} pinned={answer.pinned} serverKey={serverKey} />
        ) : null}
      </dl>
      {verdict.verdict === 'valid' ? (
        <>
          <Statement certificate={verdict} />
          <section>
            <h3>{say(WORDS.saysNot)}</h3>
            <ul>
              {CERTIFICATE_LIMITS.map((text) => (
                <li key={text.en}>{say(text)}</li>
              ))}
            </ul>
          </section>
        </>
      ) : null}
    </article>
  );
}

function headline({ verdict, sameAsPaper, standing }: Answer): readonly [Text, 'good' | 'warn' | 'bad'] {
  if (verdict.verdict === 'unreadable') return [WORDS.unreadable, 'bad'];
  if (verdict.verdict === 'invalid') return [WORDS.invalid, 'bad'];
  if (sameAsPaper === false) return [WORDS.otherFile, 'warn'];
  return standing.kind === 'superseded' ? [WORDS.superseded, 'warn'] : [WORDS.valid, 'good'];
}

function Why({ answer: { verdict, standing } }: { readonly answer: Answer }) {
  const say = useSay();
  if (verdict.verdict === 'invalid') {
    return (
      <p>
        {say(WORDS.failedAt)} <strong>{say(CERTIFICATE_STEP_LABELS[verdict.step])}</strong> (
        <code>{verdict.step}</code>). <bdi lang="en">{verdict.message}</bdi>
      </p>
    );
  }
  if (verdict.verdict === 'unreadable') return <p lang="en">{verdict.message}</p>;
  switch (standing.kind) {
    case 'superseded':
      return (
        <p>
          {utcTime(standing.entry.at)} · {say(SUPERSESSION_LABELS[standing.entry.cause])}
        </p>
      );
    case 'unusable':
      return (
        <p>
          {say(WORDS.listUnusable)} <bdi lang="en">{standing.message}</bdi>
        </p>
      );
    case 'no-list':
      return <p>{say(WORDS.noList)}</p>;
    case 'not-listed':
      return null;
  }
}

/** Those of docs/certificate.md section 5, and around them what is asked of paper, key and list. */
function Steps({ answer: { steps, sameAsPaper, pinned, standing, verdict } }: { readonly answer: Answer }) {
  const say = useSay();
  return (
    <section>
      <h3>{say(WORDS.steps)}</h3>
      <ol className="steps">
        {sameAsPaper === null ? null : (
          <Step name="paper" text={WORDS.paperStep} result={sameAsPaper ? 'held' : 'failed'} />
        )}
        {steps.map(({ step, result }) => (
          <Step key={step} name={step} text={CERTIFICATE_STEP_LABELS[step]} result={result} />
        ))}
        {pinned ? <Step name="pin" text={WORDS.pinStep} result="held" /> : null}
        {verdict.verdict === 'valid' && standing.kind !== 'no-list' ? (
          <Step
            name="standing"
            text={WORDS.standingStep}
            result={STANDING_RESULT[standing.kind]}
            note={
              standing.kind === 'not-listed'
                ? `${say(WORDS.listIssued)} ${utcTime(standing.list.issuedAt)}, ${say(WORDS.listUntil)} ${utcTime(standing.list.until)}`
                : undefined
            }
          />
        ) : null}
      </ol>
    </section>
  );
}

const STANDING_RESULT = { 'not-listed': 'held', superseded: 'failed', unusable: 'not-asked' } as const;
const MARKS = { held: '✓', failed: '✗', 'not-asked': '–' } as const;
const RESULT_WORDS = { held: WORDS.held, failed: WORDS.failed, 'not-asked': WORDS.notAsked } as const;

interface StepProps {
  readonly name: string;
  readonly text: Text;
  readonly result: StepResult['result'];
  readonly note?: string | undefined;
}

function Step({ name, text, result, note }: StepProps) {
  const say = useSay();
  return (
    <li data-step={name} data-result={result}>
      <span className="mark" role="img" aria-label={say(RESULT_WORDS[result])}>
        {MARKS[result]}
      </span>
      <span>
        {say(text)}
        {note === undefined ? null : <span className="hint"> · {note}</span>}
      </span>
    </li>
  );
}

interface KeyProps {
  readonly certificate: ValidCertificate;
  readonly pinned: boolean;
  readonly serverKey: string | null;
}

function Key({ certificate: { key }, pinned, serverKey }: KeyProps) {
  const say = useSay();
  const known =
    serverKey === null ? WORDS.compare : serverKey === key.fingerprint ? WORDS.serverKey : WORDS.otherKey;
  return (
    <>
      <dt>{say(WORDS.fingerprint)}</dt>
      <dd>
        <code>{key.fingerprint}</code>
        <br />
        <span className={serverKey !== null && known === WORDS.otherKey ? 'alarm' : 'hint'}>
          {say(pinned ? WORDS.pinStep : known)}
        </span>
      </dd>
    </>
  );
}
