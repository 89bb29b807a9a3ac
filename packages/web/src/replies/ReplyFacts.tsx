import {
  CHINESE_GRADE_LABELS,
  FIX_CAUSE_LABELS,
  OBJECTION_GROUND_LABELS,
  type ReplyDetail,
} from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Fact } from '../ui/Fact.tsx';
import { LastDay, NextReview, ReplyStateMark, reasonText } from './ReplyMarks.tsx';
import { PLAN_WORDS } from './reply-draft.ts';

/** What the organization said, in its own words. */
export function ReplyFacts({ reply }: { readonly reply: ReplyDetail }) {
  const { t } = useTranslation();
  const { kind, decision, noticeId } = reply;
  const untilLabel = kind === 'plan' || kind === 'extension' || kind === 'objection' ? kind : 'other';
  return (
    <section className="panel" aria-label={t('replies.facts')}>
      <dl className="pairs">
        <Fact label={t('replies.state')}>
          <span role="status">
            <ReplyStateMark state={reply.state} />
          </span>
        </Fact>
        <Fact label={t('organization.label')}>
          <OrganizationName of={reply.organization} />
        </Fact>
        {noticeId === null ? null : (
          <Fact label={t('nav.notices')}>
            <Link to="/notices/$noticeId" params={{ noticeId }}>
              {noticeId}
            </Link>
          </Fact>
        )}
        <Terms reply={reply} />
        {reply.until === null ? null : (
          <Fact label={t(`replies.label.until.${untilLabel}`)}>
            <LastDay until={reply.until} />
          </Fact>
        )}
        {decision === null || decision.until === null ? null : (
          <Fact label={t('replies.grantedUntil')}>
            <LastDay until={decision.until} />
          </Fact>
        )}
        {reply.state !== 'granted' || reply.reviewAt === null ? null : (
          <Fact label={t('replies.review.next')}>
            <NextReview reply={reply} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Terms({ reply }: { readonly reply: ReplyDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { kind, ground, grade, reason, responsible, control, decision } = reply;
  const granted = decision?.grade ?? null;
  const reasonLabel = kind === 'extension' ? 'delay' : 'falsePositive';
  const facts = [
    { label: t('replies.label.ground'), value: ground && OBJECTION_GROUND_LABELS[ground][language] },
    { label: t('replies.label.grade'), value: grade && CHINESE_GRADE_LABELS[grade][language] },
    { label: t('replies.label.grantedGrade'), value: granted && CHINESE_GRADE_LABELS[granted][language] },
    { label: t(`replies.label.${reasonLabel}`), value: reason && reasonText(reason, language) },
    { label: t('replies.label.cause'), value: reply.cause && FIX_CAUSE_LABELS[reply.cause][language] },
    { label: t(`replies.dialog.text.${kind}`), value: reply.text },
    ...PLAN_WORDS.map((name) => ({ label: t(`replies.label.${name}`), value: reply[name] })),
    { label: t('replies.label.control'), value: control },
    { label: t('replies.label.responsible'), value: responsible },
  ];
  return facts.map(({ label, value }) =>
    value === null ? null : (
      <Fact key={label} label={label}>
        <span className="reply-words">{value}</span>
      </Fact>
    ),
  );
}
