import { type RetestFinding, WAY_TO_PROVE_LABELS } from '@backcheck/contract';
import type { WayToProve } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { placeOf } from '../findings/place.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { OutcomeMark } from './OutcomeMark.tsx';
import { ReasonText } from './ReasonText.tsx';

export function ResultTable({ results }: { readonly results: readonly RetestFinding[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-label={t('retests.results')}>
      <thead>
        <tr>
          <th scope="col">{t('retests.finding')}</th>
          <th scope="col">{t('retests.outcome')}</th>
          <th scope="col">{t('retests.evidence')}</th>
        </tr>
      </thead>
      <tbody>
        {results.map((one) => (
          <ResultRow key={one.finding.id} result={one} />
        ))}
      </tbody>
    </table>
  );
}

function ResultRow({ result }: { readonly result: RetestFinding }) {
  const { finding } = result;
  const { name, port } = placeOf(finding);
  return (
    <tr>
      <th scope="row">
        <Link to="/findings/$findingId" params={{ findingId: finding.id }}>
          {finding.title}
        </Link>
        <small className="identifier">{name + port}</small>
        <code className="identifier">{finding.check}</code>
      </th>
      <td>
        <OutcomeMark outcome={result.outcome} />
        {result.reason === null ? null : <ReasonText reason={result.reason} />}
        <WouldProve ways={result.wouldProve} />
      </td>
      <td>
        <Evidence result={result} findingId={finding.id} />
      </td>
    </tr>
  );
}

/** What would prove it, where nothing here can. */
export function WouldProve({ ways }: { readonly ways: readonly WayToProve[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (ways.length === 0) return null;
  return (
    <div className="would-prove">
      <p>{t('retests.wouldProve')}</p>
      <ul>
        {ways.map((way) => (
          <li key={way}>{WAY_TO_PROVE_LABELS[way][language]}</li>
        ))}
      </ul>
    </div>
  );
}

interface EvidenceProps {
  readonly result: Pick<RetestFinding, 'outcome' | 'scanId' | 'certificateId'>;
  /** The finding where this is not its own page already. */
  readonly findingId?: string;
}

/** The scan that decided, at its place in the finding's history, and the certificate where it proved. */
export function Evidence({ result: { outcome, scanId, certificateId }, findingId }: EvidenceProps) {
  const { t } = useTranslation();
  if ((outcome !== 'proven' && outcome !== 'still-present') || (scanId === null && certificateId === null))
    return <>–</>;
  return (
    <>
      {scanId === null ? null : (
        <p>
          <a
            href={`${findingId === undefined ? '' : `/findings/${findingId}`}#event-${outcome === 'proven' ? 'absent' : 'present'}-${scanId}`}
          >
            {t(`retests.seen.${outcome === 'proven' ? 'proven' : 'present'}`)}
          </a>
        </p>
      )}
      {certificateId === null ? null : (
        <a
          className="button-link"
          href={`/api/v1/certificates/${certificateId}`}
          download={`backcheck-certificate-${certificateId}.json`}
        >
          {t('certificate.number', { id: certificateId })}
        </a>
      )}
    </>
  );
}
