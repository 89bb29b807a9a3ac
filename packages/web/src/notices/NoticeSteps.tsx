import {
  type Language,
  NOTICE_STEP_LABELS,
  type NoticeDetail,
  PROBLEM_CODES,
  problemTexts,
} from '@backcheck/contract';
import type { NoticeStep } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { StepDialog } from './StepDialog.tsx';
import { type StepTaken, useStepNotice } from './use-notices.ts';

/** These are told why; what cannot be undone is asked first. */
const NEEDS_REASON: readonly NoticeStep[] = ['send-back', 'withdraw', 'discard'];
const MAIN: readonly NoticeStep[] = ['submit', 'approve', 'issue'];
/** What happens to the old paper when its replacement is issued. */
const BY_ITSELF: readonly NoticeStep[] = ['supersede'];

interface NoticeStepsProps {
  readonly notice: NoticeDetail;
  readonly editing: boolean;
  readonly onEdit: () => void;
}

/** What the reader may do with it now. */
export function NoticeSteps({ notice, editing, onEdit }: NoticeStepsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const take = useStepNotice(notice.id);
  // With the tag of what was read when it was asked for: what others change behind the dialog is not approved unseen.
  const [asked, setAsked] = useState<Omit<StepTaken, 'reason'> | null>(null);
  const ask = (step: NoticeStep | null) => {
    take.reset();
    setAsked(step === null ? null : { step, tag: notice.tag });
  };
  const steps = notice.allowed.filter((one) => !BY_ITSELF.includes(one));
  return (
    <>
      <Waits notice={notice} />
      {editing || (steps.length === 0 && !notice.mayChange) ? null : (
        <div className="actions notice-steps">
          {steps.map((step) => (
            <Button key={step} type={MAIN.includes(step) ? 'primary' : 'default'} onClick={() => ask(step)}>
              {NOTICE_STEP_LABELS[step][language]}
            </Button>
          ))}
          {notice.mayChange ? <Button onClick={onEdit}>{t('notices.edit')}</Button> : null}
          {notice.allowed.includes('supersede') ? (
            <Link
              className="button-link"
              to="/notices/new"
              search={{ kind: notice.kind, organizationId: notice.organization.id, refersTo: notice.id }}
            >
              {t('notices.follow')}
            </Link>
          ) : null}
        </div>
      )}
      {asked === null ? null : (
        <StepDialog
          name={NOTICE_STEP_LABELS[asked.step][language]}
          sure={t(`notices.sure.${asked.step}`)}
          needsReason={NEEDS_REASON.includes(asked.step)}
          taking={take}
          onTake={(reason) =>
            take.mutate(reason === '' ? asked : { ...asked, reason }, { onSuccess: () => setAsked(null) })
          }
          onClose={() => ask(null)}
        />
      )}
    </>
  );
}

/** Whose turn it is, for whoever can do nothing now. */
function Waits({ notice: { state, reason } }: { readonly notice: NoticeDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <>
      {state === 'submitted' || state === 'approved' ? (
        <p role="status">{t(`notices.waits.${state}`)}</p>
      ) : null}
      {reason === null ? null : (
        <p role="status" className="notice-reason">
          {t('notices.reason')}: {reasonText(reason, language)}
        </p>
      )}
    </>
  );
}

/** A person's words; or the code of the refusal for which a batch gave it up. */
function reasonText(reason: string, language: Language): string {
  const code = PROBLEM_CODES.find((one) => one === reason);
  return code === undefined ? reason : problemTexts(code).title[language];
}
