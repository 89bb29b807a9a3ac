import { type Finding, REPLY_KIND_LABELS, type Reply, type ReplyOffer } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { ReplyDialog } from './ReplyDialog.tsx';
import { LastDay, NextReview, ReplyStateMark } from './ReplyMarks.tsx';
import { useFindingReplies } from './use-replies.ts';

/** On the page of a finding: what was answered, and for the organization what it can still answer, within which limits. */
export function FindingReplyPanel({ finding }: { readonly finding: Finding }) {
  const mayRead = useMay({ object: 'reply', action: 'read' });
  return mayRead ? <Panel finding={finding} /> : null;
}

/** Something that would move the date or lift it waits for its decision, and until then it neither stands still nor ends. */
const goesOn = (replies: readonly Reply[], { due }: Finding): boolean =>
  due !== null &&
  due.at !== null &&
  due.paused === null &&
  due.waived === null &&
  replies.some(
    ({ kind, state }) =>
      kind !== 'plan' && kind !== 'interim' && ['drafted', 'made', 'opinion'].includes(state),
  );

function Panel({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const found = useFindingReplies(finding.id);
  const mayReply = useMay({ object: 'reply', action: 'create' });
  const [chosen, setChosen] = useState<ReplyOffer | null>(null);
  const { replies = [], offers = [] } = found.data ?? {};
  const possible = offers.some(({ refusal }) => refusal === null);
  return (
    <section className="panel" aria-labelledby="reply-title">
      <h2 id="reply-title">{t('replies.panel.title')}</h2>
      {found.error === null ? null : <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.isSuccess && replies.length === 0 && !mayReply ? (
        <p className="hint">{t('replies.panel.none')}</p>
      ) : null}
      {goesOn(replies, finding) ? <p className="hint">{t('replies.panel.clockGoesOn')}</p> : null}
      <ul className="rows" aria-live="polite">
        {replies.map((one) => (
          <Said key={one.id} reply={one} />
        ))}
      </ul>
      {mayReply && possible ? (
        <>
          <h3>{t('replies.panel.what')}</h3>
          <ul className="rows reply-offers">
            {offers.map((offer) => (
              <Offer key={offer.kind} offer={offer} onChoose={() => setChosen(offer)} />
            ))}
          </ul>
        </>
      ) : null}
      {chosen === null ? null : (
        <ReplyDialog
          key={chosen.kind}
          offer={chosen}
          about={{ findingIds: [finding.id], wholeProblems: false }}
          onClose={() => setChosen(null)}
        />
      )}
    </section>
  );
}

function Said({ reply }: { readonly reply: Reply }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const until = reply.decision?.until ?? null;
  return (
    <li className="reply-line">
      <Link to="/replies/$replyId" params={{ replyId: reply.id }}>
        {REPLY_KIND_LABELS[reply.kind][language]}
      </Link>
      <ReplyStateMark state={reply.state} />
      {until === null ? <Moment at={reply.madeAt} to="day" /> : <Granted until={until} />}
      {reply.state !== 'granted' || reply.reviewAt === null ? null : (
        <span>
          {t('replies.review.next')} <NextReview reply={reply} />
        </span>
      )}
    </li>
  );
}

function Granted({ until }: { readonly until: string }) {
  const { t } = useTranslation();
  return (
    <span>
      {t('replies.grantedUntil')} <LastDay until={until} />
    </span>
  );
}

/** What it is for and its limits, before anybody writes a word; or why it is not possible. */
function Offer({ offer, onChoose }: { readonly offer: ReplyOffer; readonly onChoose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { kind, refusal } = offer;
  const name = t(`replies.panel.do.${kind}`);
  if (refusal !== null)
    return (
      <li>
        <strong>{name}</strong>
        <p className="hint">{refusal[language]}</p>
      </li>
    );
  return (
    <li>
      <Button size="small" onClick={onChoose}>
        {name}
      </Button>
      <p>{t(`replies.panel.hint.${kind}`)}</p>
      <Limits offer={offer} />
    </li>
  );
}

function Limits({ offer: { kind, before, left, latest } }: { readonly offer: ReplyOffer }) {
  const { t } = useTranslation();
  if (kind === 'acceptance') return <p className="hint">{t('replies.panel.signs')}</p>;
  if (kind === 'false-positive') return <p className="hint">{t('replies.panel.year')}</p>;
  if (kind !== 'extension' || before === null) return null;
  return (
    <p className="hint">
      {t('replies.panel.before')} <LastDay until={before} />
      {t('replies.panel.stop')} {left === null ? null : t('replies.panel.left', { count: left })}{' '}
      {latest === null ? null : (
        <>
          {t('replies.panel.latest')} <LastDay until={latest} />
          {t('replies.panel.stop')}
        </>
      )}
    </p>
  );
}
