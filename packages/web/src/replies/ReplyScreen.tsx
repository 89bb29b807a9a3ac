import { REPLY_KIND_LABELS, type ReplyDetail } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { EvidenceUpload } from '../evidence/EvidenceUpload.tsx';
import { placeOf } from '../findings/place.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { fileSize } from '../ui/file-size.ts';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { useTitle } from '../ui/use-title.ts';
import { ReplyFacts } from './ReplyFacts.tsx';
import { ReplyHistory } from './ReplyHistory.tsx';
import { LastDay } from './ReplyMarks.tsx';
import { ReplySteps } from './ReplySteps.tsx';
import { useReply, useReplyStep } from './use-replies.ts';
import './replies.css';

const route = getRouteApi('/replies/$replyId');

/** One reply: what was said, with what evidence, what became of it, and what the reader can do with it. */
export function ReplyScreen() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { replyId } = route.useParams();
  const { data, error, isPending, refetch } = useReply(replyId);
  const name = data === undefined ? '' : REPLY_KIND_LABELS[data.kind][language];
  const title = data === undefined ? t('replies.title') : t('replies.one', { kind: name, id: data.id });
  useTitle(title);
  return (
    <div className="screen">
      <Link className="back" to="/replies">
        <span aria-hidden="true">←</span> {t('replies.back')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : (
        <>
          <h1>{title}</h1>
          <ReplyFacts reply={data} />
          <ReplySteps reply={data} />
          <Findings reply={data} />
          <Evidence reply={data} />
          <ReplyHistory reply={data} />
        </>
      )}
    </div>
  );
}

function Findings({ reply: { about, findings } }: { readonly reply: ReplyDetail }) {
  const { t } = useTranslation();
  return (
    <section className="block" aria-labelledby="about-title">
      <h2 id="about-title">{t('replies.asOf', { count: findings })}</h2>
      <table className="quiet stacked" aria-labelledby="about-title">
        <thead>
          <tr>
            <th scope="col">{t('replies.about')}</th>
            <th scope="col">{t('columns.severity')}</th>
            <th scope="col">{t('columns.state')}</th>
            <th scope="col">{t('replies.due')}</th>
          </tr>
        </thead>
        <tbody>
          {about.map((one) => (
            <FindingRow key={one.id} finding={one} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function FindingRow({ finding }: { readonly finding: ReplyDetail['about'][number] }) {
  const { t } = useTranslation();
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
      <td data-label={t('columns.severity')}>
        <SeverityMark severity={finding.severity} />
        {finding.listed ? <span className="tag ended">{t('replies.listed')}</span> : null}
      </td>
      <td>
        <StateMark state={finding.state} />
      </td>
      <td data-label={t('replies.due')}>
        {finding.dueAt === null ? t('replies.noDue') : <LastDay until={finding.dueAt} />}
      </td>
    </tr>
  );
}

function Evidence({ reply: { id, evidence, may } }: { readonly reply: ReplyDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const step = useReplyStep(id);
  return (
    <section className="block" aria-labelledby="evidence-title">
      <h2 id="evidence-title">{t('replies.evidence')}</h2>
      {evidence.length === 0 ? <p className="hint">{t('replies.noEvidence')}</p> : null}
      <ul className="rows reply-files">
        {evidence.map(({ no, fileName, sizeBytes, sha256 }) => (
          <li key={no}>
            <a href={`/api/v1/replies/${id}/evidence/${no}`} download={fileName} className="file-name">
              {fileName}
            </a>{' '}
            <small>
              {fileSize(sizeBytes, language)} · SHA-256 <code>{sha256.slice(0, 16)}…</code>
            </small>
          </li>
        ))}
      </ul>
      {may.includes('add-evidence') ? (
        <div className="panel">
          <EvidenceUpload
            label={t('replies.addEvidence')}
            onDone={(file) => step.mutate({ path: 'evidence', body: { uploadId: file.id } })}
          />
          {step.error === null ? null : <Failure error={step.error} />}
        </div>
      ) : null}
    </section>
  );
}
