import { getRouteApi, Link, useCanGoBack, useRouter } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { DeadlinePanel } from '../deadlines/DeadlinePanel.tsx';
import { FindingNoticesPanel } from '../notices/FindingNoticesPanel.tsx';
import { FindingReplyPanel } from '../replies/FindingReplyPanel.tsx';
import { FindingRetestPanel } from '../retests/FindingRetestPanel.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { CertificatePanel } from './CertificatePanel.tsx';
import { ExplanationPanel } from './ExplanationPanel.tsx';
import { FindingHead } from './FindingHead.tsx';
import { FixPanel } from './FixPanel.tsx';
import { KeyFacts } from './KeyFacts.tsx';
import { SiblingsPanel } from './SiblingsPanel.tsx';
import { Timeline } from './Timeline.tsx';
import { useFinding, useFindingHistory } from './use-findings.ts';
import './findings.css';

const route = getRouteApi('/findings/$findingId');

export function FindingScreen() {
  const { t } = useTranslation();
  const { findingId } = route.useParams();
  const finding = useFinding(findingId);
  const history = useFindingHistory(findingId);
  const mayRetest = useMay({ object: 'retest', action: 'read' });
  useTitle(finding.data?.title ?? t('finding.title'));
  const events = history.data?.events ?? [];
  return (
    <div className="screen">
      <BackLink />
      {finding.error === null ? null : <Failure error={finding.error} retry={() => void finding.refetch()} />}
      {finding.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {finding.data === undefined ? null : (
        <>
          <FindingHead finding={finding.data} events={events} />
          <div className="finding-columns">
            <div>
              <DeadlinePanel finding={finding.data} />
              <FixPanel finding={finding.data} />
              <ExplanationPanel finding={finding.data} />
              <FindingReplyPanel finding={finding.data} />
              <section aria-labelledby="history-title" className="finding-history">
                <h2 id="history-title">{t('finding.history')}</h2>
                {history.error === null ? null : (
                  <Failure error={history.error} retry={() => void history.refetch()} />
                )}
                <Timeline events={events} />
              </section>
            </div>
            <aside>
              <KeyFacts finding={finding.data} />
              {mayRetest ? <FindingRetestPanel finding={finding.data} /> : null}
              <FindingNoticesPanel finding={finding.data} />
              <SiblingsPanel finding={finding.data} />
              <CertificatePanel finding={finding.data} events={events} />
            </aside>
          </div>
        </>
      )}
    </div>
  );
}

/** Back to the list as it was left, filters and position included; from a mailed address, to the whole list. */
function BackLink() {
  const { t } = useTranslation();
  const router = useRouter();
  const canGoBack = useCanGoBack();
  return (
    <Link
      className="back"
      to="/findings"
      onClick={(event) => {
        if (!canGoBack) return;
        event.preventDefault();
        router.history.back();
      }}
    >
      <span aria-hidden="true">←</span> {canGoBack ? t('finding.back') : t('finding.all')}
    </Link>
  );
}
