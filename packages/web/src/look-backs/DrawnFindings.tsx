import { type LookBackDetail, type LookBackFinding, retestReasonLabel } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { OutcomeMark } from '../retests/OutcomeMark.tsx';
import { ReasonText } from '../retests/ReasonText.tsx';
import { Pages } from '../ui/Pages.tsx';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { useLookBackFindings } from './use-look-backs.ts';

/** What was drawn and what became of it, what came back first. */
export function DrawnFindings({ of }: { readonly of: Pick<LookBackDetail, 'id' | 'state'> }) {
  const { t } = useTranslation();
  const list = useLookBackFindings(of);
  return (
    <section className="block" aria-labelledby="drawn-title">
      <h2 id="drawn-title">{t('lookBacks.findings.title')}</h2>
      <Pages list={list}>
        {(items) => (
          <table className="quiet stacked drawn-findings" aria-labelledby="drawn-title">
            <thead>
              <tr>
                <th scope="col">{t('lookBacks.findings.finding')}</th>
                <th scope="col">{t('organization.label')}</th>
                <th scope="col">{t('lookBacks.findings.severity')}</th>
                <th scope="col">{t('lookBacks.findings.outcome')}</th>
                <th scope="col">{t('lookBacks.findings.proof')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <FindingRow key={one.findingId} of={one} />
              ))}
            </tbody>
          </table>
        )}
      </Pages>
    </section>
  );
}

function FindingRow({ of: one }: { readonly of: LookBackFinding }) {
  const { t } = useTranslation();
  const { findingId, title, organization, severity, retestId, outcome, certificateId, superseded } = one;
  return (
    <tr>
      <th scope="row">
        {title === null ? (
          t('lookBacks.findings.gone', { id: findingId })
        ) : (
          <Link to="/findings/$findingId" params={{ findingId }}>
            {title}
          </Link>
        )}
        <Place of={one} />
      </th>
      <td data-label={t('organization.label')}>
        <OrganizationName of={organization} />
      </td>
      <td>
        <SeverityMark severity={severity} />
      </td>
      <td data-label={t('lookBacks.findings.outcome')}>
        <OutcomeMark outcome={outcome} />
        {retestId === null ? null : (
          <Link className="retest-link" to="/retests/$retestId" params={{ retestId }}>
            {t('retests.one', { id: retestId })}
          </Link>
        )}
        <Why of={one} />
      </td>
      <td data-label={t('lookBacks.findings.proof')}>
        <a href={`/api/v1/certificates/${certificateId}`} download>
          {t('lookBacks.findings.certificate', { id: certificateId })}
        </a>
        {superseded ? <small className="superseded">{t('lookBacks.findings.superseded')}</small> : null}
      </td>
    </tr>
  );
}

function Place({ of: { asset, port } }: { readonly of: LookBackFinding }) {
  if (asset === null) return null;
  return <small className="place">{port === null || port === 0 ? asset : `${asset} : ${port}`}</small>;
}

function Why({ of: { outcome, reason } }: { readonly of: LookBackFinding }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (outcome !== 'inconclusive') return null;
  return reason === null ? (
    <p className="hint">{t('lookBacks.findings.goneHint')}</p>
  ) : (
    <details>
      <summary>{retestReasonLabel(reason).label[language]}</summary>
      <ReasonText reason={reason} />
    </details>
  );
}
