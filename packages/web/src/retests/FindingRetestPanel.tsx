import { FIX_CAUSE_LABELS, type Finding, type FindingRetests, type FixClaim } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsCoordinator, useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Fact } from '../ui/Fact.tsx';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';
import { AskDialog } from './AskDialog.tsx';
import { ClaimSignature } from './ClaimSignature.tsx';
import { OutcomeMark } from './OutcomeMark.tsx';
import { ReasonText } from './ReasonText.tsx';
import { Evidence, WouldProve } from './ResultTable.tsx';
import { Duration, RetestStanding } from './RetestStanding.tsx';
import { useFindingRetests } from './use-retests.ts';
import './retests.css';

/** On the page of a finding: "it is fixed, look again", and what came of it each time. */
export function FindingRetestPanel({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const found = useFindingRetests(finding.id);
  const isCoordinator = useIsCoordinator();
  const claimsFirst = !isCoordinator && finding.state !== 'verified-fixed';
  const mayAsk = useMay({ object: 'retest', action: 'create' });
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  const { claims = [], retests = [], coordinatorSeconds = 0 } = found.data ?? {};
  return (
    <section className="panel retest-panel" aria-labelledby="retest-title">
      <h2 id="retest-title">{t('retests.panel.title')}</h2>
      {found.error === null ? null : <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && retests.length === 0 ? <p className="hint">{t('retests.panel.none')}</p> : null}
      <ol className="rows retest-rows" aria-live="polite">
        {retests.map((one) => (
          <RetestEntry key={one.id} retest={one} claim={claims.find(({ id }) => id === one.fixClaimId)} />
        ))}
        {claims
          .filter(({ id }) => !retests.some((one) => one.fixClaimId === id))
          .map((claim) => (
            <li key={claim.id}>
              <Claim claim={claim} />
              <ClaimSignature claim={claim} />
            </li>
          ))}
      </ol>
      {coordinatorSeconds === 0 ? null : (
        <p className="hint">
          {t('retests.panel.waited')} <Duration seconds={coordinatorSeconds} />
        </p>
      )}
      {mayAsk ? (
        <Button type="primary" onClick={() => setAsking(true)}>
          {t(claimsFirst ? 'retests.panel.claim' : 'retests.panel.ask')}
        </Button>
      ) : null}
      {asking ? (
        <AskDialog findingIds={[finding.id]} claimsFirst={claimsFirst} onClose={close} onAsked={close} />
      ) : null}
    </section>
  );
}

interface RetestEntryProps {
  readonly retest: FindingRetests['retests'][number];
  readonly claim: FixClaim | undefined;
}

function RetestEntry({ retest, claim }: RetestEntryProps) {
  const { result } = retest;
  return (
    <li>
      <p className="retest-line">
        {result.outcome === null ? <RetestStanding of={retest} /> : <OutcomeMark outcome={result.outcome} />}{' '}
        <Link to="/retests/$retestId" params={{ retestId: retest.id }}>
          <When at={retest.finishedAt ?? retest.requestedAt} />
        </Link>
      </p>
      {result.reason === null ? null : <ReasonText reason={result.reason} />}
      <WouldProve ways={result.wouldProve} />
      {result.outcome === 'proven' || result.outcome === 'still-present' ? (
        <Evidence result={result} />
      ) : null}
      {claim === undefined ? null : (
        <>
          <Claim claim={claim} />
          <ClaimSignature claim={claim} />
        </>
      )}
    </li>
  );
}

function Claim({ claim }: { readonly claim: FixClaim }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <details className="fix-claim">
      <summary>
        {t('retests.claim.by', { name: claim.claimedBy.name })} <When at={claim.claimedAt} />
      </summary>
      <p>
        <strong>{FIX_CAUSE_LABELS[claim.cause][language]}</strong>
      </p>
      <p className="measure">{claim.measure}</p>
      <Said claim={claim} />
      {claim.similar === null ? null : <p>{t('retests.claim.similarSaid', claim.similar)}</p>}
      {claim.evidence.map(({ no, fileName }) => (
        <p key={no}>
          <a href={`/api/v1/fix-claims/${claim.id}/evidence/${no}`} download={fileName} className="file-name">
            {fileName}
          </a>
        </p>
      ))}
    </details>
  );
}

const SAID = ['fixedOn', 'fixedBy', 'answerable', 'residualRisk'] as const;

/** What of the feedback form was filled in beside cause and measure. */
function Said({ claim }: { readonly claim: FixClaim }) {
  const { t } = useTranslation();
  const said = SAID.flatMap((name) => {
    const words = claim[name];
    return words === null ? [] : [{ name, words }];
  });
  if (said.length === 0) return null;
  return (
    <dl className="key-facts">
      {said.map(({ name, words }) => (
        <Fact key={name} label={t(`retests.claim.said.${name}`)}>
          <span className="measure">{words}</span>
        </Fact>
      ))}
    </dl>
  );
}
