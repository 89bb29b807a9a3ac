import {
  CertificateStatus,
  type Finding,
  type HistoryEvent,
  PAPER_LANGUAGES,
  SUPERSESSION_LABELS,
} from '@backcheck/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../app/request.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';

/** Not a screen: a page of its own, which needs no sign-in. */
const VERIFICATION_PAGE = '/verify';

interface CertificatePanelProps {
  readonly finding: Finding;
  readonly events: readonly HistoryEvent[];
}

/** The certificates ever given out for this finding, newest first: the current one, and those that no longer hold. */
export function CertificatePanel({ finding, events }: CertificatePanelProps) {
  const { t } = useTranslation();
  const issued = events.flatMap(({ kind, certificateId, at }) =>
    kind === 'certificate' && certificateId !== undefined ? [{ id: certificateId, at }] : [],
  );
  const current = finding.certificateId;
  // While the history is still on its way the current one can be fetched already.
  const listed =
    issued.some(({ id }) => id === current) || current === null
      ? issued
      : [{ id: current, at: finding.stateSince }, ...issued];
  return (
    <section aria-labelledby="certificate-title" className="panel">
      <h2 id="certificate-title">{t('certificate.title')}</h2>
      {listed.length === 0 ? <p className="hint">{t('certificate.none')}</p> : null}
      {listed.map(({ id, at }) => (
        <Certificate key={id} id={id} issuedAt={at} />
      ))}
      {listed.length === 0 ? null : (
        <p className="hint">
          {t('certificate.verify')} <a href={VERIFICATION_PAGE}>{t('certificate.verifyPage')}</a>{' '}
          {t('certificate.verifyOffline')} <code className="command">backcheck verify</code>
        </p>
      )}
    </section>
  );
}

function Certificate({ id, issuedAt }: { readonly id: string; readonly issuedAt: string }) {
  const { t } = useTranslation();
  const status = useQuery({
    queryKey: ['findings', 'certificate', id],
    queryFn: ({ signal }) => get(CertificateStatus, `/certificates/${id}/status`, signal),
  });
  return (
    <div className="certificate" data-current={status.data?.current}>
      <p>
        <strong>{t('certificate.number', { id })}</strong> · <When at={issuedAt} />
      </p>
      {status.error === null ? null : <Failure error={status.error} retry={() => void status.refetch()} />}
      {status.data === undefined ? null : <Standing status={status.data} />}
      <a
        className="button-link"
        href={`/api/v1/certificates/${id}`}
        download={`backcheck-certificate-${id}.json`}
      >
        {t('certificate.download')}
      </a>
      <p>
        {t('certificate.print')}
        {PAPER_LANGUAGES.map((language) => (
          <span key={language}>
            {' '}
            <a
              href={`/api/v1/certificates/${id}/paper?language=${language}`}
              target="_blank"
              rel="noreferrer"
            >
              {t(`certificate.paper.${language}`)}
            </a>
          </span>
        ))}
      </p>
    </div>
  );
}

function Standing({ status: { current, supersededAt, cause } }: { readonly status: CertificateStatus }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (current) return <p className="standing current">✓ {t('certificate.current')}</p>;
  return (
    <p className="standing superseded">
      ✗ {t('certificate.superseded')} {cause === null ? null : SUPERSESSION_LABELS[cause][language]}{' '}
      {supersededAt === null ? null : <When at={supersededAt} />}
    </p>
  );
}
