import type { FixFinding } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsCoordinator, useMay } from '../app/use-access.ts';
import { titleIn } from '../findings/title-in.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { DraftForShown } from '../notices/DraftForShown.tsx';
import { Due } from '../notices/Due.tsx';
import { ReplyToSeveral } from '../replies/ReplyToSeveral.tsx';
import { AskDialog } from '../retests/AskDialog.tsx';
import { Failure } from '../ui/Failure.tsx';
import { itemsOf, Pages } from '../ui/Pages.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Proofs } from './FixesScreen.tsx';
import { FixOrganizations } from './FixOrganizations.tsx';
import { fixName } from './fix-name.ts';
import { useFix, useFixFindings } from './use-fixes.ts';
import './fixes.css';

const route = getRouteApi('/fixes/$fixId');
/** One request is about at most so many findings. */
const MOST = 500;

/** One measure with all that it mends, and the retest of all of it at once. */
export function FixScreen() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { fixId } = route.useParams();
  const { organizationId } = route.useSearch();
  const fix = useFix(fixId, organizationId);
  const name = fix.data === undefined ? t('fixes.title') : fixName(fix.data, language);
  useTitle(name);
  return (
    <div className="screen">
      <Link className="back" to="/fixes" search={organizationId === undefined ? {} : { organizationId }}>
        <span aria-hidden="true">←</span> {t('fixes.back')}
      </Link>
      {fix.error === null ? null : <Failure error={fix.error} retry={() => void fix.refetch()} />}
      {fix.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {fix.data === undefined ? null : (
        <>
          <h1>{name}</h1>
          <p className="lead">
            {organizationId === undefined
              ? t('fixes.severalLead', { ...fix.data, count: fix.data.open, organizations: fix.data.openIn })
              : t('fixes.oneLead', { count: fix.data.findings, assets: fix.data.assets })}
          </p>
          <Proofs of={fix.data} />
          {organizationId === undefined ? (
            <>
              <DraftBatch fixId={fixId} open={fix.data.open} />
              <FixOrganizations fixId={fixId} />
            </>
          ) : (
            <Findings fixId={fixId} organizationId={organizationId} />
          )}
        </>
      )}
    </div>
  );
}

/** One notice for each organization that has it to do. */
function DraftBatch({ fixId, open }: { readonly fixId: string; readonly open: number }) {
  const { t } = useTranslation();
  const mayDraft = useMay({ object: 'notice', action: 'update' });
  if (!mayDraft || open === 0) return null;
  return (
    <div className="actions">
      <Link className="button-link primary" to="/notice-batches/new" search={{ fixId }}>
        {t('fixes.draftBatch')}
      </Link>
    </div>
  );
}

interface FindingsProps {
  readonly fixId: string;
  readonly organizationId: string;
}

/** Those of one organization, and what can be done about all of them at once. */
function Findings({ fixId, organizationId }: FindingsProps) {
  const { t } = useTranslation();
  const list = useFixFindings(fixId, organizationId);
  const items = itemsOf(list);
  const open = items.flatMap(({ id, state }) => (state === 'verified-fixed' ? [] : [id]));
  return (
    <>
      <p>
        <Link to="/fixes/$fixId" params={{ fixId }} search={{}}>
          {t('fixes.everywhere')}
        </Link>
      </p>
      <div className="actions">
        <AskForAll items={items} />
        <ReplyToSeveral findingIds={open.slice(0, MOST)} wholeProblems={false} />
        <DraftForShown shown={items.map((one) => ({ ...one, organization: { id: organizationId } }))} />
      </div>
      <Pages list={list}>{(items) => <FindingRows items={items} />}</Pages>
    </>
  );
}

/** "It is done everywhere": a claim for each, and a retest that proves each or says why not. */
function AskForAll({ items }: { readonly items: readonly FixFinding[] }) {
  const { t } = useTranslation();
  const isCoordinator = useIsCoordinator();
  const mayAsk = useMay({ object: 'retest', action: 'create' });
  const navigate = route.useNavigate();
  const [asking, setAsking] = useState(false);
  const open = items.filter(({ state }) => state !== 'verified-fixed').slice(0, MOST);
  if (!mayAsk || open.length === 0) return null;
  return (
    <>
      <Button type="primary" onClick={() => setAsking(true)}>
        {t(isCoordinator ? 'fixes.retestAll' : 'fixes.claimAll', { count: open.length })}
      </Button>
      {asking ? (
        <AskDialog
          findingIds={open.map(({ id }) => id)}
          claimsFirst={!isCoordinator}
          onClose={() => setAsking(false)}
          onAsked={(retestId) => void navigate({ to: '/retests/$retestId', params: { retestId } })}
        />
      ) : null}
    </>
  );
}

function FindingRows({ items }: { readonly items: readonly FixFinding[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <table className="quiet stacked fix-findings" aria-label={t('fixes.findings')}>
      <thead>
        <tr>
          <th scope="col">{t('fixes.asset')}</th>
          <th scope="col">{t('fixes.finding')}</th>
          <th scope="col">{t('fixes.state')}</th>
          <th scope="col">{t('work.due')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              {one.asset}
              {one.port === 0 ? null : `:${one.port}`}
            </th>
            <td data-label={t('fixes.finding')}>
              <Link to="/findings/$findingId" params={{ findingId: one.id }}>
                {titleIn(language, one.title, one.name)}
              </Link>
            </td>
            <td>
              <StateMark state={one.state} />
              {one.claimed ? <small> {t('fixes.claimed')}</small> : null}
            </td>
            <td data-label={t('work.due')}>
              {one.dueAt === null || one.state === 'verified-fixed' ? '–' : <Due at={one.dueAt} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
