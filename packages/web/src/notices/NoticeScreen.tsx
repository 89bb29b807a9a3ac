import { NOTICE_KIND_LABELS, type NoticeDetail } from '@backcheck/contract';
import type { NoticeState } from '@backcheck/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsCoordinator } from '../app/use-access.ts';
import { DeliveryPanel } from '../deliveries/DeliveryPanel.tsx';
import { ReceiptButton } from '../deliveries/ReceiptButton.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { CopiesPanel } from './CopiesPanel.tsx';
import { Lacks } from './Lacks.tsx';
import { NoticeAnnex } from './NoticeAnnex.tsx';
import { NoticeEditor } from './NoticeEditor.tsx';
import { NoticeFacts } from './NoticeFacts.tsx';
import { NoticeFindings } from './NoticeFindings.tsx';
import { NoticePaper } from './NoticePaper.tsx';
import { NoticeStateMark } from './NoticeStateMark.tsx';
import { NoticeSteps } from './NoticeSteps.tsx';
import { Settled } from './Settled.tsx';
import { titleOf } from './title-of.ts';
import { useChangeNotice, useNotice } from './use-notices.ts';
import './notices.css';

const ENDED: readonly NoticeState[] = ['discarded'];
const route = getRouteApi('/notices/$noticeId');

/** One paper: what it says, who has done what with it, who has it. */
export function NoticeScreen() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { noticeId } = route.useParams();
  const { data, error, isPending, refetch } = useNotice(noticeId);
  useTitle(data === undefined ? t('notices.title') : (data.number ?? titleOf(data, language)));
  return (
    <div className="screen">
      <Link className="back" to="/notices">
        <span aria-hidden="true">←</span> {t('notices.back')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : <Shown key={data.id} notice={data} />}
    </div>
  );
}

function Shown({ notice }: { readonly notice: NoticeDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const isCoordinator = useIsCoordinator();
  // What is written anew begins from this reading, whatever others do meanwhile.
  const [read, setRead] = useState<Pick<NoticeDetail, 'draft' | 'tag'> | null>(null);
  const change = useChangeNotice(notice.id);
  const issued = notice.issuedAt !== null;
  const editing = read !== null;
  const edit = (from: typeof read) => {
    change.reset();
    setRead(from);
  };
  return (
    <>
      <h1>{notice.number ?? titleOf(notice, language)}</h1>
      <p className="lead">
        {NOTICE_KIND_LABELS[notice.kind][language]} · <NoticeStateMark state={notice.state} />
      </p>
      {issued && !isCoordinator ? <ReceiptButton noticeId={notice.id} /> : null}
      <Settled notice={notice} leaving={change} />
      {editing || change.error === null ? null : <Failure error={change.error} />}
      <NoticeSteps notice={notice} editing={editing} onEdit={() => edit(notice)} />
      {notice.draft !== null && !issued && !editing && !ENDED.includes(notice.state) ? (
        <Lacks of={notice.content} />
      ) : null}
      {notice.whole ? null : <p className="hint">{t('notices.partOnly')}</p>}
      <div className="notice-columns">
        <div>
          {read !== null && read.draft !== null ? (
            <NoticeEditor
              start={read.draft}
              saving={change}
              onSave={(draft) => change.mutate({ draft, tag: read.tag }, { onSuccess: () => edit(null) })}
              onCancel={() => edit(null)}
            />
          ) : (
            <NoticePaper notice={notice} />
          )}
          <NoticeFindings findings={notice.content.findings} settled={notice.settled} />
          <NoticeAnnex content={notice.content} />
        </div>
        <aside>
          <NoticeFacts notice={notice} />
          {issued ? <DeliveryPanel noticeId={notice.id} organizationId={notice.organization.id} /> : null}
          {issued ? <CopiesPanel notice={notice} /> : null}
        </aside>
      </div>
    </>
  );
}
