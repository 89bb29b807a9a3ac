import {
  assumptionTexts,
  coverageRows,
  EVIDENCE_LABELS,
  identifierText,
  placeText,
  SEVERITY_LABELS,
  type Text,
  utcTime,
} from '@backcheck/contract';
import type { Closure, ValidCertificate, Witness } from '@backcheck/core';
import type { ReactNode } from 'react';
import { useSay } from './language.tsx';
import { WORDS } from './words.ts';

/** What the certificate says: the finding, what proved it gone, and where that stands. */
export function Statement({ certificate }: { readonly certificate: ValidCertificate }) {
  const say = useSay();
  const { closure, entry, entryHash, leaf } = certificate;
  const { finding, organization, need, at, witnesses } = closure;
  const { check, transport, port, locus } = finding.key;
  return (
    <section>
      <h3>{say(WORDS.says)}</h3>
      <dl>
        <Fact label={WORDS.organization}>{organization.name}</Fact>
        <Fact label={WORDS.finding}>
          {finding.title} · {say(SEVERITY_LABELS[finding.severity])} {finding.cve.join(' ')}
        </Fact>
        <Fact label={WORDS.asset}>{finding.asset.map((one) => say(identifierText(one))).join(', ')}</Fact>
        <Fact label={WORDS.place}>{say(placeText(transport, port))}</Fact>
        <Fact label={WORDS.check}>{`${check} ${locus}`.trimEnd()}</Fact>
        <Fact label={WORDS.seen}>{utcTime(need.last)}</Fact>
        <Fact label={WORDS.gone}>{utcTime(at)}</Fact>
        <Fact label={WORDS.ledger}>{`${entry.seq} · ${utcTime(entry.at)}`}</Fact>
        <Fact label={WORDS.number}>
          <code>{leaf}</code>
        </Fact>
        <Fact label={WORDS.entryHash}>
          <code>{entryHash}</code>
        </Fact>
      </dl>
      {witnesses.map((witness, index) => (
        <Proof key={`${witness.scan.sha256} ${witness.visit.startedAt}`} {...{ closure, witness, index }} />
      ))}
    </section>
  );
}

interface ProofProps {
  readonly closure: Closure;
  readonly witness: Witness;
  readonly index: number;
}

function Proof({ closure, witness, index }: ProofProps) {
  const say = useSay();
  const { scan, claim } = witness;
  const { label, meaning } = EVIDENCE_LABELS[claim.evidence];
  const assumed = assumptionTexts(witness);
  const number = closure.witnesses.length === 1 ? '' : ` ${index + 1}/${closure.witnesses.length}`;
  return (
    <>
      <h3>{say(WORDS.proof) + number}</h3>
      <dl>
        <Fact label={WORDS.proof}>
          {[scan.tool.name, scan.tool.version ?? '', scan.tool.feed ?? ''].join(' ').trimEnd()} ·{' '}
          {say(WORDS.vantage)} {scan.vantage}
        </Fact>
        <Fact label={WORDS.evidence}>
          {say(label)}: {say(meaning)}
        </Fact>
        <Fact label={WORDS.assumptions}>
          {assumed.length === 0 ? say(WORDS.none) : assumed.map(say).join('; ')}
        </Fact>
      </dl>
      <Coverage closure={closure} witness={witness} />
    </>
  );
}

function Coverage({ closure, witness }: Omit<ProofProps, 'index'>) {
  const say = useSay();
  return (
    <table>
      <thead>
        <tr>
          {[WORDS.condition, WORDS.needed, WORDS.brought].map((text) => (
            <th key={text.en} scope="col">
              {say(text)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {coverageRows(closure, witness).map(({ condition, needed, brought }) => (
          <tr key={condition.en}>
            <th scope="row">{say(condition)}</th>
            <td data-label={say(WORDS.needed)}>
              <bdi>{say(needed)}</bdi>
            </td>
            <td data-label={say(WORDS.brought)}>
              <bdi>{say(brought)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Names in a certificate are a stranger's: whatever direction they write in ends with them. */
function Fact({ label, children }: { readonly label: Text; readonly children: ReactNode }) {
  const say = useSay();
  return (
    <>
      <dt>{say(label)}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </>
  );
}
